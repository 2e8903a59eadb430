"""Findings that are explained: record by record, told everywhere, and a waiver for nothing is told too."""

import json
from pathlib import Path

import click
import pytest

from adam.core.errors import Finding, Mark, Severity
from adam.planning.values import ResolvedDataset, ResolvedStudy, Waiver
from tests.validation.small import FILES, frames, planned, sources, suites_of
from validation.report import as_csv, as_json, listing
from validation.run_suites import run_suites
from validation.waivers import explained

WAIVERS = """
waivers:
  - {check: G-08, keys: {USUBJID: "1", AESEQ: 1}, reason: Confirmed by the site}
  - {check: A-3, reason: Known}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResolvedStudy, dict[str, ResolvedDataset]]:
    return planned(tmp_path_factory.mktemp("small"), study=FILES["study.yaml"] + WAIVERS)


def found(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]], *rows: int) -> list[Finding]:
    """What is found with a datetime of another day on these records of ADAE, after the waivers."""
    study, datasets = small
    data = frames(datasets)
    for row in rows:
        data["ADAE"].loc[row, "ASTDTM"] = data["ADAE"].loc[row, "ASTDT"].replace(day=28)
    return explained(run_suites(suites_of(study, datasets), data, sources()), study)


def test_the_records_a_waiver_names_pass_and_the_others_do_not(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    first, rest, unused = found(small, 0, 2)
    assert (first.id, first.count, first.severity, first.waived, first.blocks) == ("G-08", 1, Severity.ERROR, "Confirmed by the site", False)
    assert first.keys == ({"USUBJID": "1", "STUDYID": "S", "AESEQ": "1"},)
    assert (rest.id, rest.count, rest.waived, rest.blocks) == ("G-08", 1, "", True)
    assert rest.keys[0]["USUBJID"] == "2"
    assert unused.id == "waiver"


def test_a_waiver_of_nothing_is_a_warning_at_its_line(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    first, second = found(small)
    assert [each.severity for each in (first, second)] == [Severity.WARNING, Severity.WARNING]
    assert first.message == "The waiver of G-08 for USUBJID=1 AESEQ=1 explains no finding"
    assert second.message == "The waiver of A-3 explains no finding"
    assert (Path(first.mark.file).name, second.mark.line - first.mark.line) == ("study.yaml", 1)


def test_the_reason_stands_in_every_report(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    findings = found(small, 0)
    assert "; explained: Confirmed by the site" in listing(findings)
    assert json.loads(as_json(findings))[-1]["waived"] == "Confirmed by the site"
    assert listing(findings).endswith("1 explained")
    assert "explained error: G-08" in click.unstyle(listing(findings))
    assert "Confirmed by the site" in as_csv(findings)
    assert not any(finding.blocks for finding in findings)


ISSUE = Finding("issue", Severity.ERROR, "ADAE", "a bad date", 2, ({"USUBJID": "1"}, {"USUBJID": "2"}), Mark("a.yaml", 1, 1))


@pytest.mark.parametrize(("keys", "waived"), [({}, True), ({"USUBJID": "1"}, False), ({"USUBJID": "3"}, False), ({"NOSUCH": "1"}, False)])
def test_an_issue_of_deriving_is_explained_only_as_a_whole(
    small: tuple[ResolvedStudy, dict[str, ResolvedDataset]], keys: dict[str, str], waived: bool
) -> None:
    study = small[0].model_copy(update={"waivers": (Waiver(check="issue", reason="Known", keys=keys),)})
    assert bool(explained([ISSUE], study)[0].waived) is waived


def test_a_rule_that_could_not_be_run_is_never_explained(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study = small[0].model_copy(update={"waivers": (Waiver(check="suite", reason="Known"),)})
    broken = Finding("suite", Severity.ERROR, "ADAE", "rule A-1 could not be run")
    first, unused = explained([broken], study)
    assert first.blocks
    assert unused.message == "The waiver of suite explains no finding"


def test_a_waiver_lets_the_export_pass(tmp_path: Path) -> None:
    import shutil

    from adam.pipeline.build import build_study as build
    from tests.test_example import STUDY

    shutil.copytree(STUDY, tmp_path / "study")
    specs = tmp_path / "study" / "specs"
    text = (specs / "study.yaml").read_text().replace("../../../specs/adamig", "adamig")
    (specs / "study.yaml").write_text(text + "\nwaivers:\n  - {check: SL-9, reason: Not of this study}\n")
    (specs / "adsl.yaml").write_text((specs / "adsl.yaml").read_text() + "\n  SL-9: {expect: AGE < 0}\n")
    outcome = build(specs, tmp_path / "study" / "sdtm", tmp_path / "out")
    assert outcome.exported
    assert [(finding.id, finding.waived) for finding in outcome.findings if finding.severity is Severity.ERROR] == [("SL-9", "Not of this study")]
    assert sorted(path.name for path in (tmp_path / "out" / "report" / "suites").iterdir()) == ["ADAE.json", "ADITCH.json", "ADSL.json"]
