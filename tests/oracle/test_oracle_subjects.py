"""ADSL and ADAE of a messy package: every cell is what a record-by-record reading of the rules makes of it."""

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner

from adam.cli.commands import main
from tests.oracle.compare import cells, differences
from tests.oracle.iso import parse
from tests.oracle.messy import mess
from tests.oracle.package import records

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"
SEED = 21


def run(*arguments: object) -> int:
    return CliRunner().invoke(main, [str(argument) for argument in arguments]).exit_code


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The perturbed package and the datasets made of it; checks of such data fail, so they are not exported."""
    folder = tmp_path_factory.mktemp("messy")
    assert run("simulate", SPECS, "--out", folder / "clean", "--subjects", 80, "--seed", SEED) == 0
    mess(folder / "clean", folder / "sdtm", SEED)
    assert run("build", SPECS, "--sdtm", folder / "sdtm", "--out", folder / "out", "--only", "ADSL,ADAE") == 1
    return folder / "sdtm", folder / "out" / "rejected"


def test_no_cell_differs(messy: tuple[Path, Path]) -> None:
    found = differences(*messy)
    assert not found, "\n".join(map(str, map(dataclasses.astuple, found[:20])))


@pytest.mark.parametrize(("dataset", "variable", "values"), [
    ("adsl", "TRTEDTF", {"", "D", "M", "Y"}), ("adsl", "TRTSTMF", {"", "M"}), ("adsl", "TRTETMF", {"", "H", "M"}), ("adsl", "DTHDTF", {"", "D", "M"}),
    ("adsl", "EOSSTT", {"", "COMPLETED", "DISCONTINUED", "ONGOING"}),
    ("adsl", "AGEGR2", {"", "12-15", ">=16"}), ("adsl", "REGION1", {"", "North America", "Europe"}),
    ("adsl", "RACEGR1", {"White", "Black", "Asian", "Other"}),
    ("adsl", "SAFFL", {"Y", "N"}),
    ("adsl", "TRTSEQPN", {None, 10, 12, 13, 20, 22, 30, 33}), ("adsl", "TRT01AN", {None, 1, 2, 3}), ("adsl", "TRT02AN", {None, 1, 2, 3}),
    ("adae", "ASTDTF", {"", "D", "M"}), ("adae", "AENDTF", {"", "D", "M"}), ("adae", "ASTTMF", {"", "M"}),
    ("adae", "APERIOD", {None, 1, 2}), ("adae", "TRTEMFL", {"", "Y"}),
    ("adae", "APHASE", {"", "SCREENING", "VC", "LTS", "FOLLOW-UP"}), ("adae", "AREL", {"", "RELATED", "NOT RELATED"}),
    ("adae", "ASEVN", {None, 1, 2, 3}), ("adae", "AENRF", {"", "AFTER", "ONGOING"}),
])  # fmt: skip
def test_the_mess_reaches_every_answer(messy: tuple[Path, Path], dataset: str, variable: str, values: set) -> None:
    assert values <= {row[variable] for row in records(messy[1] / f"{dataset}.xpt")}


def test_a_changed_cell_is_found(messy: tuple[Path, Path]) -> None:
    row = records(messy[1] / "adsl.xpt")[0]
    assert [found.variable for found in cells("ADSL", (), row, row | {"TRTSDT": 1.0, "ARM": "?"})] == ["ARM", "TRTSDT"]
    assert [found.variable for found in cells("ADSL", (), row, {name: value for name, value in row.items() if name != "SEX"})] == ["SEX"]


@pytest.mark.parametrize(("text", "lo", "hi", "level", "hour", "minute"), [
    ("2019-03-20", "2019-03-20", "2019-03-20", "", None, None), ("2020-02", "2020-02-01", "2020-02-29", "D", None, None),
    ("2019", "2019-01-01", "2019-12-31", "M", None, None),
    ("2019---15", "2019-01-01", "2019-12-31", "M", None, None), ("2019-03-20T09:30", "2019-03-20", "2019-03-20", "", 9, 30),
    ("2019-03-20T-:30", "2019-03-20", "2019-03-20", "", None, None),
    ("2019-03-20T09", "2019-03-20", "2019-03-20", "", 9, None), ("2019-03-20T09:30+02:00", "2019-03-20", "2019-03-20", "", 9, 30),
    ("2019-03-18/2019-03-22", "2019-03-18", "2019-03-18", "", None, None),
])  # fmt: skip
def test_what_is_known_of_a_date(text: str, lo: str, hi: str, level: str, hour: int | None, minute: int | None) -> None:
    moment = parse(text)
    assert (str(moment.lo), str(moment.hi), moment.level, moment.hour, moment.minute) == (lo, hi, level, hour, minute)


@pytest.mark.parametrize(
    "text", ["", "2019-02-30", "2019-13", "2019-UN-UN", "15MAR2019", "--03-15", "2019-03-20T24:00", "2019-03-20T23:59:60", "20190320"]
)
def test_what_is_no_date(text: str) -> None:
    assert parse(text).lo is None
