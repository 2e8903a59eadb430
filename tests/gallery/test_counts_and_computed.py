"""Tasks where records are summarized or computed: sum of diameters, counts and means, mean arterial pressure, body surface area, carried heights,
absolute differentials. Every expected value is worked out by hand from the records in the comment above it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.right_or_refused.small_study import Ran, small_study

HEAD = """
dataset: {name}
class: BASIC DATA STRUCTURE
label: Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VISITNUM, DTYPE, ASEQ{key}]
parameters:
{parameters}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL, AVALC: PARAMETER
  DTYPE: {{length: 11, value: PARAMETER}}
  ADT: date(SRC.DTC)
  VISITNUM: SRC
  ASEQ: {{type: integer, value: SRC.SEQ}}
  {more}
checks: {{allow_empty: true}}
"""


def built(folder: Path, domain: str, records: str, parameters: str, more: str = "") -> Ran:
    columns = {"TR": "LNKID", "VS": "POS", "LB": "STRESU"}[domain]
    lines = [f"STUDYID,DOMAIN,USUBJID,{domain}SEQ,{domain}TESTCD,{domain}STRESN,VISITNUM,{domain}DTC,{domain}{columns}"]
    for number, line in enumerate(records.split(), 1):
        subject, code, value, visit, date, other = line.split(",")
        lines.append(f"S1,{domain},S1-{subject},{number},{code},{value},{visit},{date},{other}")
    text = HEAD.format(name=f"AD{domain}", parameters=parameters.strip("\n"), more=more, key=f", {more[:5]}" if more else "")
    return small_study(folder, {f"ad{domain.lower()}": text}, {domain.lower(): "\n".join(lines) + "\n"}).build()


def of(done: Ran, dataset: str, code: str, *variables: str) -> list[object]:
    assert done.exit_code == 0, done.text
    return [row[1:] for row in done.records(dataset, "PARAMCD", "USUBJID", "VISITNUM", *variables) if row[0] == code]


# diameters of target lesions: 10.5 + 20.2 = 30.7 at visit 1; 8.1 and one not measured at visit 2; 0 + 5.3 at visit 3
TUMORS = """
1,LDIAM,10.5,1,2024-01-21,T01
1,LDIAM,20.2,1,2024-01-21,T02
1,LDIAM,8.1,2,2024-02-21,T01
1,LDIAM,,2,2024-02-21,T02
1,LDIAM,0,3,2024-03-21,T01
1,LDIAM,5.3,3,2024-03-21,T02
2,LDIAM,30,1,2024-01-21,T01
"""
DIAMETERS = """
  LDIAM: {label: Longest Diameter, records: {from: TR, where: SRC.TESTCD == "LDIAM"}}
  SDIAM: {label: Sum of Diameters, records: {summary: {of: LDIAM, value: sum(AVAL), by: [VISITNUM], set: {ADT: min(ADT)}}}}
  SDALL: {label: Sum of All Diameters, records: {summary: {of: LDIAM, value: 'if_else(nmiss(AVAL) == 0, sum(AVAL))', by: [VISITNUM]}}}
  NLES: {label: Number of Lesions, records: {summary: {of: LDIAM, value: n(AVAL), by: [VISITNUM]}}}
"""


def test_the_sum_of_diameters(tmp_path: Path) -> None:
    done = built(tmp_path, "TR", TUMORS, DIAMETERS)
    # 21 January 2024 is 23396 as a SAS date, 21 February 23427, 21 March 23456
    assert of(done, "ADTR", "SDIAM", "AVAL", "ADT") == [
        ("S1-1", 1, 30.7, 23396),
        ("S1-1", 2, 8.1, 23427),
        ("S1-1", 3, 5.3, 23456),
        ("S1-2", 1, 30, 23396),
    ]
    assert of(done, "ADTR", "SDALL", "AVAL") == [("S1-1", 1, 30.7), ("S1-1", 3, 5.3), ("S1-2", 1, 30)]  # a lesion is missing at visit 2
    assert of(done, "ADTR", "NLES", "AVAL") == [("S1-1", 1, 2), ("S1-1", 2, 1), ("S1-1", 3, 2), ("S1-2", 1, 1)]


# height of the first subject at visit 1 only, weights at visits 1 and 2; three pressures at visit 1, two at visit 2
SIGNS = """
1,HEIGHT,160,1,2024-01-21,
1,WEIGHT,64,1,2024-01-21,
1,WEIGHT,81,2,2024-02-21,
1,DIABP,80,1,2024-01-21,SITTING
1,DIABP,84,1,2024-01-21,STANDING
1,SYSBP,120,1,2024-01-21,SITTING
1,SYSBP,123,1,2024-01-21,STANDING
1,DIABP,70,2,2024-02-21,SITTING
2,WEIGHT,70,1,2024-01-21,
"""
VITALS = """
  HEIGHT: {label: Height, records: {from: VS, where: SRC.TESTCD == "HEIGHT"}}
  WEIGHT: {label: Weight, records: {from: VS, where: SRC.TESTCD == "WEIGHT"}}
  DIABP:
    label: Diastolic
    records: {from: VS, where: SRC.TESTCD == "DIABP"}
    add: [{summary: {value: mean(AVAL), by: [VISITNUM, ADT], at_least: 2, dtype: AVERAGE}}]
  SYSBP: {label: Systolic, records: {from: VS, where: SRC.TESTCD == "SYSBP"}}
  MAP: {label: Mean Arterial Pressure, records: {computed: {value: (2 * DIABP + SYSBP) / 3, by: [VISITNUM, VSPOS]}}}
  BSA: {label: Body Surface Area, records: {computed: {value: (HEIGHT * WEIGHT / 3600) ** 0.5, by: [VISITNUM], once: [HEIGHT], keep_missing: true}}}
  BMICAT:
    label: BMI Class
    records: {computed: {text: 'if_else(WEIGHT / (HEIGHT / 100) ** 2 > 25, "High", "Normal")', by: [VISITNUM], once: HEIGHT}}
  DBAGE: {label: Diastolic for Age, records: {computed: {value: DIABP / ADSL.AGE, by: [VISITNUM], added: true, where: DTYPE == "AVERAGE"}}}
"""


def test_pressures_and_body_size(tmp_path: Path) -> None:
    done = built(tmp_path, "VS", SIGNS, VITALS, "VSPOS: {label: Position, length: 10, value: SRC.POS}")
    # (160 + 120) / 3 and (168 + 123) / 3; the averages that add: makes are no parts
    assert of(done, "ADVS", "MAP", "VSPOS", "AVAL") == [("S1-1", 1, "SITTING", 93.3333333333333), ("S1-1", 1, "STANDING", 97)]
    # sqrt(2.84444444444444), since 160 * 64 / 3600 is rounded to 15 digits; sqrt(160 * 81 / 3600) = sqrt(3.6) = 1.89736659610103 with the
    # height of visit 1; no height of the second subject
    assert of(done, "ADVS", "BSA", "AVAL") == [("S1-1", 1, 1.68654808542313), ("S1-1", 2, 1.89736659610103), ("S1-2", 1, None)]
    # 64 / 2.56 = 25 and 81 / 2.56 = 31.6
    assert of(done, "ADVS", "BMICAT", "AVALC") == [("S1-1", 1, "Normal"), ("S1-1", 2, "High")]
    # the mean of 80 and 84 is 82; 82 / 34 has DTYPE AVERAGE as its part has
    assert of(done, "ADVS", "DBAGE", "AVAL", "DTYPE") == [("S1-1", 1, 2.41176470588235, "AVERAGE")]


# basophils are counted at visit 1 and only a percentage at visit 2; at visit 3 there are no white blood cells
BLOOD = """
1,WBC,5.5,1,2024-01-21,10^9/L
1,BASOLE,0.02,1,2024-01-21,1
1,BASO,0.1,1,2024-01-21,10^9/L
1,WBC,6,2,2024-02-21,10^9/L
1,BASOLE,0.01,2,2024-02-21,1
1,BASOLE,0.03,3,2024-03-21,1
2,WBC,4,1,2024-01-21,10^9/L
2,BASOLE,0.05,1,2024-01-21,1
2,BASO,,1,2024-01-21,10^9/L
"""
DIFFERENTIALS = """
  WBC: {label: Leukocytes, records: {from: LB, where: SRC.TESTCD == "WBC"}}
  BASOLE: {label: Basophils/Leukocytes, records: {from: LB, where: SRC.TESTCD == "BASOLE"}}
  BASO:
    label: Basophils
    records: {from: LB, where: SRC.TESTCD == "BASO"}
    add: [{computed: {value: WBC * BASOLE, by: [VISITNUM, ADT], unless_collected: true, dtype: CALCULATION}}]
"""


def test_absolute_differentials_where_none_was_collected(tmp_path: Path) -> None:
    done = built(tmp_path, "LB", BLOOD, DIFFERENTIALS)
    # 6 * 0.01 = 0.06 at visit 2; the collected record of the second subject has no value, so 4 * 0.05 = 0.2 is added
    assert of(done, "ADLB", "BASO", "DTYPE", "AVAL") == [
        ("S1-1", 1, "", 0.1),
        ("S1-1", 2, "CALCULATION", 0.06),
        ("S1-2", 1, "", None),
        ("S1-2", 1, "CALCULATION", 0.2),
    ]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{by: [VISITNUM]}", "computed requires value (AVAL) or text (AVALC)"),
        ("{value: WBC, by: [VISITNUM], unless_collected: true}", "unless_collected has an effect only in add:"),
        ("{value: WBC, by: [VISITNUM], set: {VISITNUM: 1}}", "share by by"),
        ("{value: WBC, by: [VISITNUM], constant: [HEIGHT]}", "constant"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, rule: str, message: str) -> None:
    done = built(
        tmp_path,
        "LB",
        BLOOD,
        f'  WBC: {{label: Cells, records: {{from: LB, where: SRC.TESTCD == "WBC"}}}}\n  X: {{label: X, records: {{computed: {rule}}}}}',
    )
    assert done.exit_code == 2
    assert message in done.text
