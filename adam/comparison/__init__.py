"""Two versions of a dataset become one result: which variables, attributes, records and values differ. Pure: it reads and writes no file."""
