"""The command line: arguments become one call of the pipeline, its outcome becomes text and an exit code."""

from adam.cli.commands import main

__all__ = ["main"]
