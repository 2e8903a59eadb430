"""A folder of YAML becomes a `Study`: frozen models that know their file, line and column."""
