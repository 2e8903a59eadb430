"""DOMAIN §11.77: DM, EX, DS, RS and QS are required; any other absent file counts as no records, with a warning."""

import shutil
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.pipeline.derive import derive_study
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"


@pytest.fixture(scope="module")
def sdtm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("absent") / "sdtm"
    simulate_study(SPECS, folder, 6, 1, exact=False, edge_cases=False)
    return folder


def without(sdtm: Path, folder: Path, *domains: str) -> Path:
    shutil.copytree(sdtm, folder)
    for domain in domains:
        (folder / f"{domain}.xpt").unlink()
    return folder


def test_ruling_11_77_other_files_may_be_absent_with_a_warning(sdtm: Path, tmp_path: Path) -> None:
    derived = derive_study(plan_with_source(SPECS, without(sdtm, tmp_path / "sdtm", "ae", "suppae", "suppdm", "fa", "mh", "se", "sv")))
    assert {finding.dataset for finding in derived.findings if finding.id == "source-absent"} == {"AE", "FA", "MH", "SE", "SV"}
    assert (len(derived.records["ADAE"]), len(derived.records["ADSL"])) == (0, 6)
    assert derived.records["ADSL"].read(["ADDURY"])["ADDURY"].isna().all()
    assert not derived.failed


@pytest.mark.parametrize("domain", ["dm", "ex", "ds", "rs", "qs"])
def test_ruling_11_77_these_may_not(sdtm: Path, tmp_path: Path, domain: str) -> None:
    with pytest.raises(SpecError, match=f"There is no domain {domain.upper()} in the data"):
        derive_study(plan_with_source(SPECS, without(sdtm, tmp_path / "sdtm", domain)))
