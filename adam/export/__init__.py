"""A frame and its resolved dataset become a file; the suffix of the path picks the module that writes it."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from adam.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

    from adam.spec.models import Dataset


def write(frame: pd.DataFrame, dataset: Dataset, path: Path, created: datetime.datetime, *, non_ascii: str = "error") -> None:
    """Write a dataset in the format of the path's suffix, one module of this package.

    Raises:
        ExportError: there is no such format, or the format cannot hold the data.
    """
    known = [module.name for module in pkgutil.iter_modules(__path__)]
    name = path.suffix.lstrip(".")
    if name not in known:
        raise ExportError(f"{path.name}: no module writes '.{name}'")
    importlib.import_module(f"{__name__}.{name}").write(frame, dataset, path, created, non_ascii=non_ascii)
