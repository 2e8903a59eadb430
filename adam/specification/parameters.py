"""The parameters of a BDS dataset: the entry of the library, its category, and the block of the dataset, merged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from adam.core.errors import did_you_mean
from adam.core.located import LocatedList, LocatedMap, LocatedStr, key_of, mark_of
from adam.core.problems import Problems
from adam.expressions.possible import shown
from adam.specification.merge import merged
from adam.specification.models import Parameter, Records
from adam.specification.variables import NAME, variables

PARTS = ("records", "variables", "add", "windows")


def _records(raw: object, subject: str, problems: Problems) -> tuple[Records, ...]:
    entries = raw if isinstance(raw, LocatedList) else [raw]
    found = []
    for entry in entries:
        if not isinstance(entry, LocatedMap) or not entry:
            problems.add(
                mark_of(raw), subject, "records must be a block with the rule that creates the records, such as {from: QS}.", "spec-wrong-type"
            )
        elif "from" in entry:
            found.append(Records(kind="from", arguments=entry, mark=key_of(entry, "from")))
        elif len(entry) > 1:
            message = f"records must have one rule, but it has {' and '.join(map(str, entry))}. Write one entry of a list for each rule."
            problems.add(entry.mark, subject, message, "spec-two-formulas")
        else:
            found += _kind(next(iter(entry)), entry, subject, problems)
    return tuple(found)


def _kind(kind: str, entry: LocatedMap, subject: str, problems: Problems) -> list[Records]:
    """The rule with its arguments; none, and a problem, if the arguments are not a block."""
    if not isinstance(entry[kind], LocatedMap):
        problems.add(
            mark_of(entry[kind], mark_of(kind)), subject, f"{kind} must be a block of its arguments. Write {kind}: {{...}}.", "spec-wrong-type"
        )
        return []
    return [Records(kind=str(kind), arguments=entry[kind], mark=mark_of(kind))]


def records(raw: object, subject: str, problems: Problems) -> Records | None:
    """The records of a dataset without parameters: `{from: AE, where: ...}`."""
    found = _records(raw, subject, problems)
    if len(found) > 1:
        problems.add(
            mark_of(raw), subject, "A dataset without parameters has the records of one domain. Write one entry of records:.", "spec-wrong-type"
        )
    return found[0] if found else None


def _add(raw: object, subject: str, problems: Problems) -> tuple[Records, ...]:
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), subject, "add must be a block with nonresponse: or locf:.", "spec-wrong-type")
        return ()
    return tuple(each for kind in raw for each in _kind(kind, raw, subject, problems))


def _corrected(name: str) -> str:
    """The end of a sentence about a name in small letters: the name in capitals, if that is valid."""
    return f": {name.upper()}" if NAME.fullmatch(name.upper()) else ""


def _parameter(name: LocatedStr | str, raw: LocatedMap, category: LocatedMap, dataset: str, kept: bool, problems: Problems) -> Parameter | None:
    subject = f"{dataset}.{name}"
    block = merged(LocatedMap({key: value for key, value in category.items() if key != "number"}), raw)
    assert isinstance(block, LocatedMap)
    own = LocatedMap.at({key: value for key, value in block.items() if key not in PARTS}, mark_of(raw, mark_of(name)))
    valid = _names_are_valid(name, own, subject, problems)
    extra: dict[str, Any] = {
        "name": str(name),
        "records": (),
        "category_number": category.get("number"),
        "windowed": _is_windowed(block, subject, problems),
        "kept": kept,
        "mark": mark_of(name),
    }
    if "records" in block:
        extra["records"] = _records(block["records"], subject, problems)
    else:
        problems.add(mark_of(name), subject, "Key 'records' is missing. Add it, such as records: {from: QS, where: ...}.", "spec-missing-key")
    extra["variables"] = variables(block.get("variables"), dataset, problems)
    if "add" in block:
        extra["add"] = _add(block["add"], subject, problems)
    found = problems.model(Parameter, own, subject, **extra) if valid else None
    if found is not None and found.range is not None and found.range[0] >= found.range[1]:
        message = f"range must be [lowest, highest], not [{', '.join(map(shown, found.range))}]."
        problems.add(mark_of(own["range"], found.mark), subject, message, "spec-wrong-value")
    return found


def _names_are_valid(name: LocatedStr | str, own: LocatedMap, subject: str, problems: Problems) -> bool:
    """Whether the criteria of a parameter have numbers. A code that is not valid is reported, but the parameter can be read."""
    if not NAME.fullmatch(name):
        message = f"'{name}' is not a valid PARAMCD. Use up to 8 capitals, digits or underscores, starting with a letter{_corrected(name)}."
        problems.add(mark_of(name), subject, message, "spec-name")
    criteria = own.get("criteria")
    for key in criteria if isinstance(criteria, LocatedMap) else ():
        if not key.isdecimal():
            message = f"'{key}' is not the number of a criterion. Write the y of CRITy: criteria: {{1: ...}}."
            problems.add(mark_of(key), subject, message, "spec-wrong-type")
            return False
    return True


def _is_windowed(block: LocatedMap, subject: str, problems: Problems) -> bool:
    """Whether the records of a parameter have analysis windows: yes unless the block has `windows: none`."""
    windows = block.get("windows")
    if windows not in (None, "none"):
        message = f"windows of a parameter must be none, not '{windows}'. Delete the line if its records have windows."
        problems.add(mark_of(windows), subject, message, "spec-wrong-value")
    return windows is None


def check_parameters(dataset: str, found: Mapping[str, Parameter], codelists: Collection[str], problems: Problems) -> None:
    """Report a codelist that does not exist, and a PARAMN that two parameters of the dataset share."""
    seen: dict[float, str] = {}
    for name, parameter in found.items():
        if parameter.codelist and parameter.codelist not in codelists:
            message = f"There is no codelist '{parameter.codelist}'{did_you_mean(parameter.codelist, codelists)}"
            problems.add(parameter.mark, f"{dataset}.{name}", message, "spec-unknown-codelist")
        if parameter.number is None or not parameter.kept:
            continue
        if parameter.number in seen:
            message = f"Number {parameter.number:g} is already the number of {seen[parameter.number]}. Give {name} a number of its own."
            problems.add(parameter.mark, f"{dataset}.{name}", message, "spec-duplicate-entry")
        seen.setdefault(parameter.number, name)


WORD = re.compile(r"[A-Z][A-Z0-9_]*")


def _words(block: object) -> Iterator[str]:
    """The texts in a block that can be names of parameters."""
    if isinstance(block, Mapping):
        for key, value in block.items():
            yield from _words(key)
            yield from _words(value)
    elif isinstance(block, list | tuple):
        for value in block:
            yield from _words(value)
    elif isinstance(block, str):
        yield from WORD.findall(block)


def _reached(block: LocatedMap, library: LocatedMap, categories: LocatedMap) -> set[str]:
    """The parameters of the library that a dataset names, and those that their own blocks name."""
    found: set[str] = set()
    left = {name for name in _words(block) if name in library}
    while left:
        name = left.pop()
        found.add(name)
        category = library[name].get("category") if isinstance(library[name], LocatedMap) else None
        left |= {each for each in _words([library[name], categories.get(str(category))]) if each in library} - found
    return found


def parameters(block: LocatedMap, library: LocatedMap, categories: LocatedMap, dataset: str, problems: Problems) -> dict[str, Parameter]:
    """The parameters of a dataset: those it lists, and, with `kept` false, those of the library that they or its formulas name.

    Args:
        block: the dataset; its `parameters:` are those it lists.
        library: `parameters:` of the layers.
        categories: `parameter_categories:` of the layers, merged with those of the dataset.
        dataset: its name.
        problems: collects the problems.
    """
    raw = block["parameters"]
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), dataset, "parameters must be a block (PARAMCD: ...).", "spec-wrong-type")
        return {}
    found = {}
    used: set[str] = set()
    reached = _reached(block, library, categories)
    for name in [*raw, *(name for name in library if name in reached and name not in raw)]:
        entry = merged(library.get(name), raw.get(name))
        if not isinstance(entry, LocatedMap):
            message = f"The library has no parameter '{name}'{did_you_mean(name, library)} A parameter of its own must be a block."
            problems.add(mark_of(name), f"{dataset}.{name}", message, "spec-unknown-parameter")
            continue
        category = str(entry.get("category", ""))
        used.add(category)
        known = categories.get(category)
        parameter = _parameter(name, entry, known if isinstance(known, LocatedMap) else LocatedMap(), dataset, name in raw, problems)
        if parameter is not None:
            found[str(name)] = parameter
    for category in categories:
        if mark_of(category).file == mark_of(raw).file and category not in used:
            message = f"No parameter has category '{category}', so this block has no effect{did_you_mean(category, used)}"
            problems.add(mark_of(category), dataset, message, "spec-unused")
    return found
