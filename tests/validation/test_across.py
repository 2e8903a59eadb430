"""Checks across subjects: what they read, when the answers of parts are enough, and what keeps a missing variable from passing."""

import pickle
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import Finding
from adam.core.stored import StoredRecords
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.cutting import Frames, at_random, conformance_of, copies, cut, findings_of, in_order, of_size, planned_for_copies, subjects_of
from tests.validation.form_breaks import again
from tests.validation.small import suites_of
from validation import run_part as running
from validation.across import Across
from validation.check import CHECKS
from validation.columns import narrow_frame
from validation.conformance.over_parts import conformance_part
from validation.conformance.run_conformance import conformance_findings
from validation.delivery import Delivery
from validation.part_answers import together
from validation.rule import Suite
from validation.run_part import run_part
from validation.run_suites import answers_to_findings, run_suites
from validation.suite_results import in_memory

Study = tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    study, datasets = planned_for_copies(Path(tmp_path_factory.mktemp("across")))
    return study, datasets, suites_of(study, datasets)


def good(study: Study, number: int) -> tuple[Frames, Frames]:
    """So many copies of the good study."""
    data, source = copies(study[1], [lambda data, source: None] * number)
    return in_order(data), in_order(source)


def named(findings: list[Finding], *ids: str) -> list[tuple[str, str, int]]:
    return [(finding.id, finding.dataset, finding.count) for finding in findings if finding.id in ids]


def test_a_value_that_differs_between_subjects_of_two_parts_is_found(small: Study) -> None:
    data, source = good(small, 2)
    frame = data["ADEFF"]
    other = frame["USUBJID"].str.startswith("001") & (frame["PARAMCD"] == "LOW")
    frame["AVALC"] = frame["AVALC"].where(~other, frame["AVALC"].map({"Y": "N", "N": "Y"}))  # each part has one AVALC for each AVAL; both have two
    found = findings_of(small[2], data, source, [subjects_of(data, source)[:4], subjects_of(data, source)[4:]])
    assert [count for _, _, count in named(found, "E-12")] == [4]


def test_a_subject_identifier_of_two_studies_is_compared_across_parts(small: Study) -> None:
    data, source = good(small, 1)
    for held in (data, source):
        for name, frame in held.items():
            held[name] = pd.concat([frame, frame.assign(STUDYID=pd.Series("T", index=frame.index, dtype="str"))], ignore_index=True)
    subjects = subjects_of(data, source)
    found = findings_of(small[2], data, source, of_size(subjects, 4))
    assert found == findings_of(small[2], data, source, [subjects])
    (rule,) = [rule for rule in small[2][2].rules if rule.id == "A-3"]
    assert rule.plain_arguments["unique"] == ["USUBJID", "AETERM", "ASTDT"]
    assert named(found, "A-3") == [("A-3", "ADAE", 6)]


def test_a_variable_that_was_not_declared_is_an_error(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    data, source = good(small, 1)
    undeclared = replace(CHECKS["unique"], across=Across())
    undeclared = replace(undeclared, roles={name: role for name, role in undeclared.roles.items() if name != "unique"})
    monkeypatch.setitem(CHECKS, "unique", undeclared)
    found = [each.message for each in run_suites(small[2], data, source) if each.id == "suite"]
    assert any("Rule A-3 could not be run" in message for message in found)


def test_a_variable_left_out_is_not_missed_in_silence() -> None:
    stored = StoredRecords.in_memory(pd.DataFrame({"A": [1.0], "B": [2.0]}))
    frame = narrow_frame(stored, ["A", "C"])
    assert list(frame.columns) == ["A"]
    assert ("A" in frame, "C" in frame) == (True, False)
    with pytest.raises(LookupError, match="does not declare that it reads B"):
        assert "B" in frame


def test_many_combinations_are_compared_on_the_whole(small: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    data, source = good(small, 2)
    monkeypatch.setattr(running, "MOST_COMBINATIONS", 1)
    assert findings_of(small[2], data, source, at_random(subjects_of(data, source), 3, 1)) == []


def test_answers_are_folded_in_any_grouping(small: Study) -> None:
    data, source = copies(small[1], [again("ADEFF", 9), again("ADEFF", 19), lambda data, source: None])
    data, source = in_order(data), in_order(source)
    parts = of_size(subjects_of(data, source), 4)
    answers = [run_part(small[2], *pair) for pair in zip(cut(data, parts), cut(source, parts), strict=True)]
    stored = in_memory(data), in_memory(source)
    each = answers_to_findings(small[2], answers, *stored)
    assert named(each, "G-06") == [("G-06", "ADEFF", 4)]
    assert answers_to_findings(small[2], [together([answers[0], answers[1]]), answers[2]], *stored) == each
    assert answers_to_findings(small[2], [answers[0], together(answers[1:])], *stored) == each


def test_suites_are_sent_to_another_process(small: Study) -> None:
    data, source = good(small, 1)
    sent = pickle.loads(pickle.dumps(small[2]))
    assert [rule.plain_arguments for suite in sent for rule in suite.rules] == [rule.plain_arguments for suite in small[2] for rule in suite.rules]
    assert run_suites(sent, data, source) == run_suites(small[2], data, source) == []


def test_the_order_of_the_file_is_compared_between_its_stretches(small: Study) -> None:
    study, datasets, _ = small
    data, source = good(small, 2)
    frame = data["ADAE"]
    stretches = [StoredRecords.in_memory(piece.reset_index(drop=True)) for piece in (frame.iloc[3:], frame.iloc[:3])]
    package = Delivery(study, datasets, datasets, data, source)
    stored = {**in_memory(data), "ADAE": StoredRecords.joined(stretches)}
    found = conformance_findings(package, [conformance_part(package)], stored, in_memory(source))
    whole = conformance_of(package, [subjects_of(data, source)])
    assert [(each.dataset, each.count) for each in found if each.id == "AGENCY-19" and each not in whole] == [("ADAE", 1)]
