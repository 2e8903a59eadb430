"""SAS transport files, version 5: declared lengths, labels, formats, dates as SAS has them; read back before they stand.

pyreadstat writes the length of the longest value and the time of the clock, so a sentinel record as long as declared is written last
and cut off again, and the four times of the header are set. Everything the format would lose silently is refused before.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyreadstat

from adam.errors import ExportError
from adam.export.formats import register
from adam.export.limits import DATES, FORMAT, guard

if TYPE_CHECKING:
    from adam.spec.models import Dataset, Variable

SAS_EPOCH = np.datetime64("1960-01-01T00:00:00", "s")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TIMES = (144, 160, 464, 480)
"""Where the header has its times: the library's and the member's, created and modified."""
CARD, HEADER, NAMESTR, NUMBER = 80, 640, 140, 8


def write(
    frame: pd.DataFrame,
    dataset: Dataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "error",
    lengths: Mapping[str, int] | None = None,
) -> None:
    """Write a dataset; the file is read back and compared value by value before it takes its place.

    Args:
        frame: the records, as `adam.export.write` describes them.
        dataset: resolved.
        path: where the file goes.
        created: the moment the header bears, as it reads; years as two digits, months in English.
        non_ascii: `keep` writes UTF-8; with any other policy text that is not ASCII is refused.
        lengths: bytes of text variables, instead of the declared ones.

    Raises:
        ExportError: a value, name, label, length or format the format cannot hold, or a file that does not read back as it was.
    """
    widths = _widths(dataset, lengths)
    guard(frame, dataset, widths, non_ascii)
    plain = as_sas(frame, dataset)
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        _write(plain, dataset, temporary, created, widths)
        _compare(plain, dataset, temporary, widths)
        temporary.replace(path)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise ExportError(f"{path.name}: {error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def read_back(frame: pd.DataFrame, dataset: Dataset, path: Path, *, lengths: Mapping[str, int] | None = None) -> None:
    """Read a file and compare it with what it should hold: records, values, names, labels, lengths, formats.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    _compare(as_sas(frame, dataset), dataset, path, _widths(dataset, lengths))


def as_sas(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Dates as days and datetimes as seconds since 1960-01-01, text as text, every number a float64."""
    columns = {}
    for name, variable in dataset.variables.items():
        column = frame[name]
        if variable.type in DATES:
            seconds = (column - SAS_EPOCH) / np.timedelta64(1, "s")
            columns[name] = seconds / 86400 if variable.type == "date" else seconds
        else:
            columns[name] = column.astype(object) if variable.type == "text" else column.astype("float64")
    return pd.DataFrame(columns, index=frame.index)


def _widths(dataset: Dataset, lengths: Mapping[str, int] | None) -> dict[str, int | None]:
    """Bytes of each text variable."""
    given = lengths or {}
    return {name: given.get(name, variable.length) for name, variable in dataset.variables.items() if variable.type == "text"}


def _write(plain: pd.DataFrame, dataset: Dataset, path: Path, created: datetime.datetime, widths: Mapping[str, int | None]) -> None:
    variables = dataset.variables.values()
    sizes = {name: widths[name] or 1 if name in widths else NUMBER for name in plain}
    sentinel = pd.DataFrame({name: ["x" * sizes[name]] if name in widths else [0.0] for name in plain})
    pyreadstat.write_xport(
        pd.concat([plain, sentinel], ignore_index=True) if len(plain) else sentinel,
        str(path),
        file_format_version=5,
        table_name=dataset.name,
        file_label=dataset.label,
        column_labels={variable.name: variable.label for variable in variables},
        variable_format={variable.name: variable.format for variable in variables if variable.format},
    )
    end = HEADER + -(-len(sizes) * NAMESTR // CARD) * CARD + CARD + len(plain) * sum(sizes.values())
    stamp = f"{created.day:02d}{MONTHS[created.month - 1]}{created.year % 100:02d}:{created:%H:%M:%S}".encode("ascii")
    with path.open("r+b") as file:
        file.truncate(end)
        file.seek(end)
        file.write(b" " * (-end % CARD))
        for offset in TIMES:
            file.seek(offset)
            file.write(stamp)
        file.flush()
        os.fsync(file.fileno())


def _compare(plain: pd.DataFrame, dataset: Dataset, path: Path, widths: Mapping[str, int | None]) -> None:
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    if meta.column_names != list(dataset.variables) or len(frame) != len(plain):
        expected = f"{len(plain)} records of {len(plain.columns)} variables"
        raise ExportError(f"{path.name}: {expected} were written, {len(frame)} of {len(meta.column_names)} read back")
    differing = [] if (meta.table_name, meta.file_label) == (dataset.name, dataset.label) else ["name or label of the dataset"]
    for name, variable in dataset.variables.items():
        width = widths.get(name, NUMBER)
        differing += [f"{name} ({what})" for what in _differing(frame[name], plain[name], variable, meta, width)]
    if differing:
        raise ExportError(f"{path.name}: does not read back as it was written: {', '.join(differing)}")


def _differing(read: pd.Series, wrote: pd.Series, variable: Variable, meta: Any, width: int | None) -> Iterator[str]:  # noqa: ANN401
    name, text = variable.name, variable.type == "text"
    if text:
        same = read.to_list() == wrote.to_list()
    else:
        same = np.array_equal(read.to_numpy(dtype="float64"), wrote.to_numpy(dtype="float64"), equal_nan=True)
    if not same:
        yield "values"
    if (meta.readstat_variable_types[name] == "string") != text:
        yield "type"
    if (meta.column_names_to_labels[name] or "") != variable.label:
        yield "label"
    if meta.variable_storage_width[name] != width:
        yield "length"
    if _format(meta.original_variable_types[name] or "") != _format(variable.format):
        yield "format"


def _format(text: str) -> tuple[str, int, int]:
    """Name, width and decimals, which are written in more than one way: `8.`, `8.0`, `8`."""
    parts = FORMAT.fullmatch(text)
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)


register(".xpt", write)
