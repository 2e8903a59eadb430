"""A second, record-by-record reading of the study's rules, to compare every cell of the built datasets with."""
