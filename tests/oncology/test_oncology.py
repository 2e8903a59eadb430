"""Response and survival of the five subjects of docs/guide/oncology.md, worked out by hand; all start on 1 January 2024.

ONC-1  sums 50, 28, 25, 20, 32 mm; PR, PR, PR, then PD on 17 June
ONC-2  sums 40, 0, not measured, 0 mm; CR, NE, CR on 6 May; dies on 1 September
ONC-3  sums 60, 36 mm; PR on 12 February; a new therapy on 1 March; then PR, PD on 6 May
ONC-4  no target lesion; SD on 20 January, PD on 12 February
ONC-5  no assessment; dies on 15 January
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import adam
from tests.executed_pages import blocks

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "oncology.md"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("oncology")
    for block in [block for block in blocks(PAGE.read_text(encoding="utf-8")) if block.file]:
        path = folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    result = adam.build(folder / "onc" / "specs", folder / "onc" / "sdtm", folder / "out")
    assert result.folder is not None, [each.message for each in result.findings]
    assert [each.message for each in result.findings] == []
    return {name: pyreadstat.read_xport(str(result.folder / f"{name.lower()}.xpt"))[0] for name in ("ADTR", "ADRS", "ADTTE")}


def rows(frame: pd.DataFrame, *names: str) -> list[tuple[object, ...]]:
    shown = frame.assign(ADT=frame["ADT"].map(lambda date: "" if pd.isna(date) else str(date)))
    return [tuple(None if pd.isna(value) else value for value in row) for row in shown[list(names)].itertuples(index=False, name=None)]


def of(frame: pd.DataFrame, parameter: str) -> pd.DataFrame:
    return frame[frame["PARAMCD"] == parameter]


def test_sums_of_diameters_and_the_change_from_the_nadir(built: dict[str, pd.DataFrame]) -> None:
    sums = of(built["ADTR"], "SDIAM")
    assert rows(sums[sums["USUBJID"] == "ONC-1"], "AVISIT", "ADT", "AVAL", "BASE", "PCHG", "NADIR", "CHGNAD", "CRIT1FL") == [
        ("SCREENING", "2023-12-29", 50, 50, None, None, None, ""),  # 30 + 20; two days, the later one is the date
        ("WEEK 6", "2024-02-12", 28, 50, -44, 50, -22, "N"),
        ("WEEK 12", "2024-03-25", 25, 50, -50, 28, -3, "N"),
        ("WEEK 18", "2024-05-06", 20, 50, -60, 25, -5, "N"),
        ("WEEK 24", "2024-06-17", 32, 50, -36, 20, 12, "Y"),  # 60 % and 12 mm above the nadir of 20
    ]
    assert sums["PCHGNAD"].dropna().round(4).tolist() == [-44, -10.7143, -20, 60, -100, -40]


def test_a_sum_of_which_a_lesion_was_not_measured_does_not_exist(built: dict[str, pd.DataFrame]) -> None:
    sums = of(built["ADTR"], "SDIAM")
    assert rows(sums[sums["USUBJID"] == "ONC-2"], "AVISIT", "AVAL", "NADIR") == [("SCREENING", 40, None), ("WEEK 6", 0, 40), ("WEEK 18", 0, 0)]


def test_measurable_disease_at_baseline(built: dict[str, pd.DataFrame]) -> None:
    assert rows(of(built["ADRS"], "MDIS"), "USUBJID", "AVALC", "SRCDOM", "SRCSEQ") == [
        ("ONC-1", "Y", "TU", 2),  # the last of two target lesions
        ("ONC-2", "Y", "TU", 1),
        ("ONC-3", "Y", "TU", 1),
        ("ONC-4", "N", "", None),  # a non-target lesion only
        ("ONC-5", "Y", "TU", 1),
    ]


def test_best_overall_response(built: dict[str, pd.DataFrame]) -> None:
    assert rows(of(built["ADRS"], "BOR"), "USUBJID", "AVALC", "ADT", "SRCSEQ") == [
        ("ONC-1", "PR", "2024-02-12", 1),
        ("ONC-2", "CR", "2024-02-12", 1),
        ("ONC-3", "PR", "2024-02-12", 1),
        ("ONC-4", "PD", "2024-02-12", 2),  # stable disease after 19 days counts as NE, which is worse than PD
        ("ONC-5", "MISSING", "", None),
    ]


def test_confirmed_best_overall_response(built: dict[str, pd.DataFrame]) -> None:
    assert rows(of(built["ADRS"], "CBOR"), "USUBJID", "AVALC") == [
        ("ONC-1", "PR"),  # again after 42 days
        ("ONC-2", "CR"),  # one NE in between
        ("ONC-3", "SD"),  # what follows is after the new therapy; 42 days after the start it is stable disease
        ("ONC-4", "PD"),
        ("ONC-5", "MISSING"),
    ]


def test_responses(built: dict[str, pd.DataFrame]) -> None:
    assert rows(of(built["ADRS"], "RSP"), "AVALC", "ADT") == [("Y", "2024-02-12")] * 3 + [("N", "")] * 2
    assert rows(of(built["ADRS"], "CRSP"), "AVALC", "ADT") == [("Y", "2024-02-12")] * 2 + [("N", "")] * 3


TIMES = {
    "OS": [  # the last date known alive is the last assessment
        ("ONC-1", 169, "2024-06-17", 1, "Alive", "ADSL", "LSTALVDT", None),  # 31 + 29 + 31 + 30 + 31 + 17
        ("ONC-2", 245, "2024-09-01", 0, "Death", "ADSL", "DTHDT", None),  # 244 days to the end of August
        ("ONC-3", 127, "2024-05-06", 1, "Alive", "ADSL", "LSTALVDT", None),
        ("ONC-4", 43, "2024-02-12", 1, "Alive", "ADSL", "LSTALVDT", None),
        ("ONC-5", 15, "2024-01-15", 0, "Death", "ADSL", "DTHDT", None),
    ],
    "PFS": [
        ("ONC-1", 169, "2024-06-17", 0, "Progression", "ADRS", "ADT", 4),
        ("ONC-2", 245, "2024-09-01", 0, "Death", "ADSL", "DTHDT", None),
        ("ONC-3", 43, "2024-02-12", 2, "New Anti-Cancer Therapy", "ADRS", "ADT", 1),
        ("ONC-4", 43, "2024-02-12", 0, "Progression", "ADRS", "ADT", 2),
        ("ONC-5", 15, "2024-01-15", 0, "Death", "ADSL", "DTHDT", None),
    ],
    "PFSGAP": [
        ("ONC-1", 169, "2024-06-17", 0, "Progression", "ADRS", "ADT", 4),
        ("ONC-2", 127, "2024-05-06", 1, "Last Assessment", "ADRS", "ADT", 3),  # 118 days from the last assessment to the death
        ("ONC-3", 43, "2024-02-12", 2, "New Anti-Cancer Therapy", "ADRS", "ADT", 1),
        ("ONC-4", 43, "2024-02-12", 0, "Progression", "ADRS", "ADT", 2),
        ("ONC-5", 15, "2024-01-15", 0, "Death", "ADSL", "DTHDT", None),  # 14 days after the start
    ],
    "DOR": [  # from the first response on 12 February
        ("ONC-1", 127, "2024-06-17", 0, "Progression", "ADRS", "ADT", 4),  # 18 days of February, 31, 30, 31, 17
        ("ONC-2", 203, "2024-09-01", 0, "Death", "ADSL", "DTHDT", None),  # 245 - 42
        ("ONC-3", 1, "2024-02-12", 2, "New Anti-Cancer Therapy", "ADRS", "ADT", 1),
    ],
}


@pytest.mark.parametrize("parameter", TIMES)
def test_times_to_an_event(built: dict[str, pd.DataFrame], parameter: str) -> None:
    found = rows(of(built["ADTTE"], parameter), "USUBJID", "AVAL", "ADT", "CNSR", "EVNTDESC", "SRCDOM", "SRCVAR", "SRCSEQ")
    assert found == TIMES[parameter]
