"""Data that lack a variable: a rule either does without it or is left out with a note; none fails in another way."""

from dataclasses import replace

import pandas as pd
import pytest

from adam.core.errors import Severity
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.small import frames, planned, sources, suites_of
from validation.conformance.run_conformance import run_conformance
from validation.delivery import Delivery
from validation.run_suites import run_suites
from validation.suite import Suite

Small = tuple[ResolvedStudy, dict[str, ResolvedDataset], tuple[Suite, ...]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    study, datasets = planned(tmp_path_factory.mktemp("small"))
    return study, datasets, suites_of(study, datasets)


def lacking(small: Small, name: str, variable: str) -> tuple[dict[str, ResolvedDataset], dict[str, pd.DataFrame], tuple[Suite, ...]]:
    """The good data without one variable, and the suites that know of it."""
    _, datasets, suites = small
    own = datasets[name]
    there = {**datasets, name: own.model_copy(update={"variables": {key: each for key, each in own.variables.items() if key != variable}})}
    data = frames(datasets)
    data[name] = data[name].drop(columns=variable)
    made = tuple(replace(suite, dataset=there[suite.dataset.name], datasets=there, absent={name: (variable,)}) for suite in suites)
    return there, data, made


def test_every_variable_in_turn(small: Small) -> None:
    study, datasets, _ = small
    left_out = 0
    for name, dataset in datasets.items():
        for variable in dataset.variables:
            there, data, suites = lacking(small, name, variable)
            for suite in suites:
                records = suite.records(data, sources())
                for rule in suite.rules:
                    try:
                        rule.failures(records)
                    except KeyError:
                        left_out += 1
            found = run_conformance(Delivery(study, datasets, {name: there[name]}, data, sources()))
            assert [each.message for each in found if each.id == "suite"] == []
            missing = [each.message for each in found if "[SD0054]" in each.message]
            assert missing == [f"A variable of the specification is missing: {variable} [SD0054]"]
    assert left_out > 100


def test_what_is_left_out_is_told(small: Small) -> None:
    _, data, suites = lacking(small, "ADSL", "TRTSDT")
    found = run_suites(suites, data, sources())
    assert [each.message for each in found if each.id == "suite"] == []
    notes = {each.dataset: each.message for each in found if each.id == "not-checked"}
    assert "this run has no ADSL.TRTSDT: G-08, L-4" in notes["ADSL"]
    assert notes["ADEFF"] == "1 rule was not run, because this run has no ADSL.TRTSDT: G-11"


def test_what_is_missing_for_another_reason_is_no_note(small: Small) -> None:
    _, data, suites = lacking(small, "ADSL", "TRTSDT")
    source = sources()
    found = run_suites(suites, data, {**source, "QS": source["QS"].drop(columns="QSTESTCD")})
    told = [each.message for each in found if each.id == "suite"]
    assert told
    assert all("QSTESTCD" in each for each in told)


def test_records_whose_domain_has_lost_its_sequence_numbers_fail(small: Small) -> None:
    _, datasets, suites = small
    source = sources()
    found = run_suites(suites, frames(datasets), {**source, "QS": source["QS"].drop(columns="QSSEQ")})
    assert [each.message for each in found if each.id in ("suite", "not-checked")] == []
    assert {each.id for each in found if each.severity is Severity.ERROR} >= {"E-11", "E-23"}
