"""The file formats an output can have, by suffix. One module of this package is one format."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pandas as pd

    from adam.plan.values import ResolvedDataset


class Writer(Protocol):
    """Writes a frame as a dataset; see `adam.submission.write`."""

    def __call__(  # noqa: D102
        self,
        frame: pd.DataFrame,
        dataset: ResolvedDataset,
        path: Path,
        created: datetime.datetime,
        *,
        non_ascii: str = "error",
        lengths: Mapping[str, int] | None = None,
    ) -> None: ...


WRITERS: dict[str, Writer] = {}


def register(suffix: str, writer: Writer) -> None:
    """Make a format known by the suffix of its files."""
    if suffix in WRITERS:
        raise ValueError(f"the format '{suffix}' is registered twice")
    WRITERS[suffix] = writer
