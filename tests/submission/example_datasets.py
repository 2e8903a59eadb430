"""Two small resolved datasets with their records, for tests of documents: one subject-level, one with parameters."""

import datetime

import pandas as pd

from adam.planning.values import Codelist, CodelistTerm, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable, Window, WindowUse
from adam.specification.standards import named
from adam.submission.data_profile import profile_dataset

WHEN = datetime.datetime(2021, 1, 15, 9, 30)


def variable(name: str, label: str, **more: object) -> ResolvedVariable:
    """A resolved variable; by default it is Derived and text."""
    given = {"type": "text", "length": 10 if more.get("type", "text") == "text" else None, "origin": "Derived"}
    return ResolvedVariable.model_validate({"name": name, "label": label, **given, **more})


CODELISTS = {
    "SEX": Codelist(
        name="SEX", nci="C66731", terms={"F": CodelistTerm(decode="Female", nci="C16576"), "M": CodelistTerm(decode="Male", nci="C20197")}
    ),
    "AGEGR1": Codelist(name="AGEGR1", terms={"<65": CodelistTerm(number=1), ">=65": CodelistTerm(number=2)}),
    "IMPFL": Codelist(name="IMPFL", nci="C81223", published="ADaM", extensible=True, terms={"D": CodelistTerm(nci="C1"), "X": CodelistTerm()}),
}
WINDOWS = {"W": {"Baseline": Window(name="Baseline", number=0), "Week 2": Window(name="Week 2", number=2)}}
STUDY = ResolvedStudy.model_construct(
    name="S-1",
    label="A study of <nothing> & no one",
    standards=tuple(named(text) for text in ("ADaMIG 1.3", "SDTM CT 2022-09-30")),
    codelists=CODELISTS,
    windows=WINDOWS,
    results={},
)
SUBJECTS = ResolvedDataset(
    name="ADX",
    class_="SUBJECT LEVEL ANALYSIS DATASET",
    label="Subjects",
    structure="One record per subject",
    key=("USUBJID",),
    variables={
        "USUBJID": variable("USUBJID", "Unique Subject Identifier", core="Req", origin="Predecessor", lineage=("DM.USUBJID",), length=6),
        "SEX": variable("SEX", "Sex", codelist="SEX", origin="Predecessor", lineage=("DM.SEX",), length=1, comment="As collected"),
        "AGEGR1": variable("AGEGR1", "Age Group", codelist="AGEGR1", method="cut (of: AGE)"),
        "AGEGR1N": variable("AGEGR1N", "Age Group (N)", type="integer", format="8.", method="codelist_number(AGEGR1)"),
        "TRTSDT": variable("TRTSDT", "Start", type="date", format="DATE9.", method="The date of EXSTDTC, imputed.", imputed=True),
        "DOSE": variable("DOSE", "Mean Dose", type="float", method="mean"),
        "IMPFL": variable("IMPFL", "Imputation Flag", codelist="IMPFL", origin="Assigned", length=1),
    },
)
VALUES = {
    "A": {"AVAL": variable("AVAL", "Analysis Value", type="integer", format="8.", origin="Predecessor", lineage=("QS.QSSTRESN",))},
    "B": {"AVAL": variable("AVAL", "Analysis Value", type="float", format="8.2", method="the mean of A")},
}
BDS = ResolvedDataset(
    name="ADY",
    class_="BASIC DATA STRUCTURE",
    label="Values",
    structure="One record per subject, parameter and visit",
    key=("USUBJID", "PARAMCD", "AVISITN"),
    windows=WindowUse(use="W", date="ADT", reference="ADX.TRTSDT"),
    variables={
        "USUBJID": variable("USUBJID", "Unique Subject Identifier", core="Req", origin="Predecessor", lineage=("ADX.USUBJID",), length=6),
        "PARAMCD": variable("PARAMCD", "Parameter Code", origin="Assigned", length=8),
        "PARAMN": variable("PARAMN", "Parameter (N)", type="integer", format="8.", origin="Assigned"),
        "AVISIT": variable("AVISIT", "Analysis Visit", method="the window"),
        "AVISITN": variable("AVISITN", "Analysis Visit (N)", type="integer", format="8.", method="the window"),
        "AVAL": variable("AVAL", "Analysis Value", type="float", format="8.2", method="by parameter"),
    },
    parameters={
        code: ResolvedParameter(name=code, number=number, label=f"Parameter {code}", records=(), variables=VALUES[code])
        for number, code in enumerate(VALUES, 1)
    },
)
DATASETS = {"ADX": SUBJECTS, "ADY": BDS}


def texts(*values: str) -> pd.Series:
    return pd.Series(list(values), dtype="str")


FRAMES = {
    "ADX": pd.DataFrame(
        {
            "USUBJID": texts("S-1-01", "S-1-02"),
            "SEX": texts("F", ""),
            "AGEGR1": texts("<65", ">=65"),
            "AGEGR1N": [1.0, 2.0],
            "TRTSDT": pd.Series(["2020-02-29", None], dtype="datetime64[s]"),
            "DOSE": [1.125, float("nan")],
            "IMPFL": texts("D", ""),
        }
    ),
    "ADY": pd.DataFrame(
        {
            "USUBJID": texts("S-1-01", "S-1-01"),
            "PARAMCD": texts("A", "B"),
            "PARAMN": [1.0, 2.0],
            "AVISIT": texts("Baseline", "Week 2"),
            "AVISITN": [0.0, 2.0],
            "AVAL": [3.0, 0.5],
        }
    ),
}
PROFILES = {name: profile_dataset(FRAMES[name], dataset) for name, dataset in DATASETS.items()}
