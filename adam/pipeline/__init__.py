"""One call per command: the only place where the rooms meet."""
