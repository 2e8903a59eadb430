"""The catalogue of checks, from their signatures and docstrings."""

from __future__ import annotations

import re

import validation.checks  # noqa: F401  (registers the checks)
import validation.conformance  # noqa: F401  (registers the general checks)
from adam.core.errors import UsageError, suggestion
from validation.check import CHECKS, CheckKind, Role
from validation.conformance.rules import rules

COUNTS = "NAME"
"""What stands in the place of the names a block is free to choose."""


def summaries() -> dict[str, str]:
    """Every check with what a failure of it says: the forms of the library, then those that are generated."""
    return {name: known.message for name, known in sorted(CHECKS.items(), key=lambda item: (item[1].generated, item[0]))}


def described(name: str) -> str:
    """What one check does: its arguments, what they name, and its documentation.

    Raises:
        UsageError: there is none of that name.
    """
    known = CHECKS.get(name)
    if known is None and (told := _of_rule(name)):
        return told
    if known is None:
        raise UsageError(f"there is no check '{name}'{suggestion(name, CHECKS)}")
    arguments = "" if known.generated else "".join(f"\n    {line}" for line in _arguments(known))
    return f"{_head(known)}\n{arguments}\n\n{known.documentation}".replace("\n\n\n", "\n\n")


def _of_rule(name: str) -> str:
    """What decides the rule of an id that findings have: of a generated check, or of the conformance rules."""
    made = [known for known in CHECKS.values() if re.search(rf"\b{re.escape(name)}\b", known.documentation) and known.generated]
    general = [rule for rule in (*rules().decided, *rules().own) if name in (rule.id, rule.stated)]
    parts = [f"{name}: generated\n\n    {known.documentation}" for known in made]
    parts += [
        f"{rule.id}: {rule.check.name}, {', '.join(rule.scopes) or 'all datasets'}\n\n    {rule.check.documentation}\n    {rule.says()}"
        for rule in general
    ]
    parts += [f"{name}: not decided here: {rules().undecided[name]}"] if name in rules().undecided else []
    return "\n\n".join(part.rstrip() for part in parts)


def _head(known: CheckKind) -> str:
    if known.generated:
        return f"{known.name}: generated, no line names it"
    arguments = [COUNTS if name == known.gathers else name + _optional(known, name) for name in known.model.model_fields]
    return f"{known.name}: {', '.join(arguments)}"


def _optional(known: CheckKind, name: str) -> str:
    return "" if known.model.model_fields[name].is_required() else " (optional)"


def _arguments(known: CheckKind) -> list[str]:
    """What each argument names."""
    return [f"{COUNTS if name == known.gathers else name}: {_named(known.roles.get(name))}" for name in known.model.model_fields]


def _named(role: Role | None) -> str:
    return str(role) if role is not None else "as written"


def page() -> str:
    """The reference page of all checks, as Markdown: `docs/checks.md`."""
    parts = [HEAD]
    for generated in (False, True):
        parts += [GENERATED if generated else LIBRARY]
        for name in sorted(name for name, known in CHECKS.items() if known.generated is generated):
            first, rest = described(name).split("\n", 1)
            parts += [f"### {name}", "", f"`{first}`", "", "```text", rest.strip("\n"), "```", ""]
    return "\n".join(parts)


HEAD = """# Checks

Made from the docstrings; `adam checks NAME` prints one. A check reads the finished datasets and, where it says so, the collected records;
it never calls a derivation. It fails on what is false: an unknown condition fails nothing.

Beside any check may stand

- `severity: warning` where a failure is no reason to stop the export (else it is an error);
- `allow_empty: true` where its `where` (or `among`) may select no record; as a line of `checks:` itself it holds for all of them. Without it
  a condition that selects nothing fails the check, for it has shown nothing; with it a note names the rules that had nothing to look at;
- `message: ...`, what a finding says in place of the words that are made of the line;
- a list of checks under one id; `off` drops a check that a layer below gives.

A text compared with a variable must be one it can hold: a term of its codelist (if it is not extensible), a parameter of the dataset.
A check of a layer that names a parameter the dataset does not keep is left out, with a note; so are checks that need a dataset this run does
not make, or collected records where there are none. A rule that raised, a dataset without
records (unless `sources:` lets its domain be absent), a suite without rules are errors, and no waiver explains them.

`waivers:` of study.yaml explain findings: `{check: E-17, keys: {USUBJID: S-001}, reason: ...}` for the records with these values, without
`keys:` for all of that check. An explained finding stops nothing and stays in every report with its reason; a waiver that explains no
finding is a warning.

A custom suite of Great Expectations runs too: `expectations/<DATASET>.json` beside the study's YAML. `meta: {rule: H-1}` gives an
expectation its id, `meta: {allow_empty: true}` allows its row condition to select nothing, `severity` is critical, warning or info.
A custom suite cannot run code or open a connection: only the expectations and arguments listed in `validation/allowed.py` are accepted,
`row_condition` is an expression of the specification over the dataset's own variables (`SEX == "F" and AGE > 65`, no `condition_parser`),
and anything else, such as `$PARAMETER`, `$ref` or an unknown key, is refused with its place before data are read (exit 2).
"""
LIBRARY = """## The library
"""
GENERATED = """## Generated

No line is needed; a line `E-20: {generated: words}` gives the rule with that id its place and its severity. G-01 is the order of the
variables, G-06 is `unique` on the key, and G-12 is the reading back of every file that is written.
"""
