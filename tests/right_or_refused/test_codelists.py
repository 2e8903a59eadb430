"""CDISC's codelists are whole, and a study can number, list or extend them without losing their codes."""

from pathlib import Path

import pytest

from adam.specification.models import Codelist
from adam.specification.read import read
from tests.right_or_refused.small_study import small_study


def codelists(folder: Path, text: str = "codelists: {}\n") -> dict[str, Codelist]:
    return read(small_study(folder, {"codelists": text}).specs).codelists


DTYPES = {
    *("AVERAGE", "BC", "BLOCF", "BOC", "BOCF", "COPY", "EXTRAP", "HALFLLOQ", "INTERP", "LLOD", "LLOQ", "LOCF", "LOV", "LVPD", "MAXIMUM"),
    *("MINIMUM", "ML", "MOTH", "MOV", "PHANTOM", "POCF", "SOCF", "ULOD", "ULOQ", "WC", "WOC", "WOCF", "WOV"),
}


def test_dtype_has_every_term_of_cdisc_with_its_code(tmp_path: Path) -> None:
    found = codelists(tmp_path)["DTYPE"]
    assert set(found.terms) == {*DTYPES, "NRI"}
    assert (found.nci, found.published, found.extensible) == ("C81224", "ADaM", True)
    assert {term: found.terms[term].nci for term in ("LOCF", "WOCF", "BOCF", "LOV", "NRI")} == {
        **{"LOCF": "C81198", "WOCF": "C81199", "BOCF": "C92226", "LOV": "C132341"},
        "NRI": "",
    }


@pytest.mark.parametrize(
    ("name", "terms", "extensible"),
    [
        ("NRIND", 4, True),
        ("ACN", 8, False),
        ("STENRF", 8, False),
        ("OUT", 6, False),
        ("NCOMPLT", 37, True),
        ("SBJTSTAT", 3, True),
        ("AGEU", 5, False),
        ("NYALL", 4, False),
    ],
)
def test_codelists_are_whole_and_closed_where_cdisc_closes_them(name: str, terms: int, extensible: bool, tmp_path: Path) -> None:
    found = codelists(tmp_path)[name]
    assert (len(found.terms), found.extensible) == (terms, extensible)
    assert all(entry.nci for entry in found.terms.values())


def test_a_study_that_numbers_terms_has_those_terms_with_their_codes(tmp_path: Path) -> None:
    found = codelists(tmp_path, "codelists:\n  RACE: {terms: {WHITE: 1, ASIAN: {number: 7}, MARTIAN: 9}}\n")["RACE"]
    assert found.numbers == {"WHITE": 1, "ASIAN": 7, "MARTIAN": 9}
    assert [each.nci for each in found.terms.values()] == ["C41261", "C41260", ""]
    assert (found.nci, found.extensible) == ("C74457", True)


def test_a_study_that_lists_terms_has_those_terms_with_their_codes(tmp_path: Path) -> None:
    found = codelists(tmp_path, "codelists:\n  SEX: {terms: [F, M]}\n  AESEV: {terms: [MILD, FATAL]}\n")
    assert [(term, each.nci, each.decode) for term, each in found["SEX"].terms.items()] == [("F", "C16576", "Female"), ("M", "C20197", "Male")]
    assert [(term, each.nci, each.number) for term, each in found["AESEV"].terms.items()] == [("MILD", "C41338", None), ("FATAL", "", None)]


def test_terms_without_numbers_are_added_to_a_codelist(tmp_path: Path) -> None:
    found = codelists(tmp_path, "codelists:\n  NRIND: {terms: {CRITICAL HIGH: {decode: Critically high}}}\n")["NRIND"]
    assert list(found.terms) == ["ABNORMAL", "HIGH", "LOW", "NORMAL", "CRITICAL HIGH"]


def test_a_number_more_is_added_to_numbered_terms(tmp_path: Path) -> None:
    found = codelists(tmp_path, "codelists:\n  AESEV: {terms: {LIFE THREATENING: 4}}\n")["AESEV"]
    assert found.numbers == {"MILD": 1, "MODERATE": 2, "SEVERE": 3, "LIFE THREATENING": 4}
