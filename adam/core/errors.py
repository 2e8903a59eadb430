"""The errors of this package, and the problems and findings that they report.

    AdamError
    ├── SpecError        all errors of a specification (exit 2)
    ├── SourceError      source data that cannot be used: missing, unreadable or refused (exit 2)
    ├── UsageError       a command whose arguments are not valid (exit 2)
    ├── DerivationError  a formula that failed on the data; the message names its line (exit 2)
    └── ExportError      a file that cannot be written for a reason other than the data or the specification (exit 3)

A `Problem` is an error of a specification. A `Finding` is about data: an issue of reading or deriving, or a check that failed. Both are
values; the code that collects them decides what to raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from adam.core.printable import visible


@dataclass(frozen=True, order=True)
class Mark:
    """A place in a file. Lines and columns start at 1; line 0 means the whole file.

    `formula` is the place of the text itself if a line takes it by name: of the formula that `STANDARD` means.
    """

    file: str
    line: int = 0
    column: int = 0
    formula: Mark | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def shifted(self, columns: int) -> Mark:
        """The place `columns` further to the right, for an error inside a text of one line."""
        if self.formula is not None:
            return Mark(self.file, self.line, self.column, self.formula.shifted(columns))
        return Mark(self.file, self.line, self.column + columns)

    def near(self, folder: Path) -> Mark:
        """The same place with the file relative to `folder`, if it is inside that folder."""
        path = Path(self.file)
        return Mark(str(path.relative_to(folder)), self.line, self.column, self.formula) if path.is_relative_to(folder) else self

    @property
    def by_name(self) -> str:
        """The sentence that states where the text is, if the line takes it by name; with a space before it."""
        if self.formula is None:
            return ""
        return f" STANDARD is the formula at {'/'.join(Path(self.formula.file).parts[-2:])}:{self.formula.line}:{self.formula.column}."


NOWHERE = Mark("")


class Severity(StrEnum):
    """The severity of a finding: an error prevents the export, a warning or a note does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Problem:
    """An error of a specification: its place, its subject (`DATASET.VARIABLE`), what is wrong and what to do."""

    mark: Mark
    subject: str
    message: str
    code: str

    def __str__(self) -> str:
        place = f"{self.mark}: " if self.mark.file else ""
        subject = f"{self.subject}: " if self.subject else ""
        return f"{place}{subject}{self.message}{self.mark.by_name} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain values, for `--json`."""
        return {
            "code": self.code,
            "file": self.mark.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "subject": self.subject,
            "message": self.message + self.mark.by_name,
        }


SHOWN_RECORDS = 10
"""The number of records that a finding shows; a listing of records has all that the finding keeps."""


@dataclass(frozen=True)
class Finding:
    """A violation of a rule in the data: the number of records, and the keys of the first ones.

    `id` is the id of the rule (`G-06`, `L-07`, `issue`), `mark` the line of the specification with the rule. `keys` has the key variables
    and their printable values for each of the first records, `values` the other variables of the finding for each of these (empty without
    any). `waived` is the reason of the waiver that explains it: such a finding is reported everywhere but prevents nothing.
    """

    id: str
    severity: Severity
    dataset: str
    message: str
    count: int = 0
    keys: tuple[dict[str, str], ...] = field(default=())
    mark: Mark = NOWHERE
    variable: str = ""
    waived: str = ""
    values: tuple[dict[str, str], ...] = field(default=())

    @property
    def blocks(self) -> bool:
        """Whether it prevents the export."""
        return self.severity is Severity.ERROR and not self.waived

    @property
    def extent(self) -> str:
        """The number of records and the first of them, as the end of a message."""
        records = f"; {self.count} record{'s' if self.count != 1 else ''}" if self.count else ""
        first = f"; first: {as_assignments(self.keys[0])}" if self.keys else ""
        return visible(records + first + (f" with {as_assignments(self.values[0])}" if self.values else ""), lines=False)

    def __str__(self) -> str:
        place = f" ({self.mark})" if self.mark.file else ""
        name = " ".join(each for each in (self.id, ".".join(part for part in (self.dataset, self.variable) if part)) if each)
        reason = f"; explained: {self.waived}" if self.waived else ""
        line = f"{'explained ' if self.waived else ''}{self.severity}: {name}: {self.message}{self.extent}{reason}{place}"
        return visible(line, lines=False)

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain values, for JSON and CSV."""
        return {
            "id": self.id,
            "severity": str(self.severity),
            "dataset": self.dataset,
            "variable": self.variable,
            "message": self.message,
            "count": self.count,
            "keys": [dict(key) for key in self.keys[:SHOWN_RECORDS]],
            "values": [dict(each) for each in self.values[:SHOWN_RECORDS]],
            "file": self.mark.file,
            "line": self.mark.line,
            "waived": self.waived,
        }


def as_assignments(values: Mapping[str, str]) -> str:
    """Variables with their values on one line.

    >>> as_assignments({"USUBJID": "S-1", "AESEQ": "2", "AETERM": ""})
    'USUBJID=S-1 AESEQ=2 AETERM='
    """
    return " ".join(f"{name}={value}" for name, value in values.items())


class AdamError(Exception):
    """The base of all errors that this package raises on purpose."""

    exit_code = 3


class SpecError(AdamError):
    """The errors of a specification, in the order of their places. `data_read` is true if they are in the data that it selects."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem], *, data_read: bool = False) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems), key=lambda p: (p.mark, p.subject, p.message)))
        files = len({p.mark.file for p in self.problems})
        count = len(self.problems)
        end = "Nothing was derived" if data_read else "No data was read"
        tail = f"{count} problem{'s' if count != 1 else ''} in {files} file{'s' if files != 1 else ''}. {end}."
        super().__init__("\n".join([*map(str, self.problems), tail]))
        self.data_read = data_read

    def __reduce__(self) -> tuple[Any, ...]:
        """The error of a worker is raised again in the process that started it."""
        return partial(SpecError, data_read=self.data_read), (self.problems,)


class SourceError(AdamError):
    """Source data that cannot be used; `findings` has the records, if there are any."""

    exit_code = 2

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(message)


class UsageError(AdamError):
    """A command whose arguments are not valid."""

    exit_code = 2


class DerivationError(AdamError):
    """A derivation failed; the message has the place of its line, and the original error is chained."""

    exit_code = 2


class ExportError(AdamError):
    """A file cannot be written."""


class WorkerError(AdamError):
    """A process that worked for a run ended, cannot be reached, or has other versions or no access to the files."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: `. Did you mean 'X'?` for the nearest known name, else a period.

    >>> did_you_mean("referance", ["reference", "date"]), did_you_mean("x", ["reference", "date"])
    (". Did you mean 'reference'?", '.')
    """
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f". Did you mean '{close[0]}'?" if close else "."


def suggestion(name: str, known: Iterable[str]) -> str:
    """The text `; did you mean 'X'?` with the nearest known name, or "" if none is near.

    >>> suggestion("referance", ["reference", "date"])
    "; did you mean 'reference'?"
    """
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{close[0]}'?" if close else ""
