"""Define-XML 2.1: the content that a reviewer requires, the schema and the references."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from adam.core.errors import ExportError
from adam.submission.data_profile import count_decimals, merge_profiles, profile_dataset
from adam.submission.define.document import define_xml
from adam.submission.define.elements import element, serialize
from tests.submission.example_datasets import DATASETS, FRAMES, PROFILES, STUDY, SUBJECTS, WHEN, variable

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"


@pytest.fixture(scope="module")
def raw() -> bytes:
    return define_xml(STUDY, DATASETS, PROFILES, WHEN)


@pytest.fixture(scope="module")
def root(raw: bytes) -> ET.Element:
    return ET.fromstring(raw)


def one(root: ET.Element, tag: str, oid: str) -> ET.Element:
    found = [each for each in root.iter(tag) if each.get("OID") == oid]
    assert len(found) == 1
    return found[0]


def text(node: ET.Element | None) -> str:
    assert node is not None
    return "".join(node.itertext()).strip()


def test_the_schema_holds(raw: bytes, tmp_path: Path) -> None:
    parser = pytest.importorskip("odmlib.odm_parser", reason="odmlib is not installed, so the schema of Define-XML 2.1 was NOT checked")
    (tmp_path / "define.xml").write_bytes(raw)
    parser.ODMSchemaValidator(standard="arm", version="1.0-define2.1").validate_file(str(tmp_path / "define.xml"))


def test_the_schema_refuses_an_invalid_file(raw: bytes, tmp_path: Path) -> None:
    parser = pytest.importorskip("odmlib.odm_parser", reason="odmlib is not installed")
    (tmp_path / "define.xml").write_bytes(raw.replace(b'Name="BASIC DATA STRUCTURE"', b'Name="BDS"'))
    with pytest.raises(Exception, match="BDS"):
        parser.ODMSchemaValidator(standard="arm", version="1.0-define2.1").validate_file(str(tmp_path / "define.xml"))


def test_a_dataset(root: ET.Element) -> None:
    group = one(root, f"{ODM}ItemGroupDef", "IG.ADY")
    assert group.attrib["Name"] == group.attrib["SASDatasetName"] == "ADY"
    assert (group.attrib["Repeating"], group.attrib[f"{DEF}StandardOID"]) == ("Yes", "STD.ADaMIG")
    assert group.attrib[f"{DEF}Structure"] == "One record per subject, parameter and visit"
    assert [ref.attrib["ItemOID"] for ref in group.iter(f"{ODM}ItemRef")] == [f"IT.ADY.{name}" for name in DATASETS["ADY"].variables]
    keys = {ref.attrib["ItemOID"]: ref.attrib["KeySequence"] for ref in group.iter(f"{ODM}ItemRef") if "KeySequence" in ref.attrib}
    assert keys == {"IT.ADY.USUBJID": "1", "IT.ADY.PARAMCD": "2", "IT.ADY.AVISITN": "3"}
    assert [ref.attrib["Mandatory"] for ref in group.iter(f"{ODM}ItemRef")] == ["Yes", *["No"] * 5]
    leaf = group.find(f"{DEF}leaf")
    assert leaf is not None
    assert leaf.attrib["{http://www.w3.org/1999/xlink}href"] == "ady.xpt"
    assert one(root, f"{ODM}ItemGroupDef", "IG.ADX").attrib["Repeating"] == "No"


@pytest.mark.parametrize(
    ("name", "type_", "length", "digits", "format_"),
    [
        ("ADX.SEX", "text", "1", None, None),
        ("ADX.AGEGR1N", "integer", "8", None, "8."),
        ("ADX.TRTSDT", "integer", "8", None, "DATE9."),
        ("ADX.DOSE", "float", "8", "3", None),
        ("ADY.AVAL", "float", "8", "2", "8.2"),
        ("ADY.AVAL.A", "integer", "8", None, "8."),
    ],
)
def test_a_variable(root: ET.Element, name: str, type_: str, length: str, digits: str | None, format_: str | None) -> None:
    item = one(root, f"{ODM}ItemDef", f"IT.{name}")
    assert (item.attrib["DataType"], item.attrib["Length"], item.get("SignificantDigits")) == (type_, length, digits)
    assert item.get(f"{DEF}DisplayFormat") == format_
    assert item.attrib["SASFieldName"] == name.split(".")[1]


def test_origins_methods_and_comments(root: ET.Element) -> None:
    sex = one(root, f"{ODM}ItemDef", "IT.ADX.SEX")
    origin = sex.find(f"{DEF}Origin")
    assert origin is not None
    assert (origin.attrib, text(origin)) == ({"Type": "Predecessor"}, "DM.SEX")
    assert text(one(root, f"{DEF}CommentDef", sex.attrib[f"{DEF}CommentOID"])) == "As collected"
    methods = {each.attrib["OID"]: (each.attrib["Type"], text(each)) for each in root.iter(f"{ODM}MethodDef")}
    assert methods["MT.ADX.AGEGR1"] == ("Computation", "cut (of: AGE)")
    assert methods["MT.ADX.TRTSDT"][0] == "Imputation"
    assert "MT.ADX.SEX" not in methods
    refs = {each.attrib["ItemOID"]: each.get("MethodOID") for each in root.iter(f"{ODM}ItemRef")}
    assert (refs["IT.ADX.AGEGR1"], refs["IT.ADX.SEX"], refs["IT.ADY.AVAL.B"]) == ("MT.ADX.AGEGR1", None, "MT.ADY.AVAL.B")


def test_values_by_parameter(root: ET.Element) -> None:
    item = one(root, f"{ODM}ItemDef", "IT.ADY.AVAL")
    ref = item.find(f"{DEF}ValueListRef")
    assert ref is not None
    values = one(root, f"{DEF}ValueListDef", ref.attrib["ValueListOID"])
    clauses = [each.attrib["WhereClauseOID"] for each in values.iter(f"{DEF}WhereClauseRef")]
    checks = [one(root, f"{DEF}WhereClauseDef", oid).find(f"{ODM}RangeCheck") for oid in clauses]
    assert [(c.attrib[f"{DEF}ItemOID"], c.attrib["Comparator"], text(c)) for c in checks if c is not None] == [
        ("IT.ADY.PARAMCD", "EQ", "A"),
        ("IT.ADY.PARAMCD", "EQ", "B"),
    ]


def coded(root: ET.Element, oid: str) -> list[tuple[str, str]]:
    items = [each for each in one(root, f"{ODM}CodeList", oid) if "CodedValue" in each.attrib]
    return [(each.attrib["CodedValue"], text(each)) for each in items]


def test_codelists(root: ET.Element) -> None:
    sex = one(root, f"{ODM}CodeList", "CL.SEX")
    assert sex.attrib[f"{DEF}StandardOID"] == "STD.CT.SDTM"
    assert [each.attrib["Name"] for each in sex.iter(f"{ODM}Alias")] == ["C16576", "C20197", "C66731"]
    assert coded(root, "CL.SEX") == [("F", "Female"), ("M", "Male")]
    assert coded(root, "CL.AGEGR1") == [("<65", ""), (">=65", "")]
    assert coded(root, "CL.AGEGR1.N") == [("1", "<65"), ("2", ">=65")]
    assert coded(root, "CL.ADY.PARAMCD") == [("A", "Parameter A"), ("B", "Parameter B")]
    assert coded(root, "CL.W.AVISITN") == [("0", "Baseline"), ("2", "Week 2")]
    flag = one(root, f"{ODM}CodeList", "CL.IMPFL")
    assert flag.get(f"{DEF}IsNonStandard") == "Yes"  # the study names no ADaM terminology
    assert [each.get(f"{DEF}ExtendedValue") for each in flag if "CodedValue" in each.attrib] == [None, "Yes"]


def test_without_standards_nothing_claims_one() -> None:
    raw = define_xml(STUDY.model_copy(update={"standards": ()}), DATASETS, PROFILES, WHEN)
    assert b"StandardOID" not in raw
    assert raw.count(b'def:IsNonStandard="Yes"') == raw.count(b"<ItemGroupDef") + raw.count(b"<CodeList ")


def test_the_same_bytes_and_the_moment(raw: bytes) -> None:
    assert raw == define_xml(STUDY, DATASETS, PROFILES, WHEN)
    assert b'CreationDateTime="2021-01-15T09:30:00"' in raw
    assert b"A study of &lt;nothing&gt; &amp; no one" in raw


def test_a_dataset_without_records_is_marked() -> None:
    raw = define_xml(STUDY, {"ADX": SUBJECTS}, {"ADX": profile_dataset(FRAMES["ADX"].iloc[:0], SUBJECTS)}, WHEN)
    assert b'def:HasNoData="Yes"' in raw


def test_an_unknown_class_is_refused() -> None:
    wrong = SUBJECTS.model_copy(update={"class_": "BDS"})
    with pytest.raises(ExportError, match="'BDS' is not a class of Define-XML"):
        define_xml(STUDY, {"ADX": wrong}, PROFILES, WHEN)


def test_a_reference_without_its_definition() -> None:
    with pytest.raises(ExportError, match=r"ItemRef refers to IT\.A, which is not defined"):
        serialize(element("ODM", element("ItemRef", ItemOID="IT.A")))
    with pytest.raises(ExportError, match=r"IT\.A is defined twice"):
        serialize(element("ODM", element("ItemDef", OID="IT.A"), element("ItemDef", OID="IT.A")))


@pytest.mark.parametrize(("values", "count"), [([], 0), ([1.0, None], 0), ([0.1, 2.0], 1), ([1 / 3], 12), ([1e9 + 0.25], 2)])
def test_decimals(values: list[float], count: int) -> None:
    assert count_decimals(pd.Series(values, dtype="float64")) == count


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (("2020-01-31", "2020-02-29"), "date"),
        (("2020-01-31", ""), "date"),
        (("2020-01-31T10:30", "2020-01-31T10:30:15"), "datetime"),
        (("2020-01-31", "2020-01"), "partialDate"),
        (("2020", ""), "partialDate"),
        (("2020-01-31", "2020-01-31T10:30"), "partialDatetime"),
        (("2020-01-31T10", ""), "partialDatetime"),
        (("2020-01-31", "31JAN2020"), "text"),
        (("", ""), "text"),
    ],
)
def test_the_type_of_iso_texts(values: tuple[str, str], type_: str) -> None:
    variables = {**SUBJECTS.variables, "RFSTDTC": variable("RFSTDTC", "Start", length=20)}
    dataset = SUBJECTS.model_copy(update={"variables": variables})
    frame = FRAMES["ADX"].assign(RFSTDTC=pd.Series(list(values), dtype="str"))
    halves = merge_profiles([profile_dataset(frame.iloc[:1], dataset), profile_dataset(frame.iloc[1:], dataset)])
    assert halves == profile_dataset(frame, dataset)
    item = one(ET.fromstring(define_xml(STUDY, {"ADX": dataset}, {"ADX": halves}, WHEN)), f"{ODM}ItemDef", "IT.ADX.RFSTDTC")
    assert (item.attrib["DataType"], item.get("Length")) == (type_, "20" if type_ == "text" else None)


def test_the_profile_of_parts_is_that_of_the_whole() -> None:
    frame = FRAMES["ADY"]
    parts = [profile_dataset(frame.iloc[:1], DATASETS["ADY"]), profile_dataset(frame.iloc[1:], DATASETS["ADY"])]
    assert merge_profiles(parts) == PROFILES["ADY"]
    assert PROFILES["ADY"].records == 2
    assert PROFILES["ADY"].longest == {"USUBJID": 6, "PARAMCD": 1, "AVISIT": 8}
    assert PROFILES["ADY"].decimals == {("AVAL", ""): 1, ("AVAL", "A"): 0, ("AVAL", "B"): 1}
