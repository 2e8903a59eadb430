"""Checks of metadata: names, labels, types, lengths and formats, against the standard and the specification."""

from __future__ import annotations

import re

from adam.core.identifiers import LONGEST
from adam.planning.values import Attributes, ResolvedVariable
from validation.check import Failure, Failures, check
from validation.delivery import DeliveredDataset
from validation.name_patterns import has_place, matches


@check(of_variables=True)
def named_like(delivered: DeliveredDataset, pattern: str) -> Failures:
    """The variable name is not valid in a transport file."""
    for name in delivered.variables:
        if not re.fullmatch(pattern, name):
            yield Failure(name, f"{name} does not match {pattern}")


@check(of_variables=True)
def label_at_most(delivered: DeliveredDataset, bytes: int) -> Failures:  # noqa: A002  (the unit of the standard)
    """The variable label is too long."""
    for name, each in delivered.variables.items():
        size = len(each.label.encode("utf-8"))
        if size > bytes:
            yield Failure(name, f"{size} bytes; the limit is {bytes}")


@check(also_of_variables=True)
def length_at_most(delivered: DeliveredDataset, bytes: int) -> Failures:  # noqa: A002
    """A text value is too long for a transport file."""
    for name, each in delivered.variables.items():
        if each.type != "text":
            continue
        if (each.length or 0) > bytes:
            yield Failure(name, f"the length of the variable is {each.length}; the limit is {bytes} bytes")
            continue
        wrong = delivered.bytes_of_values(name) > bytes
        if wrong.any():
            yield Failure(name, f"a value has more than {bytes} bytes", delivered.records_with(name, wrong))


@check(of_variables=True)
def standard_label(delivered: DeliveredDataset) -> Failures:
    """The variable label differs from the standard.

    The standard is the dictionary, under ANY, its class and its subclass. The digits of a name are repeated in its label.
    """
    sections = [delivered.delivery.standard.get(section, {}) for section in ("ANY", delivered.dataset.class_, delivered.dataset.subclass)]
    patterns = [[known for known in entries if has_place(known)] for entries in sections]
    for name, each in delivered.variables.items():
        wanted = ""
        for entries, names in zip(sections, patterns, strict=True):
            for known in [*names, *([name] if name in entries else [])]:
                for _, digits in matches(known, [name]):
                    wanted = _label(entries[known], digits) or wanted
        if wanted and each.label != wanted:
            yield Failure(name, f"'{each.label}'; expected '{wanted}'")


def _label(entry: Attributes, digits: object) -> str:
    places = dict(digits)  # type: ignore[call-overload]
    return re.sub(r"\b(xx|zz|y|w)\b", lambda place: str(places.get(place.group(), place.group())), entry.label)


@check(of_variables=True)
def numeric(delivered: DeliveredDataset, of: str, but: list[str] = []) -> Failures:  # noqa: B006
    """The variable must be numeric."""
    for name, _ in matches(of, delivered.variables, but):
        if delivered.is_text(name):
            yield Failure(name, f"{name} is text")


@check(of_variables=True)
def formatted(delivered: DeliveredDataset, of: str, formats: list[str] = [], but: list[str] = []) -> Failures:  # noqa: B006
    """A numeric date or time requires a date or time format.

    `formats` are the names of the allowed formats, as patterns; without them any format is enough.
    """
    for name, _ in matches(of, delivered.variables, but):
        if delivered.is_text(name):
            continue
        own = delivered.variables[name].format.upper().rstrip("0123456789.")
        if not formats and not own:
            yield Failure(name, f"{name} has no format")
        elif formats and own and not any(re.fullmatch(each, own) for each in formats):
            yield Failure(name, f"the format of {name} is {delivered.variables[name].format}")


@check(of_variables=True)
def dataset_label(delivered: DeliveredDataset, label: str) -> Failures:
    """The dataset label differs from the standard label of its class."""
    if delivered.dataset.label != label:
        yield Failure("", f"'{delivered.dataset.label}'; expected '{label}'")


@check(of_variables=True)
def label_names(delivered: DeliveredDataset, of: str, place: str) -> Failures:
    """The number in the label differs from the number in the variable name.

    The label contains the digits at `place` of the name.
    """
    for name, digits in matches(of, delivered.variables):
        label = delivered.variables[name].label
        if not re.search(rf"\b0*{int(digits[place])}\b", label):
            yield Failure(name, f"the label '{label}' does not contain {digits[place]}")


@check(of_variables=True)
def all_variables(delivered: DeliveredDataset) -> Failures:
    """A variable of the specification is missing."""
    if delivered.declared is not None:
        yield from (Failure("", name) for name in delivered.declared.variables if name not in delivered.variables)


@check(of_variables=True)
def only_variables(delivered: DeliveredDataset) -> Failures:
    """The variable is not in the specification."""
    if delivered.declared is not None:
        yield from (Failure("", name) for name in delivered.variables if name not in delivered.declared.variables)


@check(of_variables=True)
def in_order(delivered: DeliveredDataset) -> Failures:
    """The order of the variables differs from the specification."""
    if delivered.declared is not None:
        ours = [name for name in delivered.declared.variables if name in delivered.variables]
        theirs = [name for name in delivered.variables if name in delivered.declared.variables]
        if ours != theirs:
            yield Failure("", f"the first difference is at {next(one for one, other in zip(theirs, ours, strict=True) if one != other)}")


@check(of_variables=True)
def as_declared(delivered: DeliveredDataset, attribute: str) -> Failures:
    """The metadata differ from the specification.

    `attribute` is the one compared: type, length (it may be shorter), format (of dates and times) or label. With `lengths: longest` a file
    may have the length of a value of another dataset, so only the limit of a transport file holds.
    """
    if delivered.declared is not None:
        of_file = attribute == "length" and delivered.study.lengths == "longest"
        for name, known in delivered.declared.variables.items():
            ours = known.model_copy(update={"length": None}) if of_file else known
            difference = DIFFER[attribute](ours, delivered.variables[name]) if name in delivered.variables else ""
            if difference:
                yield Failure(name, difference)


@check(of_variables=True)
def number_formats(delivered: DeliveredDataset) -> Failures:
    """The format of numeric variables differs from the specification."""
    if delivered.declared is not None:
        both = [(each, delivered.variables[name]) for name, each in delivered.declared.variables.items() if name in delivered.variables]
        other = [f"{ours.name} has {theirs.format or 'no format'}; expected {ours.format or 'none'}" for ours, theirs in both if _plain(ours, theirs)]
        if other:
            yield Failure("", ", ".join(other))


def _plain(ours: ResolvedVariable, theirs: ResolvedVariable) -> bool:
    """Whether two variables are numbers, not dates, and have different formats; without a format in the specification any is right."""
    return bool(ours.format) and ours.type in ("integer", "float") and theirs.type != "text" and _format(ours.format) != _format(theirs.format)


@check(of_variables=True)
def declared_label(delivered: DeliveredDataset) -> Failures:
    """The dataset label differs from the specification."""
    if delivered.declared is not None and delivered.declared.label != delivered.dataset.label:
        yield Failure("", f"'{delivered.dataset.label}'; expected '{delivered.declared.label}'")


FORMAT = re.compile(r"(\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)([0-9]{0,5})(?:\.([0-9]{0,2}))?")
"""Name, width and decimals of a SAS format."""


def _format(text: str) -> tuple[str, int, int]:
    parts = FORMAT.fullmatch(text.upper())
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)


def _type(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    text = (ours.type == "text", theirs.type == "text")
    return f"the type is {'text' if text[1] else 'numeric'}; expected {ours.type}" if text[0] != text[1] else ""


def _length(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    most = ours.length or LONGEST
    longer = ours.type == theirs.type == "text" and (theirs.length or 0) > most
    return f"the length is {theirs.length}; expected at most {most}" if longer else ""


def _formats(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    dated = ours.type in ("date", "datetime", "time") and theirs.type != "text"
    differ = dated and _format(ours.format) != _format(theirs.format)
    return f"the format is '{theirs.format}'; expected '{ours.format}'" if differ else ""


def _labels(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    return "" if ours.label == theirs.label else f"the label is '{theirs.label}'; expected '{ours.label}'"


DIFFER = {"type": _type, "length": _length, "format": _formats, "label": _labels}
