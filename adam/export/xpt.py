"""SAS transport files, version 5: declared lengths, labels, formats, dates as SAS has them; read back before they stand.

pyreadstat writes the length of the longest value and the time of the clock, so a sentinel record as long as declared is written last
and cut off again, and the four times of the header are set. Everything the format would lose silently is refused before.
"""

from __future__ import annotations

import datetime
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from adam.errors import ExportError
from adam.spec.models import Dataset, Variable

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
SAS_EPOCH = np.datetime64("1960-01-01T00:00:00", "s")
TIMES = (144, 160, 464, 480)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SMALLEST, LARGEST = 5.4e-79, 7.2e75


def write(frame: pd.DataFrame, dataset: Dataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> None:
    """Write a dataset; the file is read back and compared value by value before it takes its place.

    Args:
        frame: the records, columns as the dataset has them; text with "" where there is nothing.
        dataset: resolved.
        path: where the file goes.
        created: the time the header bears.
        non_ascii: `error`, or `keep` to write UTF-8.

    Raises:
        ExportError: a value, name, label or format the format cannot hold, or a file that does not read back as it was.
    """
    guard(frame, dataset, non_ascii)
    plain = as_sas(frame, dataset)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        _write(plain, dataset, temporary, created)
        compare(plain, dataset, temporary)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    temporary.replace(path)


def guard(frame: pd.DataFrame, dataset: Dataset, non_ascii: str) -> None:
    """Refuse what XPT cannot hold."""
    if list(frame.columns) != list(dataset.variables):
        raise ExportError(f"{dataset.name}: the columns are not the variables of the specification")
    if not NAME.fullmatch(dataset.name) or len(dataset.label.encode()) > 40:
        raise ExportError(f"{dataset.name}: a dataset has a name of at most 8 and a label of at most 40 bytes")
    for variable in dataset.variables.values():
        if not NAME.fullmatch(variable.name) or not 0 < len(variable.label.encode()) <= 40:
            raise ExportError(f"{dataset.name}.{variable.name}: a variable has a name of at most 8 and a label of 1 to 40 bytes")
        column = frame[variable.name]
        for what, mask in _faults(column, variable, non_ascii):
            if mask.any():
                row = int(np.argmax(mask))
                keys = " ".join(f"{key}={frame[key].iloc[row]}" for key in dataset.key if key in frame)
                raise ExportError(f"{dataset.name}.{variable.name}: {what}; {int(mask.sum())} records; first: {keys}")
    texts = all(variable.type == "text" for variable in dataset.variables.values())
    if texts and len(frame) and (frame.iloc[-1] == "").all():
        raise ExportError(f"{dataset.name}: the last record is blank in every variable and would be lost")


def _faults(column: pd.Series, variable: Variable, non_ascii: str) -> list[tuple[str, np.ndarray]]:
    if variable.type == "text":
        size = column.str.encode("utf-8").str.len().to_numpy()
        faults = [(f"text is longer than the declared {variable.length} bytes", size > (variable.length or 0)), ("text over 200 bytes", size > 200)]
        if non_ascii == "error":
            faults.append(("text is not ASCII", ~column.map(str.isascii).to_numpy(dtype=bool)))
        return faults
    if variable.type in ("date", "datetime"):
        return []
    values = column.to_numpy(dtype="float64")
    size = np.abs(np.where(np.isnan(values), 0, values))
    return [
        ("a number is infinite or too large", size >= LARGEST),
        ("a number is too small", (size > 0) & (size < SMALLEST)),
        ("a whole number is above 2**53", (size > 2.0**53) & (size < LARGEST) & (size == np.floor(size))),
    ]


def as_sas(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Dates as days and datetimes as seconds since 1960, text as text, every number a float."""
    columns = {}
    for name, variable in dataset.variables.items():
        column = frame[name]
        if variable.type in ("date", "datetime"):
            seconds = (column - SAS_EPOCH) / np.timedelta64(1, "s")
            columns[name] = seconds / 86400 if variable.type == "date" else seconds
        else:
            columns[name] = column.astype(object) if variable.type == "text" else column.astype("float64")
    return pd.DataFrame(columns, index=frame.index)


def _write(plain: pd.DataFrame, dataset: Dataset, path: Path, created: datetime.datetime) -> None:
    variables = dataset.variables.values()
    lengths = {variable.name: variable.length or 1 for variable in variables if variable.type == "text"}
    sentinel = pd.DataFrame({name: ["x" * lengths[name]] if name in lengths else [0.0] for name in plain})
    whole = pd.concat([plain, sentinel], ignore_index=True) if len(plain) else sentinel
    pyreadstat.write_xport(
        whole,
        str(path),
        file_format_version=5,
        table_name=dataset.name,
        file_label=dataset.label,
        column_labels={variable.name: variable.label for variable in variables},
        variable_format={variable.name: variable.format for variable in variables if variable.format},
    )
    end = 640 + -(-len(lengths | dict.fromkeys(plain)) * 140 // 80) * 80 + 80 + len(plain) * sum(lengths.get(name, 8) for name in plain)
    stamp = f"{created.day:02d}{MONTHS[created.month - 1]}{created.year % 100:02d}:{created:%H:%M:%S}".encode("ascii")
    with path.open("r+b") as file:
        file.truncate(end)
        file.seek(end)
        file.write(b" " * (-end % 80))
        for offset in TIMES:
            file.seek(offset)
            file.write(stamp)
        file.flush()
        os.fsync(file.fileno())


def compare(plain: pd.DataFrame, dataset: Dataset, path: Path) -> None:
    """Read a file back and compare it with what it was written from.

    Raises:
        ExportError: a record, label, length, format or value differs.
    """
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    if len(frame) != len(plain):
        raise ExportError(f"{path.name}: {len(plain)} records were written and {len(frame)} read back")
    for variable in dataset.variables.values():
        name = variable.name
        read, wrote = frame[name], plain[name]
        if variable.type == "text":
            same = (read.astype("str").fillna("").to_numpy() == wrote.to_numpy()).all() if len(plain) else True
            same &= meta.variable_storage_width[name] == (variable.length or 1)
        else:
            same = np.array_equal(read.to_numpy(dtype="float64"), wrote.to_numpy(dtype="float64"), equal_nan=True)
        if not same or meta.column_names_to_labels[name] != variable.label:
            raise ExportError(f"{path.name}: {name} does not read back as it was written")
