"""The readable report of a run: one page that opens offline, from findings, resolved datasets, frames and the study's results."""
