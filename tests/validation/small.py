"""A small good study: three datasets and their source, told by hand, with a line of `checks:` for each form of the library."""

from __future__ import annotations

import io
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from adam.core.kinds import DTYPES, OF_TYPE
from adam.planning.plan import plan
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.specification.read import read
from validation.check import CHECKS
from validation.suite import Suite, suites

FILES = {
    "study.yaml": """
language: 1
study: SMALL
extends: adamig
ids: [S]
as_of: 2024-06-30
datasets: [ADSL, ADEFF, ADAE]
treatments: {Drug: 1, Placebo: 2}
constants: {CUTOFF: 2024-06-30}
windows:
  TEST: {Baseline: {number: 0, target: 1, high: 1}, Week 2: {number: 2, target: 15, low: 2, high: 22}}
sources:
  AE: {optional: true}
checks:
  X-01: {generated: known_subject}
  S-1:
    counts:
      by: TRT01P
      LOW: {dataset: ADSL, where: LOWFL == "Y"}
      MET: {dataset: ADEFF, where: PARAMCD == "LOW" and AVAL == 1}
      expect: LOW == MET
  S-2: {counts: {LOW: {dataset: ADSL, where: LOWFL == "Y"}, ALL: {dataset: ADSL}, expect: LOW <= ALL - 2}}
  S-3: {same_value: [[ADSL.TOTALBL, ADEFF.TOTAL.BASE], [ADSL.TRTEDT, ADAE.TRTEDT]]}
""",
    "instruments.yaml": """
instruments:
  TEST: {label: A Test, from: QS, where: SRC.CAT == "TEST", items: [ONE, TWO], duplicates: latest}
""",
    "adsl.yaml": """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM, where: DM.ARM != "Nothing"}
variables:
  STUDYID, USUBJID: DM
  TRT01P: {codelist: TRT, value: DM.ARM}
  TRTSDT: missing
  TRTEDT: date(DM.RFXENDTC)
  SAFFL: {flag_yn: not missing(TRTSDT)}
  LOWFL: {label: Low Flag, codelist: Y, type: text, value: missing}
  TOTALBL: {label: Baseline Total, type: float, value: missing}
checks:
  L-02: {generated: population_flag}
  L-1: {same_subjects: {as: DM, where: ARM != "Nothing"}}
  L-2: {proportions: {of: TRT01P, where: SAFFL == "Y", tolerance: 0.2, expect: {Drug: 1, Placebo: 1}}}
  L-3: {implies: [LOWFL == "Y", TOTALBL > 5, TRT01P == "Drug"]}
  L-4: {equivalent: [SAFFL == "Y", not missing(TRTSDT)]}
  L-5: {ordered: [TRTSDT, TRTEDT]}
  L-6: {where: TRT01P == "Placebo", expect: TRTEDT == date(DM.RFXENDTC)}
  L-7: {no_collected: {as: AE, matches: AETERM == "Pain", where: SAFFL == "N"}}
""",
    "adeff.yaml": """
dataset: ADEFF
class: BASIC DATA STRUCTURE
label: Efficacy Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, ADT]
subjects: ADSL.SAFFL == "Y"
windows: {use: TEST, date: ADT, reference: TRTSDT}
criteria: {where: ADT > TRTSDT}
copy: [ADT, AVISITN]
parameters:
  TOTAL:
    number: 1
    label: Total
    records: {score: {instrument: TEST, value: ONE + TWO, collected: TTOT}}
    range: [0, 10]
    integer: true
    criteria: {1: {text: low, when: AVAL <= 3}}
  ONE: {number: 2, label: First, records: {from: QS, where: SRC.TESTCD == "ONE"}}
  TWO: {number: 3, label: Second, records: {from: QS, where: SRC.TESTCD == "TWO"}}
  DAY: {number: 4, label: Daily, records: {from: QS, where: SRC.TESTCD == "DAY"}, windows: none}
  AVG: {number: 5, label: Average, records: {from: QS, where: SRC.TESTCD == "AVG"}}
  LOW: {number: 6, label: Low, codelist: NYNUM, records: {response: {of: TOTAL, criterion: 1, where: ANL01FL == "Y" and not missing(AWTARGET)}}}
  ANY: {number: 7, label: Any, records: {computed: {value: LOW, by: [AVISITN]}}}
variables:
  STUDYID, USUBJID: ADSL
  TRTSDT: ADSL
  PARAM, PARAMCD, PARAMN: PARAMETER
  VISITNUM: SRC
  AVISIT, AVISITN: WINDOW
  ADT: date(SRC.DTC)
  ADY: {study_day: {date: ADT, reference: TRTSDT}}
  ASTDT, AENDT: {value: missing}
  AVAL, AVALC: PARAMETER
  BASE: {value: missing}
  CRIT1, CRIT1FL, DTYPE: PARAMETER
  ABLFL: missing
  ANL01FL: missing
  AWTARGET, AWTDIFF: WINDOW
  SRCDOM, SRCVAR, SRCSEQ: PARAMETER
checks:
  E-01: {generated: parameter_names}
  E-02: {generated: parameter_value}
  E-20: {generated: response}
  E-21: {generated: criterion}
  E-23: {generated: [source_kept, source_aval]}
  E-24: {generated: collected_total}
  E-1: {at_most_one: {flag: ABLFL, within: [PARAMCD]}}
  E-2: {first_flag: {flag: ABLFL, where: AVISITN == 0 and PARAMCD == "TOTAL", within: [PARAMCD], order: [desc(ADT)]}}
  E-3: {closest: {flag: ANL01FL, distance: AWTDIFF, date: ADT, within: [PARAMCD, AVISITN], among: AVISITN > 0 and PARAMCD == "TOTAL"}}
  E-4: {some_record: {where: not missing(BASE), has: ABLFL == "Y", within: [PARAMCD]}}
  E-5: {every_subject: {has: PARAMCD == "AVG" or PARAMCD == "TOTAL"}}
  E-6: {every_subject: {where: LOWFL == "Y", has: PARAMCD == "AVG"}}
  E-7: {one_record_per: {subjects: SAFFL == "Y", of: {PARAMCD: [ONE, TWO], AVISITN: [0, 2]}, where: ADT != "2024-01-17"}}
  E-8: {increasing: {of: ADT, by: AVISITN, within: [PARAMCD], where: ANL01FL == "Y"}}
  E-9: {across_parameters: {by: [ADT], expect: TOTAL == ONE + TWO}}
  E-10: {records_in_window: {of: DAY, for: AVG, from: ASTDT, to: AENDT, at_least: 2}}
  E-11: {source_value: {domain: SRCDOM, variable: SRCVAR, sequence: SRCSEQ, value: AVAL, date: ADT}}
  E-12:
    - {one_to_one: [AVAL, AVALC], within: [PARAMCD], where: PARAMCD == "LOW"}
    - {generated: [imputed_response, imputed_parts]}
  E-14: {constant: BASE, within: [PARAMCD]}
  E-15: {evaluable: ADT > TRTSDT}
  E-13: {where: SRC.LOBXFL == "Y", expect: AVISITN == 0}
  E-41: {days_collected: {of: DAY, for: AVG, from: ASTDT, to: AENDT, at_least: 2}}
  E-42: {across_parameters: {by: [VISITNUM], missing: same, where: USUBJID == "2", expect: TOTAL == ONE + TWO}}
  E-40: {same_flag: {flag: ABLFL, collected: LOBXFL, where: PARAMCD == "TOTAL"}}
  E-19: {apart: {low: AWTARGET, high: AWTARGET, by: AVISITN, within: [PARAMCD]}}
""",
    "adae.yaml": """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE, where: AETERM != "None"}
subjects: ADSL.SAFFL == "Y"
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, AESTDTC: AE
  ASTDT: {imputed_date: {dtc: AESTDTC, day: {otherwise: first}}}
  ASTDTF: {date_imputation_flag: {dtc: AESTDTC, date: ASTDT}}
  ASTDTM: {value: missing}
  AESEV: AE
  ASEV: {length: 10, label: Analysis Severity, codelist: AESEV, type: text, value: missing}
  ASEVN: {label: Analysis Severity (N), type: integer, value: missing}
  TRTEDT: ADSL
checks:
  A-17: {generated: {paired_values: [ASEV, AREL]}}
  A-1: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ], unchanged: AE}}
  A-2: {imputation_flag: {dtc: AESTDTC, date: ASTDT, flag: ASTDTF}}
  A-3: {unique: [USUBJID, AETERM, ASTDT], severity: warning}
  A-4: {imputed_from: {as: AE, dtc: AESTDTC, where: AETERM != "None", date: ASTDT, flag: ASTDTF}}
""",
}
TABLES = {
    "ADSL": """
STUDYID|USUBJID|TRT01P|TRTSDT|TRTEDT|SAFFL|LOWFL|TOTALBL
S|1|Drug|2024-01-01|2024-02-01|Y|Y|8
S|2|Placebo|2024-01-02|2024-02-02|Y||4
S|3||||N||
""",
    "ADEFF": """
STUDYID|USUBJID|TRTSDT|PARAM|PARAMCD|PARAMN|VISITNUM|AVISIT|AVISITN|ADT|ADY|ASTDT|AENDT|AVAL|AVALC|BASE|CRIT1|CRIT1FL|DTYPE|ABLFL|ANL01FL|AWTARGET|AWTDIFF|SRCDOM|SRCVAR|SRCSEQ
S|1|2024-01-01|Total|TOTAL|1|1|Baseline|0|2024-01-01|1|||8||8|low|||Y|Y|1|0|QS|QSSTRESN|
S|1|2024-01-01|Total|TOTAL|1|2|Week 2|2|2024-01-15|15|||3||8|low|Y|||Y|15|0|QS|QSSTRESN|
S|1|2024-01-01|Total|TOTAL|1|3|Week 2|2|2024-01-17|17|||5||8|low|N||||15|2|QS|QSSTRESN|
S|1|2024-01-01|First|ONE|2|1|Baseline|0|2024-01-01|1|||5||||||||1|0|QS|QSSTRESN|1
S|1|2024-01-01|First|ONE|2|2|Week 2|2|2024-01-15|15|||1||||||||15|0|QS|QSSTRESN|2
S|1|2024-01-01|First|ONE|2|3|Week 2|2|2024-01-17|17|||2||||||||15|2|QS|QSSTRESN|3
S|1|2024-01-01|Second|TWO|3|1|Baseline|0|2024-01-01|1|||3||||||||1|0|QS|QSSTRESN|4
S|1|2024-01-01|Second|TWO|3|2|Week 2|2|2024-01-15|15|||2||||||||15|0|QS|QSSTRESN|5
S|1|2024-01-01|Second|TWO|3|3|Week 2|2|2024-01-17|17|||3||||||||15|2|QS|QSSTRESN|6
S|1|2024-01-01|Daily|DAY|4|2|||2024-01-08|8|||4||||||||||QS|QSSTRESN|7
S|1|2024-01-01|Daily|DAY|4|2|||2024-01-14|14|||4||||||||||QS|QSSTRESN|8
S|1|2024-01-01|Average|AVG|5|2|Week 2|2|2024-01-15|15|2024-01-08|2024-01-14|4||||||||15|0|QS|QSSTRESN|9
S|1|2024-01-01|Low|LOW|6||Week 2|2|2024-01-15|15|||1|Y|||||||15|0|||
S|2|2024-01-02|Total|TOTAL|1|1|Baseline|0|2024-01-02|1|||4||4|low|||Y|Y|1|0|QS|QSSTRESN|
S|2|2024-01-02|Total|TOTAL|1|2|Week 2|2|2024-01-16|15|||4||4|low|N|||Y|15|0|QS|QSSTRESN|
S|2|2024-01-02|First|ONE|2|1|Baseline|0|2024-01-02|1|||2||||||||1|0|QS|QSSTRESN|1
S|2|2024-01-02|First|ONE|2|2|Week 2|2|2024-01-16|15|||2||||||||15|0|QS|QSSTRESN|2
S|2|2024-01-02|Second|TWO|3|1|Baseline|0|2024-01-02|1|||2||||||||1|0|QS|QSSTRESN|3
S|2|2024-01-02|Second|TWO|3|2|Week 2|2|2024-01-16|15|||2||||||||15|0|QS|QSSTRESN|4
S|2|2024-01-02|Low|LOW|6||Week 2|2|2024-01-16|15|||0|N|||||||15|0|||
S|2|2024-01-02|Any|ANY|7||Week 2|2|2024-01-16|15|||0||||||||||ADEFF|AVAL|
""",
    "ADAE": """
STUDYID|USUBJID|AESEQ|AETERM|AESTDTC|ASTDT|ASTDTF|ASTDTM|AESEV|ASEV|ASEVN|TRTEDT
S|1|1|Rash|2024-01-05|2024-01-05|||MILD|MILD|1|2024-02-01
S|1|2|Pain|2024-01|2024-01-01|D|||SEVERE|3|2024-02-01
S|2|1|Rash|2024-01-09|2024-01-09|||MILD|MILD|1|2024-02-02
""",
}
SOURCES = {
    "DM": ("STUDYID|USUBJID|ARM|RFXENDTC\nS|1|Drug|2024-02-01\nS|2|Placebo|2024-02-02\nS|3||\nS|4|Nothing|", ()),
    "AE": (
        "STUDYID|USUBJID|AESEQ|AETERM|AESTDTC|AESEV\nS|1|1|Rash|2024-01-05|MILD\nS|1|2|Pain|2024-01|\nS|2|1|Rash|2024-01-09|MILD\n"
        "S|2|2|None|2024-01-09|MILD\nS|3|1|Rash|2024-01-09|MILD",
        ("AESEQ",),
    ),
    "QS": (
        "STUDYID|USUBJID|QSSEQ|QSTESTCD|QSCAT|VISITNUM|QSDTC|QSSTRESN|QSSTRESC|QSLOBXFL\n"
        "S|1|1|ONE|TEST|1|2024-01-01|5|5|Y\nS|1|2|ONE|TEST|2|2024-01-15|1|1|\nS|1|3|ONE|TEST|3|2024-01-17|2|2|\n"
        "S|1|4|TWO|TEST|1|2024-01-01|3|3|Y\nS|1|5|TWO|TEST|2|2024-01-15|2|2|\nS|1|6|TWO|TEST|3|2024-01-17|3|3|\n"
        "S|1|7|DAY|DAY|2|2024-01-08|4|4|\nS|1|8|DAY|DAY|2|2024-01-14|4|4|\nS|1|9|AVG|DAY|2|2024-01-15|4|4|\nS|1|10|TTOT|TEST|2|2024-01-15T08:00|3|3|\n"
        "S|2|1|ONE|TEST|1|2024-01-02|2|2|Y\nS|2|2|ONE|TEST|2|2024-01-16|2|2|\nS|2|3|TWO|TEST|1|2024-01-02|2|2|Y\nS|2|4|TWO|TEST|2|2024-01-16|2|2|",
        ("QSSEQ", "VISITNUM", "QSSTRESN"),
    ),
}
AGAIN = frozenset({"recomputed", "source_kept", "source_aval", "source_records", "one_unit"})
"""The kinds that look at values and source records once more, for every dataset, so that they find again what other rules find."""
FIRST = frozenset(CHECKS) - AGAIN


def planned(folder: Path, **changes: str) -> tuple[ResolvedStudy, dict[str, ResolvedDataset]]:
    """The small study as planned; `changes` replace whole files (`adsl=...`)."""
    for name, text in FILES.items():
        (folder / name).write_text(changes.get(name.removesuffix(".yaml"), text))
    found = plan(read(folder))
    return found.study, dict(found.datasets)


def parsed(text: str, numbers: tuple[str, ...]) -> pd.DataFrame:
    """A table of text with some columns of numbers."""
    frame = pd.read_csv(io.StringIO(text.strip()), sep="|", dtype="str", keep_default_na=False, na_values=[]).astype("str")
    for name in numbers:
        frame[name] = pd.to_numeric(frame[name].replace("", None)).astype("float64")
    return frame


def frames(datasets: dict[str, ResolvedDataset]) -> dict[str, pd.DataFrame]:
    """The three good datasets."""
    result = {}
    for name, text in TABLES.items():
        frame = parsed(text, ())
        for column, variable in datasets[name].variables.items():
            dtype = DTYPES[OF_TYPE[variable.type or "text"]]
            if dtype != "str":
                frame[column] = frame[column].where(frame[column] != "").astype(dtype if dtype == "float64" else "datetime64[s]")
        result[name] = frame
    return result


def sources() -> dict[str, pd.DataFrame]:
    """Their good source."""
    return {name: parsed(text, numbers) for name, (text, numbers) in SOURCES.items()}


def failures(
    found: tuple[Suite, ...], data: dict[str, pd.DataFrame], source: dict[str, pd.DataFrame], kinds: Collection[str] = FIRST
) -> dict[str, int]:
    """How often each rule of these kinds that fails does, by id."""
    result: dict[str, int] = {}
    for suite in found:
        records = suite.records(data, source)
        for rule in [each for each in suite.rules if each.kind in kinds]:
            count = rule.count(records)
            if count:
                result[rule.id] = result.get(rule.id, 0) + count
    return result


def suites_of(study: ResolvedStudy, datasets: dict[str, ResolvedDataset]) -> tuple[Suite, ...]:
    """The suites of the study."""
    return suites(study, datasets)
