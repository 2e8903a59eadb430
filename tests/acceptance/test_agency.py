"""The twenty points of docs/agency.md on the files of a submission, read by the layout of TS-140 and from define.xml."""

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pyreadstat
import pytest

from tests.submission import ts140

DOCS = Path(__file__).parents[2] / "docs" / "agency.md"
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
POINTS = 20
FORMATS = {"DT": ("DATE", 9, 0), "DTM": ("DATETIME", 20, 0)}
POPULATIONS = ("ITTFL", "SAFFL", "RANDFL", "COMPLFL")
CORE = ["STUDYID", "USUBJID", "SUBJID", "SITEID", "SEX", "AGEGR1", "RACEGR1", "TRT01P", "TRT01A", "TRTSDT", "TRTEDT", "ITTFL", "SAFFL"]


@pytest.fixture(scope="module")
def files(submission):
    """Each transport file by its name."""
    return {path.name: path for path in sorted((submission.out / "adam").glob("*.xpt"))}


@pytest.fixture(scope="module")
def members(files):
    return {name.removesuffix(".xpt").upper(): ts140.read(path) for name, path in files.items()}


@pytest.fixture(scope="module")
def frames(files):
    return {name.removesuffix(".xpt").upper(): pyreadstat.read_xport(str(path), disable_datetime_conversion=True)[0] for name, path in files.items()}


@pytest.fixture(scope="module")
def define(submission):
    return ET.parse(submission.out / "adam" / "define.xml").getroot()


@pytest.fixture(scope="module")
def found(submission):
    """The ids of what the run found, and of the rules in the messages."""
    findings = submission.derived.findings
    return {each.id for each in findings} | {name for each in findings for name in re.findall(r"\b(?:AD|SD|CT)\d{4}[A-C]?\b", each.message)}


def variables(members):
    return [variable for member in members.values() for variable in member.variables]


def described(element):
    return "".join(element.find(f"{ODM}Description").itertext()).strip()


def test_point_01_version_5_one_dataset_a_file(files):
    for path in files.values():
        raw = path.read_bytes()
        assert raw.startswith(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!")
        assert raw.count(b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!") == 1


def test_point_02_names_of_variables(members):
    assert [each["name"] for each in variables(members) if not re.fullmatch("[A-Z][A-Z0-9]{0,7}", each["name"])] == []


def test_point_03_names_of_datasets(submission, members):
    assert {name: member.name for name, member in members.items()} == {name: name for name in members}
    assert all(re.fullmatch("AD[A-Z0-9]{0,6}", name) for name in members)
    assert all(path.name == path.name.lower() for path in (submission.out / "adam").iterdir())
    assert [each.class_ for each in submission.derived.plan.datasets.values()].count("SUBJECT LEVEL ANALYSIS DATASET") == 1


def test_point_04_labels(members, found):
    labels = [each["label"] for each in variables(members)] + [member.label for member in members.values()]
    assert [label for label in labels if not re.fullmatch(r"[ -~]{1,40}", label)] == []
    assert [label for label in labels if any(label.count(one) != label.count(other) for one, other in ("()", "[]", "{}"))] == []
    assert [label for label in labels if label.count("'") % 2 or label.count('"') % 2] == []
    assert "AGENCY-04" not in found


def test_point_05_labels_of_the_guide_and_of_define(members, define, found):
    groups = {each.get("Name"): each for each in define.iter(f"{ODM}ItemGroupDef")}
    items = {each.get("OID"): described(each) for each in define.iter(f"{ODM}ItemDef") if each.find(f"{ODM}Description") is not None}
    for name, member in members.items():
        assert described(groups[name]) == member.label
        assert [items[ref.get("ItemOID")] for ref in groups[name].iter(f"{ODM}ItemRef")] == [each["label"] for each in member.variables]
    assert members["ADSL"].label == "Subject-Level Analysis Dataset"
    assert found.isdisjoint({"AD0018", "AD0320", "SD1324", "SD1325"})


def test_points_06_and_08_text_has_1_to_200_bytes(members):
    lengths = [each["length"] for each in variables(members) if each["type"] == "text"]
    assert min(lengths) >= 1
    assert max(lengths) <= 200


def test_point_07_one_length_of_a_variable(members, found):
    lengths = {}
    for each in variables(members):
        lengths.setdefault(each["name"], set()).add(each["length"])
    assert {name: sizes for name, sizes in lengths.items() if len(sizes) > 1} == {}
    assert "AGENCY-07" not in found


def test_point_09_printable_ascii(frames, found):
    for frame in frames.values():
        for name in frame.select_dtypes(["object", "str"]):
            assert frame[name].str.fullmatch(r"[ -~]*").all(), name
    assert "AGENCY-09" not in found


def test_point_10_numbers_of_8_bytes(members):
    assert {each["length"] for each in variables(members) if each["type"] == "number"} == {8}


def test_point_11_at_most_5_gigabytes(submission, files):
    assert submission.derived.study.split_over == 5_000_000_000
    assert max(path.stat().st_size for path in files.values()) <= 5_000_000_000


def test_point_12_dates_have_the_formats_of_dates(members):
    dated = [(each, re.search("(DTM|DT|TM)$", each["name"])) for each in variables(members) if each["type"] == "number"]
    assert {(end[0], each["format"]) for each, end in dated if end} == set(FORMATS.items())


def test_point_13_the_files_that_must_be_there(submission, define):
    assert (submission.out / "adam" / "adsl.xpt").is_file()
    assert define.tag == f"{ODM}ODM"


def test_point_14_required_variables(members, found):
    assert all(member.variables[0]["name"] == "STUDYID" and member.variables[1]["name"] == "USUBJID" for member in members.values())
    assert found.isdisjoint({"AD0047", "AD0090", "AD0196", "AD0198"})


def test_point_15_populations(frames):
    populations = [name for name in POPULATIONS if name in frames["ADSL"]]
    assert populations
    assert all(frames["ADSL"][name].isin(["Y", "N"]).all() for name in populations)


def test_point_16_subjects(submission, frames):
    subjects = frames["ADSL"]["USUBJID"]
    collected, _ = pyreadstat.read_xport(str(submission.out.parent / "sdtm" / "dm.xpt"))
    assert subjects.is_unique
    assert set(subjects) <= set(collected["USUBJID"])
    assert all(set(frame["USUBJID"]) <= set(subjects) for frame in frames.values())


def test_point_17_define_and_data_are_the_same(members, define):
    groups = {each.get("Name"): each for each in define.iter(f"{ODM}ItemGroupDef")}
    items = {each.get("OID"): each for each in define.iter(f"{ODM}ItemDef")}
    assert groups.keys() == members.keys()
    for name, member in members.items():
        refs = sorted(groups[name].iter(f"{ODM}ItemRef"), key=lambda ref: int(ref.get("OrderNumber", "0")))
        defined = [(items[ref.get("ItemOID")].get("Name"), TYPES[items[ref.get("ItemOID")].get("DataType")]) for ref in refs]
        assert defined == [(each["name"], each["type"]) for each in member.variables]


TYPES = {"integer": "number", "float": "number", "date": "number", "datetime": "number", "time": "number", "text": "text"}
"""Types of define.xml that a number of a transport file can have; partial dates are text."""
TYPES |= dict.fromkeys(("partialDate", "partialDatetime", "incompleteDatetime", "durationDatetime"), "text")


def test_point_18_no_dataset_is_empty(frames):
    assert all(len(frame) for frame in frames.values())


def test_point_19_records_are_sorted(submission, frames, found):
    for name, frame in frames.items():
        order = submission.derived.plan.datasets[name].order
        filled = [(frame[each].notna(), frame[each].fillna("" if frame[each].dtype != "float64" else 0)) for each in order]
        rows = list(zip(*(zip(*pair, strict=True) for pair in filled), strict=True))
        assert all(one <= other for one, other in itertools.pairwise(rows)), name
    assert "AGENCY-19" not in found


def test_point_20_core_variables_are_copied(frames):
    subjects = frames["ADSL"].set_index("USUBJID", drop=False)
    for name in sorted(frames.keys() - {"ADSL"}):
        assert [each for each in CORE if each not in frames[name]] == []
        for each in CORE:
            own, theirs = frames[name][each], subjects.loc[frames[name]["USUBJID"], each]
            assert (own.to_numpy() == theirs.to_numpy())[own.notna()].all(), f"{name}.{each}"


def rows():
    """The rows of the table of the document: number, requirement, how it is satisfied, which rule reports a violation, test."""
    lines = [line.strip("|").split("|") for line in DOCS.read_text(encoding="utf-8").splitlines() if re.match(r"\| *\d+ *\|", line)]
    return [[cell.strip() for cell in line] for line in lines]


def test_the_document_has_every_point_and_its_test():
    table = rows()
    assert [int(row[0]) for row in table] == list(range(1, POINTS + 1))
    for number, *_, test in table:
        (name,) = re.findall(r"`(test_point\w+)`", test)
        assert name in globals()
        assert f"{int(number):02d}" in re.findall(r"\d\d", name), f"{name} is no test of point {number}"


def test_the_findings_the_document_names_exist():
    from validation.conformance.rule_file import conformance_rules as known

    ids = {rule.id for rule in known().all}
    ids |= {rule.stated for rule in known().all}
    named = {name for row in rows() for name in re.findall(r"\b(?:AD\d{4}A?|SD\d{4}|AGENCY-\d\d|G-\d\d)\b", row[3])}
    assert len(named) > POINTS
    assert named - ids == set()


def test_every_finding_of_an_agency_is_in_the_document():
    from validation.conformance.rule_file import conformance_rules as known

    for rule in known().own:
        if rule.id.startswith("AGENCY-"):
            assert rule.id in rows()[int(rule.id[-2:]) - 1][3]
