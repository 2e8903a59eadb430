"""Text of sources: what is removed at its ends, in which encoding it is, and of which domain its records are."""

from pathlib import Path

import pyreadstat
import pytest

from adam.core.errors import SourceError
from adam.sources import Source, open_source
from tests.right_or_refused.small_study import ADSL, small_study

HEAD = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM\n"


def source(folder: Path, *terms: str, **more: str) -> Source:
    rows = "".join(f'S,AE,1,{number},"{term}"\n' for number, term in enumerate(terms, 1))
    (folder / "ae.csv").write_bytes((HEAD + rows).encode(more.get("encoding", "utf-8")))
    return open_source(folder, {"AE": more["stated"]} if "stated" in more else None)


@pytest.mark.parametrize(
    ("term", "shown"),
    [("\tCough", "\\tCough"),
     ("Cough\n", "Cough\\n"), ("Cough\u00a0", "Cough\\xa0"), ("\u200bCough", "\\u200bCough"), ("Cough \u3000", "Cough \\u3000"),
     ("\ufeffCough", "\\ufeffCough")],
)  # fmt: skip
def test_what_is_removed_beyond_blanks_is_reported(tmp_path: Path, term: str, shown: str) -> None:
    found = source(tmp_path, " Rash ", term)
    assert found.read("AE", ["AETERM"])["AETERM"].tolist() == ["Rash", "Cough"]
    (finding,) = found.findings
    assert (str(finding.severity), finding.variable, finding.count, finding.keys[0]["AESEQ"]) == ("warning", "AETERM", 1, "2")
    assert finding.values == ({"AETERM": shown},)


def test_white_space_inside_stays_and_is_no_finding(tmp_path: Path) -> None:
    found = source(tmp_path, "dry\tcough", " blanks only ", "")
    assert found.read("AE", ["AETERM"])["AETERM"].tolist() == ["dry\tcough", "blanks only", ""]
    assert found.findings == []


def test_a_record_of_another_domain_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text(HEAD + "S,AE,1,1,a\nS,CM,1,2,b\nS,,1,3,c\nS,ae,1,4,d\n")
    found = open_source(tmp_path)
    assert list(found.read("AE", ["AETERM"])) == ["STUDYID", "USUBJID", "AESEQ", "AETERM"]
    assert [(str(each.severity), each.message, each.count, each.values, each.keys[0]["AESEQ"]) for each in found.findings] == [
        (
            "warning",
            "ae.csv: DOMAIN is not AE; the record was read with the others of its file",
            1,
            ({"DOMAIN": "CM"},),
            "2",
        )
    ]


@pytest.mark.parametrize(("encoding", "term"), [("gb18030", "头痛"), ("shift_jis", "頭痛"), ("windows-1251", "Кашель"), ("latin-1", "Fièvre")])
@pytest.mark.parametrize("suffix", [".csv", ".xpt"])
def test_an_encoding_that_is_stated(tmp_path: Path, encoding: str, term: str, suffix: str) -> None:
    found = source(tmp_path, "Cough", term, encoding=encoding, stated=encoding)
    if suffix == ".xpt":
        found = transport(tmp_path, term.encode(encoding), {"AE": encoding})
    assert found.read("AE", ["AETERM"])["AETERM"].tolist()[-1] == term
    assert found.findings == []


def transport(folder: Path, term: bytes, encodings: dict[str, str] | None = None) -> Source:
    import pandas as pd  # noqa: PLC0415

    for path in folder.iterdir():
        path.unlink()
    frame = pd.DataFrame({"STUDYID": ["S"], "USUBJID": ["1"], "AESEQ": [1.0], "AETERM": ["@" * len(term)]})
    pyreadstat.write_xport(frame, str(folder / "ae.xpt"), file_format_version=5, table_name="AE")
    (folder / "ae.xpt").write_bytes((folder / "ae.xpt").read_bytes().replace(b"@" * len(term), term))
    return open_source(folder, encodings)


def test_bytes_that_are_not_of_the_encoding_stated(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"ae\.csv: The text is not in gb18030"):
        source(tmp_path, "Cough\xff", encoding="latin-1", stated="gb18030").read("AE", ["AETERM"])
    with pytest.raises(SourceError, match=r"ae\.xpt: record 1: AETERM has the byte 0xFF, which is not utf-8. Correct the encoding"):
        transport(tmp_path, b"Cough\xff", {"AE": "utf-8"}).read("AE", ["AETERM"])


@pytest.mark.parametrize("term", ["头痛", "血压", "头痛头"])
def test_bytes_that_are_utf8_by_chance_are_a_warning(tmp_path: Path, term: str) -> None:
    """Two bytes of GB 18030 are one of UTF-8 in these terms."""
    found = transport(tmp_path, term.encode("gb18030"))
    found.read("AE", ["AETERM"])
    assert [(each.variable, each.count) for each in found.findings] == [("AETERM", 1)]
    assert "declare it (sources: encoding:)" in found.findings[0].message


@pytest.mark.parametrize("term", ["Fièvre à 38 °C", "β-blocker, 5 µg/m²", "Кашель", "α ± 2 · 10⁻³ ≥ 頭痛", "Łódź", "כאב", "ألم"])
def test_text_of_many_languages_is_no_finding(tmp_path: Path, term: str) -> None:
    found = source(tmp_path, term)
    assert found.read("AE", ["AETERM"])["AETERM"].tolist() == [term]
    assert found.findings == []


def test_the_encoding_of_a_domain_is_that_of_its_supplement_and_parts(tmp_path: Path) -> None:
    for name, text in (
        ("qsgi.csv", "STUDYID,DOMAIN,USUBJID,QSSEQ,QSCAT\nS,QS,1,1,頭痛\n"),
        ("suppqs.csv", "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS,QS,1,QSSEQ,1,NOTE,咳\n"),
    ):
        (tmp_path / name).write_bytes(text.encode("shift_jis"))
    found = open_source(tmp_path, {"QS": "shift_jis"}).read("QS", ["QSCAT", "NOTE"])
    assert found[["QSCAT", "NOTE"]].values.tolist() == [["頭痛", "咳"]]


def test_an_encoding_of_a_format_that_has_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ae.json").write_text("{}")
    with pytest.raises(SourceError, match=r"ae\.json: The text of a Dataset-JSON file is always UTF-8. Remove encoding: gb18030"):
        open_source(tmp_path, {"AE": "gb18030"})


@pytest.mark.parametrize(
    ("encoding", "expected"), [("gb18031", "not a known encoding"), ("hex", "not a known encoding"), ("rot13", "not a known encoding")]
)
def test_an_encoding_that_is_unknown_is_a_problem(tmp_path: Path, encoding: str, expected: str) -> None:
    ran = small_study(tmp_path, study=f"sources:\n  AE: {{encoding: {encoding}}}\n").check()
    assert ran.exit_code == 2
    assert f"study.yaml:12:18: AE: '{encoding}' is {expected}" in ran.text


def test_an_encoding_reaches_the_dataset(tmp_path: Path) -> None:
    adsl = ADSL + "  NOTE: {label: Note, length: 20, first: AE.AETERM}\n"
    ae = (HEAD + "S1,AE,S1-1,1,Кашель\n").encode("windows-1251")
    ran = small_study(tmp_path, {"adsl": adsl}, {"ae": ae}, "non_ascii: keep\nsources:\n  AE: {encoding: windows-1251}\n").build()
    assert ran.exit_code == 0, ran.text
    assert ran.records("ADSL", "NOTE") == ["Кашель", ""]
