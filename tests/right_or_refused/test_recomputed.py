"""A dataset that was changed after it was made is found out: every formula is evaluated once more, every source record is looked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from adam.core.errors import Finding, Severity
from adam.pipeline.analysis_files import AnalysisFiles, read_analysis_files
from adam.pipeline.load import load_records
from adam.pipeline.planning import collected_variables, plan_with_source
from tests.right_or_refused.small_study import SmallStudy, small_study
from validation.run_suites import run_suites
from validation.suite import needs, suites

ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX: DM
  AGEGR1: {cut: {of: AGE, at: [65], terms: [<65, ">=65"]}}
  TRTSDT: {first: date(EX.EXSTDTC)}
  TRTEDT: {last: {of: date(EX.EXENDTC), where: EX.EXDOSE > 0}}
  TRTDURD: TRTEDT - TRTSDT + 1
  SAFFL: {flag_yn: not missing(TRTSDT)}
  CUMDOSE: {label: Cumulative Dose, type: float, sum: {of: EX.EXDOSE, where: EX.EXDOSE > 0}}
  SEXGR: {label: Sex in Words, recode: {of: SEX, map: {F: Female}, otherwise: Other}, length: 6}
  BOTH: {label: Sex and Age Group, length: 20, concatenate: {of: [SEX, AGEGR1], by: " / "}}
"""
ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Events Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE, where: AE.AETERM != "NONE"}
subjects: ADSL.SAFFL == "Y"
variables:
  STUDYID, USUBJID, TRTSDT, TRTEDT: ADSL
  AESEQ, AETERM, AESEV: AE
  AETXT: {label: Term and Severity, length: 40, value: 'concat(AE.AETERM, "-", SRC.SEV)'}
  ASTDT: date(AE.AESTDTC)
  AENDT: date(AE.AEENDTC)
  ASTDY: {study_day: {date: ASTDT, reference: TRTSDT}}
  TRTEMFL: {treatment_emergent: {start: ASTDT, end: AENDT, first_dose: TRTSDT, last_dose: TRTEDT, days_after: 5}}
  PREFL: {flag: BEFORE == "Y"}
  WHEN:
    label: Phase of the Event
    length: 7
    case:
      - {when: missing(ASTDT), term: UNKNOWN}
      - {when: ASTDT < TRTSDT, term: BEFORE}
      - {term: AFTER}
  AOCCFL: {flag_first: {where: TRTEMFL == "Y", order: [ASTDT, AESEQ]}}
  AESEVN: codelist_number(AESEV)
  WORST: {label: Worst Severity, type: integer, last: {of: AESEVN, within: [STUDYID]}}
temporary:
  BEFORE: {flag: ASTDT < TRTSDT}
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, VISITNUM, SRCSEQ]
parameters:
  PULSE: {number: 1, label: Pulse (beats/min), records: {from: VS, where: SRC.TESTCD == "PULSE"}}
  HEIGHT: {number: 2, label: Height (cm), records: {from: VS, where: SRC.TESTCD == "HEIGHT"}}
variables:
  STUDYID, USUBJID, TRTSDT: ADSL
  PARAM, PARAMCD, PARAMN, AVAL: PARAMETER
  AVALU: {label: Analysis Value Unit, length: 12, value: SRC.STRESU}
  VISITNUM: SRC
  ADT: date(SRC.DTC)
  ABLFL: {flag_last: {where: ADT <= TRTSDT and not missing(AVAL), within: [PARAMCD], order: [ADT, SRCSEQ]}}
  BASE: {single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}}
  CHG: AVAL - BASE
  PCHG: {where: BASE != 0, value: 100 * CHG / BASE}
  SRCDOM, SRCVAR, SRCSEQ: PARAMETER
"""
SDTM = {
    "dm": "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,34,F\nS1,DM,S1-2,65,M\nS1,DM,S1-3,70,M\n",
    "ex": "STUDYID,DOMAIN,USUBJID,EXSEQ,EXDOSE,EXSTDTC,EXENDTC\n"
    "S1,EX,S1-1,1,10,2024-01-05,2024-01-14\nS1,EX,S1-1,2,20,2024-01-15,2024-01-24\nS1,EX,S1-2,1,10,2024-02-01,2024-02-10\n",
    "ae": "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AESEV,AESTDTC,AEENDTC\n"
    "S1,AE,S1-1,1,RASH,MILD,2024-01-01,2024-01-02\nS1,AE,S1-1,2,PAIN,SEVERE,2024-01-10,2024-01-12\nS1,AE,S1-1,3,NONE,MILD,2024-01-11,\n"
    "S1,AE,S1-1,4,COUGH,MILD,2024-01-20,\nS1,AE,S1-2,1,RASH,MODERATE,2024-02-20,\nS1,AE,S1-3,1,RASH,MODERATE,2024-02-20,\n",
    "vs": "STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSSTRESC,VSSTRESN,VSSTRESU,VISITNUM,VSDTC\n"
    "S1,VS,S1-1,1,PULSE,60,60,beats/min,1,2024-01-04\nS1,VS,S1-1,2,PULSE,72,72,beats/min,2,2024-01-12\n"
    "S1,VS,S1-1,3,HEIGHT,170,170,cm,1,2024-01-04\nS1,VS,S1-2,1,PULSE,80,80,beats/min,1,2024-02-01\nS1,VS,S1-2,2,PULSE,88,88,beats/min,2,2024-02-09\n",
}


@dataclass
class Made:
    """The study as it was built, and what the checks find in changed datasets."""

    study: SmallStudy
    out: Path
    files: AnalysisFiles
    check: Callable[[dict[str, pd.DataFrame]], list[Finding]]

    def errors(self, dataset: str, frame: pd.DataFrame) -> list[Finding]:
        return [each for each in self.check({**self.files.frames, dataset: frame}) if each.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    study = small_study(tmp_path_factory.mktemp("made"), {"adsl": ADSL, "adae": ADAE, "advs": ADVS}, SDTM)
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    assert [each for each in ran.findings() if each["severity"] != "note"] == []
    found, source = plan_with_source(study.specs, study.sdtm)
    assert source is not None
    files = read_analysis_files(ran.out / "adam", found.datasets)
    rules = suites(found.study, files.datasets, collected_variables(source))
    sources = load_records(source, needs(rules))
    return Made(study, ran.out / "adam", files, lambda frames: run_suites(rules, frames, sources))


CHANGES: dict[str, tuple[str, int, str, Any, tuple[str, ...]]] = {
    "a number computed": ("ADSL", 0, "TRTDURD", 999.0, ("TRTDURD",)),
    "a number computed, taken away": ("ADSL", 1, "TRTDURD", np.nan, ("TRTDURD",)),
    "a copy of what was collected": ("ADSL", 0, "AGE", 35.0, ("AGE",)),
    "a first date of a domain": ("ADSL", 0, "TRTSDT", pd.Timestamp("2024-01-06"), ("TRTSDT",)),
    "a last date where a condition holds": ("ADSL", 0, "TRTEDT", pd.Timestamp("2024-01-25"), ("TRTEDT",)),
    "a date given to an untreated subject": ("ADSL", 2, "TRTSDT", pd.Timestamp("2024-01-25"), ("TRTSDT",)),
    "a sum of a domain": ("ADSL", 0, "CUMDOSE", 31.0, ("CUMDOSE",)),
    "a population flag": ("ADSL", 0, "SAFFL", "N", ("SAFFL",)),
    "a recoded text": ("ADSL", 0, "SEXGR", "Other", ("SEXGR",)),
    "a joined text": ("ADSL", 0, "BOTH", "F / >=65", ("BOTH",)),
    "a copy of the source record": ("ADAE", 1, "AETERM", "PAINS", ("AETERM",)),
    "a text made of the source record": ("ADAE", 1, "AETXT", "PAIN-MILD", ("AETXT",)),
    "a date of the source record": ("ADAE", 1, "ASTDT", pd.Timestamp("2024-01-11"), ("ASTDT",)),
    "a treatment-emergent flag, taken away": ("ADAE", 1, "TRTEMFL", "", ("TRTEMFL",)),
    "a treatment-emergent flag, given": ("ADAE", 0, "TRTEMFL", "Y", ("TRTEMFL",)),
    "a flag that reads a temporary": ("ADAE", 0, "PREFL", "", ("PREFL",)),
    "a case": ("ADAE", 0, "WHEN", "AFTER", ("WHEN",)),
    "an occurrence flag, taken away": ("ADAE", 1, "AOCCFL", "", ("AOCCFL",)),
    "an occurrence flag, given": ("ADAE", 2, "AOCCFL", "Y", ("AOCCFL",)),
    "a value of the subject's records": ("ADAE", 0, "WORST", 2.0, ("WORST",)),
    "a baseline flag, taken away": ("ADVS", 0, "ABLFL", "", ("ABLFL",)),
    "a baseline flag, given": ("ADVS", 2, "ABLFL", "Y", ("ABLFL",)),
    "a baseline value": ("ADVS", 1, "BASE", 61.0, ("BASE",)),
    "a change": ("ADVS", 1, "CHG", 11.0, ("CHG",)),
    "a percent change": ("ADVS", 1, "PCHG", 21.0, ("PCHG",)),
    "a visit of the source record": ("ADVS", 1, "VISITNUM", 3.0, ("VISITNUM",)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_value_is_found(change: str, made: Made) -> None:
    dataset, row, variable, value, named = CHANGES[change]
    frame = made.files.frames[dataset].copy()
    frame[variable] = frame[variable].where(frame.index != row, value).astype(frame[variable].dtype)
    found = [each for each in made.errors(dataset, frame) if each.variable in named]
    assert found, [str(each) for each in made.errors(dataset, frame)]
    assert any(variable in record for each in found for record in (*each.values, *each.keys)), "a finding shows the value"


def test_a_changed_aval_is_found_in_its_source(made: Made) -> None:
    frame = made.files.frames["ADVS"].copy()
    frame.loc[1, "AVAL"] = 73.0
    assert "G-20" in {each.id for each in made.errors("ADVS", frame)}


@pytest.mark.parametrize(("dataset", "row", "rule"), [("ADSL", 2, "G-11"), ("ADAE", 3, "G-11"), ("ADVS", 1, "G-20"), ("ADVS", 2, "G-20")])
def test_a_deleted_record_is_found(dataset: str, row: int, rule: str, made: Made) -> None:
    gone = made.files.frames[dataset].iloc[row]
    found = [each for each in made.errors(dataset, made.files.frames[dataset].drop(index=row)) if each.id == rule]
    assert [record["USUBJID"] for each in found for record in each.keys] == [gone["USUBJID"]]


def test_a_record_that_the_source_has_not_is_found(made: Made) -> None:
    frame = pd.concat([made.files.frames["ADAE"], made.files.frames["ADAE"].iloc[:1].assign(AESEQ=9.0)], ignore_index=True)
    assert "G-11" in {each.id for each in made.errors("ADAE", frame)}


def test_the_command_finds_it_in_the_file(made: Made, tmp_path: Path) -> None:
    for path in made.out.glob("*.xpt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    frame, meta = pyreadstat.read_xport(made.out / "adsl.xpt", disable_datetime_conversion=True)
    frame.loc[0, "TRTDURD"] = 999
    formats = dict(zip(meta.column_names, (meta.original_variable_types[name] or "" for name in meta.column_names), strict=True))
    pyreadstat.write_xport(
        frame,
        str(tmp_path / "adsl.xpt"),
        file_label=meta.file_label,
        column_labels=list(meta.column_labels),
        table_name="ADSL",
        file_format_version=5,
        variable_format={name: each for name, each in formats.items() if each and each != "$"},
    )
    done = made.study.run("validate", str(made.study.specs), "--adam", str(tmp_path), "--sdtm", str(made.study.sdtm))
    assert done.exit_code == 1
    (line,) = [each for each in done.text.splitlines() if "ADSL.TRTDURD" in each and "G-05" in each]
    assert "Expected TRTDURD to be the value of its formula: TRTEDT - TRTSDT + 1; 1 record" in line
    assert "with TRTDURD=999 TRTEDT=2024-01-24 TRTSDT=2024-01-05" in line


def test_good_data_have_no_finding_without_sources_either(made: Made) -> None:
    done = made.study.run("validate", str(made.study.specs), "--adam", str(made.out))
    assert (done.exit_code, done.text.splitlines()[-1]) == (0, "Validation passed: 0 errors, 1 note.")


def units(folder: Path, vs: str, advs: str) -> Iterator[dict[str, Any]]:
    ran = small_study(folder, {"adsl": ADSL, "advs": advs}, {**SDTM, "vs": vs}).build()
    assert ran.exit_code == 0, ran.text
    yield from (each for each in ran.findings() if each["id"] == "G-14")


def test_two_units_of_one_parameter_are_a_warning(tmp_path: Path) -> None:
    (found,) = units(tmp_path, SDTM["vs"].replace("88,88,beats/min", "88,88,BPM"), ADVS)
    assert (found["severity"], found["count"]) == ("warning", 4)
    assert found["message"] == "Expected one unit on all records of PULSE"
    assert [record["AVALU"] for record in found["values"]] == ["beats/min", "beats/min", "beats/min", "BPM"]


def test_so_are_two_units_that_only_the_source_has(tmp_path: Path) -> None:
    without = "".join(line + "\n" for line in ADVS.splitlines() if "AVALU" not in line)
    (found,) = units(tmp_path, SDTM["vs"].replace("88,88,beats/min", "88,88,BPM"), without)
    assert [record["SRC.STRESU"] for record in found["values"]] == ["beats/min", "beats/min", "beats/min", "BPM"]


def test_a_blank_unit_and_another_parameter_are_none(tmp_path: Path) -> None:
    assert list(units(tmp_path, SDTM["vs"].replace("88,88,beats/min", "88,88,"), ADVS)) == []
