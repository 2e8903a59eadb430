"""What came of a bad input, judged: nothing may be silent, end with 3, print a traceback or say nothing that helps."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyreadstat

from tests.bad_inputs.running import CRASHED, Ran

PLACE = re.compile(r"^refused: [A-Z]+: |[\w.-]+\.(ya?ml|csv|xpt|json|ndjson|parquet)\b|--[a-z]+|SOURCE_DATE_EPOCH|\b(sdtm|specs|out)\b")
TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
WARNED = re.compile(r"^.*\b\w*Warning: ", re.MULTILINE)
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
LIBRARY = re.compile(
    r"codec can't|\[Errno|<class |object has no attribute|object is not|invalid literal for|Expecting (value|property|',')|ArrowInvalid|"
    r"CSV parse error|Unable to|could not convert|KeyError|list index|maximum recursion|Thrift|input should be|Parquet magic bytes|ReadStat"
)
"""What libraries say, and no message of ours."""
EXPLAINED = re.compile(r"cannot be read: .*\. It may be truncated .*|(is (no|not)|not valid) JSON: .*|not (valid YAML|a valid expression): .*")
"""What follows words of ours may be a library's."""
NO_RULE = ("issue", "source")
"""Findings without a rule of their own: their message is what tells one from another."""
FORMULA = re.compile(r"[=+@-]")
NUMBER = re.compile(r"[-+][0-9.]+([eE][-+]?[0-9]+)?")

BAD = ("traceback", "exit 3", "killed", "silent", "wrong", "place", "library text", "warning", "unprintable", "unguarded", "outside")


@dataclass(frozen=True)
class Good:
    """What the good study gives: its findings and the bytes and values of its datasets."""

    out: Path

    @cached_property
    def findings(self) -> set[str]:
        return told(self.out / "report" / "findings.json")

    @cached_property
    def values(self) -> dict[str, Any]:
        return values(self.out / "adam")


def told(path: Path) -> set[str]:
    """The errors and warnings of a run: which rule, of what. A rule the good study breaks too is nothing new, whatever its values."""
    listed = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return {_named(each) for each in listed if each["severity"] != "note"}


def _named(finding: dict[str, Any]) -> str:
    message = finding["message"] if finding["id"] in NO_RULE else ""
    return " ".join([finding["severity"], finding["id"], finding["dataset"], finding["variable"], message])


def values(folder: Path) -> dict[str, Any]:
    """The exported values of each dataset; labels and formats are not among them."""
    return {path.name: _values(path) for path in sorted(folder.glob("*.xpt"))}


def _values(path: Path) -> dict[str, list[Any]]:
    frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True, output_format="dict")
    return {name: [None if value != value else value for value in column] for name, column in frame.items()}


def judged(ran: Ran, good: Good) -> list[tuple[str, str]]:
    """What is wrong with how a case ended, as kind and explanation; empty if nothing is."""
    text = ran.stdout + ran.stderr
    found = []
    if TRACEBACK.search(text):
        found.append(("traceback", text.strip().splitlines()[-1]))
    if ran.code < 0:
        found.append(("killed", f"signal {-ran.code} after {ran.seconds:.0f} s"))
    elif ran.code not in (0, 1, 2):
        found.append(("exit 3" if ran.code != CRASHED else "traceback", ran.stderr.strip()[:300]))
    if warned := WARNED.search(text):
        found.append(("warning", text[warned.start() : warned.end() + 150]))
    if strange := UNPRINTABLE.search(text):
        found.append(("unprintable", repr(text[max(0, strange.start() - 60) : strange.end() + 20])))
    if ran.strays:
        found.append(("outside", ", ".join(ran.strays)))
    return [*found, *_message(ran), *_unguarded(ran.out), *_outcome(ran, good)]


def _message(ran: Ran) -> list[tuple[str, str]]:
    """What is wrong with the message of a refusal."""
    if ran.code != 2:
        return []
    message = ran.stderr.strip()
    lines = [line for line in message.splitlines() if not re.fullmatch(r"\d+ problems? in \d+ files?\. No data (was|were) read\.", line)]
    found = [("library text", line[:300]) for line in lines if LIBRARY.search(EXPLAINED.sub("", line))][:1]
    if not lines or not any(PLACE.search(line.replace(str(ran.case.folder), "")) for line in lines):
        found.append(("place", message[:300] or "(no message)"))
    return found


def _unguarded(out: Path) -> list[tuple[str, str]]:
    """Cells of the CSV files that a spreadsheet would take for a formula."""
    for path in sorted(out.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                cell = next((cell for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell) and cell != "-"), None)
                if cell is not None:
                    return [("unguarded", f"{path.relative_to(out)}: {cell[:80]}")]
    return []


def _outcome(ran: Ran, good: Good) -> list[tuple[str, str]]:
    """Whether the case ended as its mutation must."""
    expected = ran.case.expected
    if ran.code not in (0, 1, 2):
        return []
    if expected == "same":
        return _same(ran, good, "wrong", "exit {code} for a harmless variation: {text}")
    if ran.code:
        return []
    if expected == "refused":
        return [("silent" if not _new(ran, good) else "wrong", "exit 0, and it must be refused")]
    if _new(ran, good):
        return []
    if expected == "reported":
        return [("silent", "exit 0 without a new finding" + ("; other values" if differences(ran, good) else "; the values of the good study"))]
    return _same(ran, good, "silent", "")


def _new(ran: Ran, good: Good) -> set[str]:
    return told(ran.out / "report" / "findings.json") - good.findings


def _same(ran: Ran, good: Good, kind: str, refused: str) -> list[tuple[str, str]]:
    if ran.code:
        return [(kind, refused.format(code=ran.code, text=(ran.stderr + ran.stdout).strip()[:300]))]
    different = differences(ran, good)
    return [(kind, f"exit 0 with other values: {different[:300]}")] if different else []


def differences(ran: Ran, good: Good) -> str:
    """How the exported values differ from those of the good study; empty if they do not."""
    found, lines = values(ran.out / "adam"), []
    for name in dict.fromkeys([*good.values, *found]):
        mine, theirs = found.get(name), good.values.get(name)
        if mine is None or theirs is None:
            lines.append(f"{name} {'is not there' if mine is None else 'is new'}")
            continue
        for variable in dict.fromkeys([*theirs, *mine]):
            ours, those = mine.get(variable), theirs.get(variable)
            if ours != those:
                where = [] if ours is None or those is None else [pair for pair in zip(those, ours, strict=False) if pair[0] != pair[1]]
                lines.append(f"{name} {variable}: {len(where) or 'all'} differ" + (f", {where[0][0]!r} -> {where[0][1]!r}" if where else ""))
    return "; ".join(lines)
