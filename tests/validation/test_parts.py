"""The checks give the same findings for any parts of the subjects: the same rules, counts, records, values and texts, in the same order."""

from pathlib import Path
from random import Random

import pytest

from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.cutting import (
    ALL_CASES,
    Frames,
    at_random,
    conformance_of,
    copies,
    differences,
    findings_of,
    in_order,
    of_size,
    planned_for_copies,
    subjects_of,
)
from tests.validation.small import suites_of
from validation.delivery import Delivery
from validation.rule import Suite
from validation.run_suites import run_suites

Study = tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    study, datasets = planned_for_copies(Path(tmp_path_factory.mktemp("parts")))
    return study, datasets, suites_of(study, datasets)


@pytest.fixture(scope="module")
def broken(small: Study) -> tuple[Frames, Frames]:
    data, source = copies(small[1], ALL_CASES)
    return in_order(data), in_order(source)


def test_a_whole_study_is_one_part(small: Study, broken: tuple[Frames, Frames]) -> None:
    suites, subjects = small[2], subjects_of(*broken)
    whole = run_suites(suites, *broken)
    assert len({finding.id for finding in whole}) > 40
    assert [finding.message for finding in whole if finding.id == "suite"] == []
    for number, seed in ((2, 1), (5, 2)):
        assert differences(whole, findings_of(suites, *broken, at_random(subjects, number, seed))) == []


def test_parts_of_one_subject(small: Study) -> None:
    data, source = (in_order(held) for held in copies(small[1], Random(4).sample(ALL_CASES, 2)))
    whole = run_suites(small[2], data, source)
    assert differences(whole, findings_of(small[2], data, source, of_size(subjects_of(data, source), 1))) == []


def test_conformance_of_parts(small: Study, broken: tuple[Frames, Frames]) -> None:
    study, datasets, _ = small
    package = Delivery(study, datasets, datasets, *broken)
    subjects = subjects_of(*broken)
    whole = conformance_of(package, [subjects])
    assert len(whole) > 5
    for parts in (at_random(subjects, 4, 3), of_size(subjects, 140)):
        assert differences(whole, conformance_of(package, parts)) == []
