"""An output is kept or refused, never lost; nothing of the user's is deleted or overwritten; what is said of it is true."""

import json
import os
import shutil
from pathlib import Path

import pytest

from adam.core.errors import UsageError
from adam.submission.earlier_output import path_inside, read_earlier_output
from adam.submission.folder import stage_rejected
from adam.submission.package import package
from tests.right_or_refused.small_study import SmallStudy, small_study

ADXX = """
dataset: ADXX
class: SUBJECT LEVEL ANALYSIS DATASET
label: Another Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, SEX: DM
"""
BAD_DM = "STUDYID,DOMAIN,USUBJID,AGE,SEX\nS1,DM,S1-1,34,F\nS1,DM,S1-2,65,Q\n"


@pytest.fixture
def study(tmp_path: Path) -> SmallStudy:
    """A study of two datasets that was built once."""
    made = small_study(tmp_path, {"adxx": ADXX})
    assert made.build().exit_code == 0
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("only", ["ADSL", "ADXX", " ADSL "])
def test_a_part_is_not_built_over_the_whole(study: SmallStudy, only: str) -> None:
    before = files(study.folder / "out")
    ran = study.build("--only", only)
    other = ({"ADSL", "ADXX"} - {only.strip()}).pop()
    assert ran.exit_code == 2
    assert f"out holds {other}, which this run would not write: it makes only {only.strip()}. Choose another folder" in ran.text
    assert files(study.folder / "out") == before
    assert sorted(path.name for path in study.folder.iterdir()) == ["out", "sdtm", "specs"]


def test_a_part_goes_elsewhere_again_and_again_and_the_whole_over_it(study: SmallStudy, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "out")
    for _ in range(2):
        ran = study.build("--only", "ADSL")
        assert (ran.exit_code, "Exported" in ran.text, "ADXX" in ran.text) == (0, True, False)
    ran = study.build("--only", "ADSL,ADXX")
    assert (ran.exit_code, "records), ADXX (" in ran.text) == (0, True)
    assert study.run("verify", str(tmp_path / "out")).exit_code == 0


def test_a_dataset_the_study_does_not_make_any_more_is_named(study: SmallStudy) -> None:
    text = (study.specs / "study.yaml").read_text()
    (study.specs / "study.yaml").write_text(text.replace("[ADSL, ADXX]", "[ADSL]"))
    (study.specs / "adxx.yaml").unlink()
    ran = study.build()
    assert ran.exit_code == 0, ran.text
    assert "Removed, because the study no longer has them: ADXX." in ran.text


def test_the_output_of_another_study_is_refused(study: SmallStudy) -> None:
    before = files(study.folder / "out")
    text = (study.specs / "study.yaml").read_text()
    (study.specs / "study.yaml").write_text(text.replace("study: S1", "study: S2"))
    ran = study.build()
    assert (ran.exit_code, "holds the output of study S1, not of S2" in ran.text) == (2, True)
    assert files(study.folder / "out") == before


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["simulate", "specs/true_ad", "--out"], "holds the output of adam build, and adam simulate would replace it"),
        (["demo", "--out"], "holds the output of adam build, and adam demo would replace it"),
    ],
)
def test_another_command_does_not_replace_an_export(study: SmallStudy, command: list[str], said: str) -> None:
    before = files(study.folder / "out")
    ran = study.run(*command, str(study.folder / "out"))
    assert (ran.exit_code, said in ran.text) == (2, True), ran.text
    assert files(study.folder / "out") == before


def test_a_package_does_not_replace_an_export_nor_lose_a_dataset(study: SmallStudy, tmp_path: Path) -> None:
    assert package(tmp_path / "out", tmp_path / "m") == []
    shutil.rmtree(tmp_path / "out")
    assert study.build("--only", "ADSL").exit_code == 0
    with pytest.raises(UsageError, match=r"m holds ADXX, which this run would not write: it makes only ADSL"):
        package(tmp_path / "out", tmp_path / "m")
    shutil.copytree(tmp_path / "out", tmp_path / "other")
    with pytest.raises(UsageError, match="holds the output of adam build, and adam package would replace it"):
        package(tmp_path / "out", tmp_path / "other")
    assert read_earlier_output(tmp_path / "m").datasets == ("ADSL", "ADXX")


@pytest.mark.parametrize("name", ["notes.txt", "report/notes.txt", "sub/notes.txt"])
def test_a_note_in_rejected_is_kept_by_good_and_bad_runs(study: SmallStudy, tmp_path: Path, name: str) -> None:
    (study.sdtm / "dm.csv").write_text(BAD_DM)
    assert study.build().exit_code == 1
    note = tmp_path / "out" / "rejected" / name
    note.parent.mkdir(exist_ok=True)
    note.write_text("mine")
    for text in (BAD_DM, BAD_DM.replace("Q", "M")):
        (study.sdtm / "dm.csv").write_text(text)
        ran = study.build()
        assert (ran.exit_code, f"holds rejected/{name}, which no manifest of adamsmith lists" in ran.text) == (2, True)
        assert note.read_text() == "mine"


def test_a_failed_run_replaces_what_the_last_one_rejected(study: SmallStudy) -> None:
    (study.sdtm / "dm.csv").write_text(BAD_DM)
    for _ in range(2):
        ran = study.build()
        assert ran.exit_code == 1
    listed = json.loads((ran.out / "rejected" / "manifest.json").read_text())["outputs"]
    assert {"adsl.xpt", "adxx.xpt", "report/index.html"} <= set(listed)
    (study.sdtm / "dm.csv").write_text(BAD_DM.replace("Q", "M"))
    assert study.build().exit_code == 0
    assert not (ran.out / "rejected").exists()


def test_after_a_failed_run_report_and_terminal_say_whose_the_export_is(study: SmallStudy) -> None:
    (study.sdtm / "dm.csv").write_text(BAD_DM)
    ran = study.build()
    assert f"The previous output in {ran.out / 'adam'} is unchanged: ADSL, ADXX." in ran.text
    page = (ran.out / "rejected" / "report" / "index.html").read_text()
    assert "The previous output in <code>adam/</code> is unchanged: ADSL, ADXX." in page
    as_json = json.loads(study.build("--json").text)
    assert (as_json["exported"], as_json["output_datasets"]) == (False, ["ADSL", "ADXX"])


def test_after_a_first_failed_run_nothing_is_exported(tmp_path: Path) -> None:
    ran = small_study(tmp_path, sdtm={"dm": BAD_DM}).build()
    assert f"{ran.out} has no exported datasets." in ran.text
    assert "The output has no exported datasets." in (ran.out / "rejected" / "report" / "index.html").read_text()


def test_a_link_for_rejected_is_not_followed(study: SmallStudy, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine")
    (tmp_path / "out" / "rejected").symlink_to(tmp_path / "elsewhere")
    (study.sdtm / "dm.csv").write_text(BAD_DM)
    assert study.build().exit_code == 2
    with pytest.raises(UsageError), stage_rejected(tmp_path / "out"):
        pass
    assert files(tmp_path / "elsewhere") == {"mine.txt": b"mine"}


@pytest.mark.parametrize("name", ["adam", "report", "specs"])
def test_a_link_for_a_folder_of_the_output_is_not_followed(study: SmallStudy, tmp_path: Path, name: str) -> None:
    shutil.rmtree(tmp_path / "out" / name)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "elsewhere")
    assert study.build().exit_code == 2
    assert files(tmp_path / "elsewhere") == {}


def test_a_link_that_leads_to_itself_is_refused(study: SmallStudy, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    ran = study.run("build", str(study.specs), "--sdtm", str(study.sdtm), "--out", str(tmp_path / "loop"))
    assert (ran.exit_code, "leads back to itself" in ran.text) == (2, True), ran.text


@pytest.mark.parametrize("name", ["x" * 300, "x" * 252])
def test_a_name_that_is_too_long_is_refused(study: SmallStudy, tmp_path: Path, name: str) -> None:
    ran = study.run("build", str(study.specs), "--sdtm", str(study.sdtm), "--out", str(tmp_path / name))
    assert (ran.exit_code, "file name too long" in ran.text) == (2, True), ran.text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sdtm", "specs"]


@pytest.mark.parametrize("name", ["../x.xpt", "/x.xpt", "a/../../x.xpt", "a\\\\..\\\\x.xpt", "//x", "", "."])
def test_a_name_that_leads_out_of_the_output_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="leads out of the output"):
        path_inside(tmp_path, name)
    assert path_inside(tmp_path, "refused/21/ae.xpt") == tmp_path / "refused" / "21" / "ae.xpt"


@pytest.fixture
def validating(study: SmallStudy, tmp_path: Path) -> list[str]:
    return ["validate", str(study.specs), "--adam", str(tmp_path / "out" / "adam"), "--sdtm", str(study.sdtm), "--csv"]


def test_a_table_is_not_written_over_a_file(study: SmallStudy, validating: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("mine")
    ran = study.run(*validating, str(table))
    assert (ran.exit_code, "table.csv already exists. Choose another file, or use --force" in ran.text) == (2, True)
    assert table.read_text() == "mine"
    ran = study.run(*validating, str(table), "--force")
    assert ran.exit_code == 0, ran.text
    assert table.read_text(encoding="utf-8-sig").startswith("severity,id,dataset")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sdtm", "specs", "table.csv"]


@pytest.mark.parametrize("name", ["sdtm/dm.csv", "sdtm/new.csv", "specs/study.yaml", "out/adam/adsl.xpt"])
def test_a_table_is_never_written_among_what_is_read(study: SmallStudy, validating: list[str], tmp_path: Path, name: str) -> None:
    before = files(tmp_path)
    ran = study.run(*validating, str(tmp_path / name), "--force")
    assert (ran.exit_code, "which the command reads" in ran.text) == (2, True)
    assert files(tmp_path) == before


def test_a_table_is_not_written_to_a_pipe_or_through_a_broken_link(study: SmallStudy, validating: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert study.run(*validating, str(tmp_path / "pipe.csv"), "--force").exit_code == 2
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    assert study.run(*validating, str(tmp_path / "link.csv")).exit_code == 2
    assert not (tmp_path / "nowhere.csv").exists()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (_fifo, "not a regular file"),
        (lambda path: path.symlink_to("/dev/zero"), "not a regular file"),
        (lambda path: path.symlink_to("nowhere"), "not a regular file"),
        (lambda path: path.symlink_to(path.with_name("define.xml")), "not a regular file"),
        (lambda path: path.write_text("x"), "changed"),
    ],
)
def test_verify_names_what_is_no_file_and_does_not_wait(study: SmallStudy, tmp_path: Path, make: object, what: str) -> None:
    path = tmp_path / "out" / "adam" / "adsl.xpt"
    path.unlink()
    make(path)  # type: ignore[operator]
    ran = study.run("verify", str(tmp_path / "out"))
    assert (ran.exit_code, f"{what}: adam/adsl.xpt" in ran.text) == (1, True), ran.text


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_verify_names_what_it_may_not_read(study: SmallStudy, tmp_path: Path) -> None:
    (tmp_path / "out" / "adam" / "adsl.xpt").chmod(0)
    ran = study.run("verify", str(tmp_path / "out"))
    assert (ran.exit_code, "unreadable: adam/adsl.xpt" in ran.text) == (1, True)


@pytest.mark.parametrize("text", ["[" * 100_000, "\xff", '{"outputs": {"../x": "0"}}', '{"outputs": {"/x": "0"}}', '{"outputs": [1]}', ""])
def test_a_manifest_that_is_none_is_refused(study: SmallStudy, tmp_path: Path, text: str) -> None:
    (tmp_path / "out" / "manifest.json").write_text(text, encoding="latin-1")
    ran = study.run("verify", str(tmp_path / "out"))
    assert (ran.exit_code, "not a manifest of adamsmith" in ran.text) == (2, True), ran.text


def test_a_manifest_that_is_a_pipe_is_not_waited_for(study: SmallStudy, tmp_path: Path) -> None:
    (tmp_path / "out" / "manifest.json").unlink()
    os.mkfifo(tmp_path / "out" / "manifest.json")
    assert study.run("verify", str(tmp_path / "out")).exit_code == 2
    assert study.build().exit_code == 2
