"""Suites of rules from the resolved specification, run before anything is exported. A check never calls a derivation."""
