"""One file of a dataset is written from a value that can be pickled, and the bytes do not depend on the parts of the records."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from adam.core.stored import StoredRecords, write_records
from adam.submission.dataset_files import FileTask, FileWork, Results, begin_datasets
from adam.submission.manifest import sha256_of
from tests.submission.example_datasets import DATASETS, FRAMES, STUDY, WHEN

SMALL = STUDY.model_copy(update={"split_over": 2_500})


def large() -> pd.DataFrame:
    frame = pd.concat([FRAMES["ADX"].iloc[:1]] * 40, ignore_index=True)
    return frame.assign(USUBJID=pd.Series([f"S-{number // 3:04d}" for number in range(40)], dtype="str"))


def stored(folder: Path, cuts: list[int]) -> dict[str, StoredRecords]:
    borders, frame = [0, *cuts, 40], large()
    parts = [frame.iloc[a:b] for a, b in zip(borders, borders[1:], strict=False)]
    return {"ADX": StoredRecords.joined([write_records(part, folder / f"{number}.arrow") for number, part in enumerate(parts)])}


def write_datasets(folder: Path, *args: Any, to: Path | None = None, **options: Any) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Write the files, and return the digests and the names of the parts."""
    folder.mkdir()
    files = begin_datasets(folder, *args, **options)
    parts = files.parts()
    return files.finish(to or folder), parts


@pytest.mark.parametrize("cuts", [[], [1], [0, 13, 13, 39, 40]])
@pytest.mark.parametrize("ndjson", [False, True])
def test_the_same_bytes_for_any_parts(tmp_path: Path, cuts: list[int], ndjson: bool) -> None:
    whole = {"ADX": StoredRecords.in_memory(large())}
    expected = write_datasets(tmp_path / "whole", SMALL, DATASETS, whole, WHEN, ndjson=ndjson)
    digests, parts = expected
    assert parts == {"ADX": ["ADX1", "ADX2", "ADX3"]}  # 16 records of 42 bytes fit after 1,760 bytes of header
    assert digests == {name: sha256_of(tmp_path / "whole" / name) for name in digests}
    assert len(digests) == 5
    found = write_datasets(tmp_path / "parts", SMALL, DATASETS, stored(tmp_path, cuts), WHEN, ndjson=ndjson)
    assert found == expected


def test_a_file_can_be_written_by_another_process(tmp_path: Path) -> None:
    """The tasks go through pickle, in the opposite order."""

    def elsewhere(write: Any, work: FileWork, tasks: Sequence[FileTask]) -> Results:
        assert sorted(task.suffixes for task in tasks) == [(".json",), (".xpt",), ("parts",)]
        found = [pickle.loads(pickle.dumps(write))(pickle.loads(pickle.dumps(work)), pickle.loads(pickle.dumps(task))) for task in reversed(tasks)]
        return lambda: found[::-1]

    records, out = stored(tmp_path, [7]), tmp_path / "out"
    found = write_datasets(tmp_path / "scratch", SMALL, DATASETS, records, WHEN, begin=elsewhere, to=out)
    assert found == write_datasets(tmp_path / "here", SMALL, DATASETS, records, WHEN)
    assert found[0] == {name: sha256_of(out / name) for name in found[0]}
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


def test_some_kinds(tmp_path: Path) -> None:
    found, _ = write_datasets(tmp_path / "out", STUDY, DATASETS, stored(tmp_path, []), WHEN, kinds=["xpt"])
    assert list(found) == ["adam/adx.xpt"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["adam"]
