"""Analysis results metadata 1.0 of the study's results (LANGUAGE §12): which records and variables each number is of, why and how."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from adam.expressions.clauses import Clause, clauses, names
from adam.plan.values import ResolvedDataset, ResolvedStudy, Result
from adam.submission.data_profile import CODE
from adam.submission.define_elements import description, element


class AnalysisResults:
    """The displays of all results whose datasets are there, and the where clauses they need."""

    def __init__(self, study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> None:
        self.clauses: dict[str, ET.Element] = {}
        self.datasets = datasets
        self.displays = [self.display(result) for result in study.results.values() if self.wanted(result)]

    def wanted(self, result: Result) -> bool:
        """Whether all datasets of a result are in this run."""
        return result.dataset in self.datasets and (result.of is None or result.of.dataset in self.datasets)

    def element(self) -> list[ET.Element]:
        """The element of all displays; none without results."""
        return [element("arm:AnalysisResultDisplays", *self.displays)] if self.displays else []

    def display(self, result: Result) -> ET.Element:
        """One result with its one display."""
        used = [name for name in (*names(result.value.of), result.by, result.over) if name]
        own = self.dataset(result.dataset, clauses(result.where), tuple(dict.fromkeys(used)), f"WC.AR.{result.name}")
        parts = [own]
        if result.of is not None:
            parts.append(self.dataset(result.of.dataset, clauses(result.of.where), (), f"WC.AR.{result.name}.OF"))
        has_code = any(clause.variable == CODE for clause in clauses(result.where) or ())
        analysis = element(
            "arm:AnalysisResult",
            description(result.title),
            element("arm:AnalysisDatasets", *parts),
            element("arm:Documentation", description(_said(result))),
            element("arm:ProgrammingCode", element("arm:Code", text=str(result.value)), Context="adamsmith"),
            OID=f"AR.{result.name}",
            ParameterOID=f"IT.{result.dataset}.{CODE}" if has_code else "",
            AnalysisReason=result.reason,
            AnalysisPurpose=result.purpose,
        )
        return element("arm:ResultDisplay", description(result.title), analysis, OID=f"RD.{result.name}", Name=result.name)

    def dataset(self, name: str, found: tuple[Clause, ...] | None, variables: tuple[str, ...], oid: str) -> ET.Element:
        """A dataset of an analysis: which records, which variables."""
        where = []
        if found:
            checks = [_check(name, clause) for clause in found]
            self.clauses[oid] = element("def:WhereClauseDef", *checks, OID=oid)
            where = [element("def:WhereClauseRef", WhereClauseOID=oid)]
        used = [element("arm:AnalysisVariable", ItemOID=f"IT.{name}.{variable}") for variable in variables]
        return element("arm:AnalysisDataset", *where, *used, ItemGroupOID=f"IG.{name}")


def _check(dataset: str, clause: Clause) -> ET.Element:
    values = [element("CheckValue", text=value) for value in clause.values]
    return element("RangeCheck", *values, Comparator=clause.comparator, SoftHard="Soft", def__ItemOID=f"IT.{dataset}.{clause.variable}")


def _said(result: Result) -> str:
    """What is told of which records, in words: the condition in full, for a where clause cannot hold every one."""
    of = f" among the records of {result.of.dataset}{f' where {result.of.where}' if result.of.where else ''}" if result.of else ""
    by = f" by {result.by}" if result.by else ""
    over = f" over {result.over}" if result.over else ""
    where = f" where {result.where}" if result.where else ""
    return f"{result.value} of {result.dataset}{where}{by}{over}{of}."
