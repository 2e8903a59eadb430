"""A small finished run for tests of the report: two treatments, a BDS dataset over three visits, findings of each kind."""

import datetime

import pandas as pd

from adam.core.errors import Finding, Mark, Severity
from adam.planning.values import Codelist, CodelistTerm, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Result
from adam.report.page import FinishedRun
from adam.results.compute import compute_results
from tests.stored import stored

NASTY = "<script>alert('x')</script> & \"$y$\" "


def variable(name: str, label: str, **more: object) -> ResolvedVariable:
    return ResolvedVariable.model_validate({"name": name, "label": label, "type": "text", **more})


def result(name: str, **given: object) -> Result:
    return Result.model_validate({"name": name, "title": name, "mark": Mark("/home/me/specs/results.yaml", 3, 3), **given})


TREATMENTS = {"Active": 2.0, "Placebo": 1.0}
CODELISTS = {
    "NY": Codelist(name="NY", terms={"N": CodelistTerm(), "Y": CodelistTerm()}),
    "TRT": Codelist(name="TRT", terms={name: CodelistTerm(number=number) for name, number in TREATMENTS.items()}),
}
SUBJECTS = ResolvedDataset(
    name="ADX",
    class_="SUBJECT LEVEL ANALYSIS DATASET",
    label="Subjects",
    key=("USUBJID",),
    variables={
        "USUBJID": variable("USUBJID", "Unique Subject Identifier"),
        "SAFFL": variable("SAFFL", "Safety Population Flag", codelist="NY"),
        "TRT01P": variable("TRT01P", "Planned Treatment for Period 01", codelist="TRT"),
        "EOSSTT": variable("EOSSTT", "End of Study Status"),
        "AGE": variable("AGE", "Age", type="integer"),
    },
)
VALUES = ResolvedDataset(
    name="ADY",
    class_="BASIC DATA STRUCTURE",
    label="Values",
    key=("USUBJID", "AVISITN"),
    variables={
        "USUBJID": variable("USUBJID", "Unique Subject Identifier"),
        "TRTP": variable("TRTP", "Planned Treatment", codelist="TRT"),
        "PARAMCD": variable("PARAMCD", "Parameter Code"),
        "AVISIT": variable("AVISIT", "Analysis Visit"),
        "AVISITN": variable("AVISITN", "Analysis Visit (N)", type="integer"),
        "AVAL": variable("AVAL", "Analysis Value", type="float"),
        "TERM": variable("TERM", "Reported Term"),
    },
    parameters={code: ResolvedParameter(name=code, label=f"Parameter {code}", records=()) for code in ("RESP", "NEVER")},
)


def texts(*values: str) -> pd.Series:
    return pd.Series(list(values), dtype="str")


FRAMES = {
    "ADX": pd.DataFrame(
        {
            "USUBJID": texts("1", "2", "3", "4"),
            "SAFFL": texts("Y", "Y", "N", "Y"),
            "TRT01P": texts("Active", "Active", "Placebo", ""),
            "EOSSTT": texts("COMPLETED", "ONGOING", "", "COMPLETED"),
            "AGE": [30.0, 40.0, float("nan"), 50.0],
        }
    ),
    "ADY": pd.DataFrame(
        {
            "USUBJID": texts("1", "1", "2", "2", "3"),
            "TRTP": texts("Active", "Active", "Active", "Active", "Placebo"),
            "PARAMCD": texts("RESP", "RESP", "RESP", "RESP", "RESP"),
            "AVISIT": texts("Baseline", "Week 2", "Baseline", "Week 2", "Week 2"),
            "AVISITN": [0.0, 2.0, 0.0, 2.0, 2.0],
            "AVAL": [0.0, 1.0, 0.0, 0.0, float("nan")],
            "TERM": texts("Itch", NASTY, "Itch", "Itch", "Rash"),
        }
    ),
}
RECORDS = stored(FRAMES)
RESULTS = {
    each.name: each
    for each in (
        result(
            "SHARE",
            title="Main: share at Week 2 (%)",
            dataset="ADY",
            where="AVISITN == 2",
            by="TRTP",
            value="percent(AVAL == 1)",
            published=["0", "49.9"],
        ),
        result("OLDEST", title="At the start: oldest", dataset="ADX", value="max(AGE)", published="50"),
        result("CURVE", title=f"Visits: {NASTY}", dataset="ADY", by="TRTP", over="AVISITN", value="mean(AVAL)"),
        result("TERMS", title="Visits: terms", dataset="ADY", by="TRTP", over="TERM", value="count"),
    )
}
STUDY = ResolvedStudy.model_construct(
    name="S-1",
    label=f"A study of {NASTY}",
    ids=("S1",),
    standards=(),
    treatments=TREATMENTS,
    codelists=CODELISTS,
    results=RESULTS,
    datasets={"ADX": SUBJECTS, "ADY": VALUES},
    files=(("study/adx.yaml", "/home/me/specs/study/adx.yaml"),),
)
FINDINGS = (
    Finding(
        "L-01",
        Severity.ERROR,
        "ADX",
        f"wrong {NASTY}",
        12,
        tuple({"USUBJID": f"U-{n}"} for n in range(10)),
        Mark("/home/me/specs/study/adx.yaml", 7, 5),
    ),
    Finding("L-02", Severity.WARNING, "ADX", "odd", 1, ({"USUBJID": NASTY},), variable="AGE"),
    Finding("G-06", Severity.ERROR, "ADY", "not unique", 1, waived=f"known {NASTY}"),
    Finding("E-18", Severity.NOTE, "ADY", "not checked"),
)


def run(**changed: object) -> FinishedRun:
    given = {
        "study": STUDY,
        "records": RECORDS,
        "findings": FINDINGS,
        "results": compute_results(STUDY, RECORDS),
        "moment": datetime.datetime(2024, 6, 30),
        "exported": False,
    }
    return FinishedRun(**{**given, **changed})
