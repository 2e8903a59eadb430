"""The key: given, of a specification, of a define.xml, or searched; duplicates; datasets without a key or records."""

from pathlib import Path

import pandas as pd
import pytest

import adam
from adam.comparison.result import DatasetComparison
from tests.comparison.files import run, write_csv, write_xpt

DEFINE = """<?xml version="1.0"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><Study><MetaDataVersion>
<ItemGroupDef OID="IG.ADAE" Name="ADAE">
<ItemRef ItemOID="IT.2" KeySequence="2"/><ItemRef ItemOID="IT.1" KeySequence="1"/><ItemRef ItemOID="IT.3"/></ItemGroupDef>
<ItemDef OID="IT.1" Name="USUBJID"/><ItemDef OID="IT.2" Name="AESEQ"/><ItemDef OID="IT.3" Name="AETERM"/>
</MetaDataVersion></Study></ODM>"""
ADAE = """
    USUBJID,AESEQ,AETERM,ASTDT
    S-1,1,RASH,2020-01-01
    S-1,2,ITCH,2020-01-02
    S-2,1,RASH,2020-01-01
"""


def compared(tmp_path: Path, one: str, two: str, **options: object) -> DatasetComparison:
    """The comparison of two CSV files."""
    return adam.compare(write_csv(tmp_path / "a" / "adae.csv", one), write_csv(tmp_path / "b" / "adae.csv", two), **options).datasets[0]


def test_the_key_of_a_define_next_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "define.xml").write_text(DEFINE)
    found = compared(tmp_path, ADAE, ADAE)
    assert (found.key.variables, found.key.source) == (("USUBJID", "AESEQ"), "define.xml of COMPARE")


def test_the_key_of_a_specification(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        ADAE.replace("USUBJID", "STUDYID,USUBJID").replace("S-", "X,S-"),
        ADAE.replace("USUBJID", "STUDYID,USUBJID").replace("S-", "X,S-"),
        specs=Path("tests/study/specs"),
    )
    assert (found.key.variables, found.key.source) == (("STUDYID", "USUBJID", "AESEQ"), "specification")


def test_a_declared_key_that_a_file_lacks_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "define.xml").write_text(DEFINE)
    other = "USUBJID,AETERM\nS-1,RASH\nS-1,ITCH\nS-2,RASH"
    found = compared(tmp_path, ADAE, other)
    assert found.key.variables == ("USUBJID", "AETERM")
    assert found.notes[0] == "The key of the define.xml of BASE is not used: AESEQ is not in both datasets."


def test_the_search_takes_the_shortest_key(tmp_path: Path) -> None:
    found = compared(tmp_path, ADAE, ADAE)
    assert (found.key.variables, found.key.source) == (("USUBJID", "AESEQ"), "the shortest that is unique in both")


def test_the_search_takes_the_key_that_matches(tmp_path: Path) -> None:
    one = "USUBJID,SUBJID,AGE\nX-1,1,30\nX-2,2,31\nX-3,3,30"
    two = "USUBJID,SUBJID,AGE\nY-1,1,30\nY-2,2,31\nY-3,3,30"
    found = compared(tmp_path, one, two)
    assert found.key.variables == ("SUBJID",)
    assert [each.variable for each in found.values] == ["USUBJID"]


def test_results_and_record_numbers_are_no_key(tmp_path: Path) -> None:
    one = "USUBJID,ASEQ,PARAMCD,AVISIT,AVAL\nS-1,1,A,1,5\nS-1,2,A,2,6\nS-1,3,B,1,7"
    two = "USUBJID,ASEQ,PARAMCD,AVISIT,AVAL\nS-1,2,A,1,5\nS-1,3,A,2,6\nS-1,1,B,1,7"
    found = compared(tmp_path, one, two)
    assert found.key.variables == ("PARAMCD", "AVISIT")
    assert {each.variable: each.records for each in found.values} == {"ASEQ": 3}


def test_duplicates_are_reported_and_equal_records_matched_first(tmp_path: Path) -> None:
    one = "USUBJID,AETERM\nS-1,RASH\nS-1,ITCH\nS-2,PAIN\nS-3,RASH"
    two = "USUBJID,AETERM\nS-1,ITCH\nS-1,RASH\nS-2,PAIN\nS-2,COLD\nS-3,COUGH"
    found = compared(tmp_path, one, two, key="USUBJID")
    assert (found.base.duplicates.keys, found.base.duplicates.records, found.base.duplicates.first) == (1, 2, ({"USUBJID": "S-1"},))
    assert (found.compare.duplicates.keys, found.compare.duplicates.records) == (2, 4)
    assert (found.matched, found.only_compare.count) == (4, 1)
    assert [(record.base, record.compare) for record in found.values[0].first] == [('"RASH"', '"COUGH"')]


def test_equal_duplicates_are_equal(tmp_path: Path) -> None:
    text = "USUBJID,AETERM\nS-1,RASH\nS-1,RASH"
    found = compared(tmp_path, text, text, key="USUBJID")
    assert found.equal
    assert found.base.duplicates.keys == 1


def test_without_a_key_records_are_matched_by_position(tmp_path: Path) -> None:
    one, two = "A,B\nx,1\nx,1\ny,2", "A,B\nx,1\nx,3\ny,2\ny,2"
    found = compared(tmp_path, one, two)
    assert (found.key.variables, found.matched, found.only_compare.first) == ((), 3, ({"record": "4"},))
    assert [(dict(record.key), record.base, record.compare) for record in found.values[0].first] == [({"record": "2"}, '"1"', '"3"')]


def test_no_record_in_common(tmp_path: Path) -> None:
    found = compared(tmp_path, "USUBJID,A\nS-1,1\nS-2,2", "USUBJID,A\nT-1,3\nT-2,4", key="USUBJID")
    assert (found.matched, found.only_base.count, found.only_compare.count, found.values) == (0, 2, 2, ())


def test_no_variable_in_common(tmp_path: Path) -> None:
    found = compared(tmp_path, "A\n1", "B\n1")
    assert (found.only_base_variables, found.only_compare_variables, found.equal) == (("A",), ("B",), False)
    assert found.key.source == "the datasets have no variable in common"


@pytest.mark.parametrize(("one", "two", "matched", "equal"), [(0, 0, 0, True), (0, 2, 0, False), (2, 0, 0, False)])
def test_datasets_without_records(tmp_path: Path, one: int, two: int, matched: int, equal: bool) -> None:
    lines = ["USUBJID,A", "S-1,1", "S-2,2"]
    found = compared(tmp_path, "\n".join(lines[: one + 1]), "\n".join(lines[: two + 1]))
    assert (found.matched, found.equal, found.only_base.count, found.only_compare.count) == (matched, equal, one, two)


def test_a_key_of_text_and_numbers(tmp_path: Path) -> None:
    one = write_xpt(tmp_path / "a.xpt", pd.DataFrame({"ID": ["1", "2", "x"], "A": ["p", "q", "r"]}))
    two = write_xpt(tmp_path / "b.xpt", pd.DataFrame({"ID": [2.0, 1.0], "A": ["q", "p"]}))
    (found,) = adam.compare(one, two, "ID").datasets
    assert (found.matched, found.values, found.only_base.first) == (2, (), ({"ID": "x"},))


def test_a_key_for_each_dataset(tmp_path: Path) -> None:
    for folder in "ab":
        write_csv(tmp_path / folder / "adsl.csv", "USUBJID,AGE\nS-1,30")
        write_csv(tmp_path / folder / "adae.csv", ADAE)
    result = adam.compare(tmp_path / "a", tmp_path / "b", ["USUBJID", "ADAE=USUBJID,AESEQ"])
    assert [(each.name, each.key.variables) for each in result.datasets] == [("ADAE", ("USUBJID", "AESEQ")), ("ADSL", ("USUBJID",))]
    found = run(tmp_path / "a", tmp_path / "b", "--key", "USUBJID,AESEQ")
    assert found.exit_code == 2
    assert found.stderr == (
        "ADSL of BASE has no variable AESEQ (--key). For one dataset of a folder write --key ADSL=..., for a variable of another name --map.\n"
    )
