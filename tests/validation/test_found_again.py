"""The kinds that look at values and source records once more: each is broken in the small good study, and it alone is asked what it finds."""

from collections.abc import Callable

import pandas as pd
import pytest

from adam.planning.values import ResolvedDataset
from tests.validation.form_breaks import Data, again, drop, put
from tests.validation.small import AGAIN, FILES, failures, frames, planned, sources, suites_of
from validation.suite import Suite

NUMBER = "  QSSEQ: {label: Sequence Number, type: integer, value: SRC.SEQ}\n"
UNIT = "  AVALU: {label: Unit, type: text, length: 10, value: missing}\n"
UNTRACED = {
    "adsl": FILES["adsl.yaml"].replace('  L-1: {same_subjects: {as: DM, where: ARM != "Nothing"}}\n', ""),
    "adae": FILES["adae.yaml"].replace("  A-1: {same_records: {as: AE, key: [STUDYID, USUBJID, AESEQ], unchanged: AE}}\n", ""),
    "adeff": FILES["adeff.yaml"].split("checks:")[0].replace("  SRCDOM, SRCVAR, SRCSEQ: PARAMETER\n", NUMBER + UNIT),
}
"""The small study without the lines that compare records with their source; its records name it by its number alone."""
Small = tuple[dict[str, ResolvedDataset], tuple[Suite, ...]]
Breaks = tuple[str, Callable[[Data, Data], None], dict[str, int]]


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Small:
    study, datasets = planned(tmp_path_factory.mktemp("traced"))
    return datasets, suites_of(study, datasets)


@pytest.fixture(scope="module")
def untraced(tmp_path_factory: pytest.TempPathFactory) -> Small:
    study, datasets = planned(tmp_path_factory.mktemp("untraced"), **UNTRACED)
    return datasets, suites_of(study, datasets)


def numbered(good: Data) -> Data:
    """The good datasets with the variables of the untraced study."""
    adeff = good["ADEFF"].rename(columns={"SRCSEQ": "QSSEQ"}).drop(columns=["SRCDOM", "SRCVAR"])
    return {**good, "ADEFF": adeff.assign(AVALU=pd.Series("points", index=adeff.index, dtype="str"))}


TRACED: dict[str, Breaks] = {
    "a date of the subject's record": ("recomputed", put("ADSL", 0, TRTEDT=pd.Timestamp("2024-02-03")), {"G-05": 1}),
    "the same in what was collected": ("recomputed", put("DM", 0, RFXENDTC="2024-02-03"), {"G-05": 1}),
    "a flag that reads another variable": ("recomputed", put("ADSL", 1, SAFFL="N"), {"G-05": 1}),
    "a flag taken away": ("recomputed", put("ADAE", 1, ASTDTF=""), {"G-05": 1}),
    "a visit of a source record": ("recomputed", put("ADEFF", 4, VISITNUM=3.0), {"G-05": 1}),
    "a date of a source record": ("recomputed", put("ADEFF", 9, ADT=pd.Timestamp("2024-01-09")), {"G-05": 1}),
    "a record that has no formula of its own": ("recomputed", put("ADEFF", 12, VISITNUM=3.0, ADT=pd.Timestamp("2024-01-09")), {}),
    "a record is lost": ("source_kept", drop("ADEFF", 9), {"E-23": 1}),
    "two records of two parameters are lost": ("source_kept", drop("ADEFF", 4, 9), {"E-23": 2}),
    "a score is lost": ("source_kept", drop("ADEFF", 1), {"E-23": 1}),
    "a record that is collected anew": ("source_kept", again("QS", 6, QSSEQ=11.0), {"E-23": 1}),
    "one of a subject that the dataset does not take": ("source_kept", again("QS", 6, QSSEQ=11.0, USUBJID="3"), {}),
    "one of no parameter": ("source_kept", again("QS", 6, QSSEQ=11.0, QSTESTCD="OTHER"), {}),
}
WITHOUT: dict[str, Breaks] = {
    "a value of a source record": ("source_aval", put("ADEFF", 9, AVAL=5.0), {"G-20": 1}),
    "a value taken away": ("source_aval", put("ADEFF", 4, AVAL=float("nan")), {"G-20": 1}),
    "the value in what was collected": ("source_aval", put("QS", 8, QSSTRESN=5.0), {"G-20": 1}),
    "a value of no source record": ("source_aval", put("ADEFF", 9, QSSEQ=99.0), {"G-20": 1}),
    "a value of what is no source record's": ("source_aval", put("ADEFF", 12, AVAL=0.0), {}),
    "a record is lost": ("source_kept", drop("ADEFF", 9), {"G-20": 1}),
    "a subject is lost": ("source_records", drop("ADSL", 2), {"G-11": 1}),
    "a subject who is not taken": ("source_records", again("ADSL", 2, USUBJID="4"), {"G-11": 1}),
    "an event is lost": ("source_records", drop("ADAE", 1), {"G-11": 1}),
    "an event that is not taken": ("source_records", again("ADAE", 2, AESEQ=2.0), {"G-11": 1}),
    "an event twice": ("source_records", again("ADAE", 1), {"G-11": 2}),
    "an event that the source has lost": ("source_records", drop("AE", 0), {"G-11": 1}),
    "another unit": ("one_unit", put("ADEFF", 9, AVALU="percent"), {"G-14": 2}),
    "no unit": ("one_unit", put("ADEFF", 9, AVALU=""), {}),
    "another unit of a parameter with one record": ("one_unit", put("ADEFF", 11, AVALU="percent"), {}),
    "a copy of the source record": ("recomputed", put("ADAE", 0, AESEV="SEVERE"), {"G-05": 1}),
}


@pytest.mark.parametrize("case", TRACED)
def test_broken_once_is_found_by_the_kind(traced: Small, case: str) -> None:
    datasets, found = traced
    data, source = frames(datasets), sources()
    kind, breaks, wanted = TRACED[case]
    breaks(data, source)
    assert failures(found, data, source, {kind}) == wanted


@pytest.mark.parametrize("case", WITHOUT)
def test_without_lines_of_its_own_a_dataset_is_compared_with_its_source(traced: Small, untraced: Small, case: str) -> None:
    data, source = numbered(frames(traced[0])), sources()
    kind, breaks, wanted = WITHOUT[case]
    breaks(data, source)
    assert failures(untraced[1], data, source, {kind}) == wanted


def test_before_it_nothing_is_found(traced: Small, untraced: Small) -> None:
    assert failures(traced[1], frames(traced[0]), sources(), AGAIN) == {}
    assert failures(untraced[1], numbered(frames(traced[0])), sources(), AGAIN) == {}


def test_each_kind_is_broken_and_found() -> None:
    assert {kind for kind, _, wanted in [*TRACED.values(), *WITHOUT.values()] if wanted} == AGAIN
