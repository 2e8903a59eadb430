"""The closed grammar of conditions and formulas: text to a checked tree, a tree and columns to a column."""
