"""Comma separated files, UTF-8 or Windows-1252, the first line the names.

A CSV file does not say which of its variables are numbers. SDTM does: --SEQ, --STRESN, --DY, AGE, --DOSE, VISITNUM and the others of
`NUMBER` are numbers, among the codes only those of MedDRA (--PTCD, --LLTCD ...); every other variable is text, whatever it looks like.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow

from adam.errors import SourceError
from adam.sdtm.encoding import decoded_text
from adam.sdtm.formats import PLAIN, Layout, layout_of, readable, register

NUMBER = re.compile(
    r"AGE|VISITNUM|VISITDY|TAETORD|"
    r"[A-Z]{2}(SEQ|DY|STDY|ENDY|RPDY|STRESN|STNRLO|STNRHI|LLOQ|ULOQ|DOSE|DOSTOT|VAMT|TPTNUM|NOMDY|REPNUM|STREFN|DETECT|"
    r"LLTCD|PTCD|HLTCD|HLGTCD|BDSYCD|SOCCD)"
)


def kind(name: str) -> str:
    """What SDTM says a variable is, by its name.

    >>> kind("AESEQ"), kind("AEPTCD"), kind("QSTESTCD"), kind("SITEID")
    ('number', 'number', 'text', 'text')
    """
    return "number" if NUMBER.fullmatch(name.strip().upper()) else "text"


def layout(path: Path) -> Layout:
    """The layout of a CSV file: its first line.

    Raises:
        SourceError: that line names nothing.
    """
    with readable(path, UnicodeDecodeError), path.open("rb") as file:
        line = decoded_text(file.readline().decode("latin-1")).removeprefix("\ufeff")
    names = next(csv.reader([line]), [])
    if not names:
        raise SourceError(f"{path.name}: is empty; the first line of a CSV file names its variables")
    return layout_of(path, [(name, kind(name), "") for name in names])


def records(path: Path, layout: Layout, columns: Sequence[str], limit: int = 0) -> tuple[pd.DataFrame, bool]:  # noqa: ARG001
    """The records of a CSV file.

    Raises:
        SourceError: a record has more or fewer values than there are names, or a number is none.
    """
    with readable(path):
        raw = path.read_bytes()
    latin = not _is_utf8(raw)
    wanted = [layout.names[name] for name in columns]
    with readable(path, pa.ArrowException):
        table = arrow.read_csv(
            io.BytesIO(raw),
            read_options=arrow.ReadOptions(encoding="latin-1" if latin else "utf8"),
            parse_options=arrow.ParseOptions(newlines_in_values=True),
            convert_options=arrow.ConvertOptions(include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False),
        )
    frame = pd.DataFrame({name: table.column(own).to_pandas().astype("str") for name, own in zip(columns, wanted, strict=True)})
    for name in columns:
        if layout.variables[name] == "number":
            frame[name] = _numbers(frame[name], path)
    return frame, latin


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _numbers(column: pd.Series, path: Path) -> pd.Series:
    text = column.str.strip()
    blank = (text == "").to_numpy(dtype=bool)
    bad = ~text.str.fullmatch(PLAIN).to_numpy(dtype=bool) & ~blank
    if bad.any():
        record = int(np.argmax(bad))
        raise SourceError(f"{path.name}: record {record + 1}: {column.name} is a number; '{text.iloc[record]}' is none; a missing one is empty")
    return pd.Series(np.where(blank, "nan", text.to_numpy(dtype=object)).astype("float64"), index=column.index)


register(".csv", layout, records)
