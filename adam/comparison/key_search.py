"""Search for a key: the shortest combination of variables that is unique in both datasets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from adam.comparison.matching import column_codes, combined
from adam.comparison.table import Table

SUBJECT = "USUBJID"
FIRST = (
    SUBJECT, "STUDYID", "SUBJID", "PARAMCD", "PARAM", "AVISITN", "AVISIT", "VISITNUM", "VISIT", "ADT", "ADTM", "ASTDT", "ASTDTM",
    "ATPTN", "ATPT", "DTYPE", "BASETYPE", "APERIOD", "APHASE",
)  # fmt: skip
"""The variables that identify records in ADaM, the most usual first; --SEQ comes after the subject."""
RESULTS = frozenset(("AVAL", "AVALC", "BASE", "BASEC", "CHG", "PCHG"))
"""What is compared does not identify a record."""
NUMBERING = "ASEQ"
"""The number of a record in its own dataset: two programs may number differently, so it is the last resort."""
LONGEST = 6
"""The largest number of variables of a key."""
WIDEST = 14
"""The largest number of variables that are combined."""
SAMPLE = 5000
"""The number of records on which combinations are tried first."""
TRIED = 12
"""The number of combinations of one length that are tried on all records."""


def find_key(base: Table, compare: Table, names: Sequence[str]) -> tuple[str, ...]:
    """The shortest key that is unique in both datasets; empty if there is none.

    A key contains USUBJID if both have it and it is not the same everywhere. Of the keys of one length the one that matches most records
    is taken, then the one of the most usual variables.

    Args:
        base: of BASE.
        compare: of COMPARE.
        names: the variables that both have.
    """
    rows, others = np.arange(base.records), np.arange(compare.records)
    codes = {name: column_codes(base, compare, name, rows, others) for name in names if _identifies(base, compare, name)}
    codes = {name: each for name, each in codes.items() if len(each) and each.any()}
    independent = {name: each for name, each in codes.items() if name != NUMBERING}
    found = _Search(independent, base.records).shortest()
    return found if found or len(independent) == len(codes) else _Search(codes, base.records).shortest()


def _identifies(base: Table, compare: Table, name: str) -> bool:
    """Whether the values of a variable can identify records: text, whole numbers or dates, and no results."""
    if name in RESULTS:
        return False
    for column in (base.columns[name], compare.columns[name]):
        values = column.values
        if not column.is_text and not bool((values.isna() | (values % 1 == 0)).all()):
            return False
    return True


def _rank(names: Sequence[str] | dict[str, np.ndarray]) -> dict[str, int]:
    """The order in which variables are preferred."""
    listed = list(names)
    sequences = [name for name in listed if name.endswith("SEQ")]
    order = [*FIRST[:2], *sequences, *FIRST[2:]]
    known = {name: number for number, name in enumerate(order)}
    return {name: known.get(name, len(order) + number) for number, name in enumerate(listed)}


class _Search:
    """The search for a key among the codes of variables; the first `size` codes are those of BASE."""

    def __init__(self, codes: dict[str, np.ndarray], size: int) -> None:
        self.codes, self.size = codes, size
        rank = _rank(codes)
        self.order = sorted(codes, key=lambda name: rank[name])
        total = len(next(iter(codes.values()), np.zeros(0)))
        self.sides = tuple(side for side in (slice(0, size), slice(size, total)) if side.stop > side.start)
        self.samples = [self._sample(side) for side in self.sides]

    def _sample(self, side: slice) -> np.ndarray:
        """Records of one dataset in which equal keys would be near: those of the first subjects."""
        places = np.arange(side.start, side.stop)
        if SUBJECT not in self.codes or len(places) <= SAMPLE:
            return places[:SAMPLE]
        subjects = self.codes[SUBJECT][places]
        return places[np.argsort(subjects, kind="stable")][:SAMPLE]

    def shortest(self) -> tuple[str, ...]:
        """The shortest key; the first of the longer ones if several match as many records."""
        fixed = (SUBJECT,) if SUBJECT in self.codes else ()
        if fixed and self._unique(fixed):
            return self._best([fixed, *((name,) for name in self.order if name != SUBJECT and self._unique((name,)))])
        others = self._candidates(fixed)
        for length in range(1, LONGEST + 1 - len(fixed)):
            found = []
            for tried in combinations(others, length):
                key = (*fixed, *tried)
                if self._unique_in_samples(key) and self._unique(key):
                    found.append(key)
                if len(found) == TRIED:
                    break
            if found:
                return self._best(found)
        return ()

    def _candidates(self, fixed: tuple[str, ...]) -> list[str]:
        """The variables that distinguish records which the fixed ones do not, each way to divide them once."""
        seen: set[bytes] = set()
        found = []
        for name in self.order:
            if name in fixed:
                continue
            parts = [pd.factorize(combined(self._of(fixed, sample), self.codes[name][sample]))[0] for sample in self.samples]
            alone = [pd.factorize(self._of(fixed, sample))[0] for sample in self.samples]
            mark = b"".join(each.tobytes() for each in parts)
            if mark in seen or (fixed and all(np.array_equal(one, two) for one, two in zip(parts, alone, strict=True))):
                continue
            seen.add(mark)
            found.append(name)
        return found[:WIDEST]

    def _of(self, key: tuple[str, ...], places: np.ndarray | slice) -> np.ndarray:
        first = next(iter(self.codes.values()))[places]
        codes = np.zeros(len(first), dtype="int64")
        for name in key:
            codes = combined(codes, self.codes[name][places])
        return codes

    def _unique_in_samples(self, key: tuple[str, ...]) -> bool:
        return all(pd.Index(self._of(key, sample)).is_unique for sample in self.samples)

    def _unique(self, key: tuple[str, ...]) -> bool:
        return bool(self.sides) and all(pd.Index(self._of(key, side)).is_unique for side in self.sides)

    def _best(self, keys: list[tuple[str, ...]]) -> tuple[str, ...]:
        """The key that matches most records; of several the first."""
        return max(keys, key=self._matches)

    def _matches(self, key: tuple[str, ...]) -> int:
        codes = self._of(key, slice(None))
        return int(np.isin(codes[: self.size], codes[self.size :]).sum())
