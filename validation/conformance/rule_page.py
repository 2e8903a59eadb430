"""The reference page of conformance rules, generated from the data file and the docstrings of the checks."""

from __future__ import annotations

from validation.check import CHECKS
from validation.conformance.rule_file import ConformanceRule, ConformanceRules, conformance_rules
from validation.records import Records

HEAD = """# Conformance rules

This page is generated from `validation/conformance/rules.yaml` and the docstrings of the checks. It lists {count} rules
of the published ADaM conformance checks: {decided} are decided from data and metadata, {undecided} are not, with the reason.

The rules check the datasets of `adam build` before the export, and transport files from any source with
`adam validate SPECS --adam DIR [--sdtm DIR]`.

- There is one finding for each check and variable (for presence: for each dataset). It names the rules it violates.
- A rule is a warning. It is an error if it corresponds to a general rule (the finding then has that id, such as G-10), or
  if study.yaml declares `conformance: error`. `conformance: off` skips all of them.
- A waiver names a rule and explains its findings. A general rule is explained by its own id (G-10) only, together with
  the other rules that the same records violate.
- Without collected records (`--sdtm`) the rules that trace values to them are left out, with a note.
- AGENCY-nn is not a published rule, but point nn of the agency requirements ([agency.md](agency.md)).

In names, xx, zz, y and w are digits, pp the digits of a period after the first, and `*` any text.

Limits of the rules:

- The standard (AD0018, AD0047) is the dictionary of the layer `adamig`. What only adverse events need is in its section
  ADVERSE EVENT.
- AD0252 does not apply to basic data structures, because the standard forbids no variable there.
- CRITy and ATOXDSCL may be blank on some records of a parameter (AD0151, AD0403, AD0405); PARAMTYP and PARCATy may not.
- Rules of controlled terminology (CT) compare with the terms of codelists that the specification declares as CDISC
  (`nci:`), not with the published package. Rules of define.xml (SD) compare with the specification, from which define.xml
  is created.
- The pairs of primary and secondary variables (AD0376, AD1011, AD1012A) are the list `secondary` in `lists.yaml`.
- Recomputed values (CHG, PCHG, ratios) may differ by 0.000001. Missing values are left to other rules.
- A variable that the dataset lacks, or that has another type, is left to the rules of presence and of types.

## By rule
"""
CHECKS_HEAD = """
## The checks of conformance rules
"""


def page() -> str:
    """Return the reference page of the conformance rules, as Markdown: `docs/conformance.md`."""
    known = conformance_rules()
    decided = {rule.id for rule in known.decided}
    head = HEAD.format(count=len(decided) + len(known.undecided), decided=len(decided), undecided=len(known.undecided))
    lines = [head, "| rule | for | check | arguments |", "|---|---|---|---|", *_lines(known), CHECKS_HEAD]
    for name in sorted(name for name, check in CHECKS.items() if check.checks is not Records):
        lines += [f"### `{name}`", "", "```text", CHECKS[name].documentation, "```", ""]
    return "\n".join(lines)


def _lines(known: ConformanceRules) -> list[str]:
    entries: dict[str, list[ConformanceRule]] = {}
    for rule in known.all:
        entries.setdefault(rule.id, []).append(rule)
    lines = {name: [_line(rule) for rule in found] for name, found in entries.items()}
    lines |= {name: [f"| {name} | | not decided | {why} |"] for name, why in known.undecided.items()}
    return [line for name in sorted(lines) for line in lines[name]]


def _line(rule: ConformanceRule) -> str:
    arguments = rule.arguments_text.replace("|", "\\|")
    code = f"`{arguments}`" if arguments else ""
    general = f" (general rule {rule.stated})" if rule.stated else ""
    return f"| {rule.id} | {', '.join(rule.kinds) or 'all'} | {rule.check.name}{general} | {code} |"
