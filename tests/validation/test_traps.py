"""The ways a check could pass in silence: none does."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import Finding, Severity, SpecError
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.small import FILES, frames, planned, sources, suites_of
from validation.expectations import as_json, plain_json, suite_of
from validation.library import gx
from validation.run_suites import run_suites

Small = tuple[ResolvedStudy, dict[str, ResolvedDataset]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return planned(tmp_path_factory.mktemp("small"))


def lines(folder: Path, *added: str) -> Small:
    """The small study with other checks of ADSL and no others."""
    text = FILES["adsl.yaml"].split("checks:")[0] + "checks:\n" + "".join(f"  {line}\n" for line in added)
    study = FILES["study.yaml"].split("checks:")[0].replace("[ADSL, ADEFF, ADAE]", "[ADSL]")
    return planned(folder, adsl=text, study=study)


def found(small: Small) -> list[Finding]:
    """What the checks of ADSL find in the good data."""
    study, datasets = small
    return run_suites(suites_of(study, datasets), {"ADSL": frames_of_adsl(datasets)}, sources())


def frames_of_adsl(datasets: dict[str, ResolvedDataset]) -> pd.DataFrame:
    everything = dict.fromkeys(("ADEFF", "ADAE"), datasets["ADSL"].model_copy(update={"variables": {}}))
    return frames({**everything, **datasets})["ADSL"]


def test_a_condition_that_selects_nothing_is_told(tmp_path: Path) -> None:
    (finding,) = found(lines(tmp_path, "P-1: {where: TRTSDT > TRTEDT, expect: SAFFL == 'N'}".replace("'", '"')))
    assert (finding.id, finding.severity) == ("P-1", Severity.ERROR)
    assert "The condition selects no record, so nothing was checked." in finding.message


@pytest.mark.parametrize(
    "line",
    [
        "P-1: {at_most_one: {among: TRTSDT > TRTEDT}}",
        'P-1: {same_subjects: {as: DM, where: ARM == "Nobody"}}',
        "P-1: {every_subject: {where: TRTSDT > TRTEDT, has: not missing(TRTSDT)}}",
    ],
)
def test_so_is_one_of_every_other_form(tmp_path: Path, line: str) -> None:
    assert "P-1" in {finding.id for finding in found(lines(tmp_path, line))}


def test_the_specification_may_say_that_it_may(tmp_path: Path) -> None:
    (told,) = found(lines(tmp_path, "P-1: {where: TRTSDT > TRTEDT, expect: not missing(TRTSDT), allow_empty: true}"))
    assert (told.severity, told.message) == (Severity.NOTE, "1 check did not apply to any record: P-1")


def test_a_warning_that_selects_nothing_stays_a_warning(tmp_path: Path) -> None:
    (finding,) = found(lines(tmp_path, "P-1: {where: TRTSDT > TRTEDT, expect: not missing(TRTSDT), severity: warning}"))
    assert finding.severity is Severity.WARNING


def test_a_block_of_checks_may_say_it_for_all(tmp_path: Path) -> None:
    (told,) = found(lines(tmp_path, "P-1: {where: TRTSDT > TRTEDT, expect: not missing(TRTSDT)}", "allow_empty: true"))
    assert (told.id, told.severity) == ("not-checked", Severity.NOTE)


def test_a_dataset_without_records_is_an_error(small: Small) -> None:
    study, datasets = small
    data = {name: frame.iloc[:0] for name, frame in frames(datasets).items()}
    said = [finding for finding in run_suites(suites_of(study, datasets), data, sources()) if finding.id == "suite"]
    assert [(finding.dataset, finding.severity) for finding in said] == [(name, Severity.ERROR) for name in ("ADSL", "ADEFF", "ADAE")]


def test_a_dataset_whose_domain_may_be_absent_and_is_may_be_empty(small: Small) -> None:
    study, datasets = small
    data = {**frames(datasets), "ADAE": frames(datasets)["ADAE"].iloc[:0]}
    collected = {name: frame for name, frame in sources().items() if name != "AE"}

    def said(source: dict[str, pd.DataFrame]) -> list[tuple[str, Severity]]:
        found = run_suites(suites_of(study, datasets), data, source)
        return [(each.id, each.severity) for each in found if each.dataset == "ADAE" and "has no records, so" in each.message]

    assert said(collected) == []
    assert said(sources()) == [("suite", Severity.ERROR)]
    assert said({}) == [("not-checked", Severity.WARNING)]


def test_a_condition_that_is_nowhere_known_is_told(tmp_path: Path) -> None:
    (told,) = found(lines(tmp_path, "P-1: {where: missing(TRTSDT), expect: TRTSDT > TRTEDT}"))
    assert (told.id, told.severity, told.message) == (
        "not-checked",
        Severity.NOTE,
        "1 check did not apply to any record: P-1",
    )


def test_a_parameter_without_records_is_told(small: Small) -> None:
    study, datasets = small
    data = frames(datasets)
    data["ADEFF"] = data["ADEFF"][data["ADEFF"]["PARAMCD"] != "TWO"].reset_index(drop=True)
    said = [each.message for each in run_suites(suites_of(study, datasets), data, sources()) if each.severity is Severity.WARNING]
    assert "No record has PARAMCD = TWO, so the parameter was not checked." in said


FAULTS = {
    'P-1: {where: SAFFL == "YES", expect: not missing(TRTSDT)}': 'SAFFL is compared with "YES", which is not a term of codelist NY (Y, N)',
    'P-1: {where: TRT01P == "Drugg", expect: not missing(TRTSDT)}': 'TRT01P is compared with "Drugg", which is not a term of codelist TRT',
    "P-1: {orderd: [TRTSDT, TRTEDT]}": "There is no check 'orderd'. Did you mean 'ordered'? [spec-unknown-check]",
    "P-1: {plausible_date: TRTSDT}": "There is no check 'plausible_date'. [spec-unknown-check]",
    "P-1: {generated: words}": "There is no generated check 'words'",
    "P-1: {ordered: [TRTSDT, TRTEDTT]}": "ADSL has no variable TRTEDTT. Did you mean 'TRTEDT'? [spec-unknown-variable]",
    "P-1: {first_flag: {flag: LOWFL, order: [TRTS]}}": "ADSL has no variable TRTS. Did you mean 'TRTSDT'? [spec-unknown-variable]",
    "P-1: {ordered: [TRTSDT, TOTALBL]}": "ordered compares values of one kind, but these are a date and a number [spec-wrong-kind]",
    "P-1: {ordered: [TRT01P]}": "ordered requires numbers or dates, but TRT01P is a text [spec-wrong-kind]",
    "P-1: {counts: {A: {dataset: ADSL}, by: TRT, expect: A == 1}}": "ADSL has no variable TRT. Did you mean",
    "P-1: {first_flag: {flag: LOWFL}}": "Key 'order' is missing. Add order:. [spec-missing-key]",
    "P-1: {same_subjects: {as: XX}}": "The study reads no domain XX. [spec-unknown-source]",
    'P-1: {expect: EX.EXTRT == ""}': "domain EX has several records per subject",
    "P-1: {counts: {A: {dataset: ADSX}, expect: A == 1}}": "There is no dataset ADSX. Did you mean 'ADSL'? [spec-unknown-dataset]",
    "P-1: {counts: {A: {dataset: ADSL}, expect: B == 1}}": "There is no count B. [spec-unknown-count]",
    "P-1: {same_value: [ADSL.TOTALBL, ADSL.BASE]}": "ADSL has no variable BASE. [spec-unknown-variable]",
    'P-1: {equivalent: [SAFFL == "Y", TRTSDT]}': "equivalent requires a condition, but TRTSDT is a date [spec-wrong-kind]",
    "P-1: {expect: not missing(TRTSDT), allow_empty: never}": "allow_empty must be true or false, not 'never'. [spec-wrong-value]",
}


@pytest.mark.parametrize("line", FAULTS)
def test_a_line_that_names_nothing_is_refused_before_any_data(tmp_path: Path, line: str) -> None:
    with pytest.raises(SpecError) as error:
        suites_of(*lines(tmp_path, line))
    (problem,) = error.value.problems
    assert FAULTS[line] in str(problem)
    assert "adsl.yaml:15" in str(problem)


def test_the_subjects_of_a_dataset_are_those_a_check_can_see(tmp_path: Path) -> None:
    adsl = FILES["adsl.yaml"].replace("checks:", "temporary: {TREATED: SAFFL}\nchecks:")
    adeff = FILES["adeff.yaml"].replace('subjects: ADSL.SAFFL == "Y"', 'subjects: ADSL.TREATED == "Y"')
    with pytest.raises(SpecError, match="TREATED; it is a temporary and not in the file"):
        suites_of(*planned(tmp_path, adsl=adsl, adeff=adeff))


def test_a_check_of_a_parameter_that_is_not_kept_is_left_out_with_a_note(tmp_path: Path) -> None:
    library = 'parameters:\n  MORE: {number: 9, label: More, records: {from: QS, where: SRC.TESTCD == "MORE"}}\n'
    text = (
        FILES["adeff.yaml"] + '  E-34: {across_parameters: {by: [ADT], expect: MORE <= ONE}}\n  E-55: {where: PARAMCD == "MORE", expect: AVAL > 0}\n'
    )
    study, datasets = planned(tmp_path, adeff=text, instruments=FILES["instruments.yaml"] + library)
    notes = [note for suite in suites_of(study, datasets) for note in suite.notes]
    assert [(note.id, note.severity, note.message) for note in notes] == [
        (identity, Severity.NOTE, "Not checked, because the dataset has no parameter MORE") for identity in ("E-34", "E-55")
    ]


def test_a_parameter_no_one_knows_is_a_fault(tmp_path: Path) -> None:
    text = FILES["adeff.yaml"] + "  E-34: {across_parameters: {by: [ADT], expect: MORE <= ONE}}\n"
    with pytest.raises(SpecError, match="ADEFF has no parameter MORE"):
        suites_of(*planned(tmp_path, adeff=text))


def by_hand(folder: Path, *expectations: dict[str, object], name: str = "ADSL") -> Small:
    """The small study with a suite written by hand."""
    made = lines(folder)
    (folder / "expectations").mkdir()
    (folder / "expectations" / f"{name}.json").write_text(json.dumps({"name": "mine", "expectations": list(expectations)}))
    return made


NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "TRTSDT"}}


def test_a_suite_by_hand_runs_and_its_failures_have_keys(tmp_path: Path) -> None:
    own = {**NOT_NULL, "severity": "warning", "meta": {"rule": "H-1"}, "description": "every subject was treated"}
    (finding,) = found(by_hand(tmp_path, own, {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "USUBJID"}}))
    assert (finding.id, finding.severity, finding.message, finding.count) == ("H-1", Severity.WARNING, "every subject was treated", 1)
    assert finding.keys == ({"USUBJID": "3", "STUDYID": "S"},)
    assert finding.mark.file.endswith("expectations/ADSL.json")


def test_a_failure_of_the_whole_table_is_one_finding(tmp_path: Path) -> None:
    (finding,) = found(by_hand(tmp_path, {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 4}}))
    assert (finding.id, finding.severity, finding.count) == ("GX-1", Severity.ERROR, 0)


NOBODY = 'USUBJID == "9"'


@pytest.mark.parametrize(
    ("expectation", "why"),
    [
        ({**NOT_NULL, "kwargs": {"column": "TRTEDT", "row_condition": NOBODY}}, "its row condition selects no record"),
        ({"type": "expect_column_mean_to_be_between", "kwargs": {"column": "USUBJID", "min_value": 1}}, "could not be run"),
    ],
)
def test_an_expectation_that_was_not_answered_is_an_error(tmp_path: Path, expectation: dict[str, object], why: str) -> None:
    (finding,) = found(by_hand(tmp_path, expectation))
    assert (finding.id, finding.severity) == ("suite", Severity.ERROR)
    assert "Expectation 1 (GX-1) could not be run" in finding.message
    assert why in finding.message


def test_a_suite_by_hand_may_say_that_it_selects_nothing(tmp_path: Path) -> None:
    own = {**NOT_NULL, "kwargs": {"column": "TRTEDT", "row_condition": NOBODY}, "meta": {"allow_empty": True}}
    assert found(by_hand(tmp_path, own)) == []


@pytest.mark.parametrize(
    ("name", "text", "why"), [("ADSL", "{", "is not valid JSON"), ("ADSL", "{}", "at least one"), ("ADXX", "{}", "no dataset ADXX")]
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, name: str, text: str, why: str) -> None:
    made = by_hand(tmp_path, name=name)
    (tmp_path / "expectations" / f"{name}.json").write_text(text)
    with pytest.raises(SpecError, match=why):
        suites_of(*made)


def test_a_suite_on_disk_has_stable_bytes_and_no_made_up_id(small: Small) -> None:
    study, datasets = small
    first, second = (as_json(suites_of(study, datasets)[1]) for _ in range(2))
    assert first == second
    assert '"id"' not in first
    saved = {each["meta"]["rule"]: each for each in json.loads(first)["expectations"]}
    assert saved["E-3"]["kwargs"]["arguments"]["distance"] == "AWTDIFF"
    assert saved["E-3"]["severity"] == "critical"
    assert saved["E-3"]["meta"]["line"] == "adeff.yaml:49"


def test_a_suite_on_disk_is_what_great_expectations_writes(small: Small) -> None:
    suite = suites_of(*small)[1]
    ours = json.loads(as_json(suite))
    for each in ours["expectations"][1:]:
        each["kwargs"]["arguments"] = {}
    assert ours == plain_json(suite_of(suite, list(range(len(suite.rules)))).to_json_dict())
    read = gx.ExpectationSuite(**json.loads(as_json(suite)))
    assert plain_json(read.to_json_dict()) == json.loads(as_json(suite))


def test_a_suite_by_hand_is_in_the_suite_on_disk(tmp_path: Path) -> None:
    (suite,) = suites_of(*by_hand(tmp_path, {**NOT_NULL, "id": "0000-1111"}))
    saved = json.loads(as_json(suite))["expectations"]
    assert NOT_NULL in saved
