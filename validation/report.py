"""Findings as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import click

from adam.core.errors import Finding, Severity, as_assignments
from adam.core.printable import cell

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
FIELDS = ("severity", "id", "dataset", "variable", "message", "count", "keys", "values", "file", "line", "waived")

RECORD_FIELDS = ("severity", "id", "dataset", "variable", "USUBJID", "keys", "values", "message", "waived")


def listing(findings: Sequence[Finding]) -> str:
    """One line for each finding, errors first, those of a dataset together; and how many there are.

    With the codes of a terminal for colours; `click.echo` leaves them out where there is no terminal.
    """
    lines = [str(finding).replace(str(finding.severity), _coloured(finding), 1) for finding in ranked(findings)]
    counts = {severity: sum(finding.severity is severity and not finding.waived for finding in findings) for severity in Severity}
    said = [f"{count} {severity}{'s' if count != 1 else ''}" for severity, count in counts.items() if count]
    explained = sum(bool(finding.waived) for finding in findings)
    return "\n".join([*lines, ", ".join([*said, *([f"{explained} explained"] if explained else [])]) or "no findings"])


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Errors first, what is explained last, those of a dataset together."""
    rank, order = list(Severity), list(dict.fromkeys(finding.dataset for finding in findings))
    return sorted(findings, key=lambda finding: (bool(finding.waived), rank.index(finding.severity), order.index(finding.dataset)))


def _coloured(finding: Finding) -> str:
    """The word of a severity; explained findings stop nothing and are not red."""
    return click.style(str(finding.severity), fg=COLOURS[finding.severity], bold=True, dim=True if finding.waived else None)


def as_json(findings: Sequence[Finding]) -> str:
    """The findings as stable JSON."""
    return json.dumps([finding.as_dict() for finding in ranked(findings)], indent=2, ensure_ascii=False) + "\n"


def as_csv(findings: Sequence[Finding]) -> str:
    """The findings as CSV, one row each, with their first records."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for finding in ranked(findings):
        row = finding.as_dict()
        row |= {"keys": "; ".join(map(as_assignments, row["keys"])), "values": "; ".join(map(as_assignments, row["values"]))}
        writer.writerow([cell(row[field]) for field in FIELDS])
    return file.getvalue()


def records_as_csv(findings: Sequence[Finding]) -> str:
    """Every record a finding keeps as CSV, one row each: the subject in a column of its own, so that it can be filtered."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(RECORD_FIELDS)
    for finding in ranked(findings):
        said = [cell(each) for each in (finding.severity, finding.id, finding.dataset, finding.variable)]
        for number, key in enumerate(finding.keys):
            others = {name: value for name, value in key.items() if name != "USUBJID" and value}
            values = finding.values[number] if finding.values else {}
            row = [key.get("USUBJID", ""), as_assignments(others), as_assignments(values), finding.message, finding.waived]
            writer.writerow([*said, *map(cell, row)])
    return file.getvalue()
