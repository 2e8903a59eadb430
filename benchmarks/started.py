"""How much of published datasets `adam init` makes right, without a line written by a person.

    adam init new --sdtm SDTM
    adam build new --sdtm SDTM --out out
    python -m benchmarks.started out/adam PUBLISHED

PUBLISHED has the published datasets as Parquet. Records are matched by subject and by what identifies a record in both: PARAMCD and the
sequence number of the source, or else PARAMCD, date and time point. Each published variable counts as made if our dataset has it, and as
right if it has the published value on every published record; both also on the records that both have.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

KEYS = {
    "ADSL": ["USUBJID"],
    "ADAE": ["USUBJID", "AESEQ"],
    "ADCM": ["USUBJID", "CMSEQ"],
    "ADVS": ["USUBJID", "PARAMCD", "VSSEQ"],
    "ADTTE": ["USUBJID", "PARAMCD"],
}
NAMED = {"ADTTE": {"OS": "DEATH"}}
"""Parameters that have another code in the published dataset: the time to death is overall survival there."""


def text(column: pd.Series) -> pd.Series:
    """Values as text, so that numbers, dates and times compare alike in both files; blank where missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S").str.removesuffix("T00:00:00").fillna("")
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda value: "" if pd.isna(value) else f"{float(value):.10g}")
    return column.map(lambda value: "" if value is None or value is pd.NaT or value is np.nan else str(value).removesuffix(" 00:00:00"))


def compare(ours: pd.DataFrame, published: pd.DataFrame, key: list[str]) -> dict[str, object]:
    """The numbers of one dataset."""
    published = published[published["PARAMCD"] != ""] if "PARAMCD" in key else published
    unique = published.dropna(subset=key).drop_duplicates(key, keep=False)
    own = ours.drop_duplicates(key, keep=False)
    left, right = (frame.assign(**{name: text(frame[name]) for name in key}) for frame in (unique, own))
    both = left[key].merge(right[key], on=key)
    left, right = (frame.set_index(key).loc[pd.MultiIndex.from_frame(both) if len(key) > 1 else both[key[0]]] for frame in (left, right))
    made = [name for name in published.columns if name in ours.columns]
    equal = [name for name in made if len(both) and (name in key or np.array_equal(text(left[name]).to_numpy(), text(right[name]).to_numpy()))]
    return {
        "published variables": published.shape[1],
        "made": len(made),
        "right on matched records": len(equal),
        "published records": len(published),
        "matched records": len(both),
        "differing": " ".join(name for name in made if name not in equal),
        "not made": " ".join(name for name in published.columns if name not in ours.columns),
    }


def main(folder: Path, published: Path) -> None:
    """Print the numbers of every dataset that both folders have."""
    for name, key in KEYS.items():
        file, other = folder / f"{name.lower()}.xpt", published / f"{name.lower()}.parquet"
        if not file.is_file() or not other.is_file():
            print(f"{name}: only {'published' if other.is_file() else 'ours'}")
            continue
        theirs = pd.read_parquet(other)
        if name in NAMED:
            theirs = theirs.replace({"PARAMCD": NAMED[name]})
        found = compare(pyreadstat.read_xport(file)[0], theirs, key)
        print(name, *(f"  {what}: {number}" for what, number in found.items()), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
