"""What the study says its datasets are: every variable in its order with label, type, length and format, and the efficacy parameters.

`variables.csv` and `parameters.csv` are the tables of the domain brief (its §4 to §6, rulings 13, 31 and 58), not the specification's.
"""

import csv
from pathlib import Path

import pytest

from adam.planning.plan import plan
from adam.specification.read import read

HERE = Path(__file__).parent
SPECS = HERE.parents[1] / "specs" / "true_ad"
NUMERIC = {"8.": "integer", "8.1": "float", "8.2": "float", "DATE9.": "date", "DATETIME20.": "datetime"}


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made():
    return plan(read(SPECS))


@pytest.fixture(scope="module")
def datasets(made):
    return made.datasets


@pytest.fixture(scope="module", params=["ADSL", "ADEFF", "ADAE"])
def pair(request, datasets):
    """What should be and what is, of one dataset."""
    return [row for row in rows("variables.csv") if row["dataset"] == request.param], datasets[request.param]


@pytest.fixture(scope="module")
def parameters(datasets):
    return {name: entry for name, entry in datasets["ADEFF"].parameters.items() if entry.kept}


def compared(pair, wanted, attribute):
    expected, dataset = pair
    found = {name: getattr(variable, attribute) for name, variable in dataset.variables.items()}
    differences = {row["variable"]: (found.get(row["variable"], "no such variable"), wanted(row)) for row in expected}
    return {name: f"is {is_!r}, should be {should!r}" for name, (is_, should) in differences.items() if is_ != should}


def test_facts_cover_every_variable_of_the_brief():
    counts = [sum(row["dataset"] == name for row in rows("variables.csv")) for name in ("ADSL", "ADEFF", "ADAE")]
    assert counts == [106, 81, 103]


def test_variables_in_order(pair):
    expected, dataset = pair
    assert list(dataset.variables) == [row["variable"] for row in expected]


def test_labels(pair):
    assert compared(pair, lambda row: row["label"], "label") == {}


def test_types(pair):
    decimal = {"VISITNUM": "float"}  # unscheduled visits are 4.1 (§1.2)
    assert compared(pair, lambda row: decimal.get(row["variable"], "text" if row["type"] == "C" else NUMERIC[row["format"]]), "type") == {}


def test_lengths_of_text(pair):
    expected, dataset = pair
    text = [row for row in expected if row["type"] == "C"]
    assert compared((text, dataset), lambda row: int(row["length"]), "length") == {}


def test_formats(pair):
    fitted = {name for name, each in pair[1].variables.items() if each.type == "float" and not each.format}
    assert fitted <= {"EASIBL", "BSABL", "NRSBL", "VISITNUM", "AVAL", "BASE", "CHG", "PCHG"}  # as wide as their values
    assert compared(pair, lambda row: "" if row["variable"] in fitted else row["format"], "format") == {}


def test_cores(pair):
    expected, dataset = pair
    own = [row for row in expected if not dataset.variables[row["variable"]].predecessor.startswith("ADSL")]  # copies keep that of ADSL
    assert compared((own, dataset), lambda row: row["core"], "core") == {}


@pytest.mark.parametrize(("name", "class_", "subclass", "label", "key"), [
    ("ADSL", "SUBJECT LEVEL ANALYSIS DATASET", "", "Subject-Level Analysis Dataset", "STUDYID USUBJID"),
    ("ADEFF", "BASIC DATA STRUCTURE", "", "Efficacy Analysis Dataset", "STUDYID USUBJID PARAMCD AVISITN ADT DTYPE VISITNUM ADTM SRCSEQ"),
    ("ADAE", "OCCURRENCE DATA STRUCTURE", "ADVERSE EVENT", "Adverse Events Analysis Dataset", "STUDYID USUBJID AESEQ"),
])  # fmt: skip
def test_classes_labels_and_keys(datasets, name, class_, subclass, label, key):
    found = datasets[name]
    assert (found.class_, found.subclass, found.label, " ".join(found.key)) == (class_, subclass, label, key)


@pytest.mark.parametrize(("name", "order"), [
    ("ADSL", "STUDYID USUBJID"),
    ("ADEFF", "STUDYID USUBJID PARAMN AVISITN ADT ASEQ"),
    ("ADAE", "STUDYID USUBJID ASTDT AESEQ"),
])  # fmt: skip
def test_sort_order(datasets, name, order):
    assert " ".join(datasets[name].sort or datasets[name].key) == order


def test_parameters_made_by_default(parameters):
    assert sorted(parameters, key=lambda name: parameters[name].number) == [row["code"] for row in rows("parameters.csv")]


def test_parameter_numbers_labels_and_categories(parameters):
    found = {name: [entry.number, entry.label, entry.category, entry.category_number] for name, entry in parameters.items()}
    assert found == {
        row["code"]: [float(row["number"]), row["label"], row["category"], float(row["category_number"])] for row in rows("parameters.csv")
    }


def test_criterion_texts(parameters):
    found = {name: {number: criterion.text for number, criterion in entry.criteria.items()} for name, entry in parameters.items()}
    wanted = {row["code"]: {number: row[f"criterion{number}"] for number in (1, 2, 3) if row[f"criterion{number}"]} for row in rows("parameters.csv")}
    assert found == wanted


@pytest.mark.parametrize(("codelist", "numbers"), [
    ("TRT", {"Vehicle Cream BID": 1, "Ruxolitinib 0.75% Cream BID": 2, "Ruxolitinib 1.5% Cream BID": 3}),
    ("APERIODC", {"VC": 1, "LTS": 2}),
    ("APHASE", {"SCREENING": 1, "VC": 2, "LTS": 3, "FOLLOW-UP": 4}),
])  # fmt: skip
def test_numbers_of_terms(made, codelist, numbers):
    assert made.study.codelists[codelist].numbers == numbers


def test_windows(made):
    windows = made.study.windows["EFFICACY"]
    vc = {name: (w.number, w.period, w.target, w.low, w.high) for name, w in windows.items() if w.period == 1}
    assert vc == {"Week 2": (2, 1, 15, 2, 22), "Week 4": (4, 1, 29, 23, 43), "Week 8": (8, 1, 57, 44, 71)}
    lts = {int(w.number): (w.target, w.low, w.high) for w in windows.values() if w.period == 2}
    assert lts == {12: (85, "period", 99), **{week: (7 * week + 1, 7 * week - 12, 7 * week + 15) for week in range(16, 53, 4)}}
