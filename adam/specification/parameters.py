"""The parameters of a BDS dataset: the entry of the library, its category, and the block of the dataset, merged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from adam.core.errors import did_you_mean
from adam.core.located import LocatedList, LocatedMap, LocatedStr, key_of, mark_of
from adam.core.problems import Problems
from adam.core.reference_table import ReferenceTable
from adam.expressions.possible import shown
from adam.specification.families import ALL, Families, Family, is_family, of_parameters
from adam.specification.merge import merged
from adam.specification.models import Parameter, Records
from adam.specification.standard import ByName
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
    """The rules that add records: a block with one rule for each key, or a list of blocks with one key each."""
    found: list[Records] = []
    for entry in raw if isinstance(raw, LocatedList) else [raw]:
        if not isinstance(entry, LocatedMap) or (isinstance(raw, LocatedList) and len(entry) != 1):
            message = "add must be a rule with its arguments, such as {locf: {...}}, or a list with one rule for each entry."
            if entry == ALL:
                message = "all stands for the entries of add: in all: or in the category, but these have none. Delete it."
            problems.add(mark_of(entry, mark_of(raw)), subject, message, "spec-wrong-type")
            continue
        found += [each for kind in entry for each in _kind(kind, entry, subject, problems)]
    return tuple(found)


def _corrected(name: str) -> str:
    """The end of a sentence about a name in small letters: the name in capitals, if that is valid."""
    return f": {name.upper()}" if NAME.fullmatch(name.upper()) else ""


def _over(below: LocatedMap, above: LocatedMap) -> LocatedMap:
    """The block of a parameter over what holds for more than one. Another record rule replaces the one below it, with its arguments.

    `all` in a list of `add:` stands for the entries below it.
    """
    result = merged(below, above)
    assert isinstance(result, LocatedMap)
    own = above.get("records")
    if isinstance(own, LocatedMap) and len(own) == 1 and "keep" not in own and isinstance(next(iter(own.values())), LocatedMap):
        result["records"] = own if next(iter(own)) not in (below.get("records") or ()) else result["records"]
    added = above.get("add")
    if isinstance(added, LocatedList) and ALL in added and below.get("add") is not None:
        result["add"] = LocatedList(each for entry in added for each in (_entries(below["add"]) if entry == ALL else [entry]))
        result["add"].mark = added.mark
    return result


def _of_row(row: LocatedMap, library: object, own: object) -> LocatedMap:
    """The block of a parameter of a family: its own lines over its row of the table, and both over the parameter of a layer."""
    below = library if isinstance(library, LocatedMap) else LocatedMap()
    below = LocatedMap({key: value for key, value in below.items() if key != "records" or "records" not in row})
    return _over(_over(below, row), own if isinstance(own, LocatedMap) else LocatedMap())


def _entries(added: object) -> list[object]:
    """The entries of `add:`, each a block of one key."""
    if isinstance(added, LocatedMap):
        return [LocatedMap.at({kind: arguments}, added.mark) for kind, arguments in added.items()]
    return list(added) if isinstance(added, LocatedList) else [added]


def _parameter(
    name: LocatedStr | str,
    raw: LocatedMap,
    category: LocatedMap,
    dataset: str,
    kept: bool,
    problems: Problems,
    standard: ByName | None,
    family: str = "",
) -> Parameter | None:
    """The parameter of a block that has what holds for all parameters and for its category merged into it."""
    subject, block = f"{dataset}.{family or name}", raw
    own = LocatedMap.at({key: value for key, value in block.items() if key not in PARTS}, mark_of(raw, mark_of(name)))
    valid = _names_are_valid(name, own, subject, problems)
    extra: dict[str, Any] = {
        "name": str(name),
        "records": (),
        "category_number": category.get("number"),
        "windowed": _is_windowed(block, subject, problems),
        "kept": kept,
        "family": family,
        "mark": mark_of(name),
    }
    if "records" in block:
        extra["records"] = _records(block["records"], subject, problems)
    else:
        problems.add(mark_of(name), subject, "Key 'records' is missing. Add it, such as records: {from: QS, where: ...}.", "spec-missing-key")
    extra["variables"] = variables(block.get("variables"), dataset, problems, standard)
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


def _shared(raw: LocatedMap, dataset: str, problems: Problems) -> LocatedMap:
    """What `all:` declares for every parameter that the dataset lists."""
    shared = raw.get(ALL)
    if shared is not None and not isinstance(shared, LocatedMap):
        problems.add(mark_of(shared), dataset, "all must be a block of what holds for every parameter, such as {add: [...]}.", "spec-wrong-type")
    elif shared is not None and "number" in shared:
        message = "Every parameter has a number of its own, so number cannot be in all:. Move it to the parameters."
        problems.add(key_of(shared, "number"), dataset, message, "spec-unknown-key")
    return shared if isinstance(shared, LocatedMap) else LocatedMap()


def _names(raw: LocatedMap, library: LocatedMap, reached: Collection[str], families: Mapping[str, Family | None]) -> list[LocatedStr | str]:
    """The parameters of a dataset in order: those it lists, those of a family at its place, and those of the library that are reached."""
    own = {str(name): name for name in raw}
    listed: dict[LocatedStr | str, None] = {}
    for name in raw:
        family = families.get(name)
        if family is not None:
            listed |= {own.get(code, LocatedStr.at(code, mark_of(name))): None for code in family.rows}
        elif name not in families and name != ALL:
            listed[name] = None
    return [*listed, *(name for name in library if name in reached and name not in raw and name not in listed and not is_family(library[name]))]


def _report_unused(raw: LocatedMap, categories: LocatedMap, used: Collection[str], dataset: str, problems: Problems) -> None:
    """Report the categories in the file of the dataset that no parameter has."""
    for category in categories:
        if mark_of(category).file == mark_of(raw).file and category not in used:
            message = f"No parameter has category '{category}', so this block has no effect{did_you_mean(category, used)}"
            problems.add(mark_of(category), dataset, message, "spec-unused")


def parameters(
    block: LocatedMap,
    library: LocatedMap,
    categories: LocatedMap,
    dataset: str,
    problems: Problems,
    standard: ByName | None = None,
    tables: Mapping[str, ReferenceTable] | None = None,
) -> dict[str, Parameter]:
    """The parameters of a dataset: those it lists, and, with `kept` false, those of the library that they or its formulas name.

    Args:
        block: the dataset; its `parameters:` are those it lists.
        library: `parameters:` of the layers.
        categories: `parameter_categories:` of the layers, merged with those of the dataset.
        dataset: its name.
        problems: collects the problems.
        standard: replaces STANDARD in the lines of variables.
        tables: the reference tables that families can name.
    """
    raw = block["parameters"]
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), dataset, "parameters must be a block (PARAMCD: ...).", "spec-wrong-type")
        return {}
    found, used = {}, set[str]()
    reached, shared = _reached(block, library, categories), _shared(raw, dataset, problems)
    given = of_parameters(block)
    families = Families(dataset, tables or {}, problems).listed(raw, library, shared)
    owners = {code: family for family in families.values() if family is not None for code in family.rows}
    for name in _names(raw, library, reached, families):
        entry, family = merged(library.get(name), raw.get(name)), owners.get(name)
        if family is not None:
            entry = _of_row(family.parameter(name, given), library.get(name), raw.get(name))
        if not isinstance(entry, LocatedMap):
            message = f"The library has no parameter '{name}'{did_you_mean(name, library)} A parameter of its own must be a block."
            problems.add(mark_of(name), f"{dataset}.{name}", message, "spec-unknown-parameter")
            continue
        below = shared if name in raw or family is not None else LocatedMap()
        category = str(entry.get("category", below.get("category", "")))
        used.add(category)
        known = categories.get(category)
        known = known if isinstance(known, LocatedMap) else LocatedMap()
        block = _over(_over(below, LocatedMap({key: value for key, value in known.items() if key != "number"})), entry)
        block = family.finished(block, name) if family is not None else block
        owner = str(family.name) if family is not None and name not in raw else ""
        parameter = _parameter(name, block, known, dataset, name in raw or family is not None, problems, standard, owner)
        if parameter is not None:
            sources = {"unmatched": family.sources(name, shared, dataset, problems), "of_data": family.of_data} if family is not None else {}
            found[str(name)] = parameter.model_copy(update=sources)
    _report_unused(raw, categories, used, dataset, problems)
    return found
