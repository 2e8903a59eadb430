"""Measure how the time of a plan grows with the number of parameters.

Run: python benchmarks/plan_parameters.py [--parameters 150] [--variables 115].

Two laboratory datasets are planned: one with few parameters, and one with many, each once as single blocks and once as a parameter family.
Every parameter has records that are carried forward. The script prints CPU seconds, steps, and the ratio to the small study of the same run,
so that the numbers of two machines can be compared.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from adam.planning.plan import plan
from adam.specification.read import read

SMALL = (5, 30)
ADD = 'add: {locf: {visits: [2, 4], where: ANL01FL == "Y", dtype: LOCF}}'
STUDY = """language: 1
study: M
extends: adamig
ids: [M]
datasets: [ADSL, ADLB]
tables: {LABS: labs.csv}
windows:
  W:
    Week 2: {number: 2, target: 15, low: 2, high: 22}
    Week 4: {number: 4, target: 29, low: 23, high: 36}
"""
ADSL = """dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject Level
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX: DM
  TRTSDT: date(DM.RFXSTDTC)
"""
ADLB = """dataset: ADLB
class: BASIC DATA STRUCTURE
label: Laboratory
key: [STUDYID, USUBJID, PARAMCD, ADT, VISITNUM]
copy: [ADT]
windows: {use: W, date: ADT, reference: TRTSDT}
parameters:
PARAMETERS
variables:
  STUDYID, USUBJID, AGE, SEX, TRTSDT: ADSL
  PARAMCD, PARAM, PARAMN, PARCAT1, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  ADY: {study_day: {date: ADT, reference: TRTSDT}}
  VISITNUM: {type: float, value: SRC.VISITNUM}
  AVISIT, AVISITN: WINDOW
  ABLFL: {flag_last: {where: not missing(AVAL) and ADT <= TRTSDT, within: [PARAMCD], order: [ADT, VISITNUM]}}
  BASE: {single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}}
  CHG: AVAL - BASE
  ANL01FL: {flag_last: {where: not missing(AVISITN), within: [PARAMCD, AVISITN], order: [ADT, VISITNUM]}}
"""
FAMILY = f"  FAMILY: {{table: LABS, match: {{TESTCD: SRC.TESTCD}}, records: {{from: LB}}, {ADD}}}"


def single(number: int) -> str:
    """The block of one parameter."""
    records = f'records: {{from: LB, where: SRC.TESTCD == "P{number}"}}'
    return f"  P{number}: {{number: {number}, label: Test {number}, category: CHEMISTRY, {records}, {ADD}}}"


def cost(folder: Path, parameters: int, variables: int, *, family: bool) -> tuple[float, int]:
    """The CPU seconds to read and plan a study, and the steps of its plan."""
    folder.mkdir()
    rows = [f"P{number},Test {number},{number},CHEMISTRY,P{number}" for number in range(1, parameters + 1)]
    blocks = FAMILY if family else "\n".join(single(number) for number in range(1, parameters + 1))
    more = "".join(f"  X{number}: {{label: Variable {number}, type: float, value: AVAL + {number}}}\n" for number in range(variables - 19))
    files = {"study.yaml": STUDY, "adsl.yaml": ADSL, "adlb.yaml": ADLB.replace("PARAMETERS", blocks) + more}
    files["labs.csv"] = "\n".join(["PARAMCD,PARAM,PARAMN,PARCAT1,TESTCD", *rows]) + "\n"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    start = time.process_time()
    planned = plan(read(folder))
    return time.process_time() - start, len(planned.steps)


def main() -> None:
    """Print the costs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--parameters", type=int, default=150)
    parser.add_argument("--variables", type=int, default=115)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cost(Path(folder) / "first", *SMALL, family=False)  # what is imported and compiled only once is not measured
        small, _ = cost(Path(folder) / "small", *SMALL, family=False)
        print(f"{SMALL[0]} parameters, {SMALL[1]} variables: {small:.2f} CPU seconds")
        for family in (False, True):
            seconds, steps = cost(Path(folder) / str(family), options.parameters, options.variables, family=family)
            what = "as a family" if family else "as single blocks"
            size = f"{options.parameters} parameters {what}, {options.variables} variables"
            print(f"{size}: {seconds:.2f} CPU seconds, {seconds / small:.0f} times, {steps} steps")


if __name__ == "__main__":
    main()
