"""What is known of variables besides their values: names, labels, types, lengths, formats, against the standard and the specification."""

from __future__ import annotations

import re

from adam.plan.values import Attributes, ResolvedVariable
from validation.conformance.general_check import general
from validation.conformance.names import bound, open_
from validation.conformance.view import Failure, Failures, View


@general
def named_like(view: View, pattern: str) -> Failures:
    """The name of a variable is none that a transport file takes."""
    for name in view.variables:
        if not re.fullmatch(pattern, name):
            yield Failure(name, f"it does not match {pattern}")


@general
def label_at_most(view: View, bytes: int) -> Failures:  # noqa: A002  (the unit of the standard)
    """The label of a variable is too long."""
    for name, each in view.variables.items():
        size = len(each.label.encode("utf-8"))
        if size > bytes:
            yield Failure(name, f"its label has {size} bytes")


@general
def length_at_most(view: View, bytes: int) -> Failures:  # noqa: A002
    """A text is longer than a transport file takes."""
    for name, each in view.variables.items():
        if each.type != "text":
            continue
        if (each.length or 0) > bytes:
            yield Failure(name, f"its length is {each.length}")
            continue
        wrong = (view.values(name).str.encode("utf-8").str.len() > bytes).to_numpy(dtype=bool)
        if wrong.any():
            yield Failure(name, f"a value has more than {bytes} bytes", view.of_values(name, wrong))


@general
def standard_label(view: View) -> Failures:
    """The label differs from that of the standard.

    The dictionary of ANY and of the class; a name with a place repeats its digits in the label.
    """
    for name, each in view.variables.items():
        wanted = _standard(view, name)
        if wanted and each.label != wanted:
            yield Failure(name, f"'{each.label}', the standard has '{wanted}'")


def _standard(view: View, name: str) -> str:
    found = ""
    for section in ("ANY", view.held.class_):
        entries = view.package.standard.get(section, {})
        for known, entry in sorted(entries.items(), key=lambda item: not open_(item[0])):
            for _, digits in bound(known, [name]):
                found = _label(entry, digits) or found
    return found


def _label(entry: Attributes, digits: object) -> str:
    places = dict(digits)  # type: ignore[call-overload]
    return re.sub(r"\b(xx|zz|y|w)\b", lambda place: str(places.get(place.group(), place.group())), entry.label)


@general
def numeric(view: View, of: str, but: list[str] = []) -> Failures:  # noqa: B006
    """A variable that must be numeric is text."""
    for name, _ in bound(of, view.variables, but):
        if view.is_text(name):
            yield Failure(name, "it is text")


@general
def formatted(view: View, of: str, formats: list[str] = [], but: list[str] = []) -> Failures:  # noqa: B006
    """A date or time has no format, or one of something else.

    `formats` are the names of formats it may have, as patterns; without them any is enough.
    """
    for name, _ in bound(of, view.variables, but):
        if view.is_text(name):
            continue
        own = view.variables[name].format.upper().rstrip("0123456789.")
        if not formats and not own:
            yield Failure(name, "it has no format")
        elif formats and own and not any(re.fullmatch(each, own) for each in formats):
            yield Failure(name, f"its format is {view.variables[name].format}")


@general
def dataset_label(view: View, label: str) -> Failures:
    """The label of the dataset is not that of its class."""
    if view.held.label != label:
        yield Failure("", f"'{view.held.label}', the standard has '{label}'")


@general
def label_names(view: View, of: str, place: str) -> Failures:
    """The number in the label is not that of the name.

    The digits at `place` of the name stand in the label.
    """
    for name, digits in bound(of, view.variables):
        label = view.variables[name].label
        if not re.search(rf"\b0*{int(digits[place])}\b", label):
            yield Failure(name, f"its label '{label}' has no {digits[place]}")


@general
def all_variables(view: View) -> Failures:
    """A variable of the specification is not there."""
    if view.declared is not None:
        yield from (Failure("", name) for name in view.declared.variables if name not in view.variables)


@general
def only_variables(view: View) -> Failures:
    """A variable is not in the specification."""
    if view.declared is not None:
        yield from (Failure("", name) for name in view.variables if name not in view.declared.variables)


@general
def in_order(view: View) -> Failures:
    """The variables are in another order than in the specification."""
    if view.declared is not None:
        ours = [name for name in view.declared.variables if name in view.variables]
        theirs = [name for name in view.variables if name in view.declared.variables]
        if ours != theirs:
            yield Failure("", f"from {next(one for one, other in zip(theirs, ours, strict=True) if one != other)} on")


@general
def as_declared(view: View, attribute: str) -> Failures:
    """An attribute is not as the specification has it.

    `attribute` of each variable: type, length (it may be shorter), format (of dates and times) or label.
    """
    if view.declared is not None:
        for name, ours in view.declared.variables.items():
            said = DIFFER[attribute](ours, view.variables[name]) if name in view.variables else ""
            if said:
                yield Failure(name, said)


@general
def number_formats(view: View) -> Failures:
    """Numbers are shown in another format than the specification says."""
    if view.declared is not None:
        both = [(each, view.variables[name]) for name, each in view.declared.variables.items() if name in view.variables]
        other = [f"{ours.name} {theirs.format or '(none)'} for {ours.format}" for ours, theirs in both if _plain(ours, theirs)]
        if other:
            yield Failure("", ", ".join(other))


def _plain(ours: ResolvedVariable, theirs: ResolvedVariable) -> bool:
    """Whether two variables are numbers, no dates, and their formats differ."""
    return ours.type in ("integer", "float") and theirs.type != "text" and _format(ours.format) != _format(theirs.format)


@general
def declared_label(view: View) -> Failures:
    """The label of the dataset is not that of the specification."""
    if view.declared is not None and view.declared.label != view.held.label:
        yield Failure("", f"'{view.held.label}', the specification has '{view.declared.label}'")


FORMAT = re.compile(r"(\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)([0-9]{0,5})(?:\.([0-9]{0,2}))?")
"""Name, width and decimals of a SAS format."""


def _format(text: str) -> tuple[str, int, int]:
    parts = FORMAT.fullmatch(text.upper())
    return (parts[1], int(parts[2] or 0), int(parts[3] or 0)) if parts else (text, 0, 0)


def _type(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    text = (ours.type == "text", theirs.type == "text")
    return f"it is {'text' if text[1] else 'numeric'}, the specification has {ours.type}" if text[0] != text[1] else ""


def _length(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    longer = ours.type == theirs.type == "text" and (theirs.length or 0) > (ours.length or 200)
    return f"its length is {theirs.length}, the specification has {ours.length}" if longer else ""


def _formats(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    dated = ours.type in ("date", "datetime", "time") and theirs.type != "text"
    differ = dated and _format(ours.format) != _format(theirs.format)
    return f"its format is '{theirs.format}', the specification has '{ours.format}'" if differ else ""


def _labels(ours: ResolvedVariable, theirs: ResolvedVariable) -> str:
    return "" if ours.label == theirs.label else f"its label is '{theirs.label}', the specification has '{ours.label}'"


DIFFER = {"type": _type, "length": _length, "format": _formats, "label": _labels}
