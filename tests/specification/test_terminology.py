"""CDISC terminology as a table, and codelists of YAML over it."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.specification.models import Codelist
from adam.specification.read import read

ROOT = Path(__file__).parents[2]
OURS = ROOT / "specs/adamig/tables/ct_terms.csv"
PUBLISHED = ROOT.parent / "shared/data/standards/ct_terms.csv"
HEAD = "codelist_code,codelist,codelist_name,extensible,term_code,term,decode,standard\n"


@cache
def terms_of(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip("the terms of CDISC are not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codelists(folder: Path, yaml: str, table: str = "") -> dict[str, Codelist]:
    study = folder / "study"
    study.mkdir()
    (study / "study.yaml").write_text("language: 1\nstudy: T\nids: [T]\nextends: adamig\n")
    if table or yaml:
        (study / "codelists.yaml").write_text(("terminology: newer.csv\n" if table else "") + yaml)
    if table:
        (study / "newer.csv").write_text(HEAD + table)
    return dict(read(study).codelists)


def test_the_table_is_that_of_cdisc() -> None:
    key = ("codelist", "term")
    ours, theirs = ({tuple(row[name] for name in key): row for row in terms_of(path)} for path in (OURS, PUBLISHED))
    assert ours.keys() == theirs.keys()
    for each, row in theirs.items():
        wanted = {**row, "extensible": "No"} if each[0] == "COUNTRY" else row  # ISO 3166-1 is a closed list; the source says nothing
        assert ours[each] == wanted


def test_the_table_is_consistent() -> None:
    assert max(Counter((row["codelist"], row["term"]) for row in terms_of(OURS)).values()) == 1
    assert {len({(row["codelist_code"], row["extensible"]) for row in terms_of(OURS) if row["codelist"] == name}) for name in codelist_names()} == {1}
    names = Counter(row["codelist_code"] for row in {row["codelist"]: row for row in terms_of(OURS)}.values() if row["codelist_code"])
    assert max(names.values()) == 1
    codes = {code for row in terms_of(OURS) for code in (row["codelist_code"], row["term_code"]) if code}
    assert all(code[0] == "C" and code[1:].isdigit() for code in codes)
    assert max(len(row["term"]) for row in terms_of(OURS)) <= 200


def codelist_names() -> set[str]:
    return {row["codelist"] for row in terms_of(OURS)}


def test_a_codelist_of_the_table(tmp_path: Path) -> None:
    found = codelists(tmp_path, "")
    route = found["ROUTE"]
    assert (route.nci, route.extensible, route.published, route.terms["ORAL"].nci) == ("C66729", True, "SDTM", "C38288")
    assert (found["DATEFL"].published, found["DATEFL"].extensible, list(found["DATEFL"].terms)) == ("ADaM", False, ["D", "M", "Y"])
    assert (found["COUNTRY"].terms["FRA"].decode, found["COUNTRY"].nci) == ("France", "")


def test_the_codelists_of_the_layer_keep_the_codes_of_cdisc(tmp_path: Path) -> None:
    found = codelists(tmp_path, "")
    assert {name: list(found[name].terms) for name in ("NY", "NYALL", "Y", "NYNUM")} == {
        "NY": ["Y", "N"],
        "NYALL": ["Y", "N", "U", "NA"],
        "Y": ["Y"],
        "NYNUM": ["N", "Y"],
    }
    assert {found[name].nci for name in ("NY", "NYALL", "Y", "NYNUM")} == {"C66742"}
    assert {found[name].terms["Y"].nci for name in ("NY", "NYALL", "Y", "NYNUM")} == {"C49488"}
    assert (found["Y"].numbers, found["NYNUM"].numbers, found["NY"].numbers) == ({"Y": 1}, {"N": 0, "Y": 1}, {})
    assert (found["AESEV"].numbers, found["AESEV"].terms["MILD"].nci) == ({"MILD": 1, "MODERATE": 2, "SEVERE": 3}, "C41338")
    assert (found["RACE"].terms["WHITE"].nci, found["RACE"].terms["MULTIPLE"].nci, found["RACE"].extensible) == ("C41261", "", True)


def test_a_study_has_terms_of_a_codelist_under_another_name(tmp_path: Path) -> None:
    found = codelists(tmp_path, "codelists:\n  DOSEUNIT: {subset_of: UNIT, terms: [mg, mL]}\n  UNIT: {terms: {IU/patch: {}}}\n")
    assert [(term, entry.nci) for term, entry in found["DOSEUNIT"].terms.items()] == [("mg", "C28253"), ("mL", "C28254")]
    assert (found["DOSEUNIT"].nci, found["UNIT"].terms["mg"].nci, found["UNIT"].terms["IU/patch"].nci) == ("C71620", "C28253", "")


def test_a_table_of_a_study_replaces_codelists_and_leaves_what_the_layer_changes(tmp_path: Path) -> None:
    table = "C66731,SEX,Sex,No,C16576,F,Female,SDTM CT 2099-01-01\nC66742,NY,No Yes Response,No,C49488,Y,Ja,SDTM CT 2099-01-01\n"
    found = codelists(tmp_path, "", table + "C66742,NY,No Yes Response,No,C49487,N,Nein,SDTM CT 2099-01-01\n")
    assert list(found["SEX"].terms) == ["F", "INTERSEX"]
    assert (found["Y"].terms["Y"].decode, list(found["NY"].terms), list(found["NYALL"].terms)) == ("Ja", ["Y", "N"], ["Y", "N"])
    assert len(found["ACN"].terms) == 8


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("C1,AA,A,No,C2,X,,\nC1,AA,A,No,C2,X,,\n", "newer.csv:3:1: AA: Term 'X' is in the codelist twice, first on line 2."),
        ("C1,AA,A,No,C2,X,,\nC1,AA,A,Yes,C3,Z,,\n", "newer.csv:3:1: AA: The line has other attributes than line 2."),
        ("C1,AA,A,Maybe,C2,X,,\n", "newer.csv:2:1: AA: extensible must be Yes or No, not 'Maybe'."),
        ("1,AA,A,No,C2,X,,\n", "newer.csv:2:1: AA: A code must be a C with digits, such as C66742, not '1'."),
        ("C1,AA,A,No,C2,X\n", "newer.csv:2:1: The line has 6 values, but there are 8 columns."),
        ("C1,AA,A,No,C2,,,\n", "newer.csv:2:1: AA: A line needs a codelist and a term."),
    ],
)
def test_a_faulty_table_is_reported_with_its_line(table: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        codelists(tmp_path, "", table)
    assert message in str(caught.value)
