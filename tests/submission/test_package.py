"""The package of module 5: its folders, names and texts, with transport files or with Dataset-JSON, and links that hold in it."""

import base64
import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main
from adam.core.errors import UsageError
from adam.submission.manifest import sha256_of
from adam.submission.specification_texts import INDEX, specification_texts
from tests.submission.links import OFFICIAL, addresses, broken, broken_addresses, document, pdf_addresses

STUDY = Path(__file__).parents[1] / "study"
ROOT = Path("m5/datasets/example/analysis/adam")
LAYERS = Path(__file__).parents[2] / "specs"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "out"
    assert run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", folder).exit_code == 0
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def add(out: Path, name: str, text: str) -> None:
    """Add a file to an output and to its manifest."""
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text(text, encoding="utf-8")
    body = json.loads((out / "manifest.json").read_text())
    body["outputs"][name] = sha256_of(out / name)
    (out / "manifest.json").write_text(json.dumps(body))


def packaged(out: Path, to: Path, *options: str) -> Path:
    result = run("package", out, "--to", to, *options)
    assert result.exit_code == 0, result.output
    return to / ROOT


def test_the_folders_and_the_names(out: Path, tmp_path: Path) -> None:
    add(out, "programs/table-1.sas", "run;")
    root = packaged(out, tmp_path / "to")
    assert sorted(path.name for path in root.iterdir()) == ["datasets", "programs"]
    found = {path.name for path in (root / "datasets").iterdir()}
    assert found == {"adae.xpt", "aditch.xpt", "adsl.xpt", "define.xml", "define.html", "adamsmith-define.xsl", "adrg.pdf"}
    programs = {path.name for path in (root / "programs").iterdir()}
    assert {"table-1.sas", "specification.txt", "spec-specs-aditch.txt", "spec-specs-study.txt", "spec-adamig-dictionary.txt"} <= programs
    assert (root / "datasets" / "adsl.xpt").read_bytes() == (out / "adam" / "adsl.xpt").read_bytes()
    assert run("verify", tmp_path / "to").exit_code == 0
    for path in (tmp_path / "to" / "m5").rglob("*"):
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9]+)?", path.name), path
        assert len(path.name) <= 64
    assert all(path.read_bytes().isascii() for path in (root / "programs").iterdir())


@pytest.mark.parametrize("options", [(), ("--dataset-json",)])
@pytest.mark.parametrize(("page", "sheet"), [("define.html", None), ("define.xml", None), ("define.xml", OFFICIAL)])
def test_every_link_of_define_holds_in_the_package(out: Path, tmp_path: Path, options: tuple[str, ...], page: str, sheet: Path | None) -> None:
    path = packaged(out, tmp_path / "to", *options) / "datasets" / page
    root = document(path, sheet)
    assert broken(path, root) == []
    assert ("adsl.json" if options else "adsl.xpt") in addresses(root)
    assert not any("report" in each for each in addresses(root))


@pytest.mark.parametrize(("build_option", "suffix"), [(None, "json"), ("--ndjson", "ndjson")])
def test_dataset_json_instead_of_transport_files(tmp_path: Path, build_option: str | None, suffix: str) -> None:
    options = [build_option] if build_option else []
    assert run("build", STUDY / "specs", "--sdtm", STUDY / "sdtm", "--out", tmp_path / "out", *options).exit_code == 0
    folder = packaged(tmp_path / "out", tmp_path / "to", "--dataset-json") / "datasets"
    assert sorted(path.name for path in folder.iterdir() if path.stem == "adsl") == [f"adsl.{suffix}"]
    assert list(folder.glob("*.xpt")) == []
    original = (tmp_path / "out" / "dataset-json" / f"adsl.{suffix}").read_text(encoding="utf-8")
    assert original.count("../adam/define.xml") == 1
    assert (folder / f"adsl.{suffix}").read_text(encoding="utf-8") == original.replace("../adam/define.xml", "define.xml")
    assert f'xlink:href="adsl.{suffix}"' in (folder / "define.xml").read_text(encoding="utf-8")
    assert ".xpt" not in (folder / "define.xml").read_text(encoding="utf-8")
    assert run("verify", tmp_path / "to").exit_code == 0


def test_the_specification_of_a_package_makes_the_same_datasets(out: Path, tmp_path: Path) -> None:
    programs = packaged(out, tmp_path / "to") / "programs"
    restored = re.findall(r"^  (\S+)  <-  (\S+)$", (programs / INDEX).read_text(encoding="ascii"), re.MULTILINE)
    assert len(restored) == len(list((out / "specs").rglob("*.*")))
    for name, place in restored:
        (tmp_path / "specs" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(programs / name, tmp_path / "specs" / place)
    assert run("build", tmp_path / "specs" / "specs", "--sdtm", STUDY / "sdtm", "--out", tmp_path / "again").exit_code == 0
    for name in ("adsl", "adae", "aditch"):
        assert (tmp_path / "again" / "adam" / f"{name}.xpt").read_bytes() == (out / "adam" / f"{name}.xpt").read_bytes()


def test_simulation_and_case_files_are_left_out(tmp_path: Path) -> None:
    shutil.copytree(LAYERS / "true_ad", tmp_path / "specs" / "true_ad")
    texts = specification_texts(tmp_path, [f"specs/true_ad/{path.name}" for path in (LAYERS / "true_ad").iterdir()])
    assert sorted(texts) == [
        *(f"spec-true-ad-{name}.txt" for name in ("adae", "adeff", "adsl", "codelists", "guide", "results", "study")),
        "specification.txt",
    ]
    assert not any(re.search("^simulation:", text, re.MULTILINE) for text in texts.values())


def test_characters_that_are_not_ascii_are_replaced_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "specs" / "s").mkdir(parents=True)
    (tmp_path / "specs" / "s" / "a_b.yaml").write_text("x:\n  y: \u2265 5, Gr\u00f6\u00dfe, 1\u00bd, \u65e5\n", encoding="utf-8")
    (tmp_path / "specs" / "s" / "T.csv").write_text("a,b\n", encoding="utf-8")
    texts = specification_texts(tmp_path, ["specs/s/a_b.yaml", "specs/s/T.csv"])
    assert texts["spec-s-a-b.txt"] == "x:\n  y: >= 5, Grosse, 1 1/2, \\u65e5\n"
    assert texts["spec-s-t-csv.txt"] == "a,b\n"
    index = texts[INDEX].split("\n")
    assert "  spec-s-a-b.txt  <-  s/a_b.yaml" in index
    assert [each for each in index if "U+" in each] == [
        "  spec-s-a-b.txt: U+00BD by 1/2 (1)",
        "  spec-s-a-b.txt: U+00DF by ss (1)",
        "  spec-s-a-b.txt: U+00F6 by o (1)",
        "  spec-s-a-b.txt: U+2265 by >= (1)",
        "  spec-s-a-b.txt: U+65E5 by \\u65e5 (1)",
    ]
    (tmp_path / "specs" / "s" / "a-b.yaml").write_text("x: 1\n")
    with pytest.raises(UsageError, match="Two files of the specification become spec-s-a-b.txt"):
        specification_texts(tmp_path, ["specs/s/a_b.yaml", "specs/s/a-b.yaml"])


@pytest.mark.parametrize("name", ["programs/Table.sas", "programs/table_1.sas", "programs/table 1.r", f"programs/{'a' * 63}.r", "programs/a.b.r"])
def test_a_name_that_module_5_does_not_allow_is_refused(out: Path, tmp_path: Path, name: str) -> None:
    add(out, name, "")
    result = run("package", out, "--to", tmp_path / "to")
    assert (result.exit_code, f"'{name}' is not a valid name in module 5" in result.stderr) == (2, True)
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("options", [(), ("--dataset-json",)])
def test_every_link_of_the_guide_holds_in_the_package(out: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = packaged(out, tmp_path / "to", *options) / "datasets" / "adrg.pdf"
    found = pdf_addresses(path)
    assert {"define.xml", "define.html#IG.ADSL"} <= set(found)
    assert broken_addresses(path, found, set()) == []


def test_a_package_is_replaced_whole_and_twice_the_same(out: Path, tmp_path: Path) -> None:
    to = tmp_path / "to"
    texts = set()
    for _ in range(2):
        assert run("package", out, "--to", to).exit_code == 0
        texts.add((to / "manifest.json").read_text())
    assert len(texts) == 1
    assert sorted(path.name for path in to.iterdir()) == ["m5", "manifest.json"]


def test_an_output_that_differs_is_not_packaged(out: Path, tmp_path: Path) -> None:
    (out / "adam" / "define.xml").write_text("")
    result = run("package", out, "--to", tmp_path / "to")
    assert (result.exit_code, result.output.splitlines()[0]) == (1, "changed: adam/define.xml")
    assert not (tmp_path / "to").exists()


def test_where_no_package_goes(out: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("")
    assert "thesis.doc" in run("package", out, "--to", tmp_path / "mine").stderr
    assert "are inside each other" in run("package", out, "--to", out / "here").stderr
    assert "are inside each other" in run("package", out, "--to", tmp_path).stderr
    body = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps({**body, "study": "A/../B"}))
    result = run("package", out, "--to", tmp_path / "to")
    assert (result.exit_code, "cannot name a folder" in result.stderr) == (2, True)


def test_a_table_that_is_no_text_is_packaged_in_base64(tmp_path: Path) -> None:
    from adam.submission.specification_texts import INDEX, specification_texts

    folder = tmp_path / "specs" / "own" / "tables"
    folder.mkdir(parents=True)
    raw = bytes(range(256))
    (folder / "terms.xlsx").write_bytes(raw)
    texts = specification_texts(tmp_path, ["specs/own/tables/terms.xlsx"])
    assert base64.decodebytes(texts["spec-own-tables-terms-xlsx.txt"].encode("ascii")) == raw
    assert "spec-own-tables-terms-xlsx.txt  <-  own/tables/terms.xlsx (Base64)" in texts[INDEX]
