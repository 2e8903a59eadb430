"""Traces a value of a dataset: what it is made from, step by step, down to source records."""
