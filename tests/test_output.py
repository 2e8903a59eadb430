"""The output folder of a run: every file DESIGN §5 names, each in the manifest, and one story in all of them."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from adam import __version__
from adam.cli.commands import main
from adam.sources import open_source

STUDY = Path(__file__).parent / "study"
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output") / "out"
    result = run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", folder)
    assert result.exit_code == 0, result.output
    return folder


def test_the_files_are_those_of_the_design(out: Path) -> None:
    names = ["adae", "aditch", "adsl"]
    expected = [
        *(f"adam/{name}.xpt" for name in names),
        "adam/define.xml",
        "adam/adamsmith-define.xsl",
        "adam/define.html",
        "adam/adrg.md",
        "adam/adrg.html",
        "adam/adrg.pdf",
    ]
    expected += [
        *(f"dataset-json/{name}.json" for name in names),
        "programs/formats.sas",
        "programs/read-adam.sas",
        "programs/read-adam.r",
        "report/findings.json",
        "report/findings.csv",
        "manifest.json",
        "specs/specs/adsl.yaml",
    ]
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert set(expected) <= found
    assert found - {"manifest.json"} == set(json.loads((out / "manifest.json").read_text())["outputs"])


def test_the_guide_of_a_build_has_the_tools_and_the_subjects(out: Path) -> None:
    text = (out / "adam" / "adrg.md").read_text(encoding="utf-8")
    rules = r"[1-9]\d+ rules generated from the specification, 7 rules of its checks"  # SL-1, SL-2, IT-1 to IT-3, AE-1, AE-2
    assert re.search(rf"\| adamsmith \| {re.escape(__version__)} \| {rules} \|", text)
    assert re.search(r"\| Great Expectations \| 1\.\d+\.\d+ \| runs 3 suites of these rules, 0 custom suites \|", text)
    assert "of 12 subjects in all." in text
    assert (out / "adam" / "adrg.pdf").read_bytes().startswith(b"%PDF-")


def test_the_manifest_has_every_file_that_went_in(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text())
    assert {"specs/codelists.yaml", "adamig/codelists.yaml", "adamig/dictionary.yaml", "specs/aditch.yaml"} <= set(manifest["specs"])
    assert set(manifest["inputs"]) == {"ae.csv", "dm.csv", "ex.csv", "qs.csv"}
    assert manifest["counts"] == {"ADSL": 12, "ADITCH": 55, "ADAE": 6}
    assert manifest["findings"] == {"warning": 1}  # its ADAE has no MedDRA hierarchy


@pytest.mark.parametrize("name", ["adsl", "aditch", "adae"])
def test_define_json_and_transport_file_agree(out: Path, name: str) -> None:
    root = ET.parse(out / "adam" / "define.xml").getroot()
    group = next(each for each in root.iter(f"{ODM}ItemGroupDef") if each.get("Name") == name.upper())
    items = {each.get("OID"): each for each in root.iter(f"{ODM}ItemDef")}
    ordered = [items[ref.get("ItemOID")] for ref in group.iter(f"{ODM}ItemRef")]
    frame, meta = pyreadstat.read_xport(str(out / "adam" / f"{name}.xpt"), disable_datetime_conversion=True)
    assert [each.get("Name") for each in ordered] == list(frame)
    lengths = {each.get("Name"): int(each.get("Length")) for each in ordered if each.get("Length")}
    assert lengths == {column: meta.variable_storage_width[column] for column in frame if not column.endswith("DTC")}
    assert ["".join(each.find(f"{ODM}Description").itertext()).strip() for each in ordered] == meta.column_labels
    assert [each.get("OID") for each in ordered] == [
        each["itemOID"] for each in json.loads((out / "dataset-json" / f"{name}.json").read_text())["columns"]
    ]
    source = open_source(out / "dataset-json")
    again = source.read(name.upper(), list(frame))
    for column, kind in source.headers[name.upper()].variables.items():
        if kind in ("date", "datetime"):
            again[column] = (again[column] - pd.Timestamp(1960, 1, 1)) / pd.Timedelta(1, "D" if kind == "date" else "s")
    assert again.fillna(-1).to_numpy().tolist() == frame[list(again)].fillna(-1).to_numpy().tolist()


def test_the_define_of_the_study_holds_its_schema(out: Path) -> None:
    parser = pytest.importorskip("odmlib.odm_parser", reason="odmlib is not installed, so the schema of Define-XML 2.1 was NOT checked")
    parser.ODMSchemaValidator(standard="arm", version="1.0-define2.1").validate_file(str(out / "adam" / "define.xml"))


def test_datasets_of_dataset_json_are_a_source(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out / "dataset-json", tmp_path / "adam")
    assert open_source(tmp_path / "adam").headers["ADITCH"].variables["ADT"] == "date"
