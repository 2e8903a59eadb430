"""Merges blocks of one layer over those of the layers below it."""

from __future__ import annotations

from adam.core.located import LocatedList, LocatedMap, LocatedStr, RemovesLower, as_text, mark_of
from adam.specification.models import ATTRIBUTE_KEYS

OFF = "off"
"""The value that removes the value of a layer below."""


def merged(below: object, above: object) -> object:
    """`above` merged over `below`: mappings key by key, scalars and lists as a whole; an empty value (`IGA:`) keeps `below`.

    `off` over a value is `RemovesLower`, so that an `off` without effect can be reported.
    """
    if above is None:
        return below
    if above == OFF and below is not None and (below != OFF or isinstance(below, RemovesLower)):
        return RemovesLower.over(below.below if isinstance(below, RemovesLower) else below, OFF, mark_of(above))
    if not (isinstance(below, LocatedMap) and isinstance(above, LocatedMap)):
        return above
    result = LocatedMap()
    result.mark = above.mark
    own = {key: key for key in above}  # the keys of the later layer, because messages name their places
    for key in [*below, *(key for key in above if key not in below)]:
        name = own.get(key, key)
        result[name] = merged(below.get(key), above[key]) if key in above else below[key]
    return result


def merged_codelists(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    """Codelists merged over those of the layers below. A list of terms, or numbers of terms without numbers, replace the terms below.

    A term that is also in the layer below keeps its decode and nci, so `RACE: {terms: {WHITE: 1, ASIAN: 2}}` is a codelist of two terms
    with the codes of CDISC.
    """
    result = merged(below, above)
    assert isinstance(result, LocatedMap)
    for name, block in above.items():
        terms, known = (each.get("terms") if isinstance(each, LocatedMap) else None for each in (block, below.get(name)))
        if isinstance(known, LocatedMap) and isinstance(terms, LocatedMap | LocatedList):
            replaced = _replaced(known, terms)
            if replaced is not None:
                result[name]["terms"] = replaced
    return result


def merged_formulas(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    """Formulas merged over those of the layers below. Another formula replaces the one below, which keeps only its attributes.

    An entry without a formula changes attributes: `TRTP: {codelist: TRT}` keeps the formula below.
    So `ABLFL: {flag_last: {order: [ADTM]}}` changes one argument of `flag_last`, and `ABLFL: {flag: X == "Y"}` is another formula.
    """
    result = LocatedMap.at(below, above.mark)
    for name, entry in above.items():
        lower = below.get(name)
        if name in result:
            del result[name]  # so that the key has the place of the later layer
        if isinstance(lower, str) and lower != OFF and is_attributes(entry):
            lower = LocatedMap.at({LocatedStr.at("value", mark_of(lower)): lower}, mark_of(lower))
        if isinstance(entry, LocatedMap) and isinstance(lower, LocatedMap):
            own = [key for key in entry if key not in ATTRIBUTE_KEYS]
            kept = {key: value for key, value in lower.items() if key in (*ATTRIBUTE_KEYS, *own) or not own}
            result[name] = merged(LocatedMap.at(kept, lower.mark), entry)
        else:
            result[name] = lower if entry is None else entry
    return result


def is_attributes(entry: object) -> bool:
    """Whether an entry of `formulas:` has attributes, or a condition, and no formula."""
    return isinstance(entry, LocatedMap) and all(key in ATTRIBUTE_KEYS for key in entry)


def _replaced(known: LocatedMap, terms: LocatedMap | LocatedList) -> LocatedMap | None:
    """The terms that replace those of the layer below, with their attributes there; None if they are merged or are not valid."""
    if isinstance(terms, LocatedList):
        texts = [LocatedStr.at(str(as_text(term)), mark_of(term)) for term in terms]
        if len(set(texts)) < len(texts):
            return None
        whole, numbered = LocatedMap({text: LocatedMap() for text in texts}), all(_number(known.get(text)) is not None for text in texts)
    else:
        whole = LocatedMap(
            {term: entry if isinstance(entry, LocatedMap) else LocatedMap({LocatedStr("number"): entry}) for term, entry in terms.items()}
        )
        numbered = all(_number(entry) is not None for entry in known.values())
        if numbered or all(_number(entry) is None for entry in terms.values()):
            return None
    whole.mark = mark_of(terms)
    for term, entry in whole.items():
        lower = known.get(term)
        own = lower if isinstance(lower, LocatedMap) else LocatedMap({LocatedStr("number"): lower} if lower is not None else {})
        whole[term] = LocatedMap({**{key: value for key, value in own.items() if numbered or key != "number"}, **entry})
    return whole


def _number(entry: object) -> object:
    """The number of a term: `A: 1`, or `A: {number: 1}`."""
    return entry.get("number") if isinstance(entry, LocatedMap) else entry
