"""The names in a specification: variables of the standard by class, codelists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.editor.models import Schema
from adam.specification.dictionary import ANY, PLACE
from adam.specification.models import Attributes
from adam.specification.study import Study

FIRST = {"xx": "01", "zz": "01", "y": "1", "w": "1", "--": "", "*": ""}
"""The digits with which a pattern of names is offered."""
LIST = r"[A-Z][A-Z0-9_]*( *, *[A-Z][A-Z0-9_]*)*"
"""One name, or several that share a line."""


def variables_of(study: Study, class_: str, group: Schema) -> Schema:
    """The block of the variables of a class: the names of the standard with their labels, any other name, and groups of variables."""
    found: Schema = dict(group)
    for pattern, entry in _entries(study, class_):
        name = _offered(pattern)
        if name and name not in found:
            found[name] = {"$ref": "#/$defs/variable", "description": _text(entry, pattern)}
    return {"type": "object", "properties": found, "patternProperties": {f"^{LIST}$": {"$ref": "#/$defs/variable"}}, "additionalProperties": False}


def codelist_name(study: Study) -> Schema:
    """A name of a codelist: those of the study and its layers are offered; another one may be in a file that is still to be written."""
    known = [{"const": name, "description": _terms(each.terms)} for name, each in sorted(study.codelists.items())]
    return {"description": "The name of a codelist.", "anyOf": [*known, {"type": "string"}]}


def _terms(terms: Mapping[str, object]) -> str:
    listed = list(terms)
    return f"{', '.join(listed[:12])}{', …' if len(listed) > 12 else ''}"


def _entries(study: Study, class_: str) -> Iterator[tuple[str, Attributes]]:
    """The entries of the dictionary for a class: its own first, its subclasses, then those of every class."""
    use = study.classes.get(class_)
    for section in (class_, *(use.subclasses if use is not None else ()), ANY):
        yield from study.dictionary.get(section, {}).items()


def _offered(pattern: str) -> str:
    """A name of a pattern: with its first digits; blank for a pattern of suffixes, which names no variable."""
    if "*" in pattern or "--" in pattern:
        return ""
    return PLACE.sub(lambda place: FIRST[place.group()], pattern)


def _text(entry: Attributes, pattern: str) -> str:
    facts = [
        entry.type or "",
        f"length {entry.length}" if entry.length else "",
        f"codelist {entry.codelist}" if entry.codelist else "",
        entry.core or "",
    ]
    listed = ", ".join(fact for fact in facts if fact)
    name = f" {pattern}." if PLACE.search(pattern) else ""
    return f"{entry.label}.{name} {listed}".strip()
