"""Analysis Results Metadata 1.0: the tables and figures of a study, with the records, variables, reason and program of each number."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from adam.expressions.range_checks import own_variables
from adam.expressions.tree import Name, walk
from adam.planning.values import DisplayedResult, RecordSelection, ResolvedDataset, ResolvedDisplay, ResolvedStudy
from adam.submission.data_profile import CODE
from adam.submission.define.elements import description, element, range_check
from adam.submission.displays_page import PAGE
from adam.submission.programs.displays import displays_of, groups_denominator
from adam.submission.programs.sas_display import sas_code
from adam.submission.programs.text import file_name

PROGRAMS = "../programs"
"""The folder of the programs, as define.xml refers to it."""
CONTEXT = "SAS 9.4"
LANGUAGES = {"SAS": ("SAS", "sas"), "R": ("R", "r")}
"""For the end of an identifier the name of a language and the suffix of its programs."""


class AnalysisResults:
    """The displays with results whose datasets are in the run, the where clauses and comments they use, and the files they refer to."""

    def __init__(self, study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> None:
        self.clauses: dict[str, ET.Element] = {}
        self.comments: list[ET.Element] = []
        self.leaves: list[ET.Element] = []
        self.study = study
        self.displays = [self._display(display) for display in displays_of(study, datasets)]
        if self.displays:
            title = element("def:title", text="Numbers of the displays")
            self.leaves.insert(0, element("def:leaf", title, ID="LF.DISPLAYS", xlink__href=PAGE))

    def elements(self) -> list[ET.Element]:
        """The element with all displays; none if there are no results."""
        return [element("arm:AnalysisResultDisplays", *self.displays)] if self.displays else []

    def _display(self, display: ResolvedDisplay) -> ET.Element:
        for oid, (language, suffix) in LANGUAGES.items():
            file = f"{file_name(display.name)}.{suffix}"
            title = element("def:title", text=f"{display.title}: program in {language}")
            self.leaves.append(element("def:leaf", title, ID=f"LF.{oid}.{display.name}", xlink__href=f"{PROGRAMS}/{file}"))
        results = [self._result(display, each) for each in display.results]
        shown = element("def:DocumentRef", leafID="LF.DISPLAYS")
        return element("arm:ResultDisplay", description(display.title), shown, *results, OID=f"RD.{display.name}", Name=display.name)

    def _result(self, display: ResolvedDisplay, displayed: DisplayedResult) -> ET.Element:
        result = displayed.result
        comment = f"COM.AR.{result.name}" if displayed.joining else ""
        if comment:
            self.comments.append(element("def:CommentDef", description(displayed.joining), OID=comment))
        variables = _analysis_variables(self.study, displayed)
        datasets = [
            each
            for place, selection in enumerate(displayed.selections)
            for each in self._datasets(selection, variables[place], f"WC.AR.{result.name}{'.OF' if place else ''}")
        ]
        codes = [check.variable == CODE for alternative in displayed.selections[0].alternatives for check in alternative.checks]
        programs = [element("def:DocumentRef", leafID=f"LF.{language}.{display.name}") for language in LANGUAGES]
        code = element("arm:Code", text=sas_code(self.study, displayed))
        return element(
            "arm:AnalysisResult",
            description(result.title),
            element("arm:AnalysisDatasets", *datasets, def__CommentOID=comment),
            element("arm:Documentation", description(displayed.documentation)),
            element("arm:ProgrammingCode", code, *programs, Context=CONTEXT),
            OID=f"AR.{result.name}",
            ParameterOID=f"IT.{result.dataset}.{CODE}" if any(codes) else "",
            AnalysisReason=displayed.reason,
            AnalysisPurpose=displayed.purpose,
        )

    def _datasets(self, selection: RecordSelection, variables: list[str], oid: str) -> list[ET.Element]:
        """A dataset of an analysis, once for each where clause that its records match."""
        name, found = selection.dataset, []
        used = [element("arm:AnalysisVariable", ItemOID=f"IT.{name}.{variable}") for variable in variables]
        for place, alternative in enumerate(selection.alternatives, 1):
            where = []
            if alternative.checks:
                clause = oid if len(selection.alternatives) == 1 else f"{oid}.{place}"
                checks = [range_check(f"IT.{name}.{each.variable}", each.comparator, each.values) for each in alternative.checks]
                self.clauses[clause] = element("def:WhereClauseDef", *checks, OID=clause)
                where = [element("def:WhereClauseRef", WhereClauseOID=clause)]
            found.append(element("arm:AnalysisDataset", *where, *used, ItemGroupOID=f"IG.{name}"))
        return found


def _analysis_variables(study: ResolvedStudy, displayed: DisplayedResult) -> list[list[str]]:
    """For each selection the variables that are analyzed, that group, and that select where the where clause does not express it."""
    result = displayed.result
    grouping = [[result.by, result.over], [result.by] if groups_denominator(study, result) else []]
    found = []
    for place, selection in enumerate(displayed.selections):
        unexpressed = [str(name) for each in selection.alternatives for part in each.unexpressed for name in walk(part) if isinstance(name, Name)]
        names = [*(own_variables(result.value.of) if place == 0 else ()), *grouping[place], *unexpressed]
        found.append([name for name in dict.fromkeys(names) if name and "." not in name])
    return found
