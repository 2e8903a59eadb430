"""Inputs nobody foresaw: each gives the right value, written here by hand, or is refused with a message that helps."""
