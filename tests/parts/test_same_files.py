"""Every file of an output is the same for any number of parts, processes and engine, and if a worker is lost in the middle."""

import hashlib
import os
import signal
import tempfile
import time
from pathlib import Path

import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.pipeline import derive
from adam.pipeline.build import build_study
from adam.pipeline.part import PartResult, StudyWork, derive_part
from adam.pipeline.run import RunOptions
from adam.sources.parts import SourcePart
from tests.right_or_refused.small_study import ADSL, small_study

STUDY = Path(__file__).parents[1] / "study"


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


def built(folder: Path, **options: object) -> dict[str, str]:
    result = build_study(STUDY / "specs", STUDY / "sdtm", folder / "out", options=RunOptions(**options))
    assert result.exported
    assert [path.name for path in folder.iterdir()] == ["out"], "the scratch folder is left"
    return digests(folder / "out")


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, str]:
    return built(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize(
    "options", [{"part_size": 1}, {"part_size": 5}, {"part_size": 12}, {"part_size": 5, "jobs": 2}], ids=lambda options: str(list(options.values()))
)
def test_parts_and_processes_do_not_show(tmp_path: Path, whole: dict[str, str], options: dict) -> None:
    assert built(tmp_path, **options) == whole


def test_workers_write_files_during_the_checks_outside_the_output(tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen, checked = [], derive._checked
    written = tmp_path / ".out.scratch" / "files" / "adam" / "adsl.xpt"

    def late(*args: object) -> object:
        until = time.monotonic() + 120
        while not written.exists() and time.monotonic() < until:
            time.sleep(0.01)
        seen.append((written.exists(), [path.name for path in tmp_path.iterdir()]))
        return checked(*args)

    monkeypatch.setattr(derive, "_checked", late)
    assert built(tmp_path, part_size=5, jobs=2) == whole
    assert seen == [(True, [".out.scratch"])]


def derive_and_die_once(work: StudyWork, part: SourcePart) -> PartResult:
    """Derive a part; the first worker that has the third part is killed."""
    marker = Path(str(work.folder)) / "killed"
    if part.number == 2 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return derive_part(work, part)


@pytest.mark.filterwarnings("ignore")
def test_dask_repeats_the_part_of_a_worker_that_is_lost(tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed, so that engine is not tested")
    monkeypatch.setattr(derive, "derive_part", derive_and_die_once)
    temporary, study = tmp_path / "temporary", tmp_path / "study"
    temporary.mkdir()
    study.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert built(study, part_size=3, jobs=2, engine="dask") == whole
    assert list(temporary.iterdir()) == []


DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFSTDTC\nS1,DM,S1-1,34,F,\nS1,DM,S1-2,65,M,\nS1,DM,S1-3,50,F,2024-01-01\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXDOSE\nS1,EX,S1-1,1,5\nS1,EX,S1-2,1,10\nS1,EX,S1-2,2,20\nS1,EX,S1-3,1,1\nS1,EX,S1-3,2,2\n"
REFUSING = ADSL + "  GRP: {label: Group, length: 5, case: [{when: 'AGE >= 50', error: The subject is too old}, {value: '\"ok\"'}]}\n"
RUNS = [{}, {"part_size": 1}, {"part_size": 2, "jobs": 2}]


def test_rejected_datasets_and_findings_are_the_same(tmp_path: Path) -> None:
    """Two subjects have two records where one is declared: one error with both, in the order of the subjects."""
    found = []
    for number, options in enumerate(RUNS):
        study = small_study(tmp_path / str(number), {"adsl": ADSL + "  DOSE: {label: Dose, type: float, single: EX.EXDOSE}\n"}, {"dm": DM, "ex": EX})
        result = build_study(study.specs, study.sdtm, study.folder / "out", options=RunOptions(**options))
        (error,) = [each for each in result.findings if each.variable == "DOSE" and each.blocks]
        assert (error.count, [key["USUBJID"] for key in error.keys]) == (2, ["S1-2", "S1-3"])
        assert [path.name for path in (study.folder / "out").iterdir()] == ["rejected"]
        assert not list(study.folder.glob(".out*"))
        found.append(digests(study.folder / "out"))
    assert found[0] == found[1] == found[2]


def test_text_that_becomes_ascii_sorts_the_records(tmp_path: Path) -> None:
    """Zoë, Émile and Eric are sorted as they are exported: Emile before Eric. Two records are equal in NAME; the subject decides."""
    names = {"S1-1": "Zoë", "S1-2": "Émile", "S1-3": "Eric", "S1-4": "Emile"}
    dm = "STUDYID,DOMAIN,USUBJID,AGE,SEX,NAME\n" + "".join(f"S1,DM,{subject},50,F,{name}\n" for subject, name in names.items())
    adsl = ADSL.replace("label: Subject", "key: [NAME, STUDYID, USUBJID]\nlabel: Subject", 1) + "  NAME: {label: Name, length: 10, value: DM.NAME}\n"
    found = []
    for number, options in enumerate(RUNS):
        study = small_study(tmp_path / str(number), {"adsl": adsl}, {"dm": dm}, "non_ascii: transliterate\n")
        build_study(study.specs, study.sdtm, study.folder / "out", options=RunOptions(**options))
        found.append(digests(study.folder / "out"))
        records, _ = pyreadstat.read_xport(study.folder / "out" / "adam" / "adsl.xpt")
        assert records["USUBJID"].tolist() == ["S1-2", "S1-4", "S1-3", "S1-1"]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("options", RUNS, ids=lambda options: str(list(options.values())))
def test_an_error_is_the_same(tmp_path: Path, options: dict) -> None:
    """A refusal names the records of all parts. The output is not changed, and nothing is left beside it."""
    study = small_study(tmp_path, {"adsl": REFUSING}, {"dm": DM, "ex": EX})
    with pytest.raises(SourceError) as error:
        build_study(study.specs, study.sdtm, tmp_path / "out", options=RunOptions(**options))
    assert "2 records" in str(error.value)
    assert "S1-2" in str(error.value)
    assert "adsl.yaml:9:" in str(error.value)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out"))]
