"""A study and the headers of its sources become an ordered plan: every name resolved, every argument typed, no data row read."""
