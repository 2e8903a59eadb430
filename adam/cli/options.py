"""The options and types of arguments that commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FOLDER = click.Path(path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
verbose_option = click.option("--verbose", is_flag=True, help="Show the first ten records of each finding.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
debug_option = click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")


def run_options(command: F) -> F:
    """The options of a command for the processes and the memory that it uses; the files that it writes do not depend on them."""
    decorators = (
        click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="The number of processes."),
        click.option("--part-size", type=click.IntRange(min=1), help="The number of subjects in memory in each process. By default the data decide."),
        click.option("--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True, help="What starts the processes."),
        click.option("--scheduler", default="", help="The address of a Dask cluster. Without it Dask starts processes on this machine."),
    )
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
