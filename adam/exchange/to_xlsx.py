"""Writes metadata as a workbook: one sheet for each table, the same bytes each time."""

from __future__ import annotations

import datetime
import io

import xlsxwriter

from adam.core.errors import ExportError
from adam.exchange.metadata import SHEETS, Metadata

LONGEST_CELL = 32_767
"""The characters that a cell can hold."""
WIDEST = 60
NARROWEST = 8


def to_xlsx(metadata: Metadata, created: datetime.datetime) -> bytes:
    """The workbook of a specification: all cells are text, the first row of each sheet stays in view, and each has a filter.

    Args:
        metadata: the rows of each sheet.
        created: the creation time in the file.

    Raises:
        ExportError: a text is too long for a cell.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": created, "title": "Specification of analysis datasets"})
        head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            rows = metadata.get(name, ())
            for place, column in enumerate(columns):
                texts = [row.get(column, "") for row in rows]
                longest = max((len(text) for text in texts), default=0)
                if longest > LONGEST_CELL:
                    raise ExportError(f"{name}: {column} has a text of {longest} characters; a cell holds {LONGEST_CELL}. Shorten it.")
                sheet.set_column(place, place, min(max(longest + 2, len(column) + 2, NARROWEST), WIDEST), cell)
                sheet.write_string(0, place, column, head)
                for number, text in enumerate(texts, 1):
                    if text:
                        sheet.write_string(number, place, text, cell)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return target.getvalue()
