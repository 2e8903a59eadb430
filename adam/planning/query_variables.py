"""Makes variables of the group `queries: {table: QUERIES}`: the name, code and scope of each query of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adam.catalog.queries import errors, queries, sources, variables
from adam.core.errors import Mark, did_you_mean
from adam.core.located import LocatedMap, LocatedStr
from adam.core.problems import Problems
from adam.specification.dictionary import entry_of
from adam.specification.groups import QUERIES, VariableGroup
from adam.specification.models import Dataset, Derivation, Variable
from adam.specification.study import Study

LABELS = {"NAME": "Query {} Name", "CODE": "Query {} Code", "SCOPE": "Query {} Scope", "SCOPEN": "Query {} Scope (N)"}
"""The labels of variables that the standard does not know, such as SDG01NAM."""


def query_variables(study: Study, dataset: Dataset, group: VariableGroup, problems: Problems) -> Iterator[Variable]:
    """The variables of the queries of a table, in its order; none, and problems, if the table is not valid."""
    subject = f"{dataset.name}.queries"
    table = study.tables.get(group.table)
    if table is None:
        if group.table:
            message = f"There is no table '{group.table}'{did_you_mean(group.table, study.tables)} Add it to tables: in study.yaml."
            problems.add(group.mark, subject, message, "spec-wrong-argument")
        return
    faults = errors(table)
    for message in faults:
        problems.add(group.mark, subject, message, "spec-wrong-argument")
    for name, prefix, column in variables(table) if not faults else ():
        arguments = _arguments(group, prefix, column, sources(table, prefix))
        known = entry_of(study.dictionary, dataset.class_, name, dataset.subclass)
        label = LABELS[column].format(prefix) if known is None or not known.label else ""
        yield Variable(name=name, formula=Derivation("query", arguments, group.mark), mark=group.mark, **({"label": label} if label else {}))


def queried_variables(study: Study) -> frozenset[str]:
    """The variables that the queries of the study compare their terms with."""
    tables = {group.table for dataset in study.datasets.values() for group in dataset.groups if group.kind == QUERIES}
    known = [study.tables[name] for name in tables if name in study.tables and not errors(study.tables[name])]
    return frozenset(row.variable for table in known for mine in queries(table).values() for row in mine)


def _arguments(group: VariableGroup, prefix: str, column: str, names: list[str]) -> LocatedMap:
    """The arguments of the derivation, as the YAML would have them."""
    of = _block({name: LocatedStr.at(name, group.mark) for name in names}, group.mark)
    texts = {"table": group.table, "prefix": prefix, "take": column}
    return _block({**{key: LocatedStr.at(text, group.mark) for key, text in texts.items()}, "of": of}, group.mark)


def _block(entries: Mapping[str, LocatedStr | LocatedMap], mark: Mark) -> LocatedMap:
    return LocatedMap.at({LocatedStr.at(key, mark): value for key, value in entries.items()}, mark)
