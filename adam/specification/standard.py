"""Formulas by name: a line `X: STANDARD` takes the formula that `formulas:` of the layers has for X."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from adam.core.errors import Mark, did_you_mean
from adam.core.located import LocatedFloat, LocatedInt, LocatedList, LocatedMap, LocatedStr, RemovesLower, key_of, mark_of
from adam.core.problems import Problems, keys_without_value
from adam.specification.dictionary import PLACE, digits_of
from adam.specification.merge import is_attributes, merged, merged_formulas
from adam.specification.models import ATTRIBUTE_KEYS

STANDARD = "STANDARD"
"""The value of a line that takes its formula by name; `standard:` replaces single arguments of it."""
NAME = re.compile(r"(?:[A-Z0-9_]|--|xx|zz|y|w){1,16}")
"""A name of `formulas:`, which may be a pattern: CRITyFL."""
PATTERN = re.compile(r"\b[A-Z][A-Z0-9_]+(?:(?:xx|zz|y|w)[A-Z0-9_]*)+\b|\b[A-Z](?:xx|y|w)[A-Z0-9_]+\b|\b(?:xx|zz|y|w)\b")
"""A name with digits in the text of a formula, or the digits alone."""

ByName = Callable[[str, object, str], object]
"""Replaces STANDARD in a line: the name, the line and the subject of messages in, the line with its formula out, or None with a problem."""


def is_class(name: str) -> bool:
    """Whether a key of `formulas:` is the name of a class, not of a variable.

    >>> is_class("BASIC DATA STRUCTURE"), is_class("CRITyFL")
    (True, False)
    """
    return " " in name


def merged_by_class(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    """`formulas:` merged over those of the layers below, and so are the formulas of a class.

    A formula of all classes is merged over those that the layers below have for a class, too: the later layer wins.
    """
    own = LocatedMap.at({name: value for name, value in above.items() if not is_class(name)}, above.mark)
    result = merged_formulas(below, own)
    for name, block in below.items():
        if is_class(name) and isinstance(block, LocatedMap) and any(key in block for key in own):
            over = {key: value for key, value in own.items() if key in block}
            result[name] = merged_formulas(block, LocatedMap.at(over, above.mark))
    for name, block in above.items():
        if is_class(name):
            lower = result.pop(name, None)
            if isinstance(block, LocatedMap):
                lower = lower if isinstance(lower, LocatedMap) else LocatedMap()
                of_all = {key: result[key] for key in block if key not in lower and key in result and is_attributes(block[key])}
                result[name] = merged_formulas(LocatedMap.at({**lower, **of_all}, block.mark), block)
            else:
                result[name] = lower if block is None else block
    return result


class StandardFormulas:
    """The formulas of a study by name. `used` are those that a line took."""

    def __init__(self, section: LocatedMap, classes: Collection[str], problems: Problems) -> None:
        self.problems = problems
        self.used: set[tuple[str, str]] = set()
        self.sections: dict[str, LocatedMap] = {"": LocatedMap()}
        for name, value in section.items():
            if is_class(name) and isinstance(value, LocatedMap):
                self.sections[str(name)] = value
                if name not in classes:
                    message = f"There is no class '{name}'{did_you_mean(name, classes)} The classes are {', '.join(classes)}."
                    problems.add(mark_of(name), "formulas", message, "spec-unknown-class")
            elif is_class(name):
                problems.add(mark_of(name), "formulas", f"{name} must be a block (NAME: formula).", "spec-wrong-type")
            else:
                self.sections[""][name] = value
        for entries in self.sections.values():
            for name in [name for name in entries if not NAME.fullmatch(name)]:
                message = f"'{name}' is not the name of a variable. Write a name such as BASE, or a pattern such as CRITyFL."
                problems.add(mark_of(name), "formulas", message, "spec-name")

    def find(self, classes: Sequence[str], name: str) -> tuple[str, str] | None:
        """The section and the key of the formula for a variable: of its subclass, of its class, of all; the whole name before a pattern."""
        for section in (*classes, ""):
            entries: LocatedMap = self.sections.get(section, LocatedMap())
            key = name if name in entries else next((each for each in entries if digits_of(each, name) is not None), None)
            if key is not None:
                return section, str(key)
        return None

    def known(self, classes: Sequence[str]) -> list[str]:
        """The names that have a formula in a dataset of a class and its subclass."""
        return sorted({str(name) for section in (*classes, "") for name in self.sections.get(section, {})})

    def unused(self, folder: Path) -> Iterator[tuple[str, Mark]]:
        """The formulas of the study itself, not of a layer, that no line takes."""
        used = {mark_of(key) for section, name in self.used for key in self.sections[section] if key == name}
        for entries in self.sections.values():
            for name in entries:
                mark = mark_of(name)
                if Path(mark.file).parent == Path(os.path.normpath(folder)) and mark not in used:
                    yield str(name), mark

    def taken(self) -> Iterator[object]:
        """The formulas that a line takes, as they are written."""
        return (self.sections[section][name] for section, name in sorted(self.used))

    def of_class(self, *classes: str) -> ByName:
        """What replaces STANDARD in the lines of a dataset of a subclass and its class."""
        return lambda name, raw, subject: self.applied(name, raw, tuple(filter(None, classes)), subject)

    def applied(self, name: str, raw: object, classes: Sequence[str], subject: str) -> object:
        """The line of a variable with the formula that it takes by name; a line that takes none is unchanged, one with an error is None."""
        if not takes_standard(raw):
            return raw
        found = self.find(classes, name)
        line = mark_of(name)
        if found is None:
            self.problems.add(_place(raw, line), subject, self._unknown(name, classes), "spec-no-standard-formula")
            return None
        self.used.add(found)
        section, key = found
        formula = self.sections[section][key]
        place = mark_of(formula, mark_of(next(each for each in self.sections[section] if each == key)))
        block = taken(formula, _place(raw, line), digits_of(key, name) or {}, place)
        return self._merged(block, raw, subject) if isinstance(raw, LocatedMap) else block

    def _unknown(self, name: str, classes: Sequence[str]) -> str:
        known = self.known(classes)
        others = [section for section in self.sections if section and section not in classes and self.find((section,), name) is not None]
        if others:
            has = f"{' and '.join(others)} {'has' if len(others) == 1 else 'have'} one"
            return f"STANDARD has no formula for {name} in a dataset of this class; {has}. Write a formula."
        stated = f" Those with one are {', '.join(known)}." if known else " No layer of the study has formulas:."
        return f"STANDARD has no formula for {name}{did_you_mean(name, known)}{stated} Write a formula, or add one to formulas:."

    def _merged(self, formula: object, raw: LocatedMap, subject: str) -> object:
        """The block of a line over the formula it takes: attributes replace those of the formula, and both conditions must hold."""
        block = formula if isinstance(formula, LocatedMap) else LocatedMap.at({LocatedStr.at("value", mark_of(formula)): formula}, mark_of(formula))
        own = LocatedMap.at({key: value for key, value in raw.items() if key in ATTRIBUTE_KEYS}, raw.mark)
        if block.get("where") is not None and isinstance(own.get("where"), str):
            own[next(key for key in own if key == "where")] = _both(own["where"], block["where"])
        result = LocatedMap.at({**{key: value for key, value in block.items() if key not in own}, **own}, raw.mark)
        others = [key for key in raw if key not in (*ATTRIBUTE_KEYS, "standard", "value")]
        if others:
            message = f"STANDARD is the formula of the variable, but this block has '{others[0]}', too. Delete one of them."
            self.problems.add(mark_of(others[0]), subject, message, "spec-two-formulas")
            return None
        return self._with_arguments(result, raw["standard"], key_of(raw, "standard"), subject) if "standard" in raw else result

    def _with_arguments(self, block: LocatedMap, arguments: object, mark: Mark, subject: str) -> object:
        """The formula with the arguments that `standard:` replaces; `off` removes one."""
        key = next((key for key in block if key not in ATTRIBUTE_KEYS), None)
        before = len(self.problems.found)
        if not isinstance(arguments, LocatedMap):
            message = "standard: must be a block of the arguments to replace. Write STANDARD to take the formula unchanged."
            self.problems.add(mark_of(arguments, mark), subject, message, "spec-wrong-type")
        elif key is None or key in ("value", "term"):
            message = f"The standard formula is {block[key]}, which has no arguments." if key else "The standard has no formula here."
            message += " Write STANDARD, with where: next to value: STANDARD to restrict it, or another formula."
            self.problems.add(mark, subject, message, "spec-unknown-argument")
        self.problems.extend(keys_without_value(arguments, subject))
        if key is None or len(self.problems.found) > before:
            return None
        block[key] = _without_removed(merged(block[key], arguments))
        return block


def takes_standard(raw: object) -> bool:
    """Whether the line of a variable takes its formula by name."""
    return raw == STANDARD or (isinstance(raw, LocatedMap) and ("standard" in raw or raw.get("value") == STANDARD))


def _place(raw: object, line: Mark) -> Mark:
    if isinstance(raw, LocatedMap):
        key = "standard" if "standard" in raw else "value"
        return mark_of(raw[key], key_of(raw, key)) if key == "value" else key_of(raw, key)
    return mark_of(raw, line)


def _both(own: str, below: str) -> LocatedStr:
    """A condition that is true where both are; the first keeps its place."""

    def grouped(text: str) -> str:
        return f"({text})" if re.search(r"\bor\b", text) else text

    shift = 1 if grouped(own) != own else 0
    return LocatedStr.at(f"{grouped(own)} and {grouped(below)}", mark_of(own).shifted(-shift))


def _without_removed(value: object) -> object:
    """Arguments without those that `off` removes."""
    if not isinstance(value, LocatedMap):
        return value
    kept = {key: _without_removed(each) for key, each in value.items() if not isinstance(each, RemovesLower)}
    return LocatedMap.at(kept, value.mark)


def taken(value: object, line: Mark, digits: Mapping[str, str], place: Mark) -> object:
    """A formula as the line that takes it has it: every text has the place of the line, and its own place as `formula`.

    The digits of the name replace `xx`, `zz`, `y` and `w` in the names of the formula.
    """
    own = mark_of(value, place)
    mark = Mark(line.file, line.line, line.column, own)
    match value:
        case dict():
            entries: dict[str, Any] = {}
            for key, each in value.items():
                inner = mark_of(key, own)
                entries[LocatedStr.at(key, Mark(line.file, line.line, line.column, inner))] = taken(each, line, digits, inner)
            return LocatedMap.at(entries, mark)
        case list():
            result = LocatedList(taken(each, line, digits, own) for each in value)
            result.mark = mark
            return result
        case LocatedInt() | LocatedFloat():
            number = type(value)(value)
            number.raw, number.mark = value.raw, mark
            return number
        case str():
            return LocatedStr.at(PATTERN.sub(lambda found: _with_digits(found.group(), digits), value) if any(digits.values()) else value, mark)
    return value


def _with_digits(name: str, digits: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: digits.get(place.group()) or place.group(), name)
