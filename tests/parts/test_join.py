"""The parts of a dataset one after another are the dataset, in its order, for any order."""

from pathlib import Path

import pandas as pd
import pytest

from adam.core.stored import StoredRecords, write_records
from adam.pipeline.join import join_parts
from adam.planning.values import ResolvedDataset, ResolvedVariable

FIRST = pd.DataFrame({"STUDYID": ["S1", "S1", "S1"], "USUBJID": ["1", "1", "3"], "PARAMCD": ["A", "B", "A"], "AVAL": [1.0, 2.0, 3.0]})
SECOND = pd.DataFrame({"STUDYID": ["S2", "S2"], "USUBJID": ["2", "2"], "PARAMCD": ["A", "B"], "AVAL": [4.0, 5.0]})


def joined(folder: Path, order: tuple[str, ...], *frames: pd.DataFrame) -> StoredRecords:
    """The records of parts, each sorted as its dataset is."""
    parts = []
    for number, frame in enumerate(frames):
        texts = frame.astype(dict.fromkeys(("STUDYID", "USUBJID", "PARAMCD"), "str"))
        ordered = texts.sort_values(list(order), kind="stable", ignore_index=True) if order else texts
        parts.append({"ADX": write_records(ordered, folder / f"{number}.arrow")})
    variables = {name: ResolvedVariable(name=name, label=name) for name in FIRST}
    dataset = ResolvedDataset(name="ADX", class_="X", label="X", key=order, variables=variables)

    def target() -> Path:
        (folder / "sorted").mkdir()
        return folder / "sorted"

    return join_parts(parts, {"ADX": dataset}, target)["ADX"]


@pytest.mark.parametrize(
    ("order", "values"),
    [
        (("STUDYID", "USUBJID", "PARAMCD"), [1, 2, 3, 4, 5]),
        (("USUBJID", "PARAMCD"), [1, 2, 4, 5, 3]),  # the subjects of a pool are sorted by study first
        (("PARAMCD", "USUBJID"), [1, 4, 3, 2, 5]),
        (("PARAMCD",), [1, 3, 4, 2, 5]),  # equal records are in the order of the subjects
        (("AVAL",), [1, 2, 3, 4, 5]),
    ],
)
def test_the_records_are_in_the_order_of_the_dataset(tmp_path: Path, order: tuple[str, ...], values: list[float]) -> None:
    records = joined(tmp_path, order, FIRST, FIRST[:0], SECOND)
    assert records.read()["AVAL"].tolist() == values
    assert [len(part) for part in records.parts()] == list(records.sizes)
    assert records.read().dtypes.tolist() == joined_types()


def joined_types() -> list[object]:
    return FIRST.astype(dict.fromkeys(("STUDYID", "USUBJID", "PARAMCD"), "str")).dtypes.tolist()


def test_parts_that_follow_one_another_are_not_written_again(tmp_path: Path) -> None:
    joined(tmp_path, ("STUDYID", "USUBJID"), FIRST, SECOND)
    assert not (tmp_path / "sorted").exists()


def test_no_records() -> None:
    parts = [{"ADX": StoredRecords.in_memory(FIRST[:0])}] * 2
    dataset = ResolvedDataset(name="ADX", class_="X", label="X", key=("PARAMCD",), variables={})
    assert len(join_parts(parts, {"ADX": dataset}, Path)["ADX"]) == 0
