"""Small datasets as files, and the command that compares them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyreadstat
from click.testing import CliRunner, Result

from adam.cli.commands import main


def write_xpt(path: Path, frame: pd.DataFrame, labels: Sequence[str] | None = None, formats: Mapping[str, str] = {}, label: str = "") -> Path:
    """A transport file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = {"table_name": "DATA", "file_label": label, "column_labels": labels, "variable_format": dict(formats)}
    pyreadstat.write_xport(frame, str(path), file_format_version=5, **names)
    return path


def write_csv(path: Path, text: str) -> Path:
    """A CSV file from lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    """The result of `adam compare`."""
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])
