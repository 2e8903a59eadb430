"""Efficacy data of a messy package: every cell and the order of the records are what a record-by-record reading of the rules makes of it."""

import dataclasses
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from adam.cli.commands import main
from tests.oracle.efficacy_compare import cells, datasets, differences, stored
from tests.oracle.efficacy_scores import cdlqi_item, dlqi_item, itch, region
from tests.oracle.efficacy_values import Finding, read, rounded, when
from tests.oracle.messy_efficacy import messy

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"
SEED = 31
Row = dict[str, Any]


def run(*arguments: object) -> int:
    return CliRunner().invoke(main, [str(argument) for argument in arguments]).exit_code


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The damaged package and what was built of it; checks of such data fail, so it is not exported."""
    folder = tmp_path_factory.mktemp("messy")
    assert run("simulate", SPECS, "--out", folder / "clean", "--subjects", 50, "--seed", SEED) == 0
    messy(folder / "clean", folder / "sdtm", SEED, rate=0.5)
    assert run("build", SPECS, "--sdtm", folder / "sdtm", "--out", folder / "out") == 1
    return folder / "sdtm", folder / "out"


@pytest.fixture(scope="module")
def rows(built: tuple[Path, Path]) -> list[Row]:
    return read(datasets(built[1]), "adeff")


def test_no_cell_differs(built: tuple[Path, Path]) -> None:
    found = differences(*built)
    assert not found, "\n".join(map(str, found[:20]))


@pytest.mark.parametrize(("variable", "values"), [
    ("AVISITN", {None, 0, 2, 4, 8, 12, 52, 99}), ("APHASE", {"", "SCREENING", "VC", "LTS", "FOLLOW-UP"}), ("APERIOD", {None, 1, 2}),
    ("DTYPE", {"", "NRI"}), ("ABLFL", {"", "Y"}), ("ONTRTFL", {"", "Y"}), ("ANL03FL", {"", "Y"}), ("ANL04FL", {"", "Y"}),
    ("SRCVAR", {"", "RSSTRESN", "RSSTRESC", "QSSTRESN", "FASTRESN", "AVAL"}), ("SRCDOM", {"", "RS", "QS", "FA", "ADEFF"}),
    ("TRTPN", {None, 1, 2, 3}), ("CRIT2FL", {"", "Y", "N"}), ("CRIT3FL", {"", "Y", "N"}), ("QOLINST", {"", "DLQI", "CDLQI"}),
    ("AVALCAT1", {"", "0/1", ">=2", "0-1", "2-5", "6-10", "11-20", "21-30"}), ("SAFFL", {"Y", "N"}), ("ITTFL", {"Y", "N"}),
])  # fmt: skip
def test_the_mess_reaches_every_answer(rows: list[Row], variable: str, values: set[object]) -> None:
    assert values <= {row[variable] for row in rows}


def test_a_changed_cell_is_found(rows: list[Row]) -> None:
    row = rows[0]
    assert [name for _, name, _, _ in cells("", row, row | {"AVAL": 9.5, "AVISIT": "Week 3"}, list(row))] == ["AVISIT", "AVAL"]


def finding(code: str, value: float | None, text: str = "", **more: Any) -> Finding:
    plain = Finding("QS", 1.0, code, code[:4], when("2019-03-20"), 1.0, "", True, value, text, "", "", "")
    return dataclasses.replace(plain, **more)


@pytest.mark.parametrize(("text", "day", "moment"), [
    ("2019-03-20T09:30", date(2019, 3, 20), datetime(2019, 3, 20, 9, 30)), ("2019-03-20T09", date(2019, 3, 20), None),
    ("2019-03-20T23:30-05:00", date(2019, 3, 20), datetime(2019, 3, 20, 23, 30)), ("2019-03-20T-:30", date(2019, 3, 20), None),
    ("2019-03-20/2019-03-22", date(2019, 3, 20), None), ("2019-03-20/2019-", None, None),
    ("2019-03", None, None), ("2019-02-30", None, None), ("2019-03-20T24:00", None, None),
])  # fmt: skip
def test_what_is_known_of_a_moment(text: str, day: date | None, moment: datetime | None) -> None:
    assert (when(text).day, when(text).moment) == (day, moment)


def test_scores_worked_out_by_hand() -> None:
    signs = [finding(f"EASI01{n:02d}", 1.5, domain="RS") for n in range(11, 15)]
    assert region([*signs, finding("EASI0115", 2.0)], 11, 3) == 20 * 0.3 * 2 * 6
    assert region(signs, 11, 3) is None
    assert region([finding("EASI0115", 0.0)], 11, 3) == 0
    assert dlqi_item([finding("DLQI107", None, "No"), finding("DLQI107A", None, "A lot")], 7) == 2
    assert dlqi_item([finding("DLQI107", 0.0, "0")], 7) == 0
    assert dlqi_item([finding("DLQI107", None, "NO")], 7) is None
    assert cdlqi_item([finding("CDLQ107", None, "Prevented school"), finding("CDLQ107B", 1.0)], 7) == 3


def test_an_average_wants_four_days() -> None:
    days = {date(2019, 3, n): (float(n), "QSSTRESN") for n in (13, 14, 16, 19, 20)}
    made = itch(days, date(2019, 3, 20), 0, None)
    assert made is not None
    assert (made.value, made.window) == (15.5, (date(2019, 3, 13), date(2019, 3, 19)))
    assert itch(days, date(2019, 3, 20), 2, date(2019, 3, 14)) is None
    assert (rounded(2 / 3), rounded(-29.1666625), stored(date(1960, 1, 2))) == (0.666667, -29.166663, 1.0)
