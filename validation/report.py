"""Findings as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import click

from adam.core.errors import SHOWN_RECORDS, Finding, Severity, as_assignments
from adam.core.printable import cell, visible

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
FIELDS = ("severity", "id", "dataset", "variable", "message", "count", "keys", "values", "file", "line", "waived")

RECORD_FIELDS = ("severity", "id", "dataset", "variable", "USUBJID", "keys", "values", "message", "waived")


def listing(findings: Sequence[Finding], verbose: bool = False) -> str:
    """Return one line for each finding, errors first, those of a dataset together; and how many there are.

    With `verbose`, the lines of its first records follow each finding that has more than one. The text contains terminal codes for
    colors; `click.echo` removes them where there is no terminal.
    """
    lines = []
    for finding in ranked(findings):
        lines.append(str(finding).replace(str(finding.severity), _colored(finding), 1))
        lines += _first_records(finding) if verbose and len(finding.keys) > 1 else []
    counts = {severity: sum(finding.severity is severity and not finding.waived for finding in findings) for severity in Severity}
    counted = [f"{count} {severity}{'s' if count != 1 else ''}" for severity, count in counts.items() if count]
    explained = sum(bool(finding.waived) for finding in findings)
    return "\n".join([*lines, ", ".join([*counted, *([f"{explained} explained"] if explained else [])]) or "no findings"])


def _first_records(finding: Finding) -> list[str]:
    """The keys and values of the first records of a finding, one line each."""
    shown = []
    for place, key in enumerate(finding.keys[:SHOWN_RECORDS]):
        values = f" with {as_assignments(finding.values[place])}" if finding.values else ""
        shown.append(visible(f"    {as_assignments(key)}{values}", lines=False))
    return shown


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """Return errors first, explained findings last, those of a dataset together."""
    rank, order = list(Severity), list(dict.fromkeys(finding.dataset for finding in findings))
    return sorted(findings, key=lambda finding: (bool(finding.waived), rank.index(finding.severity), order.index(finding.dataset)))


def _colored(finding: Finding) -> str:
    """The text of a severity; explained findings are dimmed, because they do not stop the export."""
    return click.style(str(finding.severity), fg=COLORS[finding.severity], bold=True, dim=True if finding.waived else None)


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as stable JSON."""
    return json.dumps([finding.as_dict() for finding in ranked(findings)], indent=2, ensure_ascii=False) + "\n"


def as_csv(findings: Sequence[Finding]) -> str:
    """Return the findings as CSV, one row each, with their first records."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for finding in ranked(findings):
        row = finding.as_dict()
        row |= {"keys": "; ".join(map(as_assignments, row["keys"])), "values": "; ".join(map(as_assignments, row["values"]))}
        writer.writerow([cell(row[field]) for field in FIELDS])
    return file.getvalue()


def records_as_csv(findings: Sequence[Finding]) -> str:
    """Return every record of the findings as CSV, one row each: the subject has its own column, so that it can be filtered."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(RECORD_FIELDS)
    for finding in ranked(findings):
        described = [cell(each) for each in (finding.severity, finding.id, finding.dataset, finding.variable)]
        for number, key in enumerate(finding.keys):
            others = {name: value for name, value in key.items() if name != "USUBJID" and value}
            values = finding.values[number] if finding.values else {}
            row = [key.get("USUBJID", ""), as_assignments(others), as_assignments(values), finding.message, finding.waived]
            writer.writerow([*described, *map(cell, row)])
    return file.getvalue()
