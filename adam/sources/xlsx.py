"""The cells of an Office Open XML workbook (.xlsx), as text. A workbook is a zip file of XML parts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

from adam.core.errors import SourceError
from adam.core.numerals import written
from adam.sources.formats import DAMAGED, readable

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LARGEST = 100_000_000
"""The number of bytes of an XML part above which it is not read."""


def cells(path: Path) -> list[list[str]]:
    """The rows of the sheet, all as wide as the first one; rows without any value are left out. Numbers are as short as they can be.

    Raises:
        SourceError: the file cannot be read, has several sheets or merged cells, has no row, or a cell has an error, a date, TRUE or
            FALSE, a formula without a result, or no name above it.
    """
    with _opened(path) as file:
        sheets = [name for name in file.namelist() if SHEET.fullmatch(name)]
        if len(sheets) != 1:
            raise SourceError(f"{path.name}: The workbook has {len(sheets)} sheets. Keep the one with the table, or save it as CSV.")
        return _cells(file, sheets[0], path)


def sheets(path: Path) -> dict[str, list[list[str]]]:
    """The rows of every sheet that has any, by the name of the sheet, each as `cells` returns them.

    Raises:
        SourceError: as `cells`, but for several sheets.
    """
    with _opened(path) as file:
        targets = {each.get("Id"): each.get("Target", "") for each in _part(file, "xl/_rels/workbook.xml.rels")}
        found = {}
        for sheet in _part(file, "xl/workbook.xml").iter(f"{SPACE}sheet"):
            part = targets[sheet.get(RELATION)].removeprefix("/xl/").removeprefix("xl/")
            if _part(file, f"xl/{part}").find(f"{SPACE}sheetData/{SPACE}row") is not None:
                found[sheet.get("name", "")] = _cells(file, f"xl/{part}", path)
        return found


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with readable(path, zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError, cure=DAMAGED), zipfile.ZipFile(path) as file:
        yield file


def _cells(file: zipfile.ZipFile, name: str, path: Path) -> list[list[str]]:
    """The rows of one sheet."""
    shared, dates, sheet = _shared(file), _date_styles(file), _part(file, name)
    merged = sheet.find(f"{SPACE}mergeCells/{SPACE}mergeCell")
    if merged is not None:
        raise SourceError(f"{path.name}: The cells {merged.get('ref')} are merged. Write the value in each of them.")
    rows = [dict(_row(row, shared, dates, path)) for row in sheet.iter(f"{SPACE}row")]
    rows = [row for row in rows if any(row.values())]
    if not rows:
        raise SourceError(f"{path.name}: The sheet has no row; the first row must have the names of the columns.")
    width = max(rows[0]) + 1
    for number, row in enumerate(rows):
        if any(place >= width and text for place, text in row.items()):
            raise SourceError(f"{path.name}: Row {number + 1} with values has more cells than the first row has names. Delete them.")
    return [[row.get(place, "") for place in range(width)] for row in rows]


def _part(file: zipfile.ZipFile, name: str) -> ET.Element:
    if file.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} has more than {LARGEST} bytes")
    return ET.fromstring(file.read(name))


def _shared(file: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in file.namelist():
        return []
    return [_text(item) for item in _part(file, "xl/sharedStrings.xml").iter(f"{SPACE}si")]


def _text(item: ET.Element) -> str:
    """The text of all runs of an item; phonetic guides are none."""
    parts = [*item.findall(f"{SPACE}t"), *(run for each in item.findall(f"{SPACE}r") for run in each.findall(f"{SPACE}t"))]
    return "".join(part.text or "" for part in parts)


def _date_styles(file: zipfile.ZipFile) -> set[int]:
    """The styles whose numbers are dates or times."""
    if "xl/styles.xml" not in file.namelist():
        return set()
    root = _part(file, "xl/styles.xml")
    own = {int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iter(f"{SPACE}numFmt")}
    formats = [int(each.get("numFmtId", "0")) for each in root.iterfind(f"{SPACE}cellXfs/{SPACE}xf")]
    return {style for style, number in enumerate(formats) if 14 <= number <= 22 or 45 <= number <= 47 or _is_date(own.get(number, ""))}


def _is_date(code: str) -> bool:
    """Whether a format shows years, days or hours, besides texts in quotes and colors in brackets."""
    return re.search(r"[ydh]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code), re.IGNORECASE) is not None


def _row(row: ET.Element, shared: list[str], dates: set[int], path: Path) -> Iterator[tuple[int, str]]:
    """The place and the text of each cell of a row."""
    for number, cell in enumerate(row.iter(f"{SPACE}c")):
        found = REFERENCE.fullmatch(cell.get("r", ""))
        place = _place(found[1]) if found else number
        yield place, _value(cell, shared, dates, path).strip()


def _place(letters: str) -> int:
    """The number of a column from 0.

    >>> _place("A"), _place("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ET.Element, shared: list[str], dates: set[int], path: Path) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{SPACE}v") or ""
    if not value and cell.find(f"{SPACE}f") is not None and kind != "str":
        raise SourceError(f"{path.name}: Cell {cell.get('r', '')} has a formula without a result. Open and save the workbook, or write the value.")
    if kind == "inlineStr":
        inline = cell.find(f"{SPACE}is")
        return _text(inline) if inline is not None else ""
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "str" or not value:
        return value
    if kind in ("e", "d", "b") or int(cell.get("s", "0")) in dates:
        what = f"the error {value}" if kind == "e" else "TRUE or FALSE" if kind == "b" else "a date"
        raise SourceError(f"{path.name}: Cell {cell.get('r', '')} has {what}. Write it as text.")
    return written(float(value))
