"""Differences planted by a seed are all reported, each as what it is; a shuffled, retyped and relabelled copy has no other difference."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import adam
from adam.comparison.result import DatasetComparison
from tests.comparison.files import write_xpt

RECORDS = 400
LABELS = {
    "USUBJID": "Subject",
    "PARAMCD": "Code",
    "AVISITN": "Visit",
    "AVAL": "Value",
    "BASE": "Baseline",
    "ADT": "Date",
    "SEX": "Sex",
    "AVALC": "Text",
}


def findings() -> pd.DataFrame:
    """Ten subjects with four parameters at ten visits."""
    place = np.arange(RECORDS)
    random = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "USUBJID": [f"S-{number // 40:02}" for number in place],
            "PARAMCD": [f"P{number // 10 % 4}" for number in place],
            "AVISITN": (place % 10).astype("float64"),
            "AVAL": random.integers(1, 900, RECORDS) / 10,
            "BASE": random.integers(1, 900, RECORDS) / 10,
            "ADT": 20000.0 + place % 10,
            "SEX": np.where(place // 40 % 2 == 0, "F", "M"),
            "AVALC": [f"text {number}" for number in place],
        }
    )


def written(path: Path, frame: pd.DataFrame, labels: dict[str, str] = LABELS, date: str = "DATE9.") -> Path:
    names = [labels.get(name, "") for name in frame]
    return write_xpt(path, frame, names, {"ADT": date} if "ADT" in frame and frame["ADT"].dtype.kind == "f" else {}, "Findings")


def name_of(record: dict[str, str]) -> str:
    return "/".join(record.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_differences(tmp_path: Path, seed: int) -> None:
    """Two variables, three attributes, three records removed, two added, and ten values."""
    random = np.random.default_rng(seed)
    base = findings()
    rows = [int(row) for row in random.choice(RECORDS, 13, replace=False)]
    gone, changed = rows[:3], rows[3:]
    keys = [f"{base.USUBJID[row]}/{base.PARAMCD[row]}/{int(base.AVISITN[row])}" for row in rows]
    compare = base.copy()
    expected: dict[str, set[tuple[str, str, str]]] = {}
    for number, (row, key) in enumerate(zip(changed, keys[3:], strict=True)):
        name = ("AVAL", "BASE", "ADT", "SEX", "AVALC")[number % 5]
        before = compare.loc[row, name]
        after = (
            {"AVAL": np.nan, "SEX": "", "AVALC": "other"}.get(name)
            if isinstance(before, str) or name == "AVAL"
            else before + (1 if name == "BASE" else 2)
        )
        compare.loc[row, name] = after
        expected.setdefault(name, set()).add((key, str(before), str(after)))
    compare = compare.drop(index=gone)
    added = base.iloc[:2].assign(USUBJID=["S-98", "S-99"])
    compare = pd.concat([compare, added]).sample(frac=1, random_state=seed).assign(NEW="x")
    one = written(tmp_path / "a.xpt", base.assign(OLD="x"))
    two = written(tmp_path / "b.xpt", compare, {**LABELS, "AVAL": "Analysis Value", "BASE": "Base"}, "E8601DA.")
    (found,) = adam.compare(one, two, ignore="length").datasets
    assert found.key.variables == ("USUBJID", "PARAMCD", "AVISITN")
    assert (found.only_base_variables, found.only_compare_variables) == (("OLD",), ("NEW",))
    assert [(each.variable, each.attribute) for each in found.attributes] == [("AVAL", "label"), ("BASE", "label"), ("ADT", "format")]
    assert {name_of(record) for record in found.only_base.first} == set(keys[:3])
    assert {record["USUBJID"] for record in found.only_compare.first} == {"S-98", "S-99"}
    assert found.cells_different == 10
    assert {each.variable: {name_of(record.key) for record in each.first} for each in found.values} == {
        name: {key for key, _, _ in values} for name, values in expected.items()
    }
    values = {each.variable: each for each in found.values}
    assert values["AVAL"].missing_compare == 2
    assert {record.difference for record in values["BASE"].first} == {"+1"}
    assert {record.difference for record in values["ADT"].first} == {"+2 days"}
    assert {(each.base, each.compare) for each in values["SEX"].pairs} <= {('"F"', '""'), ('"M"', '""')}
    assert {(record.base, record.compare) for record in values["AVALC"].first} == {(f'"{before}"', '"other"') for _, before, _ in expected["AVALC"]}


def retyped(frame: pd.DataFrame) -> pd.DataFrame:
    """Shuffled, AVISITN as text and ADT as ISO 8601 text, the columns in reverse."""
    dates = np.datetime64("1960-01-01") + frame["ADT"].astype("int64").to_numpy().astype("timedelta64[D]")
    texts = {"AVISITN": frame["AVISITN"].astype("int64").astype("str"), "ADT": pd.Series(dates.astype("str"), dtype="str")}
    return frame.assign(**texts).sample(frac=1, random_state=7)


def comparison(tmp_path: Path, frame: pd.DataFrame) -> DatasetComparison:
    one, two = written(tmp_path / "a.xpt", findings()), written(tmp_path / "b.xpt", frame, {**LABELS, "SEX": "Gender"})
    return adam.compare(one, two, ignore="length").datasets[0]


def test_a_shuffled_retyped_and_relabelled_copy(tmp_path: Path) -> None:
    found = comparison(tmp_path, retyped(findings()))
    assert [(each.variable, each.attribute, each.base, each.compare) for each in found.attributes] == [
        ("AVISITN", "type", "number", "text"),
        ("ADT", "type", "date", "text"),
        ("ADT", "format", "DATE9.", "none"),
        ("SEX", "label", '"Sex"', '"Gender"'),
    ]
    assert found.values == ()
    assert (found.matched, found.only_base.count, found.only_compare.count) == (RECORDS, 0, 0)
    assert found.other_record_order


def test_moved_variables(tmp_path: Path) -> None:
    frame = findings()
    found = comparison(tmp_path, frame[["USUBJID", "AVAL", "PARAMCD", "AVISITN", "BASE", "ADT", "AVALC", "SEX"]])
    assert found.moved in {("AVAL", "SEX"), ("AVAL", "AVALC")}  # either of the last two could have moved
    assert len(found.attributes) == 1


def test_differences_of_one_parameter_are_named(tmp_path: Path) -> None:
    frame = findings()
    frame["AVAL"] = frame["AVAL"].where(frame["PARAMCD"] != "P2", frame["AVAL"] + 1)
    (value,) = comparison(tmp_path, frame).values
    assert (value.records, value.common, value.largest and value.largest.difference) == (100, {"PARAMCD": "P2"}, "+1")
