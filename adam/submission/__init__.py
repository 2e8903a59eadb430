"""A frame and its resolved dataset become a file; the suffix of the path picks the module that writes it."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import ExportError
from adam.submission.formats import WRITERS

if TYPE_CHECKING:
    import pandas as pd

    from adam.plan.values import ResolvedDataset

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def write(
    frame: pd.DataFrame,
    dataset: ResolvedDataset,
    path: Path,
    created: datetime.datetime,
    *,
    non_ascii: str = "error",
    lengths: Mapping[str, int] | None = None,
) -> None:
    """Write a dataset in the format of the path's suffix.

    Args:
        frame: the records; its columns are the dataset's variables in order. Text has dtype `str` and "" for missing, numbers float64,
            dates and datetimes datetime64[s], times seconds as float64.
        dataset: resolved.
        path: where the file goes.
        created: the moment the file bears.
        non_ascii: `keep` writes text that is not ASCII as UTF-8; with any other policy it is refused.
        lengths: bytes of text variables, instead of the declared ones.

    Raises:
        ExportError: there is no such format, or the format cannot hold the data.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ExportError(f"{path.name}: no format is called '{path.suffix}'; known are {', '.join(sorted(WRITERS))}")
    writer(frame, dataset, path, created, non_ascii=non_ascii, lengths=lengths)
