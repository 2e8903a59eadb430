"""Parameters of a BDS dataset: the library's entry, its category and what the dataset adds, merged (LANGUAGE §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from adam.core.errors import suggestion
from adam.specification.layers import merged
from adam.specification.located import LocatedList, LocatedMap, LocatedStr, key_of, mark_of
from adam.specification.models import Parameter, Records
from adam.specification.problems import Problems
from adam.specification.variables import NAME, variables

PARTS = ("records", "variables", "add", "windows")


def _records(raw: object, subject: str, problems: Problems) -> tuple[Records, ...]:
    entries = raw if isinstance(raw, LocatedList) else [raw]
    found = []
    for entry in entries:
        if not isinstance(entry, LocatedMap) or not entry:
            problems.add(mark_of(raw), subject, "records wants a block: from:, score:, response: ...", "spec-wrong-type")
        elif "from" in entry:
            found.append(Records(kind="from", arguments=entry, mark=key_of(entry, "from")))
        elif len(entry) > 1:
            message = f"records is of one kind; here are {' and '.join(map(str, entry))}"
            problems.add(entry.mark, subject, message, "spec-two-formulas")
        else:
            found += _kind(next(iter(entry)), entry, subject, problems)
    return tuple(found)


def _kind(kind: str, entry: LocatedMap, subject: str, problems: Problems) -> list[Records]:
    """The entry of a kind with its arguments; nothing, and a problem, where these are no block."""
    if not isinstance(entry[kind], LocatedMap):
        problems.add(mark_of(entry[kind], mark_of(kind)), subject, f"{kind} wants a block of its arguments ({kind}: {{...}})", "spec-wrong-type")
        return []
    return [Records(kind=str(kind), arguments=entry[kind], mark=mark_of(kind))]


def records(raw: object, subject: str, problems: Problems) -> Records | None:
    """The records of a dataset without parameters: `{from: AE, where: ...}`."""
    found = _records(raw, subject, problems)
    if len(found) > 1:
        problems.add(mark_of(raw), subject, "a dataset without parameters takes its records from one domain", "spec-wrong-type")
    return found[0] if found else None


def _add(raw: object, subject: str, problems: Problems) -> tuple[Records, ...]:
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), subject, "add wants a block: nonresponse: or locf:", "spec-wrong-type")
        return ()
    return tuple(each for kind in raw for each in _kind(kind, raw, subject, problems))


def _parameter(name: LocatedStr | str, raw: LocatedMap, category: LocatedMap, dataset: str, kept: bool, problems: Problems) -> Parameter | None:
    subject = f"{dataset}.{name}"
    if not NAME.fullmatch(name):
        problems.add(mark_of(name), subject, f"'{name}' is no PARAMCD: at most 8 capitals, digits or _, first a letter", "spec-name")
    block = merged(LocatedMap({key: value for key, value in category.items() if key != "number"}), raw)
    assert isinstance(block, LocatedMap)
    own = LocatedMap({key: value for key, value in block.items() if key not in PARTS})
    own.mark = mark_of(raw, mark_of(name))
    windows = block.get("windows")
    if windows not in (None, "none"):
        problems.add(mark_of(windows), subject, "windows of a parameter is 'none' or not said", "spec-wrong-value")
    extra: dict[str, Any] = {
        "name": str(name),
        "records": (),
        "category_number": category.get("number"),
        "windowed": windows is None,
        "kept": kept,
        "mark": mark_of(name),
    }
    if "records" in block:
        extra["records"] = _records(block["records"], subject, problems)
    else:
        problems.add(mark_of(name), subject, "key 'records' is missing", "spec-missing-key")
    extra["variables"] = variables(block.get("variables"), dataset, problems)
    if "add" in block:
        extra["add"] = _add(block["add"], subject, problems)
    criteria = own.get("criteria")
    for key in criteria if isinstance(criteria, LocatedMap) else ():
        if not key.isdecimal():
            problems.add(mark_of(key), subject, f"a criterion has a number, CRITy; '{key}' is none", "spec-wrong-type")
            return None
    made = problems.model(Parameter, own, subject, **extra)
    if made is not None and made.range is not None and made.range[0] >= made.range[1]:
        problems.add(mark_of(own["range"], made.mark), subject, f"range is lowest and highest; {list(made.range)} is none", "spec-wrong-value")
    return made


def check_parameters(dataset: str, found: Mapping[str, Parameter], codelists: Collection[str], problems: Problems) -> None:
    """Note a codelist that no layer has, and a PARAMN that two parameters of the dataset share."""
    seen: dict[float, str] = {}
    for name, parameter in found.items():
        if parameter.codelist and parameter.codelist not in codelists:
            message = f"there is no codelist '{parameter.codelist}'{suggestion(parameter.codelist, codelists)}"
            problems.add(parameter.mark, f"{dataset}.{name}", message, "spec-unknown-codelist")
        if parameter.number is None or not parameter.kept:
            continue
        if parameter.number in seen:
            message = f"number {parameter.number:g} is that of {seen[parameter.number]}"
            problems.add(parameter.mark, f"{dataset}.{name}", message, "spec-duplicate-entry")
        seen.setdefault(parameter.number, name)


def parameters(raw: object, library: LocatedMap, categories: LocatedMap, dataset: str, problems: Problems) -> dict[str, Parameter]:
    """The parameters of a dataset: those it lists, and, not kept, those of the library it may read.

    Args:
        raw: `parameters:` of the dataset.
        library: `parameters:` of the layers.
        categories: `parameter_categories:` of the layers with those of the dataset laid over.
        dataset: its name.
        problems: where problems go.
    """
    if not isinstance(raw, LocatedMap):
        problems.add(mark_of(raw), dataset, "parameters wants a block (PARAMCD: ...)", "spec-wrong-type")
        return {}
    found = {}
    used: set[str] = set()
    for name in [*raw, *(name for name in library if name not in raw)]:
        block = merged(library.get(name), raw.get(name))
        if not isinstance(block, LocatedMap):
            message = f"no layer knows parameter '{name}', so it needs a block{suggestion(name, library)}"
            problems.add(mark_of(name), f"{dataset}.{name}", message, "spec-unknown-parameter")
            continue
        category = str(block.get("category", ""))
        used.add(category)
        known = categories.get(category)
        parameter = _parameter(name, block, known if isinstance(known, LocatedMap) else LocatedMap(), dataset, name in raw, problems)
        if parameter is not None:
            found[str(name)] = parameter
    for category in categories:
        if mark_of(category).file == mark_of(raw).file and category not in used:
            message = f"no parameter has category '{category}', so its block does nothing{suggestion(category, used)}"
            problems.add(mark_of(category), dataset, message, "spec-unused")
    return found
