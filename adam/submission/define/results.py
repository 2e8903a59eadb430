"""Analysis Results Metadata 1.0 for the results of a study: the records and variables of each number, its reason and its formula."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from adam.expressions.range_checks import RangeCheck, own_variables, range_checks
from adam.planning.values import ResolvedDataset, ResolvedStudy, Result
from adam.submission.data_profile import CODE
from adam.submission.define.elements import description, element, range_check


class AnalysisResults:
    """The displays of all results whose datasets are in the run, and the where clauses they use."""

    def __init__(self, study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> None:
        self.clauses: dict[str, ET.Element] = {}
        self.datasets = datasets
        self.displays = [self._display(result) for result in study.results.values() if self._is_available(result)]

    def elements(self) -> list[ET.Element]:
        """The element with all displays; none if there are no results."""
        return [element("arm:AnalysisResultDisplays", *self.displays)] if self.displays else []

    def _is_available(self, result: Result) -> bool:
        """Whether all datasets of a result are in the run."""
        return result.dataset in self.datasets and (result.of is None or result.of.dataset in self.datasets)

    def _display(self, result: Result) -> ET.Element:
        """The display of one result."""
        used = [name for name in (*own_variables(result.value.of), result.by, result.over) if name]
        datasets = [self._dataset(result.dataset, range_checks(result.where), tuple(dict.fromkeys(used)), f"WC.AR.{result.name}")]
        if result.of is not None:
            datasets.append(self._dataset(result.of.dataset, range_checks(result.of.where), (), f"WC.AR.{result.name}.OF"))
        has_code = any(clause.variable == CODE for clause in range_checks(result.where) or ())
        analysis = element(
            "arm:AnalysisResult",
            description(result.title),
            element("arm:AnalysisDatasets", *datasets),
            element("arm:Documentation", description(_documentation(result))),
            element("arm:ProgrammingCode", element("arm:Code", text=str(result.value)), Context="adamsmith"),
            OID=f"AR.{result.name}",
            ParameterOID=f"IT.{result.dataset}.{CODE}" if has_code else "",
            AnalysisReason=result.reason,
            AnalysisPurpose=result.purpose,
        )
        return element("arm:ResultDisplay", description(result.title), analysis, OID=f"RD.{result.name}", Name=result.name)

    def _dataset(self, name: str, comparisons: tuple[RangeCheck, ...] | None, variables: tuple[str, ...], oid: str) -> ET.Element:
        """A dataset of an analysis, with the selection of its records and the variables used.

        A condition that a where clause cannot express (None) is only in the documentation.
        """
        where = []
        if comparisons:
            checks = [range_check(f"IT.{name}.{each.variable}", each.comparator, each.values) for each in comparisons]
            self.clauses[oid] = element("def:WhereClauseDef", *checks, OID=oid)
            where = [element("def:WhereClauseRef", WhereClauseOID=oid)]
        used = [element("arm:AnalysisVariable", ItemOID=f"IT.{name}.{variable}") for variable in variables]
        return element("arm:AnalysisDataset", *where, *used, ItemGroupOID=f"IG.{name}")


def _documentation(result: Result) -> str:
    """How a number is computed, with the full condition, because a where clause cannot express every condition."""
    where = f" where {result.where}" if result.where else ""
    by = f" by {result.by}" if result.by else ""
    over = f" over {result.over}" if result.over else ""
    among = f" among the records of {result.of.dataset}{f' where {result.of.where}' if result.of.where else ''}" if result.of else ""
    return f"{result.value} of {result.dataset}{where}{by}{over}{among}."
