"""The example study, broken in every way that its mutations tell, gives the same findings for parts of any size."""

from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.validation.breaking import Broken, Built, mutations
from tests.validation.cutting import Frames, Subject, conformance_of, differences, findings_of, in_order, subjects_of
from validation.delivery import Delivery
from validation.run_suites import run_suites

SIZES = (1, 1, 1, 3, 7, 30, 2)


@pytest.fixture(scope="module")
def broken(built: Built) -> tuple[Frames, Frames]:
    changed = Broken(built)
    for mutation in mutations():
        with suppress(LookupError):  # an earlier break can have taken what a later one looks for
            changed.mutate(mutation)
    return in_order(changed.frames), in_order(changed.sources)


def of_sizes(subjects: Sequence[Subject]) -> list[Sequence[Subject]]:
    """Parts of these sizes, and one with the other subjects."""
    places = [sum(SIZES[:number]) for number in range(len(SIZES) + 1)]
    return [*(subjects[first:last] for first, last in zip(places, places[1:], strict=False)), subjects[places[-1] :]]


def test_the_suites_of_a_broken_study(built: Built, broken: tuple[Frames, Frames]) -> None:
    whole = run_suites(built.suites, *broken)
    assert len(whole) > 300
    assert differences(whole, findings_of(built.suites, *broken, of_sizes(subjects_of(*broken)))) == []


def test_the_conformance_of_a_broken_study(built: Built, broken: tuple[Frames, Frames]) -> None:
    package, subjects = Delivery(built.study, built.datasets, built.datasets, *broken), subjects_of(*broken)
    whole = conformance_of(package, [subjects])
    assert len(whole) > 20
    assert differences(whole, conformance_of(package, of_sizes(subjects))) == []
