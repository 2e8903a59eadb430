"""The cells in which a derived dataset differs from a published one that is kept as Parquet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def as_text(column: pd.Series) -> np.ndarray:
    """Text without trailing blanks, "" where it is missing; of a date its ISO text, of a datetime at midnight that of its date."""
    if column.dtype.kind == "M":
        column = column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    text = column.astype(object).where(column.notna(), "").astype(str).str.rstrip()
    return text.str.removesuffix("T00:00:00").to_numpy(dtype=object)


def as_number(column: pd.Series) -> np.ndarray:
    """Numbers; missing is NaN."""
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64")


def numbered(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The key of each record as text, with the number of the record among those of the same key in the order of the file."""
    texts = pd.DataFrame({key: as_key(frame[key]) for key in keys})
    return texts.assign(number=texts.groupby(keys).cumcount().to_numpy())


def as_key(column: pd.Series) -> np.ndarray:
    """A key variable as text that is equal in both files: 2 and 2.0 are the same number."""
    if column.dtype.kind in "if":
        return column.map(lambda value: "" if value != value else repr(float(value))).to_numpy(dtype=object)
    return as_text(column)


def differences(own: pd.DataFrame, path: Path, keys: list[str]) -> dict[str, int]:
    """How many cells of each published variable differ; {"records": n} too if n records are only in one of them.

    Numbers are equal if they differ by at most 1e-9, relative above 1. Records of the same key are paired in file order.
    """
    published = pd.read_parquet(path)
    left = numbered(published, keys).reset_index(names="theirs")
    right = numbered(own, keys).reset_index(names="ours")
    pairs = left.merge(right, on=[*keys, "number"], how="outer")
    unpaired = int(pairs[["theirs", "ours"]].isna().any(axis=1).sum())
    pairs = pairs.dropna()
    found = {"records": unpaired} if unpaired else {}
    for name in published:
        if name not in own:
            found[name] = len(published)
            continue
        theirs, ours = published[name].iloc[pairs["theirs"].astype(int)], own[name].iloc[pairs["ours"].astype(int)]
        if published[name].dtype.kind in "if":
            a, b = as_number(theirs), as_number(ours)
            same = (np.abs(a - b) <= 1e-9 * np.maximum(1, np.abs(a))) | (np.isnan(a) & np.isnan(b))
        else:
            same = as_text(theirs) == as_text(ours)
        if not same.all():
            found[name] = int((~same).sum())
    return found
