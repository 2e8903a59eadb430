"""Reads a folder of YAML as a `Study`: frozen models with their file, line and column."""
