"""The file formats of an export, by the suffix of the file name. Each module that registers a writer is one format."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from adam.core.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset


class Writer(Protocol):
    """Writes a frame as a dataset. The arguments are those of `adam.submission.write`."""

    def __call__(  # noqa: D102
        self, frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error"
    ) -> None: ...


WRITERS: dict[str, Writer] = {}


def register(suffix: str, writer: Writer) -> None:
    """Add a format for the files with a suffix."""
    if suffix in WRITERS:
        raise ValueError(f"the format '{suffix}' is registered twice")
    WRITERS[suffix] = writer


@contextmanager
def temporary_file(path: Path) -> Iterator[Path]:
    """A path for a new file that replaces `path` if the block succeeds, and is removed if it fails."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def column_mismatch(frame: pd.DataFrame, dataset: ResolvedDataset) -> str:
    """How the columns of a frame differ from the variables of its dataset; blank if they are the same, in the same order."""
    actual, expected = [str(name) for name in frame.columns], list(dataset.variables)
    if actual == expected:
        return ""
    missing = [f"{name} is missing" for name in expected if name not in actual]
    extra = [f"{name} is not a variable of the dataset" for name in actual if name not in expected]
    details = ", ".join(missing + extra) or "the order is not the same"
    return f"{dataset.name}: the columns are not the variables of the specification: {details}"


def require_same(file: str, differences: Sequence[str]) -> None:
    """Refuse a file that does not hold what was written to it.

    Raises:
        ExportError: there are differences.
    """
    if differences:
        raise ExportError(f"{file} does not read back as it was written. These differ: {', '.join(differences)}. Check the disk and export again")
