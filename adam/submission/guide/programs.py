"""Sections 7 and 8 of the guide: the programs, and how to read the formal expressions of define.xml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from adam.submission.define.variables import FORMAL_CONTEXT
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table
from adam.submission.guide.facts import GuideFacts
from adam.submission.guide.introduction import made_by
from adam.submission.programs.displays import displays_of
from adam.submission.programs.text import file_name
from adam.submission.specification_texts import is_simulation, text_name

HELPERS = ("formats", "read-adam")
"""Programs that prepare the data for others; they produce no display."""
LANGUAGES = {".r": "R", ".sas": "SAS"}
NOTATION = [
    ["A == B, A != B", "A equals B, A does not equal B. A text comparison is exact."],
    ["A and B, A or B, not A", "Both, at least one, the opposite."],
    ['A in ("X", "Y")', "A is one of the values."],
    ["missing(A)", "A has no value: a blank text, a missing number or date."],
    ["DM.AGE, ADSL.TRTSDT", "A variable of another domain or dataset, of the same subject."],
    ["SRC.X", "A variable of the record from which the record was created."],
    ["STUDY.X", "A constant of the study, listed at the end of this section."],
    ["name: {argument: value}", "A derivation and its arguments."],
    ["A; X = B", "The expression A, which names X; X is an intermediate value with the expression B."],
]


def programs(facts: GuideFacts) -> Iterator[Block]:
    """Section 7."""
    yield Heading("7. Submission of Programs", 2, "submission_of_programs")
    yield from facts.section("programs")
    yield Paragraph(
        f"{made_by()} derived, checked and exported the datasets from one specification in YAML. The same specification and the same source files "
        "give the same bytes. manifest.json has the SHA-256 of every file that was read or written."
    )
    yield from facts.section("adam_programs")
    yield Paragraph(
        "These files are the specification. They take the place of a program for each dataset. A submission has a copy of each in ASCII text, "
        "in the folder of the programs:"
    )
    files = [[name, text_name(name)] for name, path in facts.study.files if not _is_left_out(name, path)]
    yield Table(("File", "Copy in a submission"), files, "The specification is not in the output.")
    yield from facts.section("output_programs")
    yield from _displays(facts)
    yield from facts.section("macro_programs")
    helpers = [name for name in facts.programs if PurePosixPath(name).stem in HELPERS]
    yield Table(("Program", "Language"), list(map(_program, helpers)), "No macro programs were used.")


def _is_left_out(name: str, path: Path) -> bool:
    """Whether a submission has no copy of a file of the specification."""
    return path.suffix in (".yaml", ".yml") and path.is_file() and is_simulation(name, path.read_text(encoding="utf-8"))


def _displays(facts: GuideFacts) -> Iterator[Block]:
    """The displays with their datasets and programs, then the programs of no display."""
    displays = {file_name(display.name): display for display in displays_of(facts.study, facts.datasets)}
    rows: list[list[Cell]] = []
    for stem, display in displays.items():
        own = [name for name in facts.programs if PurePosixPath(name).stem == stem]
        datasets = dict.fromkeys(selection.dataset for result in display.results for selection in result.selections)
        if own:
            rows.append([display.name, display.title, ", ".join(datasets), _links(own)])
    if rows:
        yield Paragraph("Each program reads the transport files and prints the numbers of one display:")
    yield Table(("Display", "Title", "Datasets", "Programs"), rows, "The output has no programs of analysis displays.")
    others = [name for name in facts.programs if PurePosixPath(name).stem not in (*HELPERS, *displays)]
    if others:
        yield Paragraph("Other programs:")
        yield Table(("Program", "Language"), list(map(_program, others)))


def _links(names: list[str]) -> tuple[Link | str, ...]:
    """Links to programs, with a space after each."""
    return tuple(part for name in names for part in (Link(PurePosixPath(name).name, name), " "))


def _program(name: str) -> list[Cell]:
    path = PurePosixPath(name)
    return [Link(path.name, name), LANGUAGES.get(path.suffix.lower(), path.suffix)]


def appendix(facts: GuideFacts) -> Iterator[Block]:
    """Section 8."""
    yield Heading("8. Appendix", 2, "appendices")
    yield from facts.section("formal_expressions")
    yield Paragraph(
        "define.xml describes each method in prose. The exact expression of the specification is in the element FormalExpression of the method, "
        f'with the Context "{FORMAL_CONTEXT}". It is the text from which the values were computed. Its notation:'
    )
    yield Table(("Expression", "Meaning"), NOTATION)
    if facts.notation:
        yield Paragraph("The functions, which have their arguments in parentheses, and the derivations that the expressions name:")
        yield Table(("Function or derivation", "Meaning"), [[name, text] for name, text in facts.notation.items()])
    if facts.study.constants:
        yield Paragraph("The constants of the study:")
        yield Table(("Constant", "Value"), [[name, _text(value)] for name, value in facts.study.constants.items()])
    yield from facts.section("appendix")
    if not facts.study.guide.text.appendix:
        yield Paragraph("None.")


def _text(value: object) -> str:
    """A value of the specification as text; blank for None."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
