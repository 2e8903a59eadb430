"""Dataset-JSON 1.1 as NDJSON: the metadata in the first line, a record in each further line, and a file that differs is refused."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from adam.cli.commands import main
from adam.core.errors import ExportError
from adam.submission import blocks
from adam.submission import write as write_any
from adam.submission.json import write
from tests.submission.changed_bytes import spoil
from tests.submission.example_datasets import DATASETS, FRAMES, STUDY, WHEN
from tests.submission.test_json import SCHEMA, TIMED, TIMES

EXAMPLE = Path(__file__).parents[1] / "study"
ROWS = [
    r'["1","1959-12-31T23:59:59","01:01:01",-1,0.30000000000000004,"a \"],[\" \\ café' + "\u2028" + '"]',
    '["2",null,null,null,null,""]',
]


def lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    return text.split("\n")[:-1]


def test_the_first_line_is_the_metadata_and_each_other_line_a_record(tmp_path: Path) -> None:
    write(TIMES, TIMED, tmp_path / "adt.ndjson", WHEN, study=STUDY)
    head, *rows = lines(tmp_path / "adt.ndjson")
    assert rows == ROWS
    metadata = json.loads(head)
    assert (metadata["name"], metadata["records"], "rows" in metadata) == ("ADT", 2, False)
    jsonschema.validate(metadata, SCHEMA)


@pytest.mark.parametrize("name", ["ADX", "ADY"])
@pytest.mark.parametrize("chunk", [1, 50_000])
def test_it_holds_what_the_json_holds(tmp_path: Path, name: str, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", chunk)
    for suffix in ("json", "ndjson"):
        write_any(FRAMES[name], DATASETS[name], tmp_path / f"x.{suffix}", WHEN)
    head, *rows = map(json.loads, lines(tmp_path / "x.ndjson"))
    assert {**head, "rows": rows} == json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))


def test_a_dataset_without_records_is_its_metadata(tmp_path: Path) -> None:
    write(TIMES.iloc[:0], TIMED, tmp_path / "adt.ndjson", WHEN)
    assert len(lines(tmp_path / "adt.ndjson")) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("01:01:01", "01:01:02", "These differ: ATM"),
        ('"label":"Times"', '"label":"Time"', "These differ: label"),
        ('["2",null,null,null,null,""]\n', "", "the records are not separated|2 records were written, 1 were read"),
        (',""]', "]", "records of 6 variables were written"),
        (',""]', ',""', "does not read back as it was written: "),
    ],
)
def test_a_file_that_differs_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str) -> None:
    write(TIMES, TIMED, tmp_path / "adt.ndjson", WHEN)
    assert (tmp_path / "adt.ndjson").read_text(encoding="utf-8").count(old) == 1
    spoil(monkeypatch, old, new)
    with pytest.raises(ExportError, match=message):
        write(TIMES, TIMED, tmp_path / "adt.ndjson", WHEN)


def test_a_build_writes_it_when_asked(tmp_path: Path) -> None:
    arguments = ["build", str(EXAMPLE / "specs"), "--sdtm", str(EXAMPLE / "sdtm"), "--out", str(tmp_path / "out"), "--ndjson"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    files = sorted(path.name for path in (tmp_path / "out" / "dataset-json").iterdir())
    assert files == ["adae.ndjson", "aditch.ndjson", "adsl.ndjson"]
    head, *rows = lines(tmp_path / "out" / "dataset-json" / "adsl.ndjson")
    assert (json.loads(head)["metaDataRef"], len(rows)) == ("../adam/define.xml", 12)
