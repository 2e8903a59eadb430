"""Parameter families without a table: their parameters are those that occur in the data.

The rows of such a family become a table with the columns PARAMCD, PARAM, PARAMN and PARCAT1, so that it is read like any other family.
Without data the rows are not known. Then the family has the codes that the specification names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from adam.core.kinds import ValueKind
from adam.core.located import LocatedList, LocatedMap, LocatedStr, key_of, mark_of
from adam.core.problems import Problems
from adam.core.reference_table import Cell, ReferenceTable
from adam.specification.merge import merged
from adam.specification.models import DataFamily, Records
from adam.specification.variables import NAME, expression

CODES = "codes"
EXPRESSIONS = (CODES, "label", "category", "number")
"""The keys of a family that are expressions of the source records."""
COLUMNS = {"PARAMCD": ValueKind.TEXT, "PARAM": ValueKind.TEXT, "PARAMN": ValueKind.NUMBER, "PARCAT1": ValueKind.TEXT}
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
QUOTED = re.compile(r'"([A-Z][A-Z0-9_]{0,7})"')
WORD = re.compile(r"(?<![.\w\"])[A-Z][A-Z0-9_]{0,7}(?![.\w(\"])")
NAMING = ("of", "parameters", "parameter")
"""The keys whose values name parameters."""


def is_data_family(block: object) -> bool:
    """Whether a block of `parameters:` is a family of the codes in the data."""
    return isinstance(block, LocatedMap) and CODES in block


def table_name(dataset: str, family: str) -> str:
    """The name of the table with the rows of a family."""
    return f"{dataset}.{family}"


def as_table(dataset: str, name: str, block: LocatedMap) -> LocatedMap:
    """The block of a family with the table of its rows."""
    place = key_of(block, CODES)
    result = LocatedMap({key: value for key, value in block.items() if key not in EXPRESSIONS})
    result[LocatedStr.at("table", place)] = LocatedStr.at(table_name(dataset, name), place)
    result[LocatedStr.at("match", place)] = LocatedMap.at({LocatedStr.at("PARAMCD", place): block[CODES]}, place)
    result.mark = block.mark
    return result


def data_family(dataset: str, name: LocatedStr, block: LocatedMap, shared: LocatedMap, problems: Problems) -> DataFamily | None:
    """How the parameters of a family are found; None, and problems, if its block is not valid."""
    subject, before = f"{dataset}.{name}", len(problems.found)
    for key in ("table", "match", "others"):
        if key in block:
            problems.add(key_of(block, key), subject, f"A family has codes: or table:, so {key}: has no effect. Delete it.", "spec-unused")
    if "label" not in block:
        message = "Key 'label' is missing. Write an expression of the source records, such as label: SRC.TEST."
        problems.add(mark_of(name), subject, message, "spec-missing-key")
    raw = block.get("records", shared.get("records"))
    sources = [each for each in (raw if isinstance(raw, LocatedList) else [raw]) if isinstance(each, LocatedMap) and "from" in each]
    if not sources:
        message = "codes: are read from source records. Write records: {from: DOMAIN}, or list the parameters in a table."
        problems.add(key_of(block, CODES), subject, message, "spec-missing-key")
    exprs = {key: expression(block[key], key, subject, problems, key_of(block, key)) for key in EXPRESSIONS if key in block}
    if len(problems.found) > before:
        return None
    records = tuple(_selection(each) for each in sources)
    return DataFamily(str(name), {key: each for key, each in exprs.items() if each is not None}, records, mark_of(block[CODES], mark_of(name)))


def _selection(block: LocatedMap) -> Records:
    """The rule `from` with the records it selects, without what it makes of them."""
    return Records(kind="from", arguments=LocatedMap.at({key: block[key] for key in ("from", "where") if key in block}, block.mark), mark=block.mark)


def table_of_rows(dataset: str, family: str, rows: Iterable[tuple[Cell, ...]], columns: Iterable[str]) -> ReferenceTable:
    """The table of a family with rows that have these columns."""
    names = tuple(columns)
    cells = list(zip(*rows, strict=True)) or [() for _ in names]
    return ReferenceTable(table_name(dataset, family), "", dict(zip(names, cells, strict=True)), {name: COLUMNS[name] for name in names})


def without_data(
    dataset: str, raw: LocatedMap, library: LocatedMap, tables: Mapping[str, ReferenceTable], texts: Iterable[str]
) -> Mapping[str, ReferenceTable]:
    """The tables with one for each family whose rows are not known.

    The first has the codes that the specification names, so that its formulas are accepted. A family that no formula names has one row.
    """
    parameters = raw["parameters"] if isinstance(raw.get("parameters"), LocatedMap) else LocatedMap()
    blocks = {str(name): merged(library.get(name), block) for name, block in parameters.items()}
    unknown = [name for name, block in blocks.items() if is_data_family(block) and table_name(dataset, name) not in tables]
    if not unknown:
        return tables
    codes = sorted(_named(dataset, raw, blocks, library, texts))
    result = dict(tables)
    for family in unknown:
        rows = codes or [f"{family[:7]}1"]
        result[table_name(dataset, family)] = table_of_rows(dataset, family, ((code, code) for code in rows), ("PARAMCD", "PARAM"))
        codes = []
    return result


def _named(dataset: str, raw: LocatedMap, blocks: Mapping[str, object], library: LocatedMap, texts: Iterable[str]) -> set[str]:
    """The names that can be codes of a family of a dataset."""
    over = {name for name, block in blocks.items() if is_over_row(block)}
    found = set(over)
    qualified = re.compile(rf"\b{dataset}\.([A-Z][A-Z0-9_]*)\.")
    for text in texts:
        found |= set(qualified.findall(text)) | (set(QUOTED.findall(text)) if "PARAMCD" in text else set())
    found |= set(_values(raw.get("parameters"))) | {text for text in _every_text(raw.get("checks")) if CODE.fullmatch(text)}
    own = set(blocks) - over
    lines = [raw.get(part) for part in ("variables", "temporary")]
    variables = {name.strip() for block in lines if isinstance(block, LocatedMap) for key in block for name in str(key).split(",")}
    return {name for name in found - own - variables - set(map(str, library)) - {"all"} if NAME.fullmatch(name)}


def is_over_row(block: object) -> bool:
    """Whether a block has no rule for its records, so that it is merged over a parameter of a family."""
    if not isinstance(block, LocatedMap) or {"table", CODES} & set(block):
        return False
    records = block.get("records", LocatedMap())
    return isinstance(records, LocatedMap) and set(records) <= {"where", "value", "keep"}


def _values(block: object, naming: bool = False) -> Iterator[str]:
    """The names under keys that name parameters, and those in the values of `computed`."""
    if isinstance(block, Mapping):
        for key, value in block.items():
            if key == "computed" and isinstance(value, Mapping) and isinstance(value.get("value"), str):
                yield from WORD.findall(value["value"])
            yield from _values(value, key in NAMING)
    elif isinstance(block, list):
        for each in block:
            yield from _values(each, naming)
    elif naming and isinstance(block, str) and CODE.fullmatch(block):
        yield str(block)


def _every_text(block: object) -> Iterator[str]:
    """The texts of a block."""
    if isinstance(block, str):
        yield block
    for each in block.values() if isinstance(block, Mapping) else block if isinstance(block, list) else ():
        yield from _every_text(each)


def texts_of(*blocks: object) -> Iterator[str]:
    """The texts of some blocks."""
    for block in blocks:
        yield from _every_text(block)
