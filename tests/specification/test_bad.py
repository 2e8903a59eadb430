"""Each YAML file of `bad/` has one error, and the text file of the same name has the expected message.

`adsl-*` and `study-*` replace that file of the base study, `more-*` is added to it, and `adq-*` is a second dataset, with parameters.
"""

import shutil
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.core.kinds import ValueKind
from adam.planning.names import SourceHeader
from adam.planning.plan import plan
from adam.specification.read import attempt, read
from validation.suite import suites

BAD = Path(__file__).parent / "bad"
HEADERS = {
    "DM": SourceHeader(dict.fromkeys(("STUDYID", "USUBJID", "SEX", "ARM", "RFSTDTC"), ValueKind.TEXT) | {"AGE": ValueKind.NUMBER}),
    "EX": SourceHeader(
        {"STUDYID": ValueKind.TEXT, "USUBJID": ValueKind.TEXT, "EXSEQ": ValueKind.NUMBER, "EXSTDTC": ValueKind.TEXT, "EXTRT": ValueKind.TEXT}
    ),
    "TA": SourceHeader({"STUDYID": ValueKind.TEXT, "ARM": ValueKind.TEXT, "EPOCH": ValueKind.TEXT, "TAETORD": ValueKind.NUMBER}),
}
FILES = sorted(path for path in BAD.glob("*.yaml"))


def messages(case: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    study = folder / "bad"
    shutil.copytree(BAD / "base", study)
    kind = case.name.split("-")[0]
    target = case.name if kind == "more" else f"{kind}.yaml"
    shutil.copy(case, study / target)
    if kind == "adq":
        (study / "study.yaml").write_text((study / "study.yaml").read_text().replace("datasets: [ADSL]", "datasets: [ADSL, ADQ]"))
    monkeypatch.chdir(folder)
    with pytest.raises(SpecError) as caught:
        found, problems = attempt(Path("bad"))
        if found is None:
            raise SpecError(problems.found)
        planned = plan(found, HEADERS, before=problems)
        suites(planned.study, planned.datasets, {name: header.variables for name, header in HEADERS.items()})
    return str(caught.value) + "\n"


@pytest.mark.parametrize("case", FILES, ids=lambda path: path.stem)
def test_message(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert messages(case, tmp_path, monkeypatch) == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_at_least_forty() -> None:
    assert len(FILES) >= 40


def test_the_base_study_is_good(tmp_path: Path) -> None:
    assert list(plan(read(BAD / "base"), HEADERS).datasets) == ["ADSL"]
