"""Reads a specification workbook as metadata."""

from __future__ import annotations

from pathlib import Path

from adam.core.errors import UsageError, did_you_mean
from adam.exchange import metadata as tables
from adam.exchange.metadata import SHEETS, Metadata, Row
from adam.sources.xlsx import sheets

REQUIRED = (tables.DATASETS, tables.VARIABLES)
OTHER_NAMES = {"Define": tables.STUDY, "Value Level": tables.VALUES, "Where Clauses": tables.CLAUSES}
"""Names of sheets in other versions of the workbook."""


def from_xlsx(path: Path) -> tuple[Metadata, list[str]]:
    """The metadata of a workbook, and the sheets and columns that are not known and were not read.

    Raises:
        UsageError: a required sheet is missing.
        SourceError: the file cannot be read.
    """
    found = {OTHER_NAMES.get(name, name): rows for name, rows in sheets(path).items()}
    for name in REQUIRED:
        if name not in found:
            raise UsageError(f"{path.name} has no sheet {name}{did_you_mean(name, found)} A specification workbook has {', '.join(SHEETS)}.")
    ignored = [f"sheet {name}" for name in found if name not in SHEETS]
    for name, column in ((tables.DATASETS, "Dataset"), (tables.VARIABLES, "Dataset"), (tables.VARIABLES, "Variable")):
        if column not in found[name][0]:
            raise UsageError(
                f"{path.name}: Sheet {name} has no column {column}{did_you_mean(column, found[name][0])} Name its columns in the first row."
            )
    metadata: dict[str, tuple[Row, ...]] = {}
    for name, columns in SHEETS.items():
        head, *rows = found.get(name, [[]])
        ignored += [f"column {column} of {name}" for place, column in enumerate(head) if column not in columns and any(row[place] for row in rows)]
        metadata[name] = tuple(
            dict.fromkeys(columns, "") | {column: text for column, text in zip(head, row, strict=True) if column in columns} for row in rows
        )
    return metadata, ignored
