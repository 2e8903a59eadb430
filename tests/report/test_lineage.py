"""The page of the lineage: every variable, the edges worked out by hand, escaped values, links that lead somewhere, the same bytes."""

import base64
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from adam.cli.commands import main
from adam.core.errors import Mark
from adam.pipeline.plans import plan_study
from adam.planning.lineage_graph import lineage_graph
from adam.planning.values.lineage import LineageGraph, LineageNode, LineagePart
from adam.report.lineage import LineageSource, as_script_data, lineage_page
from adam.report.study_picture import study_picture
from tests.report.example_run import FRAMES, NASTY, RECORDS, STUDY, SUBJECTS, VALUES, run
from tests.stored import stored
from tests.submission.links import addresses, broken, document, ids, repeated_ids

FOLDER = Path(__file__).parents[1] / "study"
AGE = LineageNode("ADX", "AGE", LineagePart.VARIABLE)
COLLECTED = LineageNode("DM", "AGE", LineagePart.READ)
GRAPH = LineageGraph({AGE: (COLLECTED,), COLLECTED: ()}, {"ADX": {"": ("DM",)}, "ADY": {"RESP": ("QS",), "NEVER": ("QS", "ADX")}})
"""A graph for the example run."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("lineage") / "out"
    with pytest.raises(SystemExit, match="0"):
        main(["build", str(FOLDER / "specs"), "--sdtm", str(FOLDER / "sdtm"), "--out", str(to)])
    return to


@pytest.fixture(scope="module")
def text(out: Path) -> str:
    return (out / "report" / "lineage.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def items(text: str) -> dict[str, dict]:
    data = json.loads(html.document_fromstring(text).get_element_by_id("data").text)
    names = ("id", "owner", "name", "part", "label", "attributes", "methods", "reads")
    listed = [dict(zip(names, item, strict=True)) for item in data["items"]]
    return {each["id"]: {**each, "reads": {listed[number]["id"] for number in each["reads"]}} for each in listed}


def test_every_variable_is_in_the_list_and_in_the_graph(out: Path, text: str, items: dict[str, dict]) -> None:
    define = document(out / "adam" / "define.html")
    variables = {name.removeprefix("IT.") for name in ids(define) if re.fullmatch(r"IT\.\w+\.\w+", name)}
    assert len(variables) == 63
    assert {name for name, item in items.items() if item["part"] == "variable"} == variables
    listed = [each.get("id") for each in html.document_fromstring(text).xpath("//div[@id='list']//a")]
    assert listed == list(items)


@pytest.mark.parametrize(
    ("name", "reads", "line"),
    [
        ("ADITCH.CHG", {"ADITCH.ADT", "ADITCH.AVAL", "ADITCH.BASE", "ADITCH.TRTSDT"}, "specs/aditch.yaml:34"),
        ("ADSL.AGE", {"DM.AGE"}, "specs/adsl.yaml:7"),
        ("ADAE.TRTEMFL", {"ADAE.AENDT", "ADAE.ASTDT", "ADAE.TRTSDT", "ADSL.TRTEDT"}, "specs/adae.yaml:21"),
    ],
)
def test_the_inputs_of_a_variable(items: dict[str, dict], name: str, reads: set[str], line: str) -> None:
    assert items[name]["reads"] == reads
    assert items[name]["methods"][0][3] == line


def test_the_method_is_that_of_define(items: dict[str, dict]) -> None:
    assert items["ADITCH.CHG"]["methods"] == [
        ["", "AVAL - BASE if ADT is after TRTSDT; otherwise missing.", "AVAL - BASE where ADT > TRTSDT", "specs/aditch.yaml:34"]
    ]
    assert items["DM.AGE"]["methods"] == []


def test_links_lead_somewhere(out: Path, text: str, items: dict[str, dict]) -> None:
    path = out / "report" / "lineage.html"
    root = document(path)
    assert len(addresses(root)) > len(items)
    assert broken(path, root) == []
    assert repeated_ids(root) == []
    report, define = document(out / "report" / "index.html"), document(out / "adam" / "define.html")
    assert "lineage.html" in addresses(report)
    assert "../report/lineage.html" in addresses(define)
    assert {f"dataset-{each['owner']}" for each in items.values() if each["part"] == "variable"} <= ids(report)  # the script links to these
    files = {method[3].rpartition(":")[0] for each in items.values() for method in each["methods"] if method[3]}
    assert files
    assert all((out / "specs" / name).is_file() for name in files)


def test_it_loads_nothing_and_runs_only_its_script(text: str) -> None:
    root = html.document_fromstring(text)
    policy = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    scripts = root.xpath("//script[not(@type)]/text()")
    digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digests[0]}'"
    assert len(digests) == 1
    assert set(re.findall(r"https?://[^\s\"'<>)]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|XMLHttpRequest|import\(", scripts[0])
    assert root.xpath("//@*[starts-with(name(), 'on')]") == []


def test_it_is_small_and_the_same_each_time(out: Path, text: str, tmp_path: Path) -> None:
    assert len(text.encode()) < 100_000
    arguments = ["build", str(FOLDER / "specs"), "--sdtm", str(FOLDER / "sdtm"), "--out", str(tmp_path / "out")]
    subprocess.run([sys.executable, "-m", "adam", *arguments], check=True, capture_output=True, env={"PYTHONHASHSEED": "7"})
    assert (tmp_path / "out" / "report" / "lineage.html").read_text(encoding="utf-8") == text


def test_no_value_is_markup() -> None:
    label = f"</script><img src=x>\u2028{NASTY}"
    age = SUBJECTS.variables["AGE"].model_copy(update={"label": label, "method": label, "mark": Mark("/home/me/specs/study/adx.yaml", 4, 3)})
    dataset = SUBJECTS.model_copy(update={"label": label, "variables": {**SUBJECTS.variables, "AGE": age}})
    study = STUDY.model_copy(update={"datasets": {"ADX": dataset, "ADY": VALUES}})
    page = lineage_page(run(study=study), LineageSource(GRAPH, {"DM": 4, "QS": 5}, {"DM": {"AGE": label}}))
    root = html.document_fromstring(page)
    assert len(root.xpath("//script")) == page.count("<script") == page.count("</script>") == 2
    assert root.xpath("//img") == []
    assert "\u2028" not in root.get_element_by_id("data").text
    (item, collected) = json.loads(root.get_element_by_id("data").text)["items"]
    assert item[4] == collected[4] == label
    assert item[6] == [["", label, "", "study/adx.yaml:4"]]
    assert "/home/me" not in page


def test_script_data_has_no_markup() -> None:
    assert as_script_data({"a": "</script><!--&\u2028\u2029é"}) == r'{"a":"\u003c/script\u003e\u003c!--\u0026\u2028\u2029\u00e9"}'


def test_a_prepared_variable_hides_the_collected_one() -> None:
    prepared = LineageNode("DM", "AGE", LineagePart.PREPARED)
    page = lineage_page(run(), LineageSource(LineageGraph({AGE: (prepared,), COLLECTED: (), prepared: (COLLECTED,)}, {})))
    assert [each.get("id") for each in html.document_fromstring(page).xpath("//div[@id='list']//a")] == ["ADX.AGE", "DM.AGE.source", "DM.AGE"]


def test_the_picture_counts_records_by_source() -> None:
    picture = study_picture(GRAPH, (SUBJECTS, VALUES), RECORDS, {"DM": 4, "QS": 5})
    assert [(each.name, each.text) for each in picture.boxes] == [
        ("DM", "4 records"),
        ("QS", "5 records"),
        ("ADX", "4 records"),
        ("ADY", "5 records"),
    ]
    assert {(each.source, each.target): each.records for each in picture.arrows} == {("DM", "ADX"): 4, ("QS", "ADY"): 5, ("ADX", "ADY"): 0}
    assert [(each.label, each.count, each.percent) for each in picture.subjects] == [
        ("Screened: subjects in DM", 4, "100.0"),
        ("Subjects in ADX", 4, "100.0"),
        ("Safety Population Flag (SAFFL)", 3, "75.0"),
        ("Subjects in ADY", 3, "75.0"),
    ]


def test_added_records_count_for_the_source_of_their_parameter() -> None:
    graph = LineageGraph({}, {"ADY": {"RESP": ("ADY", "QS"), "NEVER": ("ADY",)}})
    picture = study_picture(graph, (VALUES,), RECORDS, {"QS": 5})
    assert {(each.source, each.target): each.records for each in picture.arrows} == {("QS", "ADY"): 5, ("ADY", "ADY"): 0}


def test_datasets_that_read_each_other_are_in_the_order_of_the_study() -> None:
    graph = lineage_graph(plan_study(FOLDER / "specs", None))
    plan = plan_study(FOLDER / "specs", None)
    empty = stored({name: next(iter(FRAMES.values()))[:0] for name in plan.datasets})
    places = {each.name: each.x for each in study_picture(graph, list(plan.datasets.values()), empty, {}).boxes}
    assert places["QS"] == places["DM"] < places["ADSL"] < places["ADITCH"]
