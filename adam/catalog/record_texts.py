"""How the variables of new records come about, other than AVAL, which the method text of the record rule describes."""

from __future__ import annotations

from collections.abc import Mapping

from adam.catalog.phrases import LISTED_TERMS

TEXTS = {
    "AVALC": "The term of the codelist of the parameter whose number is AVAL.",
    "ADT": "The date of the record that AVAL is from.",
    "AVISIT": "The name of the visit that the record is created for.",
    "AVISITN": "The number of the visit that the record is created for.",
}
"""The variables that most rules set in the same way."""


def record_text(variable: str, own: Mapping[str, str], terms: Mapping[float, str], gives_text: bool) -> str:
    """How a variable of a new record comes about.

    Args:
        variable: its name.
        own: the texts of the rule.
        terms: the terms of the codelist of the parameter, by number.
        gives_text: whether AVALC is a text of its own, which does not follow from AVAL.

    >>> record_text("AVALC", {}, {0.0: "N", 1.0: "Y"}, False)
    '"N" if AVAL is 0; "Y" if AVAL is 1; otherwise blank.'
    """
    if variable in own:
        return own[variable]
    if variable == "AVALC" and gives_text:
        return "The text that the method of AVAL describes."
    if variable == "AVALC" and not terms:
        return "Always blank."
    if variable == "AVALC" and len(terms) <= LISTED_TERMS:
        return "; ".join(f'"{term}" if AVAL is {number:g}' for number, term in terms.items()) + "; otherwise blank."
    return TEXTS.get(variable, "Set when the record is created; see the description of AVAL.")
