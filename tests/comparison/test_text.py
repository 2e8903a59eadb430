"""What `adam compare` prints about a small comparison, written by hand."""

import json
from pathlib import Path

import pandas as pd
import pytest

import adam
from tests.comparison.files import run, write_xpt

BASE = pd.DataFrame(
    {
        "USUBJID": ["S-1", "S-1", "S-2", "S-3", "S-4"],
        "PARAMCD": ["EASI", "IGA", "EASI", "EASI", "EASI"],
        "AVAL": [10.5, 3, 7.2, 1, 2],
        "AVALC": ["10.5", "3", "7.2", "", "x"],
        "ADT": [20000.0, 20000, 20001, 20002, 20003],
        "SAFFL": ["Y", "Y", "Y", "N", "Y"],
    }
)
LABELS = ["Subject", "Parameter Code", "Analysis Value", "Analysis Value (C)", "Analysis Date", "Safety"]
EXPECTED = """
BASE     a/adqs.xpt
COMPARE  b/adqs.xpt
Values are compared exactly.

ADQS: different
  key        USUBJID, PARAMCD (the shortest that is unique in both)
  records    5 in BASE, 5 in COMPARE, 4 matched
  variables  6 in BASE, 7 in COMPARE, 4 compared besides the key
  Note: The records are in another order, which does not count.

  Variables only in COMPARE (1): EXTRA

  Attributes that differ (1)
    variable  attribute  BASE              COMPARE
    AVAL      label      "Analysis Value"  "Value"

  Records only in BASE (1)
    USUBJID=S-4 PARAMCD=EASI

  Records only in COMPARE (1)
    USUBJID=S-9 PARAMCD=IGA

  Values that differ (5 in 3 variables, 3 records)
    AVAL (number): 1 record
      USUBJID=S-2 PARAMCD=EASI: 7.2 -> 7.3 (+0.1)
    ADT (date): 1 record
      USUBJID=S-1 PARAMCD=IGA: 2014-10-04 -> 2014-10-14 (+10 days)
    SAFFL (text): 3 records
      missing only in COMPARE: 3
      "Y" -> "": 3 records
      USUBJID=S-1 PARAMCD=EASI: "Y" -> ""
      USUBJID=S-1 PARAMCD=IGA: "Y" -> ""
      ... and 1 more record

Different: 1 variable on one side only, 1 attribute, 2 records on one side only,
  5 values.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two versions of a dataset."""
    compare = BASE.iloc[[2, 1, 0, 3]].reset_index(drop=True)
    compare.loc[0, "AVAL"], compare.loc[1, "ADT"] = 7.3, 20010
    compare["SAFFL"] = ["", "", "", "N"]
    added = pd.DataFrame({"USUBJID": ["S-9"], "PARAMCD": ["IGA"], "AVAL": [1.0], "AVALC": ["1"], "ADT": [20000.0], "SAFFL": ["Y"]})
    compare = pd.concat([compare, added], ignore_index=True).assign(EXTRA="a")
    write_xpt(tmp_path / "a" / "adqs.xpt", BASE, LABELS, {"ADT": "DATE9."})
    write_xpt(tmp_path / "b" / "adqs.xpt", compare, [*LABELS[:2], "Value", *LABELS[3:], "Extra"], {"ADT": "DATE9."})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_text(folder: Path) -> None:
    found = run("a/adqs.xpt", "b/adqs.xpt", "--records", 2)
    assert found.output.strip() == EXPECTED.strip()
    assert found.exit_code == 1


def test_every_line_fits_in_80_columns(folder: Path) -> None:
    assert max(map(len, run("a/adqs.xpt", "b/adqs.xpt").output.splitlines())) <= 80


def test_a_dataset_is_equal_to_itself(folder: Path) -> None:
    found = run("a", "a/adqs.xpt")
    assert (found.exit_code, found.output.splitlines()[-1]) == (0, "Equal: 1 dataset.")


def test_verbose_lists_what_is_equal(folder: Path) -> None:
    output = run("a", "b", "--verbose").output
    assert "  Equal values: AVALC\n" in output
    assert "  SYSINFO    6368\n" in output  # label 32, BASEOBS 64, COMPOBS 128, COMPVAR 2048, VALUE 4096


def test_json(folder: Path) -> None:
    (dataset,) = json.loads(run("a", "b", "--json").output)["datasets"]
    assert dataset["only_compare_variables"] == ["EXTRA"]
    assert dataset["sysinfo"] == 6368
    assert [(each["variable"], each["records"]) for each in dataset["values"]] == [("AVAL", 1), ("ADT", 1), ("SAFFL", 3)]
    assert dataset["values"][2]["pairs"] == [{"base": '"Y"', "compare": '""', "records": 3}]


def test_html(folder: Path) -> None:
    assert run("a", "b", "--html", "page.html").exit_code == 1
    page = (folder / "page.html").read_text(encoding="utf-8-sig")
    assert '<h2 id="1">ADQS: different</h2>' in page
    assert "http" not in page  # it loads nothing
    assert "USUBJID=<b>S-9</b>" in page
    again = run("a", "b", "--html", "page.html")
    assert (again.exit_code, again.stderr) == (2, "page.html already exists. Choose another file, or use --force to replace it.\n")
    assert run("a", "b", "--html", "page.html", "--force").exit_code == 1


def test_html_escapes_values(tmp_path: Path) -> None:
    one, two = (BASE.assign(AVALC=text) for text in ("<script>alert(1)</script>", "b"))
    write_xpt(tmp_path / "a.xpt", one)
    write_xpt(tmp_path / "b.xpt", two)
    run(tmp_path / "a.xpt", tmp_path / "b.xpt", "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8-sig")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_this_text() -> None:
    page = (Path(__file__).parents[2] / "docs" / "compare.md").read_text(encoding="utf-8")
    assert EXPECTED in page


def test_progress(folder: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    adam.compare("a", "b", progress=lambda *step: seen.append(step))
    assert seen == [("compare ADQS", 1, 2), ("done", 2, 2)]
