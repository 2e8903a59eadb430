"""The result of a comparison: frozen values that the renderings as text, HTML and JSON read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SYSINFO = {
    "dataset_label": 1,
    "format": 8,
    "length": 16,
    "label": 32,
    "base_records": 64,
    "compare_records": 128,
    "base_variables": 1024,
    "compare_variables": 2048,
    "values": 4096,
    "type": 8192,
}
"""The codes that PROC COMPARE adds up in the macro variable SYSINFO."""


@dataclass(frozen=True)
class Side:
    """One of the two datasets: where it is from, its numbers of records and variables, and records whose key another record has, too."""

    origin: str
    records: int
    variables: int
    duplicates: Duplicates


@dataclass(frozen=True)
class Duplicates:
    """Keys with more than one record: their number, the number of their records, and the first keys."""

    keys: int = 0
    records: int = 0
    first: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Key:
    """The variables that identify a record, and how they were found. Without variables records are matched by position."""

    variables: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class AttributeDifference:
    """An attribute that differs; the variable is blank for an attribute of the dataset."""

    variable: str
    attribute: str
    base: str
    compare: str


@dataclass(frozen=True)
class RecordList:
    """Records that are only in one dataset: their number, and the keys of the first ones."""

    count: int = 0
    first: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class RecordDifference:
    """Two values that differ, with the key of their records; `difference` is COMPARE minus BASE if both are numbers or dates."""

    key: Mapping[str, str]
    base: str
    compare: str
    difference: str = ""


@dataclass(frozen=True)
class ValuePair:
    """A value of BASE, the value of COMPARE in its place, and the number of records with this pair."""

    base: str
    compare: str
    records: int


@dataclass(frozen=True)
class ValueDifference:
    """A variable with values that differ.

    Attributes:
        variable: its name in BASE.
        other: its name in COMPARE, if it is another one.
        kind: number, text, date, datetime or time, or both kinds as in "text, number".
        records: the number of records that differ.
        missing_base, missing_compare: in how many of them only that value is missing or blank.
        rounding: in how many of them the numbers differ only by the rounding of floating-point arithmetic.
        largest: the records with the largest absolute difference; None if there are no two numbers.
        pairs: the most frequent pairs of values; of how many is `distinct`.
        common: the variables that identify or group records and have one value in all of these records, others elsewhere.
        first: the first records.
    """

    variable: str
    other: str
    kind: str
    records: int
    missing_base: int
    missing_compare: int
    rounding: int
    largest: RecordDifference | None
    pairs: tuple[ValuePair, ...]
    distinct: int
    common: Mapping[str, str]
    first: tuple[RecordDifference, ...]


@dataclass(frozen=True)
class DatasetComparison:
    """How two versions of one dataset differ. `compared` are the variables whose values were compared, `values` those that differ."""

    name: str
    base: Side
    compare: Side
    key: Key
    matched: int
    only_base: RecordList
    only_compare: RecordList
    only_base_variables: tuple[str, ...]
    only_compare_variables: tuple[str, ...]
    moved: tuple[str, ...]
    attributes: tuple[AttributeDifference, ...]
    compared: tuple[str, ...]
    values: tuple[ValueDifference, ...]
    records_different: int
    other_record_order: bool
    notes: tuple[str, ...]

    @property
    def cells_different(self) -> int:
        """The number of values that differ."""
        return sum(each.records for each in self.values)

    @property
    def equal(self) -> bool:
        """Whether nothing differs. The order of the records does not count: a key matches them."""
        variables = self.only_base_variables or self.only_compare_variables or self.moved or self.attributes
        return not (variables or self.values or self.only_base.count or self.only_compare.count)

    @property
    def sysinfo(self) -> int:
        """The return code that PROC COMPARE gives for the same differences."""
        found = {each.attribute if each.variable else "dataset_label" for each in self.attributes}
        present = {
            **{name: name in found for name in ("dataset_label", "format", "length", "label", "type")},
            "base_records": self.only_base.count > 0,
            "compare_records": self.only_compare.count > 0,
            "base_variables": bool(self.only_base_variables),
            "compare_variables": bool(self.only_compare_variables),
            "values": bool(self.values),
        }
        return sum(code for name, code in SYSINFO.items() if present[name])


@dataclass(frozen=True)
class Comparison:
    """The comparison of two files or folders.

    Attributes:
        base, compare: the two paths.
        datasets: the datasets that are in both.
        only_base, only_compare: the names of the datasets that are in one only.
        rule: when two values are equal, as a sentence.
        restrictions: what was left out of the comparison: a condition, variables, attributes; one sentence each.
    """

    base: str
    compare: str
    datasets: tuple[DatasetComparison, ...]
    only_base: tuple[str, ...] = ()
    only_compare: tuple[str, ...] = ()
    rule: str = ""
    restrictions: tuple[str, ...] = field(default=())

    @property
    def equal(self) -> bool:
        """Whether both have the same datasets, and nothing in them differs."""
        return not (self.only_base or self.only_compare) and all(each.equal for each in self.datasets)
