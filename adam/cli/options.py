"""The options and types of arguments that commands share."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
verbose_option = click.option("--verbose", is_flag=True, help="Show the first ten records of each finding.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
debug_option = click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
