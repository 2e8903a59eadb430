"""A study derived in parts of its subjects has the datasets and the findings of the study derived at once, for any cut."""

from pathlib import Path
from traceback import walk_tb

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.catalog.derivation import Derived
from adam.core.errors import SourceError
from adam.engine.notes import Failure, merge_notes
from adam.engine.run import build_part
from adam.engine.view import View
from adam.pipeline.simulate import simulate_study
from adam.planning.values.formulas import Formula
from tests.engine.cutting import Study, as_a_whole, assert_same, bounds_of, in_parts, opened, parts
from tests.oracle import messy
from tests.right_or_refused.small_study import small_study

ROOT = Path(__file__).parents[2]
SIZE = 7
STUDY = """
tables: {TESTS: tests.csv}
windows:
  W:
    Baseline: {number: 0, target: 1, high: 1}
    Week 2: {number: 2, target: 15, low: 2, high: 22}
    Week 4: {number: 4, target: 29, low: 23, high: 43}
sources:
  VS:
    where: VSSTAT != "NOT DONE"
    issues: {the result is high: VSSTRESN > 150}
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX: DM
  AGE: DM
  RFSTDT: {label: Start, value: date(DM.RFSTDTC)}
  ENDDT: {label: End, value: RFSTDT + AGE / 2}
  SITEGR1: {label: Site Group, recode: {of: DM.SITEID, map: {"01": North, "02": South, "09": East}}}
  HR: {label: Heart Rate, type: float, last: {of: VS.VSSTRESN, where: VS.VSTESTCD == "HR", order: [VS.VISITNUM]}}
  HRMEAN: {label: Mean, type: float, mean: {of: VS.VSSTRESN, where: VS.VSTESTCD == "HR"}}
  ARM: {case: [{when: DM.ARM == "REFUSED", error: the arm is not known}, {value: DM.ARM}]}
  ELDERFL: {label: Elderly, flag_yn: AGE > 60}
  SITEID: {value: DM.SITEID, where: AGE > 200}
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, AVISITN, ADT, VSSEQ]
copy: [ADT]
windows: {use: W, date: ADT, reference: RFSTDT}
subjects: ADSL.ELDERFL == "Y" or ADSL.SEX == "F"
parameters:
  TESTS:
    table: TESTS
    match: {TESTCD: SRC.TESTCD}
    records: {from: VS, where: number(SRC.ORRES) > 0}
  MEAN:
    number: 9
    label: Mean of Heart Rates
    records: {summary: {of: [HR], value: mean(AVAL), by: [AVISITN], dtype: AVERAGE}}
variables:
  STUDYID, USUBJID: ADSL
  PARAMCD, PARAM, PARAMN, AVAL, DTYPE: PARAMETER
  ADT: date(SRC.DTC)
  AVISIT, AVISITN: WINDOW
  VSSEQ: {label: Number, type: integer, value: SRC.SEQ}
  SEVERITY: {label: Severity, recode: {of: SRC.ORRESU, map: {bpm: Mild, mmHg: Moderate, cm: None}}}
  ABLFL: {flag_last: {where: AVISITN <= 2, within: [PARAMCD], order: [AVISITN]}}
  BASE: {single: {of: AVAL, where: AVISITN == 0, within: [PARAMCD]}}
  RATIO: {label: Ratio, type: float, value: AVAL ** (VSSEQ * 100)}
  ASEQ: {sequence_number: {order: [PARAMN, AVISITN, ADT, VSSEQ]}}
temporary: {RFSTDT: ADSL}
"""
TESTS = "TESTCD,PARAMCD,PARAM,PARAMN\nHR,HR,Heart Rate (bpm),1\nSYSBP,SYSBP,Systolic Blood Pressure (mmHg),2\n"
EDITS = {
    ("DM", "SEX"): ["F", "M", ""],
    ("DM", "ARM"): ["A", "B", "", "REFUSED"],
    ("DM", "AGE"): [None, 20.0, 61.0, 71.5],
    ("DM", "RFSTDTC"): ["", "2024-01", "2024-01-01", "01JAN2024", "2024-02-30"],
    ("DM", "SITEID"): ["01", "02", "03", ""],
    ("VS", "VSTESTCD"): ["HR", "SYSBP", "TEMP", "PULSE", ""],
    ("VS", "VSSTRESN"): [None, 60.0, 70.0, 160.0, 1e300],
    ("VS", "VSORRES"): ["60", "70", "high", "", "-1"],
    ("VS", "VSORRESU"): ["bpm", "mmHg", "C", ""],
    ("VS", "VSDTC"): ["", "2024-01-01", "2024-01-15", "2024-01", "2024-13-01", "2024-01-15T10:00+02:00", "2024-01-02/2024-01-03"],
    ("VS", "VISITNUM"): [None, 1.0, 2.0],
    ("VS", "VSSTAT"): ["", "NOT DONE"],
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    dm = ["STUDYID,DOMAIN,USUBJID,AGE,SEX,ARM,SITEID,RFSTDTC"]
    vs = ["STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSORRES,VSORRESU,VSSTRESN,VSSTAT,VISITNUM,VSDTC"]
    for subject in reversed(range(SIZE)):
        dm.append(f"S1,DM,S1-{subject},{58 + subject},{'FM'[subject % 2]},A,0{1 + subject % 2},2024-01-01")
        for seq in range(5):
            test, unit = (("HR", "bpm"), ("SYSBP", "mmHg"))[seq % 2]
            vs.append(f"S1,VS,S1-{subject},{seq + 1},{test},{60 + seq},{unit},{60 + seq},,{1 + seq // 3},2024-01-{1 + 7 * (seq // 2):02}")
    files = {"adsl": ADSL, "advs": ADVS, "tests.csv": TESTS}
    made = small_study(tmp_path_factory.mktemp("small"), files, {"dm": "\n".join(dm) + "\n", "vs": "\n".join(vs) + "\n"}, STUDY)
    return opened(made.specs, made.sdtm)


def changed(study: Study, edits: list[tuple[tuple[str, str], int, int]]) -> Study:
    """The study with some cells of its records replaced."""
    frames = {name: frame.astype({column: "str" for column in frame if frame[column].dtype == "category"}) for name, frame in study.frames.items()}
    for (domain, column), row, value in edits:
        frame, values = frames[domain], EDITS[domain, column]
        frame.loc[row % len(frame), column] = values[value % len(values)]
    return Study(study.plan, frames)


cuts = st.sets(st.integers(1, SIZE - 1)).map(lambda inner: [0, *sorted(inner), SIZE])
edits = st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 34), st.integers(0, 6)), max_size=25)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits, cuts)
def test_any_cut_of_any_records(small: Study, edits: list[tuple[tuple[str, str], int, int]], bounds: list[int]) -> None:
    study = changed(small, edits)
    assert_same(as_a_whole(study), in_parts(study, bounds))


@pytest.mark.parametrize("part", [1, 3])
def test_the_example_study_in_parts(part: int) -> None:
    study = opened(ROOT / "tests" / "study" / "specs", ROOT / "tests" / "study" / "sdtm")
    assert_same(as_a_whole(study), in_parts(study, bounds_of(study.size, part)))


def test_a_refusal_names_the_records_of_all_parts(small: Study) -> None:
    arms = [(("DM", "ARM"), row, 3) for row in (1, 4, 5)]
    refused = changed(small, arms)
    whole = as_a_whole(refused)
    assert "ADSL.ARM: the arm is not known; 3 records; first: STUDYID=S1 USUBJID=S1-1" in whole.error
    for part in (1, 2, 3):
        assert_same(whole, in_parts(refused, bounds_of(SIZE, part)))


def test_a_part_without_the_refused_records_is_derived(small: Study) -> None:
    (one, other) = parts(changed(small, [(("DM", "ARM"), 0, 3)]).frames, [0, 3, SIZE])  # the first row is the last subject
    first, second = build_part(small.plan, one), build_part(small.plan, other)
    assert (first.stopped, second.stopped) == (False, True)
    assert list(first.frames) == ["ADSL", "ADVS"]
    assert second.frames == {}
    with pytest.raises(SourceError, match="the arm is not known; 1 record"):
        merge_notes([first.notes, second.notes])


def test_a_failure_is_that_of_the_first_step(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    from adam.engine import run  # noqa: PLC0415

    derived = run.compute

    def failing(formula: Formula, view: View) -> Derived:
        """Fails for the last subjects at the age, for the first ones at the heart rate, which is computed later."""
        last = "S1-6" in set(view.data.subject_key("USUBJID"))
        if formula.variable == ("SITEGR1" if last else "HRMEAN"):
            raise ValueError("S1-6 fails" if last else "the others fail")
        return derived(formula, view)

    monkeypatch.setattr(run, "compute", failing)
    whole = as_a_whole(small)
    assert "ADSL.SITEGR1: recode failed: S1-6 fails" in whole.error
    assert_same(whole, in_parts(small, [0, 3, SIZE]))


def test_the_error_of_a_part_does_not_keep_its_records(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(formula: Formula, view: View) -> Derived:
        raise ValueError("not possible")

    monkeypatch.setattr("adam.engine.run.compute", fail)
    built = build_part(small.plan, small.frames)
    (failure,) = [note for note in built.notes if isinstance(note, Failure)]
    for error in (failure.error, failure.error.__cause__):
        assert isinstance(error, Exception)
        assert [name for frame, _ in walk_tb(error.__traceback__) for name in frame.f_locals] == []


def test_a_messy_study_in_parts(tmp_path: Path) -> None:
    specs = ROOT / "specs" / "true_ad"
    simulate_study(specs, tmp_path / "sdtm", subjects=12)
    messy.mess(tmp_path / "sdtm", tmp_path / "messy", 1)
    study = opened(specs, tmp_path / "messy")
    assert not study.plan.of_whole_study
    assert_same(as_a_whole(study), in_parts(study, [0, 1, 5, study.size]))
