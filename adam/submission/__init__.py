"""Everything a run exports: datasets, define.xml, the reviewer's guide, the manifest, and the folder that holds them."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from adam.core.errors import ExportError
from adam.submission.formats import WRITERS

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")


def write(frame: pd.DataFrame, dataset: ResolvedDataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> None:
    """Write a dataset in the format of the path's suffix.

    Args:
        frame: the records; its columns are the variables of the dataset, in order. Text has dtype `str` and "" for missing, numbers are
            float64, dates and datetimes are datetime64[s], times are seconds since midnight as float64.
        dataset: the resolved dataset.
        path: the file to write.
        created: the creation time written into the file.
        non_ascii: `keep` writes text that is not ASCII as UTF-8; with `error` and `transliterate` such text is refused.

    Raises:
        ExportError: the suffix is not a known format, or the format cannot hold the data.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ExportError(f"{path.name}: '{path.suffix}' is not an export format. Use one of {', '.join(sorted(WRITERS))}")
    writer(frame, dataset, path, created, non_ascii=non_ascii)
