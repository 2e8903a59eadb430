"""The tables of criteria of the layer have the numbers of the published facts, where these are present."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared" / "data" / "standards" / "lab_toxicity.csv"
COLUMNS = ("test", "direction", "unit", "grade", "lower", "lower_inclusive", "upper", "upper_inclusive", "basis")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not FACTS.exists(), reason="the facts are not here")
@pytest.mark.parametrize("version", ["4.0", "5.0"])
def test_every_number_is_that_of_the_facts(version):
    facts = [row for row in rows(FACTS) if row["version"] == version]
    ours = rows(ROOT / "specs" / "safety" / "tables" / f"ctcae_{version[0]}.csv")
    plain = {(row["TERM"].split(" (")[0], *(row[name.upper()] for name in COLUMNS), row["CONDITION"]) for row in ours}
    expected = {(row["term"], *(row[name] for name in COLUMNS), row["condition"] if row["condition"] != "fasting" else "") for row in facts}
    assert plain == expected


@pytest.mark.parametrize(("name", "count", "terms"), [("ctcae_4", 160, 42), ("ctcae_5", 174, 42)])
def test_the_tables_are_whole(name, count, terms):
    found = rows(ROOT / "specs" / "safety" / "tables" / f"{name}.csv")
    assert (len(found), len({row["TERM"] for row in found})) == (count, terms)
