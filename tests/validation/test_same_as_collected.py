"""A variable with the name of a collected variable and other values (G-22), and BASETYPE on some records only (ADAMIG-01)."""

import shutil
from pathlib import Path

from adam.pipeline.build import build_study
from tests.validation.conforming import dataset, study
from validation.checks.records_of_groups import all_or_none, some_value
from validation.delivery import DeliveredDataset, Delivery

STUDY = Path(__file__).parents[1] / "study"


def findings_of(folder: Path, line: str) -> list[tuple[str, str, int]]:
    """The findings G-22 of the study of tests with another line for AESEV."""
    shutil.copytree(STUDY, folder / "study")
    specs = folder / "study" / "specs"
    for path in specs.glob("*.yaml"):
        path.write_text(path.read_text().replace("../../../specs/adamig", "adamig"))
    path = specs / "adae.yaml"
    path.write_text(path.read_text().replace("AESER, AESEV: AE\n", f"AESER: AE\n  AESEV: {line}\n"))
    result = build_study(specs, folder / "study" / "sdtm", folder / "out", ["ADAE"])
    return [(each.id, f"{each.dataset}.{each.variable}", each.count) for each in result.findings if each.id == "G-22"]


def test_a_collected_name_with_other_values_is_reported(tmp_path: Path) -> None:
    worst = 'if_else(AE.AESEV == "MILD", "SEVERE", AE.AESEV)'
    (found,) = findings_of(tmp_path, f"{{value: '{worst}'}}")
    assert found[:2] == ("G-22", "ADAE.AESEV")
    assert found[2] > 0


def test_a_formula_with_the_collected_values_is_silent(tmp_path: Path) -> None:
    assert findings_of(tmp_path, "{value: 'coalesce(AE.AESEV, \"\")'}") == []


def delivered(**columns: list[object]) -> DeliveredDataset:
    made, frame = dataset("ADEFF", "BDS", {"STUDYID": ["S"] * 4, "USUBJID": ["1"] * 4, **columns})  # type: ignore[dict-item]
    held = {"ADEFF": made}
    return DeliveredDataset(Delivery(study(datasets=held), held, held, {"ADEFF": frame}), "ADEFF")


def test_basetype_on_some_records_of_a_parameter() -> None:
    found = list(all_or_none(delivered(PARAMCD=["A", "A", "B", "B"], BASETYPE=["LAST", "", "", ""]), of="BASETYPE", within="PARAMCD"))
    assert [(each.variable, each.mask.tolist()) for each in found] == [("BASETYPE", [False, True, False, False])]
    assert not list(all_or_none(delivered(PARAMCD=["A", "A", "B", "B"], BASETYPE=["", "", "L", "L"]), of="BASETYPE", within="PARAMCD"))


def test_variables_without_any_value_are_one_finding() -> None:
    (found,) = some_value(delivered(PARAMCD=["A"] * 4, BASETYPE=[""] * 4, AVAL=[None] * 4, CHG=[1, None, None, None]))
    assert (found.variable, found.detail) == ("", "BASETYPE, AVAL")
