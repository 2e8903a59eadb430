"""The same seed, options and versions give the same data; the digest was taken elsewhere than here."""

import datetime
import hashlib

import pytest

from adam.core.errors import SpecError, UsageError
from adam.simulation import simulate
from adam.submission import xpt
from tests.simulation.simulated import frames

DIGEST = "e0cded4ff9917343b1d9be6c623b18552835d28fbbdd8652374599972e8e57be"


def digest(packages):
    """One number for all values of all frames."""
    total = hashlib.sha256()
    for name, frame in sorted(packages.items()):
        total.update(f"{name} {list(frame.columns)}".encode())
        total.update(frame.to_csv(index=False, lineterminator="\n").encode())
    return total.hexdigest()


def test_the_same_data_on_any_machine(study):
    assert digest(frames(study, subjects=80, edge_cases=True)) == DIGEST


def test_another_seed_gives_other_data(study):
    assert digest(frames(study, subjects=20, seed=1)) != digest(frames(study, subjects=20, seed=2))


def test_files_are_the_same_bytes(study, tmp_path):
    created = datetime.datetime(2021, 1, 15)
    written = []
    for run in ("a", "b"):
        (tmp_path / run).mkdir()
        for file in simulate(study, subjects=30, exact=True):
            xpt.write(file.frame(), file.dataset, tmp_path / run / file.path, created)
        written.append({path.name: path.read_bytes() for path in (tmp_path / run).iterdir()})
    assert written[0] == written[1]


def test_parts_do_not_depend_on_the_order_of_reading(study):
    first = {file.path: file for file in simulate(study, subjects=30)}
    backwards = {path: file.frame() for path, file in reversed(first.items())}
    for file in simulate(study, subjects=30):
        assert file.frame().equals(backwards[file.path])


@pytest.mark.parametrize("size", [7, 30])
def test_the_size_of_a_part_changes_nothing(study, monkeypatch, tmp_path, size):
    created = datetime.datetime(2021, 1, 15)
    whole = {file.path: file for file in simulate(study, subjects=30, edge_cases=True)}
    for domain in ("rs", "qs"):
        xpt.write(whole[f"{domain}.xpt"].frame(), whole[f"{domain}.xpt"].dataset, tmp_path / f"{domain}.xpt", created, non_ascii="keep")
    monkeypatch.setattr("adam.simulation.columns.BLOCK", size)
    for file in simulate(study, subjects=30, edge_cases=True):
        if file.path in ("rs.xpt", "qs.xpt"):
            parts = list(file.parts)
            assert len(parts) == -(-30 // size) + 1
            xpt.write_parts(iter(parts), file.dataset, tmp_path / "parts.xpt", created, non_ascii="keep")
            assert (tmp_path / "parts.xpt").read_bytes() == (tmp_path / file.path).read_bytes()


def test_no_subjects_are_refused(study):
    with pytest.raises(UsageError, match="must be at least 1; it is 0"):
        list(simulate(study, subjects=0))


def test_a_study_without_facts_is_refused(study):
    with pytest.raises(SpecError, match="no 'simulation:' section"):
        list(simulate(study.model_copy(update={"simulation": {}})))


def test_a_missing_fact_is_named(study):
    facts = {key: value for key, value in study.simulation.items() if key != "exposure"}
    with pytest.raises(SpecError, match="has no 'exposure"):
        list(simulate(study.model_copy(update={"simulation": facts})))


@pytest.mark.parametrize("subjects", [1, 2, 7])
def test_tiny_studies(study, subjects):
    assert len(frames(study, subjects=subjects)["DM"]) == subjects
