"""The records of the findings of a run as one HTML page: a table for each finding, which the report links to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adam.core.errors import Finding
from adam.core.templates import render
from adam.report.page import FinishedRun, group_findings, links_of

TEMPLATE = Path(__file__).with_name("records.html.jinja")


@dataclass(frozen=True)
class FindingRecords:
    """The records of a finding. `number` is the place of the finding in the report; `keys` and `values` are the names of the columns."""

    number: int
    finding: Finding
    keys: tuple[str, ...]
    values: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def records_page(run: FinishedRun) -> str:
    """The page as HTML: the records that each finding stores, with its key and the values that it names."""
    numbered = enumerate((finding for listed in group_findings(run.findings).values() for finding in listed), 1)
    return render(TEMPLATE, run=run, links=links_of(run), listed=[_records(number, finding) for number, finding in numbered if finding.keys])


def _records(number: int, finding: Finding) -> FindingRecords:
    keys, values = _names(finding.keys), _names(finding.values)
    key_rows = _rows(finding.keys, keys)
    value_rows = _rows(finding.values, values) if finding.values else [()] * len(key_rows)
    return FindingRecords(number, finding, keys, values, tuple((*key, *value) for key, value in zip(key_rows, value_rows, strict=True)))


def _names(records: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for record in records for name in record))


def _rows(records: Sequence[Mapping[str, str]], names: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(record.get(name, "") for name in names) for record in records]
