"""Every recipe of the cookbook that is lines of `specs` is built with the three subjects of `sdtm`, and gives the values worked out by hand.

An entry of `EXPECTED` has a dataset, the condition of the records that are compared, and their values in the order of the dataset.
"""

import re
from pathlib import Path

import pandas as pd
import pytest

from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "cookbook.md"
LINES = re.compile(r"```yaml\n# (\w+)\.yaml\n(.*?)```", re.DOTALL)
TABLE = re.compile(r"`(tables/\w+\.csv)`:\n\n```csv\n(.*?)```", re.DOTALL)

ALT = 'PARAMCD == "ALT"'
ALL = "USUBJID != ''"
EXPECTED: dict[str, list[tuple[str, str, dict[str, list[object]]]]] = {
    "How do I take a formula of the standard?": [
        ("ADVS", 'PARAMCD == "WEIGHT"', {"ABLFL": ["Y", "", "Y"], "CHG": [None, -1, None], "PCHG": [0, -1.66666666666667, 0]}),
    ],
    "How do I write a formula once for several datasets?": [
        ("ADAE", ALL, {"EPOCHN": [1, 1, 2, 2, 2]}),
        ("ADCM", ALL, {"EPOCHN": [1, 2, 1]}),
    ],
    "How do I add the same variables of ADSL to every dataset?": [("ADAE", ALL, {"SITEID": ["10", "10", "10", "10", "20"]})],
    "How do I keep everything of a domain?": [("ADCM", ALL, {"CMCLASCD": ["N02BA01", "M01AE01", "A11CC05"]})],
    "How do I use some terms of a CDISC codelist?": [("ADSL", ALL, {"RACE": ["ASIAN", "WHITE", "WHITE"]})],
    "How do I average repeated measurements?": [("ADVS", 'DTYPE == "AVERAGE"', {"AVAL": [123, 132], "CHG": [-3, 6], "VSSEQ": [None, None]})],
    "How do I make a total for each subject?": [
        ("ADEX", 'PARAMCD == "MXDOSE"', {"AVAL": [10, 0, 10]}),
        ("ADEX", 'PARAMCD == "NDOSE"', {"AVAL": [2, 1, 1]}),
    ],
    "How do I add the last or the worst value on treatment?": [
        ("ADVS", 'DTYPE == "LOV"', {"AVAL": [86, 160, 134, 59, 180, 81], "AVISIT": ["End of Treatment"] * 6}),
        ("ADVS", 'DTYPE == "MAXIMUM"', {"PARAMCD": ["DIABP", "SYSBP", "WEIGHT"], "AVAL": [86, 134, 59], "AVISITN": [98] * 3}),
    ],
    "How do I add to one parameter what others do not have?": [
        ("ADVS", 'DTYPE == "AVERAGE"', {"PARAMCD": ["DIABP", "DIABP", "SYSBP", "SYSBP"], "AVAL": [80.5, 85.5, 123, 132]}),
        ("ADVS", 'DTYPE == "MAXIMUM"', {"PARAMCD": ["SYSBP"], "AVAL": [132], "AVISIT": ["Highest Average"], "CHG": [6]}),
    ],
    "How do I impute at visits with several time points?": [
        ("ADVS", 'DTYPE == "LOCF"', {"AVAL": [130, 134], "AVISITN": [4, 4], "ATPT": ["SUPINE", "STANDING"]}),
        ("ADVS", 'DTYPE == "WOCF"', {"AVAL": [85, 86], "AVISITN": [4, 4], "ATPTN": [1, 2]}),
        ("ADVS", 'DTYPE == "BOCF"', {"AVAL": [60, 81, 81], "AVISITN": [4, 2, 4]}),
    ],
    "How do I add an empty record at each expected visit?": [
        ("ADVS", "AVAL.isna()", {"USUBJID": [f"ABC-101-{number}" for number in ("001", "002", "002", "003", "003")], "AVISITN": [4, 2, 4, 2, 4]}),
    ],
    "How do I compute a parameter from others?": [("ADVS", 'PARAMCD == "WHR"', {"AVAL": [37.5, 36.9, 45], "CHG": [0, -0.6, 0]})],
    "How do I compute with a value of the subject?": [("ADVS", 'PARAMCD == "SBPAGE"', {"AVAL": [3.53, 3.71, 3.82, 3.94]})],
    "How do I give records a second baseline?": [
        ("ADVS", 'BASETYPE == "Supine"', {"AVAL": [120, 130], "ABLFL": ["Y", ""], "CHG": [0, 10]}),
        ("ADVS", 'PARAMCD == "SYSBP" and BASETYPE == "LAST"', {"CHG": [-6, 0, 4, 8]}),
    ],
    "How do I make one record for each dose?": [
        ("ADEX", 'PARAMCD == "SDOSE"', {"AVAL": [10] * 14 + [5] * 14 + [10] * 6}),
        ("ADEX", 'PARAMCD == "SDOSE" and USUBJID == "ABC-101-003"', {"ASTDT": ["2024-01-10"] * 2 + ["2024-01-11"] * 2 + ["2024-01-12"] * 2}),
    ],
    "How do I make the time to an event?": [
        ("ADTTE", 'PARAMCD == "TTWD"', {"AVAL": [18, 53, 52], "CNSR": [0, 0, 1], "EVNTDESC": ["Withdrawal", "Death", "End of Study"]}),
    ],
    "How do I make many parameters at once?": [
        ("ADLB", 'PARAMCD == "K"', {"AVAL": [4.1, 2.9], "CHG": [0, -1.2], "ATOXDSCL": ["Hypokalemia"] * 2}),
        ("ADLB", 'PARAMCD == "BILI"', {"AVAL": [10, 40], "ATOXDSCL": ["", ""], "PARAMN": [3, 3]}),
    ],
    "How do I change one parameter of a family?": [("ADLB", ALL, {"CRIT1FL": ["", "", "", "", "", "N", "Y", ""]})],
    "How do I take a value from a table?": [("ADLB", ALT, {"ANRHI": [40, 40, 40, 50]})],
    "How do I compare results with their range?": [
        (
            "ADLB",
            ALT,
            {"ANRIND": ["NORMAL", "HIGH", "HIGH", "HIGH"], "SHIFT1": ["NORMAL to NORMAL", "NORMAL to HIGH", "NORMAL to HIGH", "HIGH to HIGH"]},
        ),
    ],
    "How do I grade results by CTCAE?": [("ADLB", ALT, {"ATOXGRH": ["0", "2", "1", "0"], "BTOXGRH": ["0", "0", "0", "0"]})],
    "How do I flag multiples of the upper limit?": [
        ("ADLB", ALT, {"R2ANRHI": [0.6, 3.2, 1.6, 1.1], "CRIT1FL": ["N", "Y", "N", "N"], "CRIT2FL": ["N"] * 4}),
    ],
    "How do I find potential cases of Hy's law?": [
        ("ADLB", 'PARAMCD == "HYSLAW"', {"AVAL": [0, 1, None, None], "AVALC": ["N", "Y", "", ""]}),
    ],
    "How do I get absolute counts from percentages?": [("ADLB", 'PARAMCD == "LYM"', {"AVAL": [1.5, 1.5], "DTYPE": ["CALCULATION", ""]})],
    "How do I get eGFR?": [("ADLB", 'PARAMCD == "EGFR"', {"AVAL": [100.344879]})],
    "How do I add SMQs and customized queries?": [
        ("ADAE", ALL, {"SMQ01NAM": ["", "", "", "Hepatic disorders", ""], "CQ01NAM": ["Headache", "", "Headache", "", ""]}),
    ],
    "How do I add ATC levels?": [("ADCM", ALL, {"ATC1CD": ["N", "M", "A"], "ATC3CD": ["N02B", "M01A", "A11C"]})],
    "How do I flag what is before, on and after treatment?": [
        ("ADCM", ALL, {"PREFL": ["Y", "", "Y"], "ONTRTFL": ["Y", "Y", ""], "FUPFL": ["", "", ""]}),
    ],
    "How do I find the last dose before an event?": [
        ("ADAE", ALL, {"LDOSE": [None, None, 5, 0, 10], "LDOSEDT": [None, None, "2024-01-22", "2024-01-09", "2024-01-10"]}),
    ],
    "How do I order by an expression?": [("ADAE", ALL, {"AOCCIFL": ["", "", "Y", "Y", ""]})],
    "How do I complete partial datetimes?": [
        (
            "ADAE",
            ALL,
            {
                "ASTDTM": ["2024-01-05T10:30", "2024-01-01", "2024-01-25T08:00", "2024-01-12", "2024-02-20"],
                "ASTTMF": ["", "H", "", "H", "H"],
            },
        ),
    ],
    "How do I get a duration?": [("ADAE", ALL, {"ADURN": [2, 20, 1, 4, None], "ADURH": [25.5, None, 12, None, None]})],
    "How do I get the age?": [("ADSL", ALL, {"AAGE": [34, 67, None], "AGEM": [414, 804, None]})],
    "How do I put numbers into classes?": [("ADSL", ALL, {"AGEGR1": ["18-64", ">=65", ">=65"], "AGEGR2": ["<=40", ">40-<=70", ">70"]})],
    "How do I give a number for each text?": [("ADAE", ALL, {"SEVSCORE": [1, 2, 3, 1, 1]})],
    "How do I take a text apart?": [
        ("ADAE", ALL, {"SUBJNO": ["001"] * 3 + ["002", "003"], "HEPFL": ["", "", "", "Y", ""]}),
        ("ADAE", 'USUBJID != "ABC-101-001"', {"TERM1": ["Hepatitis", "Dizziness"]}),
    ],
    "Does anything round my numbers?": [("ADVS", 'PARAMCD == "SYSBP"', {"PCHG": [None, None, 3.2, 6.3]})],
    "How do I compare a value with the lowest one before it?": [
        ("ADVS", 'PARAMCD == "SYSBP"', {"NADIR": [None, 120, 120, 120], "PREVAL": [None, 120, 126, 130]}),
    ],
    "How do I confirm a value by a later one?": [("ADVS", 'PARAMCD == "SYSBP"', {"CONFFL": ["Y", "Y", "", ""]})],
    "How do I prepare variables for one dataset only?": [("ADEX", 'PARAMCD == "DURD"', {"AVAL": [14, 14, 28, 3]})],
    "How do I read files that are not UTF-8?": [("ADAE", ALL, {"AESEQ": [1, 2, 3, 1, 1]})],
}


def recipes() -> dict[str, str]:
    """The text of each recipe that is lines of `specs`, by its question."""
    parts = re.split(r"^#{2,3} ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.splitlines()[0]: part for part in parts if LINES.search(part)}


def written(text: str, compared: set[str], folder: Path) -> None:
    """Write the study of a recipe: its lines, and those datasets of `specs` that they change or read, or that are compared."""
    files = {}
    for name, lines in LINES.findall(text):
        files[name] = files.get(name, "") + lines
    datasets = {"ADSL", *compared, *(name.upper() for name in files if name.startswith("ad")), *(["ADAE"] if "adtte" in files else [])}
    study = f"language: 1\nstudy: RECIPE\nextends: {HERE / 'specs'}\nids: [ABC-101]\ndatasets: [{', '.join(sorted(datasets))}]\n"
    for name, lines in {"study": "", **files}.items():
        first = study if name == "study" else f"dataset: {name.upper()}\n" if name.startswith("ad") else ""
        (folder / f"{name}.yaml").write_text(first + lines, encoding="utf-8")
    for name, cells in TABLE.findall(text):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(cells, encoding="utf-8")


def values(column: pd.Series) -> list[object]:
    """The values of a column, None where they are missing; dates as text."""
    if column.dtype.kind == "M":
        return [None if pd.isna(each) else each.isoformat() for each in column]
    return [None if pd.isna(each) else round(each, 6) if isinstance(each, float) else each for each in column]


def expected(column: pd.Series, cells: list[object]) -> list[object]:
    """The cells as `values` shows them."""
    if column.dtype.kind == "M":
        return [None if each is None else pd.Timestamp(each).isoformat() for each in cells]  # type: ignore[arg-type]
    return [round(each, 6) if isinstance(each, float) else each for each in cells]


def test_every_recipe_has_its_expected_values() -> None:
    assert sorted(recipes()) == sorted(EXPECTED)


@pytest.mark.parametrize("title", EXPECTED)
def test_a_recipe_gives_what_it_says(title: str, tmp_path: Path) -> None:
    written(recipes()[title], {dataset for dataset, _, _ in EXPECTED[title]}, tmp_path)
    plan, source = plan_with_source(tmp_path, HERE / "sdtm")
    assert source is not None
    frames = build(plan, load_records(source, plan.columns)).frames
    for dataset, where, columns in EXPECTED[title]:
        records = frames[dataset].query(where)
        for name, cells in columns.items():
            assert values(records[name]) == expected(records[name], cells), f"{dataset}.{name}"
