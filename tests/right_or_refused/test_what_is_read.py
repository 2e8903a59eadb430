"""Every variable a specification names is read, wherever it names it, and a dataset is the same whichever others are made with it."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from adam.cli.commands import main
from adam.core.errors import DerivationError
from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from tests.right_or_refused.small_study import ADSL, SmallStudy, small_study

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
EX = """STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXCAT,EXDOSE,EXSTDTC
S1,EX,S1-1,1,PLACEBO,A,0,2020-01-01
S1,EX,S1-1,2,DRUG,B,54,2020-01-05
S1,EX,S1-2,1,DRUG,A,54,2020-01-02
"""
FIRST = ADSL + "  TRTSDT: {first: date(EX.EXSTDTC)}\n"


def with_source(folder: Path, block: str, adsl: str = FIRST) -> SmallStudy:
    return small_study(folder, {"adsl": adsl}, {"ex": EX}, f"sources:\n  EX:\n{block}")


@pytest.mark.parametrize(
    ("where", "days"),
    [
        ('EXTRT == "PLACEBO"', [21915, None]),
        ("EXDOSE > 0", [21919, 21916]),
        ('EXCAT == "A" and EXTRT != "PLACEBO"', [None, 21916]),
    ],
)
def test_what_selects_the_records_of_a_source_is_read(tmp_path: Path, where: str, days: list[int | None]) -> None:
    ran = with_source(tmp_path, f"    where: {where}\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "TRTSDT") == days  # 2020-01-01 is day 21915 of SAS


def test_what_an_issue_names_is_read(tmp_path: Path) -> None:
    ran = with_source(tmp_path, '    issues: {"dosed with the drug": \'EXTRT == "DRUG"\'}\n').build()
    assert [(found["message"], found["count"]) for found in ran.findings()] == [("dosed with the drug", 2)]


def test_what_a_prepared_variable_is_restricted_to_is_read(tmp_path: Path) -> None:
    adsl = ADSL + "  TRTSDT: {first: EX.STDT}\n"
    ran = with_source(tmp_path, '    variables: {STDT: {where: EXCAT == "B", value: date(EXSTDTC)}}\n', adsl).build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "TRTSDT") == [21919, None]


def test_an_issue_that_reads_another_domain_has_that_domain_selected(tmp_path: Path) -> None:
    """The issue of DM reads EX through a variable of the subject; EX is selected by a variable nothing else names."""
    adae = "dataset: ADEX\nclass: OCCURRENCE DATA STRUCTURE\nlabel: Exposure\nkey: [STUDYID, USUBJID, EXSEQ]\nrecords: {from: EX}\n"
    specs = {
        "adsl": FIRST,
        "adex": adae + "variables:\n  STUDYID, USUBJID: ADSL\n  EXSEQ: {type: integer, label: Sequence Number, value: EX.EXSEQ}\n",
    }
    study = 'sources:\n  DM: {issues: {first dose in 2020: ADSL.TRTSDT > STUDY.START}}\n  EX: {where: EXCAT == "A"}\nconstants: {START: 2019-12-31}\n'
    ran = small_study(tmp_path, specs, {"ex": EX}, study).build("--only", "ADEX")
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADEX", "USUBJID", "EXSEQ") == [("S1-1", 1), ("S1-2", 1)]
    assert [found["count"] for found in ran.findings() if found["message"] == "first dose in 2020"] == [2]


def test_a_variable_the_plan_did_not_read_is_never_blank(tmp_path: Path) -> None:
    study = with_source(tmp_path, '    where: EXTRT == "DRUG"\n')
    found, source = plan_with_source(study.specs, study.sdtm)
    assert source is not None
    frames = load_records(source, found.columns)
    with pytest.raises(DerivationError, match=r"EX\.EXTRT was not read"):
        build(found, {**frames, "EX": frames["EX"].drop(columns="EXTRT")})


def frames_of(specs: Path, sdtm: Path, only: tuple[str, ...] = ()) -> dict[str, pd.DataFrame]:
    found, source = plan_with_source(specs, sdtm, only)
    assert source is not None
    return dict(build(found, load_records(source, found.columns)).frames)


@pytest.mark.parametrize("name", ["tests/study", "specs/cdiscpilot01", "specs/true_ad"])
def test_a_dataset_made_alone_is_that_of_the_whole_build(tmp_path: Path, name: str) -> None:
    specs, sdtm = ROOT / name, SHARED / "data" / "cdiscpilot01" / "sdtm"
    if name == "tests/study":
        specs, sdtm = ROOT / name / "specs", ROOT / name / "sdtm"
    if name == "specs/true_ad":
        sdtm = tmp_path / "sdtm"
        CliRunner().invoke(main, ["simulate", str(specs), "--out", str(sdtm), "--subjects", "6", "--seed", "3"])
    if not sdtm.is_dir():
        pytest.skip("the published data are not here")
    whole = frames_of(specs, sdtm)
    for dataset in whole:
        alone = frames_of(specs, sdtm, (dataset,))
        assert list(alone) == [dataset]
        pd.testing.assert_frame_equal(alone[dataset], whole[dataset])


@pytest.mark.parametrize("domain", ["TA", "TV"])
def test_a_domain_without_subjects_is_refused_by_the_plan(tmp_path: Path, domain: str) -> None:
    adsl = ADSL + f"  NAME: {{label: Name, length: 20, first: {{of: {domain}.EPOCH, order: [{domain}.VISITNUM]}}}}\n"
    ran = small_study(tmp_path, {"adsl": adsl}, {domain.lower(): "STUDYID,DOMAIN,EPOCH,VISITNUM\nS1,TA,SCREENING,1\n"}).build()
    assert ran.exit_code == 2
    assert f"adsl.yaml:9:3: ADSL.NAME: Domain {domain} has no USUBJID, so its records belong to no subject" in ran.text
