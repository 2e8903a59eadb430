"""The page of conformance rules, made from the data file and the docstrings of the general checks."""

from __future__ import annotations

from validation.conformance.general_check import GENERAL
from validation.conformance.rules import ConformanceRule, Rules, rules

HEAD = """# Conformance rules

Made from `validation/conformance/rules.yaml` and the docstrings of the general checks. {count} rules of the published ADaM conformance
checks are known here; {decided} of them are decided by data and metadata alone, {undecided} are not, with the reason.

The rules run over the datasets of `adam build` before anything is exported, and by `adam validate SPECS --adam DIR [--sdtm DIR]` over
transport files from anyone. There is one finding for each general check and variable (for presence: for each dataset), which names the
rules it stands for. A rule is a warning, or an error where DOMAIN ([domain.md](true_ad/domain.md)) §8.1 states it for every dataset (the finding
then has that id, such as G-10) or where study.yaml says `conformance: error`; `conformance: off` drops them all. A waiver names a rule and
explains what that rule says; what DOMAIN states is explained by that id alone (G-10), with whatever else is said of the same records.
Without collected records (`--sdtm`) what is traced to them is left out with a note.
AGENCY-nn is no published rule but point nn of what agencies ask of files ([agency.md](agency.md)), G-nn what DOMAIN §8.1 asks beside the
rules.

xx, zz, y and w stand for the digits of a name, pp for those of a period after the first, `*` for any stem.

How far a rule goes:

- what compares with the standard (AD0018, AD0047) knows the variables of `specs/adamig/dictionary.yaml`, whose occurrences are adverse
  events: of other occurrences AD0047 asks for none of the variables of those;
- no variable is known that a basic data structure may not have, so AD0252 is for the other classes;
- CRITy and ATOXDSCL may be blank on records of a parameter whose others have a text (AD0151, AD0403, AD0405), PARAMTYP and PARCATy may not;
- rules of controlled terminology (CT) compare with the terms a codelist of the specification lists and says to be CDISC's (`nci:`), not with
  the published package itself; rules of define.xml (SD) compare with the specification, which define.xml is made from;
- the variables a primary and a secondary one are looked for in (AD0376, AD1011, AD1012A) are the list `secondary` of `rules.yaml`;
- values worked out again (CHG, PCHG, ratios) may differ by 0.000001; missing values are left to the rules of what must be filled;
- a variable that is not there, or of another type than a rule needs, is left to the rules of presence and of types.

## By rule
"""
CHECKS = """
## The general checks
"""


def page() -> str:
    """The reference page of the conformance rules, as Markdown: `docs/conformance.md`."""
    known = rules()
    decided = {rule.id for rule in known.decided}
    head = HEAD.format(count=len(decided) + len(known.undecided), decided=len(decided), undecided=len(known.undecided))
    lines = [head, "| rule | for | general check | with |", "|---|---|---|---|", *_lines(known), CHECKS]
    for name in sorted(GENERAL):
        lines += [f"### `{name}`", "", "```text", GENERAL[name].documentation, "```", ""]
    return "\n".join(lines)


def _lines(known: Rules) -> list[str]:
    entries: dict[str, list[ConformanceRule]] = {}
    for rule in (*known.decided, *known.own):
        entries.setdefault(rule.id, []).append(rule)
    lines = {name: [_line(rule) for rule in found] for name, found in entries.items()}
    lines |= {name: [f"| {name} | | not decided | {why} |"] for name, why in known.undecided.items()}
    return [line for name in sorted(lines) for line in lines[name]]


def _line(rule: ConformanceRule) -> str:
    said = rule.says().replace("|", "\\|")
    code = f"`{said}`" if said else ""
    stated = f" (states {rule.stated})" if rule.stated else ""
    return f"| {rule.id} | {', '.join(rule.scopes) or 'all'} | {rule.check.name}{stated} | {code} |"
