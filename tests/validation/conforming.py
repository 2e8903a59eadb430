"""Small packages told in a line: what a conformance rule finds in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from adam.planning.values import Attributes, Codelist, CodelistTerm, Records, ResolvedDataset, ResolvedParameter, ResolvedStudy, ResolvedVariable
from validation.conformance.apply_rule import failures
from validation.conformance.rule_file import ConformanceRule, conformance_rules
from validation.delivery import DeliveredDataset, Delivery
from validation.name_patterns import PLACE

CLASSES = {
    "ADSL": ("SUBJECT LEVEL ANALYSIS DATASET", ""),
    "BDS": ("BASIC DATA STRUCTURE", ""),
    "OCCDS": ("OCCURRENCE DATA STRUCTURE", "ADVERSE EVENT"),
    "ADAE": ("OCCURRENCE DATA STRUCTURE", "ADVERSE EVENT"),
}
NAMES = {"ADSL": "ADSL", "BDS": "ADEFF", "OCCDS": "ADAE", "ADAE": "ADAE"}
FORMATS = {"date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}
EXAMPLE = {"xx": "01", "pp": "02", "zz": "01", "y": "1", "w": "1", "*": "ZZ"}
Columns = dict[str, list[object]]


def example(name: str) -> str:
    """A name that fits a pattern."""
    return PLACE.sub(lambda place: EXAMPLE[place.group()], name)


def type_of(name: str, values: Iterable[object]) -> str:
    """What a variable is: of dates by its name, else by its values."""
    if any(isinstance(value, str) and value and not value[:4].isdecimal() for value in values):
        return "text"
    if name.endswith("DTM"):
        return "datetime"
    if name.endswith("DT"):
        return "date"
    if name.endswith("TM") and name != "ARELTM":
        return "time"
    return "text" if any(isinstance(value, str) for value in values) else "float"


def column(values: list[object], type_: str) -> pd.Series:
    if type_ == "text":
        return pd.Series([str(value) for value in values], dtype="str")
    if type_ in ("date", "datetime"):
        return pd.Series(np.array([np.datetime64(str(value) if value else "NaT", "s") for value in values]))
    return pd.Series([np.nan if value in ("", None) else float(str(value)) for value in values], dtype="float64")


def dataset(name: str, kind: str, columns: Columns, **more: object) -> tuple[ResolvedDataset, pd.DataFrame]:
    """A dataset of a kind with these values."""
    types = {each: type_of(each, values) for each, values in columns.items()}
    variables = {
        each: ResolvedVariable(name=each, label=each, type=type_, length=200, format=FORMATS.get(type_, ""))  # type: ignore[arg-type]
        for each, type_ in types.items()
    }
    class_, subclass = CLASSES[kind]
    label = "Subject-Level Analysis Dataset" if kind == "ADSL" else name
    made = ResolvedDataset(name=name, class_=class_, subclass=subclass, label=label, key=("USUBJID",), variables=variables, **more)  # type: ignore[arg-type]
    return made, pd.DataFrame({each: column(values, types[each]) for each, values in columns.items()})


def study(**more: object) -> ResolvedStudy:
    """A study with a codelist and a dictionary of two variables."""
    codelists = {
        "SEX": Codelist(name="SEX", nci="C66731", terms={"F": CodelistTerm(), "M": CodelistTerm()}),
        "RACE": Codelist(name="RACE", nci="C74457", extensible=True, terms={"ASIAN": CodelistTerm(), "WHITE": CodelistTerm()}),
        "OWN": Codelist(name="OWN", terms={"A": CodelistTerm(number=1), "B": CodelistTerm(number=2)}),
    }
    dictionary = {
        "ANY": {"STUDYID": Attributes(label="Study Identifier", core="Req")},
        "BASIC DATA STRUCTURE": {"ANLzzFL": Attributes(label="Analysis Flag zz")},
    }
    said = {"name": "S", "folder": Path(), "ids": ("S",), "codelists": codelists, "dictionary": dictionary}
    return ResolvedStudy(**{**said, **more})  # type: ignore[arg-type]


def package(kind: str, columns: Columns, subjects: Columns | None = None, sources: dict[str, Columns] | None = None, **more: object) -> Delivery:
    """A package with one dataset of a kind, beside it the subjects if there are any."""
    made = {NAMES[kind]: dataset(NAMES[kind], kind, columns)}
    if subjects is not None:
        made["ADSL"] = dataset("ADSL", "ADSL", subjects)
    held = {name: each for name, (each, _) in made.items()}
    collected = {name: dataset(name, "ADSL", each)[1] for name, each in (sources or {}).items()}
    frames = {name: frame for name, (_, frame) in made.items()}
    return Delivery(study(datasets=held), held, held, frames, collected, **more)  # type: ignore[arg-type]


def fires(given: Delivery, name: str) -> bool:
    """Whether a rule finds something in a package."""
    known = conformance_rules()
    mine = [rule for rule in known.decided if rule.id == name]
    assert mine, f"no rule {name}"
    return any(finds(given, rule) for rule in mine)


def finds(given: Delivery, rule: ConformanceRule) -> bool:
    """Whether one of the checks of a rule finds something in a package."""
    return any(_finds(given, rule, dataset) for dataset in [*given.held, ""])


def _finds(given: Delivery, rule: ConformanceRule, name: str) -> bool:
    if rule.of_delivery:
        return name == "" and bool(failures(given, rule))
    if not name or rule not in conformance_rules().of(given.held[name]):
        return False
    return bool(failures(DeliveredDataset(given, name), rule))


def parameter(code: str, **variables: ResolvedVariable) -> ResolvedParameter:
    """A parameter that says something of its values."""
    return ResolvedParameter(name=code, label=code, records=(Records(kind="from", arguments={}),), variables=variables)
