"""The checks of a codelist by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from adam.core.problems import Problems
from adam.expressions.possible import Possible
from adam.specification.models import Codelist

CODE = re.compile(r"C[0-9]+")
"""A code of the NCI Thesaurus."""
DICTIONARIES = ("MedDRA", "WHODrug")
"""The dictionaries that variables of the standard are coded with; `dictionaries:` of a study states which it uses, and their versions."""


def closed(codelist: Codelist | None) -> Possible | None:
    """The terms of a codelist that is not extensible; None if it is extensible."""
    if codelist is None or codelist.extensible:
        return None
    decodes = {entry.decode.upper(): term for term, entry in codelist.terms.items() if entry.decode}
    return Possible(f"a term of codelist {codelist.name}", tuple(codelist.terms), decodes)


def check_codelist(codelist: Codelist, problems: Problems) -> None:
    """Report terms without a number of their own, blank terms, and codes that are not NCI Thesaurus codes."""

    def note(message: str, code: str) -> None:
        problems.add(codelist.mark, codelist.name, message, code)

    _numbers(codelist, note)
    if "" in codelist.terms:
        note("A term is blank. A blank value requires no term; delete it.", "spec-wrong-value")
    for what, nci in (("nci", codelist.nci), *((f"nci of '{term}'", entry.nci) for term, entry in codelist.terms.items())):
        if nci and not CODE.fullmatch(nci):
            note(f"{what} must be a C with digits, such as C66742, not '{nci}'.", "spec-wrong-value")


def _numbers(codelist: Codelist, note: Callable[[str, str], None]) -> None:
    """Report numbers that two terms share, that some terms lack, or that depend on the case of a term."""
    seen: dict[float, str] = {}
    numbers = codelist.numbers
    for term, number in numbers.items():
        if number in seen:
            note(f"Number {number:g} is given to '{seen[number]}' and to '{term}'. Give '{term}' a number of its own.", "spec-duplicate-entry")
        seen.setdefault(number, term)
    capitals: dict[str, str] = {}
    for term in numbers:
        other = capitals.setdefault(term.upper(), term)
        if other != term:
            note(f"'{other}' and '{term}' differ only in case and have different numbers. Keep one of them.", "spec-duplicate-entry")
    without = [term for term in codelist.terms if term not in numbers]
    if seen and without:
        note(f"'{without[0]}' has no number, but other terms have. Give every term a number, or none.", "spec-missing-number")
