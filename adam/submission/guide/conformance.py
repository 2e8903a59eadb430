"""Section 6 of the guide: what the datasets were checked with, and every remaining finding with its explanation, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adam.core.errors import Finding, Severity
from adam.submission.define.page import PAGE
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Part, Table
from adam.submission.guide.facts import GuideFacts

NO_EXPLANATION = "No explanation is stated in the specification."
NOTE = "For information; a note needs no explanation."


def conformance(facts: GuideFacts) -> Iterator[Block]:
    """Section 6."""
    yield Heading("6. Data Conformance Summary", 2, "conformance_summary")
    yield from facts.section("conformance")
    yield Paragraph("The datasets were checked with these tools and rules before they were exported:")
    yield Table(("Tool", "Version", "Rules"), [[*each] for each in facts.tools], "No tool is listed.")
    yield Paragraph("CDISC CORE is not part of a build. If it was run on this package, its report is separate from this guide.")
    yield from facts.section("issues")
    yield Paragraph("An error without an explanation prevents the export. These findings remain, each with its explanation:")
    yield Table(("Check", "Severity", "Dataset or variable", "Finding", "Records", "Explanation"), _rows(facts), "There are no findings.")


def _rows(facts: GuideFacts) -> list[list[Cell]]:
    """The findings, errors first; those that differ only in their variable are one row."""
    rank = list(Severity)
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in sorted(facts.findings, key=lambda finding: rank.index(finding.severity)):
        groups.setdefault((finding.id, str(finding.severity), finding.message, finding.waived), []).append(finding)
    rows: list[list[Cell]] = []
    for (check, severity, message, waived), findings in groups.items():
        places = dict.fromkeys((each.dataset, each.variable) for each in findings)
        records = sum(each.count for each in findings)
        explanation = waived or (NOTE if severity == Severity.NOTE else NO_EXPLANATION)
        rows.append([check, severity, _linked(places, facts), message.removesuffix(f" [{check}]"), str(records or ""), explanation])
    return rows


def _linked(places: Iterable[tuple[str, str]], facts: GuideFacts) -> Cell:
    """Datasets and variables with a comma between them, each with a link to define.html if it is in there."""
    parts: list[Part] = []
    for dataset, variable in places:
        text = f"{dataset}.{variable}".strip(".")
        known = dataset in facts.datasets and (not variable or variable in facts.datasets[dataset].variables)
        address = f"{PAGE}#IT.{dataset}.{variable}" if variable else f"{PAGE}#IG.{dataset}"
        parts += [*([", "] if parts else []), Link(text, address) if known else text]
    return tuple(parts)
