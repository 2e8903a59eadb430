"""Find the parameters of families without a table: the codes and labels of the source records, or those of analysis datasets that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from pathlib import Path

import pandas as pd

from adam.core.errors import Finding, Severity, SourceError, SpecError
from adam.core.numerals import written
from adam.core.problems import Problems
from adam.core.reference_table import ReferenceTable
from adam.expressions.tree import Expr
from adam.planning.names import SourceHeader
from adam.planning.plan import plan
from adam.planning.values.plan import Plan
from adam.sources import Source, open_source
from adam.specification.data_families import table_of_rows
from adam.specification.models import DataFamily, Dataset, Value, Variable
from adam.specification.study import Study
from adam.specification.variables import NAME

COLUMNS = {"codes": "PARAMCD", "label": "PARAM", "number": "PARAMN", "category": "PARCAT1"}
SHOWN = 10
"""How many values a message lists."""
UNKNOWN = "The parameters of {} are those in the data, which are not known here, so its formulas accept any code. Give --sdtm to find them."


def data_families(study: Study) -> Iterator[tuple[Dataset, DataFamily]]:
    """The families of a study whose parameters are in the data, with their datasets."""
    for dataset in study.datasets.values():
        yield from {family.name: (dataset, family) for each in dataset.parameters.values() if (family := each.of_data) is not None}.values()


def check_families(study: Study) -> None:
    """Refuse expressions of families that are not valid; no data are needed.

    Raises:
        SpecError: the problems.
    """
    if any(data_families(study)):
        _plan_of_families(study, None)


def with_notes(planned: Plan, study: Study) -> Plan:
    """The plan with a note on each family whose parameters are not known."""
    notes = [
        Finding("source-unknown", Severity.NOTE, dataset.name, UNKNOWN.format(family.name), mark=family.mark)
        for dataset, family in data_families(study)
        if f"{dataset.name}.{family.name}" not in study.tables
    ]
    return replace(planned, warnings=(*planned.warnings, *notes)) if notes else planned


def parameters_in_data(study: Study, source: Source, headers: Mapping[str, SourceHeader]) -> dict[str, ReferenceTable]:
    """The table of each family from the records that its dataset selects.

    Raises:
        SpecError: a code or a label is not valid, or a code has several labels.
        SourceError: the source cannot be read.
    """
    if not any(data_families(study)):
        return {}
    from adam.engine.run import build as run_plan
    from adam.pipeline.load import load_records

    found, problems = _plan_of_families(study, headers), Problems()
    records = load_records(source, found.columns)
    source.check(records, study.ids)
    frames = run_plan(found, records).frames
    tables: dict[str, ReferenceTable] = {}
    for number, (dataset, family) in enumerate(data_families(study)):
        parts = [frames[_probe_name(number, part)] for part in range(len(family.records))]
        earlier = [table for name, table in tables.items() if name.partition(".")[0] == dataset.name]
        taken = {cell for table in earlier for cell in table.columns["PARAMN"]}
        table = _Rows(dataset, family, pd.concat(parts, ignore_index=True), problems).table(taken)
        tables[table.name] = table
    if problems.found:
        raise SpecError(problems.found, data_read=True)
    return tables


def parameters_in_files(study: Study, folder: Path) -> dict[str, ReferenceTable]:
    """The table of each family from the parameters in the file of its dataset; none of a file that cannot be read."""
    tables: dict[str, ReferenceTable] = {}
    for dataset, family in data_families(study):
        try:
            source = open_source(folder, {})
            variables = source.headers[dataset.name].variables
            names = [name for name in COLUMNS.values() if name in variables]
            frame = source.read(dataset.name, names)[names].drop_duplicates("PARAMCD").sort_values("PARAMCD")
        except (SourceError, KeyError):
            continue
        others = {code for code, each in dataset.parameters.items() if each.of_data is None}
        frame = frame[[NAME.fullmatch(code) is not None and code not in others for code in frame["PARAMCD"]]]
        if "PARAM" in names and len(frame):
            table = table_of_rows(dataset.name, family.name, frame.itertuples(index=False, name=None), names)
            tables[table.name] = table
    return tables


def _probe_name(family: int, part: int) -> str:
    return f"FAMILY{family}_{part}"


def _plan_of_families(study: Study, headers: Mapping[str, SourceHeader] | None) -> Plan:
    """A plan that derives the codes, labels, numbers and categories of all families, and nothing else that they do not need.

    Raises:
        SpecError: the problems of these expressions, each as one of its family.
    """
    probes, subjects = {}, {}
    for number, (dataset, family) in enumerate(data_families(study)):
        for part in range(len(family.records)):
            probe = _probe(dataset, family, _probe_name(number, part), part)
            probes[probe.name] = probe
            subjects[probe.name] = f"{dataset.name}.{family.name}"
    try:
        return plan(study.model_copy(update={"datasets": {**study.datasets, **probes}}), headers, probes)
    except SpecError as error:
        named = [replace(each, subject=subjects.get(each.subject.partition(".")[0], each.subject)) for each in error.problems]
        raise SpecError({(each.subject, each.message): each for each in named}.values()) from None


def _probe(dataset: Dataset, family: DataFamily, name: str, part: int) -> Dataset:
    """A dataset with one record for each source record of a family, of the same subjects and with the same prepared variables."""
    variables = {COLUMNS[key]: _variable(COLUMNS[key], expr) for key, expr in family.expressions.items()}
    emptied = {field: Dataset.model_fields[field].get_default() for field in ("groups", "checks", "windows", "criteria_where", "copied", "events")}
    own = {"name": name, "variables": variables, "temporary": {}, "parameters": {}, "records": family.records[part]}
    order = {"key": tuple(variables), "sort": (), "allow_empty": True}
    return dataset.model_copy(update={**emptied, **own, **order})


def _variable(name: str, expr: Expr) -> Variable:
    type_ = "float" if name == "PARAMN" else "text"
    return Variable(name=name, label=name, type=type_, formula=Value(expr), allow_empty=True, mark=expr.mark)


class _Rows:
    """The rows of a family from its records, and the problems of their values."""

    def __init__(self, dataset: Dataset, family: DataFamily, frame: pd.DataFrame, problems: Problems) -> None:
        self.dataset, self.family, self.problems = dataset, family, problems
        self.records = frame
        self.counts = frame.groupby(list(frame), dropna=False).size().reset_index(name="records") if len(frame) else frame.assign(records=[])

    def table(self, taken: Set[object]) -> ReferenceTable:
        """The rows sorted by code, numbered if the family has no `number:`; `taken` are the numbers of the families before it."""
        self.check_filled()
        self.check_codes()
        self.check_one_row()
        frame = self.counts.drop_duplicates("PARAMCD").sort_values("PARAMCD", kind="stable")
        if "PARAMN" not in frame:
            frame = frame.assign(PARAMN=self.numbers(len(frame), taken))
        names = [name for name in COLUMNS.values() if name in frame]
        return table_of_rows(self.dataset.name, self.family.name, frame[names].itertuples(index=False, name=None), names)

    def numbers(self, count: int, others: Set[object]) -> list[float]:
        """1, 2, 3 and so on, without the numbers of the other parameters of the dataset."""
        taken = {each.number for each in self.dataset.parameters.values() if each.number is not None} | others
        free = (float(number) for number in range(1, count + len(taken) + 1) if number not in taken)
        return [number for number, _ in zip(free, range(count), strict=False)]

    def add(self, key: str, message: str) -> None:
        self.problems.add(self.family.expressions[key].mark, f"{self.dataset.name}.{self.family.name}", message, "spec-table-rows")

    def check_filled(self) -> None:
        """Report that there are no records, and codes and labels that are blank."""
        domains = " and ".join(dict.fromkeys(str(each.arguments["from"]) for each in self.family.records))
        if not len(self.counts):
            self.add("codes", f"The family selects no record of {domains}, so it has no parameters. Correct from: or where:.")
        blank = self.counts.loc[self.counts["PARAMCD"] == "", "records"].sum()
        if blank:
            message = f"The code is blank on {blank} {_records(blank)} of {domains}. Leave them out with where:, or correct codes:."
            self.add("codes", message)
        unlabeled = self.counts[(self.counts["PARAM"] == "") & (self.counts["PARAMCD"] != "")]
        if len(unlabeled):
            message = f"The label is blank for {_listed(sorted(set(unlabeled['PARAMCD'])))}. Leave these records out with where:, or correct label:."
            self.add("label", message)

    def check_codes(self) -> None:
        """Report codes that are not valid."""
        wrong = sorted({code for code in self.counts["PARAMCD"] if code and not NAME.fullmatch(code)})
        if wrong:
            shown = _listed([f"'{code}'" for code in wrong])
            verb = "is not a valid PARAMCD" if len(wrong) == 1 else "are not valid as PARAMCD"
            message = f"{shown} {verb}. Use up to 8 capitals, digits or underscores, starting with a letter."
            self.add("codes", f"{message} Correct codes:, or leave the records out with where:.")

    def check_one_row(self) -> None:
        """Report codes with several labels, numbers or categories."""
        for key in [key for key in ("label", "number", "category") if COLUMNS[key] in self.counts]:
            column = COLUMNS[key]
            groups = self.counts.groupby(["PARAMCD", column], dropna=False)["records"].sum().reset_index()
            several = groups[groups.duplicated("PARAMCD", keep=False) & (groups["PARAMCD"] != "")]
            texts = [f"{code} ({', '.join(map(_value, each.to_dict('records'), [column] * len(each)))})" for code, each in several.groupby("PARAMCD")]
            if texts:
                what = {"label": "labels", "number": "numbers", "category": "categories"}[key]
                message = f"A code must have one {key}, but these have several {what}: {_listed(texts)}."
                self.add(key, f"{message} Select the records with where:, or write other codes:.")


def _value(row: Mapping[str, object], column: str) -> str:
    """A value with its number of records."""
    value = row[column]
    text = f"'{value}'" if isinstance(value, str) else written(float(str(value)))
    return f"{text} on {row['records']} {_records(int(str(row['records'])))}"


def _records(count: int) -> str:
    return "record" if count == 1 else "records"


def _listed(values: list[str]) -> str:
    """Some values as a list; those beyond the first ones are counted."""
    rest = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    return ", ".join(values[:SHOWN]) + rest
