"""The texts of the reviewer's guide: read from any file, merged over those of a layer, and required where only the author knows them."""

from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.planning.guide_texts import missing_texts
from adam.specification.read import read

STUDY = Path(__file__).parents[1] / "study" / "specs"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    for file in STUDY.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def with_guide(specs: Path, text: str) -> Path:
    (specs / "guide.yaml").write_text(text, encoding="utf-8")
    return specs


def test_a_text_is_one_paragraph_and_a_list_has_one_for_each(specs: Path) -> None:
    text = 'guide:\n  protocol: {number: 301, version: [1.0, "2.0"], design: Two arms.}\n  text: {visits: [One., Two.]}\n  acronyms: {NRS: Rating}\n'
    guide = read(with_guide(specs, text)).guide
    assert (guide.protocol.number, guide.protocol.version, guide.protocol.design) == ("301", ("1.0", "2.0"), ("Two arms.",))
    assert guide.text.visits == ("One.", "Two.")
    assert guide.acronyms == {"NRS": "Rating"}


def test_required_texts_are_warnings_with_the_place_to_write_them(specs: Path) -> None:
    study = read(with_guide(specs, "guide:\n  protocol: {number: S-1, title: T}\n"))
    found = list(missing_texts(study))
    assert [(each.id, str(each.severity), each.message) for each in found] == [
        (
            "guide-text",
            "warning",
            f"The reviewer's guide requires a text that is not stated. Write guide: {path}: in study.yaml or in another file of the study.",
        )
        for path in ("protocol: version", "protocol: design", "text: subject_issues")
    ]
    assert found[0].mark.line == 2


def test_a_study_without_a_guide_has_no_warning(specs: Path) -> None:
    assert list(missing_texts(read(specs))) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("guide:\n  datasets: {ADSK: x}\n", "The study has no dataset ADSK. Did you mean 'ADSL'?"),
        ("guide:\n  text: {visit: x}\n", "guide.yaml:2:10: guide: Unknown key 'visit'."),
        ("guide:\n  protocols: {}\n", "Unknown key 'protocols'. Did you mean 'protocol'?"),
        ("guide:\n  protocol: {number: [1]}\n", "protocol.number must be a text, not a list."),
    ],
)
def test_mistakes(specs: Path, text: str, message: str) -> None:
    with pytest.raises(SpecError) as raised:
        read(with_guide(specs, text))
    assert message in str(raised.value)
