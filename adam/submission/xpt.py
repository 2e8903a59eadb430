"""SAS transport files, version 5: declared lengths, labels, formats and SAS dates. Each file is verified before it replaces the old one.

pyreadstat writes the header, from one record of the declared lengths; the four times in it are then set to the creation time. The records
are encoded here, block by block, because pyreadstat needs all records in one frame. Each block is read back from the file and compared.
Values that the format would change silently are refused first (`xpt_limits`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyreadstat

from adam.core.errors import ExportError
from adam.submission import xpt_records
from adam.submission.formats import register
from adam.submission.new_file import NewFile, WrittenFile, new_file
from adam.submission.record_files import add_records
from adam.submission.xpt_limits import require_visible_end, require_writable
from adam.submission.xpt_read_back import compare_end, compare_file, compare_header, compare_records

if TYPE_CHECKING:
    from adam.planning.values import ResolvedDataset
    from adam.submission.combinations import Combinations
    from adam.submission.xpt_reader import Header

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TIMES = (144, 160, 464, 480)
"""Offsets of the times in the header: created and modified, of the library and of the member."""


def write(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> None:
    """Write a dataset. The file is read back and compared value by value before it replaces `path`.

    Args:
        frame: the records, as `adam.submission.write` describes them.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the header, with a two-digit year and the month in English.
        non_ascii: `keep` writes UTF-8; with any other policy text that is not ASCII is refused.

    Raises:
        ExportError: the format cannot hold a value, name, label, length or format, or the file does not read back as it was written.
    """
    write_parts([frame], dataset, path, created, non_ascii=non_ascii)


def write_parts(parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> int:
    """Write a dataset from frames in the order of the dataset, and return the number of records. See `write_file`."""
    return write_file(parts, dataset, path, created, non_ascii=non_ascii).records


def write_file(
    parts: Iterable[pd.DataFrame], dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error"
) -> WrittenFile:
    """Write a dataset from several frames, in order. The bytes are those of the joined frame, but only one part is in memory at a time.

    Args:
        parts: frames, each as `write` takes it; a part may have no records.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time in the header.
        non_ascii: as for `write`.

    Returns:
        The number of records and the sha256 of the file.

    Raises:
        ExportError: as for `write`; the error reports the first part that cannot be written.
    """
    with transport_file(dataset, path, created, non_ascii=non_ascii) as file:
        add_records(parts, dataset, [file])
    return file.written


@contextmanager
def transport_file(dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> Iterator[TransportFile]:
    """A transport file to which a block adds records; it replaces `path` if the block succeeds, and is removed if it fails."""
    with new_file(path) as new:
        file = TransportFile(new, path.with_name(f"{path.name}.head"), dataset, created, non_ascii)
        yield file
        file.finish()


class TransportFile:
    """A transport file under construction, a `RecordFile`."""

    written: WrittenFile

    def __init__(self, file: NewFile, scratch: Path, dataset: ResolvedDataset, created: datetime.datetime, non_ascii: str) -> None:
        """Args: the file, a path for the header alone, and what `write` takes."""
        self._file, self._scratch, self._dataset, self._created, self._non_ascii = file, scratch, dataset, created, non_ascii
        self._widths = {name: variable.length for name, variable in dataset.variables.items() if variable.type == "text"}
        self._sizes = {name: width or 1 for name, width in self._widths.items()}
        self._header: Header | None = None
        self._last: pd.DataFrame | None = None
        self._records = 0

    def begin(self, part: pd.DataFrame) -> None:
        """Check the next records. Before the first ones, the header is written.

        Raises:
            ExportError: the format cannot hold the records, or the header does not read back as it was written.
        """
        require_writable(part, self._dataset, self._widths, self._non_ascii)
        if self._header is None:
            raw = self._file.append([_header(self._dataset, self._scratch, self._created, self._sizes)])
            self._header = compare_header(raw, self._dataset, self._created, self._file.name)
        self._last = part.tail(1).copy() if len(part) else self._last

    def add(self, block: Sequence[Combinations]) -> None:
        """Write the next records, read them back and compare them.

        Raises:
            ExportError: they do not read back as they were written.
        """
        assert self._header is not None, "it is written before the first record"
        raw = self._file.append(xpt_records.encode_records(block, self._sizes).data())
        compare_records(raw, self._header, block, self._file.name, self._records)
        self._records += len(block[0].codes)

    def finish(self) -> None:
        """Fill up the last card and save the file.

        Raises:
            ExportError: the last record is blank in every variable, or the end does not read back as it was written.
        """
        if self._header is None:
            self.begin(empty_frame(self._dataset))
        if self._last is not None:
            require_visible_end(self._last, self._dataset)
        end = self._file.append([b" " * (-self._file.size % xpt_records.CARD)])
        compare_end(end, self._file.size, self._file.name)
        self.written = WrittenFile(self._records, self._file.finish())


def empty_frame(dataset: ResolvedDataset) -> pd.DataFrame:
    """A frame without records."""
    dtypes = {"text": "str", "date": "datetime64[s]", "datetime": "datetime64[s]"}
    return pd.DataFrame({name: pd.Series(dtype=dtypes.get(variable.type or "text", "float64")) for name, variable in dataset.variables.items()})


def read_back(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path) -> None:
    """Read a file and compare it with its frame and dataset: records, values, names, labels, lengths, formats.

    Raises:
        ExportError: anything differs; a number must be the same to the last bit.
    """
    compare_file(frame, dataset, path)


def _header(dataset: ResolvedDataset, path: Path, created: datetime.datetime, widths: dict[str, int]) -> bytes:
    """All bytes before the first record. pyreadstat writes them to `path`, which is removed afterwards."""
    variables = dataset.variables.values()
    try:
        pyreadstat.write_xport(
            pd.DataFrame({name: ["x" * widths[name]] if name in widths else [0.0] for name in dataset.variables}),
            str(path),
            file_format_version=5,
            table_name=dataset.name,
            file_label=dataset.label,
            column_labels={variable.name: variable.label for variable in variables},
            variable_format={variable.name: variable.format for variable in variables if variable.format},
        )
        header = bytearray(path.read_bytes()[: xpt_records.header_size(len(variables))])
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise ExportError(f"{path.stem}: {error}") from error
    finally:
        path.unlink(missing_ok=True)
    stamp = f"{created.day:02d}{MONTHS[created.month - 1]}{created.year % 100:02d}:{created:%H:%M:%S}".encode("ascii")
    for offset in TIMES:
        header[offset : offset + len(stamp)] = stamp
    return bytes(header)


register(".xpt", write)
