"""Load the collected records that a plan and its checks read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from adam.sources import Source


def load_records(source: Source, *needs: Mapping[str, Iterable[str]]) -> dict[str, pd.DataFrame]:
    """The records of every domain that is needed and in the source, with only the variables that are needed."""
    frames = {}
    for domain in dict.fromkeys(name for each in needs for name in each):
        header = source.headers.get(domain)
        if header is None:
            continue
        names = {name for each in needs for name in each.get(domain, ())}
        frames[domain] = source.read(domain, sorted(name for name in names if name in header.variables or name in header.qualifiers))
    return frames
