"""The pharmaverse study stays as short as it is read: lines that are not blank and no comment, none over 120 characters."""

from pathlib import Path

import pytest

SPECS = Path(__file__).parents[2] / "specs" / "pharmaverse"
MOST = {
    ("adsl",): 65,
    ("adae",): 25,
    ("adcm",): 25,
    ("admh",): 30,
    ("adex",): 45,
    ("advs",): 45,
    ("adlb",): 50,
    ("adeg",): 50,
    ("adtte",): 30,
    ("study", "codelists"): 50,
    ("guide",): 20,
}


def lines(name: str) -> list[str]:
    return (SPECS / f"{name}.yaml").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("names", MOST)
def test_a_file_has_few_lines(names: tuple[str, ...]) -> None:
    said = [line for name in names for line in lines(name) if line.strip() and not line.strip().startswith("#")]
    assert len(said) <= MOST[names]


def test_no_line_is_long_and_every_file_is_counted() -> None:
    files = {path.stem for path in SPECS.glob("*.yaml")}
    assert files == {name for names in MOST for name in names}
    assert [(name, line) for name in files for line in lines(name) if len(line) > 120] == []
