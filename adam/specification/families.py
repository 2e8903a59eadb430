"""Parameter families: one block for the parameters that the rows of a reference table list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from adam.core.errors import Mark, did_you_mean
from adam.core.kinds import ValueKind
from adam.core.located import LocatedList, LocatedMap, LocatedStr, key_of, mark_of
from adam.core.numerals import written
from adam.core.problems import Problems
from adam.core.reference_table import Cell, ReferenceTable, shown
from adam.expressions.tree import Both, Expr, Name, walk
from adam.specification.data_families import as_table, data_family, is_data_family, is_over_row
from adam.specification.merge import merged
from adam.specification.models import DataFamily, FamilySource
from adam.specification.variables import NAME, TEMPORARY, expression

TABLE = "table"
ALL = "all"
"""The key of `parameters:` for what holds for every parameter that a dataset lists."""
KEYS = (TABLE, "match", "others")
"""The keys of a family that its parameters do not have."""
ATTRIBUTES = {"PARAM": "label", "PARAMN": "number", "PARCAT1": "category"}
"""The columns that are keys of a parameter."""
CODE = "PARAMCD"
OF_ROW = re.compile(r"\bTABLE\.([A-Z][A-Z0-9_]*)\b")
SIMPLE = re.compile(r"[\w.]+(\([^()]*\))?")


def is_family(block: object) -> bool:
    """Whether a block of `parameters:` is a family."""
    return isinstance(block, LocatedMap) and (TABLE in block or is_data_family(block))


@dataclass(frozen=True)
class Family:
    """A family as it is written: its name, its block, its table, and the row of each of its parameters."""

    name: LocatedStr
    block: LocatedMap
    table: ReferenceTable
    rows: Mapping[str, int]
    of_data: DataFamily | None = None

    def parameter(self, code: str, given: Collection[str]) -> LocatedMap:
        """The block of one parameter: that of the family with what its row has for the keys and for the variables `given`."""
        row = self.rows[code]
        cells = {name: column[row] for name, column in self.table.columns.items()}
        mark = mark_of(self.name)
        block = LocatedMap({key: value for key, value in self.block.items() if key not in KEYS})
        block.mark = self.block.mark
        for column, key in ATTRIBUTES.items():
            if column in cells and shown(cells[column]):
                cell = cells[column]
                block[LocatedStr.at(key, mark)] = LocatedStr.at(cell, mark) if isinstance(cell, str) else cell
        own: dict[str, object] = {
            LocatedStr.at(name, mark): _line(cells[name], self.table.kinds[name], mark) for name in given if name in cells and shown(cells[name])
        }
        own = {name: line for name, line in own.items() if name not in (CODE, *ATTRIBUTES)}
        if own:
            formulas = block.get("variables")
            block["variables"] = LocatedMap.at({**own, **(formulas if isinstance(formulas, LocatedMap) else {})}, mark)
        return block

    def finished(self, block: LocatedMap, code: str) -> LocatedMap:
        """The merged block of a parameter with the values of its row, and with the condition that selects the source records of the row."""
        result = with_cells(block, self, code)
        assert isinstance(result, LocatedMap)
        if "match" in self.block and "records" in result:
            row = self.rows[code]
            result["records"] = self._matching(result["records"], {name: column[row] for name, column in self.table.columns.items()})
        return result

    def sources(self, code: str, shared: LocatedMap, dataset: str, problems: Problems) -> tuple[FamilySource, ...]:
        """For the first parameter where the source records come from; none with `others: ignore`.

        A part of `where` that depends on the row does not select them, because a record without a row cannot be in it.
        """
        records, match = self.block.get("records", shared.get("records")), self.block.get("match")
        if not isinstance(match, LocatedMap) or self.block.get("others") is not None or self.of_data or code != next(iter(self.rows)):
            return ()
        subject = f"{dataset}.{self.name}"
        exprs = {str(column): expression(text, "match", subject, problems, mark_of(match)) for column, text in match.items()}
        known = {column: expr for column, expr in exprs.items() if expr is not None}
        found = []
        for each in records if isinstance(records, LocatedList) else [records]:
            where = each.get("where") if isinstance(each, LocatedMap) else None
            if isinstance(each, LocatedMap) and "from" in each and len(known) == len(exprs):
                condition = _of_every_row(expression(where, "where", subject, problems) if where is not None else None)
                found.append(FamilySource(str(self.name), str(each["from"]), condition, self.table, known, mark_of(match)))
        return tuple(found)

    def _matching(self, records: object, cells: Mapping[str, Cell]) -> object:
        """The record rules with the condition that selects the source records of one row."""
        if isinstance(records, LocatedList):
            result = LocatedList(self._matching(each, cells) for each in records)
            result.mark = records.mark
            return result
        if not isinstance(records, LocatedMap) or "from" not in records:
            return records
        match = self.block["match"]
        condition = " and ".join(_equal(str(expr), cells[str(column)], self.table.kinds[str(column)]) for column, expr in match.items())
        where = records.get("where")
        place = mark_of(where, mark_of(match)) if where is not None else mark_of(match)
        text = LocatedStr.at(f"({where}) and {condition}" if where is not None else condition, place)
        return LocatedMap.at({**records, LocatedStr.at("where", place): text}, records.mark)


def with_cells(value: object, family: Family, code: str) -> object:
    """A block with the value of the parameter's row in place of each `TABLE.X`."""
    if isinstance(value, LocatedMap):
        result = LocatedMap({key: with_cells(each, family, code) for key, each in value.items()})
        result.mark = value.mark
        return result
    if isinstance(value, LocatedList):
        items = LocatedList(with_cells(each, family, code) for each in value)
        items.mark = value.mark
        return items
    if isinstance(value, str) and "TABLE." in value:
        columns, kinds, row = family.table.columns, family.table.kinds, family.rows[code]
        return LocatedStr.at(OF_ROW.sub(lambda found: _literal(columns[found[1]][row], kinds[found[1]]), value), mark_of(value))
    return value


def _literal(cell: Cell, kind: ValueKind) -> str:
    """A cell as an expression. Within quotes, a double quote and a backslash have a backslash before them."""
    if isinstance(cell, str):
        text = cell.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    if not shown(cell):
        return "missing"
    if isinstance(cell, float):
        return written(cell)
    return f'date("{shown(cell)}")' if kind is ValueKind.DATE else f'datetime("{np.datetime_as_string(cell, "s")}")'


def _line(cell: Cell, kind: ValueKind, mark: Mark) -> object:
    """A cell as the line of a variable."""
    if isinstance(cell, str):
        return LocatedMap.at({LocatedStr.at("term", mark): LocatedStr.at(cell, mark)}, mark)
    return LocatedStr.at(_literal(cell, kind), mark)


def _equal(expr: str, cell: Cell, kind: ValueKind) -> str:
    """The condition that an expression has the value of a cell."""
    left = expr if SIMPLE.fullmatch(expr) else f"({expr})"
    return f"missing({expr})" if not shown(cell) and not isinstance(cell, str) else f"{left} == {_literal(cell, kind)}"


def _of_every_row(condition: Expr | None) -> Expr | None:
    """The parts of a condition, joined by `and`, that do not depend on a row of the table; None if all do."""
    if condition is None:
        return None
    parts = condition.root.values if isinstance(condition.root, Both) and condition.root.op == "and" else (condition.root,)
    kept = tuple(part for part in parts if not any(isinstance(node, Name) and node.owner == "TABLE" for node in walk(part)))
    if len(kept) in (0, len(parts)):
        return condition if kept else None
    root = Both("and", kept) if len(kept) > 1 else kept[0]
    return Expr(str(root), root, condition.mark)


class Families:
    """Reads the families of a dataset; their faults are reported once, not for each parameter."""

    def __init__(self, dataset: str, tables: Mapping[str, ReferenceTable], problems: Problems) -> None:
        self.dataset, self.tables, self.problems = dataset, tables, problems
        self.owner: dict[str, str] = {}

    def listed(self, raw: LocatedMap, library: LocatedMap, shared: LocatedMap) -> dict[str, Family | None]:
        """The families that a dataset lists, by name; None for one with faults."""
        found: dict[str, Family | None] = {}
        for name in raw:
            entry = merged(library.get(name), raw[name])
            if isinstance(entry, LocatedMap) and is_family(entry):
                located = LocatedStr.at(str(name), mark_of(name))
                found[name] = self.of_data(located, entry, shared) if is_data_family(entry) else self.read(located, entry, shared)
        if any(family is not None and family.of_data for family in found.values()) and "records" not in shared:
            found |= self.absent(raw, library)
        self.problems.unread |= {str(name) for name, family in found.items() if family is None}
        return found

    def absent(self, raw: LocatedMap, library: LocatedMap) -> dict[str, None]:
        """Report the blocks that have no rule for their records and are named like no parameter of a family."""
        names = [name for name in raw if name != ALL and name not in self.owner and is_over_row(merged(library.get(name), raw[name]))]
        for name in names:
            message = f"No source record has the code {name}, so no family has this parameter{did_you_mean(name, self.owner)}"
            self._add(name, name, f"{message} Correct the name, delete the block, or add records:.", "spec-unknown-parameter")
        return {str(name): None for name in names}

    def of_data(self, name: LocatedStr, block: LocatedMap, shared: LocatedMap) -> Family | None:
        """The family of the codes in the data; None, and problems, if it is not valid."""
        known = data_family(self.dataset, name, block, shared, self.problems)
        family = self.read(name, as_table(self.dataset, name, block), shared) if known is not None else None
        return replace(family, of_data=known) if family is not None else None

    def read(self, name: LocatedStr, block: LocatedMap, shared: LocatedMap) -> Family | None:
        """The family of a block; None, and problems, if it is not valid. `shared` is what holds for all parameters of the dataset."""
        before = len(self.problems.found)
        table = self._table(name, block)
        if table is None:
            return None
        self._check_names(name, block, table)
        rows = self._rows(name, block[TABLE], table) if CODE in table.columns else {}
        if name in rows or not TEMPORARY.fullmatch(name):
            self._add(name, name, f"'{name}' is not a valid name of a family. Use up to 16 capitals, other than a PARAMCD.", "spec-name")
        if block.get("others") not in (None, "ignore"):
            self._add(block["others"], name, f"others must be ignore, not '{block['others']}'.", "spec-wrong-value")
        self._check_match(name, block, block.get("records", shared.get("records")), table)
        return Family(name, block, table, rows) if len(self.problems.found) == before else None

    def _add(self, place: object, name: str, message: str, code: str) -> None:
        self.problems.add(mark_of(place), f"{self.dataset}.{name}", message, code)

    def _table(self, name: str, block: LocatedMap) -> ReferenceTable | None:
        table = self.tables.get(str(block[TABLE]))
        if table is None and str(block[TABLE]) not in self.problems.unread:
            message = f"There is no table '{block[TABLE]}'{did_you_mean(str(block[TABLE]), self.tables)} Add it to tables: in study.yaml."
            self._add(block[TABLE], name, message, "spec-unknown-table")
        return table

    def _check_names(self, name: str, block: LocatedMap, table: ReferenceTable) -> None:
        """Report columns that are needed or named, and do not exist."""
        needed = [(block[TABLE], CODE), *([] if "label" in block else [(block[TABLE], "PARAM")])]
        match = block.get("match")
        needed += [(column, str(column)) for column in match] if isinstance(match, LocatedMap) else []
        needed += [(text, column) for text in _texts(block) for column in OF_ROW.findall(text)]
        for place, column in needed:
            if column not in table.columns:
                known = ", ".join(table.columns)
                message = f"Table {table.name} has no column {column}{did_you_mean(column, table.columns)} Its columns are {known}."
                self._add(place, name, message, "spec-unknown-column")

    def _rows(self, name: str, place: object, table: ReferenceTable) -> dict[str, int]:
        rows: dict[str, int] = {}
        for number, cell in enumerate(table.columns[CODE]):
            code = shown(cell)
            if not NAME.fullmatch(code):
                message = f"Row {number + 1} of table {table.name} has the PARAMCD '{code}'. Use up to 8 capitals, digits or underscores."
                self._add(place, name, message, "spec-name")
            elif code in self.owner:
                message = f"PARAMCD {code} is in row {number + 1} of table {table.name}, but it is already a parameter of {self.owner[code]}."
                self._add(place, name, f"{message} Delete one of them.", "spec-duplicate-entry")
            else:
                rows[code] = number
                self.owner[code] = str(name)
        return rows

    def _check_match(self, name: str, block: LocatedMap, records: object, table: ReferenceTable) -> None:
        """Report a family whose source records have no row, or several."""
        match = block.get("match")
        sourced = any(isinstance(each, LocatedMap) and "from" in each for each in (records if isinstance(records, LocatedList) else [records]))
        if match is None and sourced:
            message = "Key 'match' is missing. Write how a source record finds its row, such as match: {TESTCD: SRC.TESTCD}."
            self._add(name, name, message, "spec-missing-key")
        elif match is not None and (not isinstance(match, LocatedMap) or not match):
            self._add(match, name, "match must be a block of columns, such as {TESTCD: SRC.TESTCD}.", "spec-wrong-type")
        elif match is not None and not sourced:
            message = "match has no effect, because the records do not come from a source. Delete it."
            self.problems.add(key_of(block, "match"), f"{self.dataset}.{name}", message, "spec-unused")
        elif match is not None and all(column in table.columns for column in match) and (twice := table.duplicates(list(match))) is not None:
            row = ", ".join(f"{column} = {shown(cell) or 'blank'}" for column, cell in zip(match, twice, strict=True))
            message = f"Table {table.name} has several rows with {row}, but a record must match one row. Delete one, or match more columns."
            self._add(match, name, message, "spec-table-rows")


def _texts(block: object) -> Iterator[str]:
    """The texts of a block."""
    for value in block.values() if isinstance(block, Mapping) else block if isinstance(block, list) else ():
        yield from [value] if isinstance(value, str) else _texts(value)


def of_parameters(dataset: LocatedMap) -> tuple[str, ...]:
    """The variables of a dataset as it is written whose values come from the parameter, in the order of the dataset."""
    found: dict[str, None] = {}
    for part in ("variables", "temporary"):
        lines = dataset.get(part)
        for name, line in lines.items() if isinstance(lines, LocatedMap) else ():
            value = line.get("value") if isinstance(line, LocatedMap) else line
            if value == "PARAMETER":
                found[str(name)] = None
    return tuple(found)
