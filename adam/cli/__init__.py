"""The command line: arguments become one call of a public function, and its result becomes text and an exit code."""

from adam.cli.commands import main

__all__ = ["main"]
