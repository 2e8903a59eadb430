"""Formulas by name: what STANDARD means in a line, how layers merge them, and where errors point."""

from pathlib import Path

import pytest

from adam.core.errors import Mark, SpecError
from adam.core.kinds import ValueKind
from adam.planning.as_text import written
from adam.planning.names import SourceHeader
from adam.planning.plan import plan
from adam.planning.resolved import lines
from adam.planning.values.plan import Plan
from adam.specification.read import read

STUDY = """
language: 1
study: S
extends: [adamig, layer]
ids: [S]
datasets: [ADSL, ADVS]
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID: DM
  TRTSDT: {label: First Dose, value: date(DM.RFSTDTC)}
"""
ADVS = """
dataset: ADVS
class: BASIC DATA STRUCTURE
label: Vital Signs Analysis Dataset
key: [STUDYID, USUBJID, PARAMCD, ADT]
parameters:
  TEMP: {label: Temperature (C), records: {from: VS}}
variables:
  STUDYID, USUBJID: ADSL
  PARAM, PARAMCD, AVAL: PARAMETER
  ADT: STANDARD
  ABLFL: STANDARD
"""
TEXTS = dict.fromkeys(("STUDYID", "USUBJID", "RFSTDTC"), ValueKind.TEXT)
HEADERS = {
    "DM": SourceHeader(TEXTS),
    "VS": SourceHeader({**dict.fromkeys(("STUDYID", "USUBJID", "VSTESTCD", "VSDTC"), ValueKind.TEXT), "VSSTRESN": ValueKind.NUMBER}),
}


def planned(folder: Path, formulas: str = "", study: str = "", more: str = "", layer: str = "") -> Plan:
    """The plan of a study with these formulas of its own, lines of study.yaml, lines of ADVS, and formulas of a layer."""
    files = {"study": STUDY + study, "adsl": ADSL, "advs": ADVS + more, "layer/formulas": layer or "formulas: {NONE: AVAL}", "formulas": formulas}
    for name, text in files.items():
        path = folder / "study" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
    return plan(read(folder / "study"), HEADERS)


def formula(made: Plan, name: str) -> str:
    variable = made.datasets["ADVS"].variables[name]
    return written(variable.formula, variable.where)


def faults(folder: Path, **parts: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        planned(folder, **parts)
    return [str(problem).removeprefix(f"{folder}/study/") for problem in caught.value.problems]


def test_a_line_takes_the_formula_of_its_name(tmp_path: Path) -> None:
    made = planned(tmp_path, more="  BASE, CHG: STANDARD\n")
    assert formula(made, "ADT") == "imputed_date: {dtc: SRC.DTC}"
    assert formula(made, "CHG") == "AVAL - BASE"
    assert formula(made, "BASE") == 'single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}'


def test_a_name_with_a_question_mark_is_read_if_the_dataset_has_it(tmp_path: Path) -> None:
    made = planned(tmp_path, more="  BASE: STANDARD\n  BASETYPE: {term: LAST}\n")
    assert formula(made, "BASE") == 'single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD, BASETYPE]}'


def test_a_name_with_a_question_mark_in_an_order_keeps_its_function(tmp_path: Path) -> None:
    own = "formulas: {ABLFL: {flag_last: {order: [missing_last(ADTM?), desc(ADT?), AVAL?]}}}"
    assert "order: [desc(ADT), AVAL]" in formula(planned(tmp_path, own), "ABLFL")


def test_a_part_of_a_condition_with_a_question_mark_holds_if_the_dataset_has_the_variable(tmp_path: Path) -> None:
    own = """formulas: {ABLFL: {flag_last: {where: 'not missing(AVAL) and DTYPE? in ("", "A and B")'}}}"""
    assert "where: not missing(AVAL), within" in formula(planned(tmp_path, own), "ABLFL")
    made = planned(tmp_path, own, more="  DTYPE: {term: A and B}\n")
    assert 'where: not missing(AVAL) and DTYPE in ("", "A and B"), within' in formula(made, "ABLFL")


def test_a_condition_of_one_part_keeps_its_question_mark_and_is_refused(tmp_path: Path) -> None:
    own = """formulas: {ABLFL: {flag_last: {where: 'DTYPE? == ""'}}}"""
    assert "This is not a valid expression" in " ".join(faults(tmp_path, formulas=own))


def test_a_line_replaces_single_arguments_and_adds_a_condition(tmp_path: Path) -> None:
    more = '  BASE: {where: ADT > TRT or AVAL > 1, standard: {where: ABLFL != ""}, label: Baseline}\n  TRT: ADSL.TRTSDT\n'
    layer = "formulas: {BASE: {where: AVAL > 0}}"
    made = planned(tmp_path, layer=layer, more=more.replace("  TRT: ADSL.TRTSDT\n", "temporary: {TRT: ADSL.TRTSDT}\n"))
    expected = 'single: {of: AVAL, where: ABLFL != "", within: [PARAMCD]} where (ADT > TRT or AVAL > 1) and AVAL > 0'
    assert formula(made, "BASE") == expected
    assert made.datasets["ADVS"].variables["BASE"].label == "Baseline"


def test_off_removes_an_argument(tmp_path: Path) -> None:
    made = planned(tmp_path, more="  BASE: {standard: {where: off}}\n")
    assert formula(made, "BASE") == "single: {of: AVAL, within: [PARAMCD]}"


def test_a_study_changes_an_argument_or_the_whole_formula(tmp_path: Path) -> None:
    own = "formulas:\n  ABLFL: {flag_last: {order: [ADT, AVAL]}}\n  CHG: {label: Change, value: AVAL * 2}\n"
    made = planned(tmp_path, own, more="  CHG, BASE: STANDARD\n")
    assert formula(made, "ABLFL") == "flag_last: {where: not missing(AVAL) and ADT <= ADSL.TRTSDT, within: [PARAMCD], order: [ADT, AVAL]}"
    assert formula(made, "CHG") == "AVAL * 2"
    assert formula(planned(tmp_path, "formulas: {ABLFL: {flag: AVAL > 1}}"), "ABLFL") == "flag: AVAL > 1"


def test_the_digits_of_a_pattern_are_those_of_the_name(tmp_path: Path) -> None:
    own = "formulas: {AVALCAyN: codelist_number(AVALCATy), AVALCATy: {where: AVAL > y, term: Above y}}"
    made = planned(tmp_path, own + "\ncodelists: {AVALCAT2: {terms: {Above 2: 1}}}", more="  AVALCAT2, AVALCA2N: STANDARD\n")
    assert formula(made, "AVALCA2N") == "codelist_number(AVALCAT2)"
    assert formula(made, "AVALCAT2") == '"Above 2" where AVAL > 2'


def test_a_formula_of_the_class_wins_over_one_of_every_class_and_a_name_over_a_pattern(tmp_path: Path) -> None:
    own = "formulas:\n  AVAL2: 1 + AVAL\n  AVALy: 2 + AVAL\n  CRITy: {term: A}\n  BASIC DATA STRUCTURE: {CRITy: {term: B}}\n"
    more = "  AVAL2, AVAL3: {label: A, value: STANDARD}\n  CRIT1: STANDARD\n"
    made = planned(tmp_path, own, more=more)
    assert [formula(made, name) for name in ("AVAL2", "AVAL3", "CRIT1")] == ["1 + AVAL", "2 + AVAL", '"B"']


def test_a_later_layer_wins_over_a_formula_of_the_class_below(tmp_path: Path) -> None:
    layer = "formulas: {BASIC DATA STRUCTURE: {BASE: {single: {of: AVAL, within: [PARAMCD]}}, CHG: AVAL * 2}}"
    own = 'formulas: {BASE: {single: {where: ABLFL != ""}}, CHG: AVAL * 3}'
    made = planned(tmp_path, own, layer=layer, more="  BASE, CHG: STANDARD\n")
    assert formula(made, "BASE") == 'single: {of: AVAL, within: [PARAMCD], where: ABLFL != ""}'
    assert formula(made, "CHG") == "AVAL * 3"
    assert not [finding for finding in made.warnings if finding.id == "spec-unused"]


def test_a_parameter_and_a_temporary_take_formulas_too(tmp_path: Path) -> None:
    more = "  CHG: PARAMETER\n  BASE: STANDARD\ntemporary: {ADY: STANDARD}\n"
    parameter = ADVS.replace("{from: VS}}", "{from: VS}, variables: {CHG: STANDARD}}") + more
    planned(tmp_path)
    (tmp_path / "study" / "advs.yaml").write_text(parameter, encoding="utf-8")
    made = plan(read(tmp_path / "study"), HEADERS).datasets["ADVS"]
    own = made.parameters["TEMP"].variables["CHG"]
    assert (own.method, own.lineage) == ("AVAL - BASE.", ("AVAL", "BASE"))
    assert written(made.temporary["ADY"].formula) == "study_day: {date: ADT, reference: ADSL.TRTSDT}"


def test_an_error_is_at_the_line_and_names_the_formula(tmp_path: Path) -> None:
    expected = "advs.yaml:13:8: ADVS.CHG: ADVS has no variable BASE. STANDARD is the formula at adamig/formulas.yaml:"
    (message,) = faults(tmp_path, more="  CHG: STANDARD\n")
    assert message.startswith(expected)
    assert message.endswith(". [spec-unknown-variable]")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ABLFL2: STANDARD", "advs.yaml:13:11: ADVS.ABLFL2: STANDARD has no formula for ABLFL2. Did you mean 'ABLFL'? Those with one are "),
        ("BASE: {standard: {wher: 1}}", "advs.yaml:13:21: ADVS.BASE: single has no argument 'wher'. Did you mean 'where'?"),
        ("CHG: {standard: {where: 1}}", "advs.yaml:13:9: ADVS.CHG: The standard formula is AVAL - BASE, which has no arguments."),
        ("BASE: {standard: STANDARD}", "advs.yaml:13:20: ADVS.BASE: standard: must be a block of the arguments to replace."),
        ("BASE: {standard: {where: }}", "advs.yaml:13:21: ADVS.BASE: where has no value, so the line has no effect."),
        ("BASE: {value: STANDARD, flag: AVAL > 1}", "advs.yaml:13:27: ADVS.BASE: STANDARD is the formula of the variable, but this block has"),
    ],
)
def test_a_line_that_cannot_take_a_formula_is_refused(line: str, message: str, tmp_path: Path) -> None:
    found = faults(tmp_path, more=f"  {line}\n")
    assert [each for each in found if each.startswith(message)], found


def test_a_formula_of_another_class_is_named(tmp_path: Path) -> None:
    own = "formulas: {OCCURRENCE DATA STRUCTURE: {XYZFL: {flag: AVAL > 1}}}"
    (message,) = faults(tmp_path, formulas=own, more="  XYZFL: STANDARD\n")
    assert "STANDARD has no formula for XYZFL in a dataset of this class; OCCURRENCE DATA STRUCTURE has one." in message


def test_a_source_has_no_standard_formulas(tmp_path: Path) -> None:
    (message,) = faults(tmp_path, study="sources: {VS: {variables: {ADT: STANDARD}}}\n")
    assert message.startswith("study.yaml:7:28: VS.ADT: STANDARD is for the variables of a dataset")


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("formulas: {SOME CLASS: {A: 1}}", "formulas.yaml:1:12: formulas: There is no class 'SOME CLASS'. The classes are "),
        ("formulas: {BASIC DATA STRUCTURE: 1}", "formulas.yaml:1:12: formulas: BASIC DATA STRUCTURE must be a block (NAME: formula)."),
        ("formulas: {base: 1}", "formulas.yaml:1:12: formulas: 'base' is not the name of a variable."),
    ],
)
def test_a_block_of_formulas_that_cannot_be_read_is_refused(own: str, message: str, tmp_path: Path) -> None:
    assert [each for each in faults(tmp_path, formulas=own) if each.startswith(message)]


def test_a_formula_of_the_study_that_no_line_takes_is_a_warning(tmp_path: Path) -> None:
    made = planned(tmp_path, "formulas: {AVALU: {term: cm}, ABLFL: {flag_last: {order: [ADT]}}}")
    found = [finding for finding in made.warnings if finding.id == "spec-unused"]
    assert [(each.variable, each.mark) for each in found] == [("AVALU", Mark(str(tmp_path / "study" / "formulas.yaml"), 1, 12))]


def test_the_resolved_specification_shows_the_formula_and_its_place(tmp_path: Path) -> None:
    shown = lines(planned(tmp_path))
    at = shown.index(next(line for line in shown if line.startswith("    ADT:")))
    (line,) = [line for line in shown[at : at + 9] if "formula:" in line]
    assert line.startswith("      formula: imputed_date: {dtc: SRC.DTC}")
    assert "# adamig/formulas.yaml:" in line


@pytest.mark.parametrize(("lines", "expected"), [
    ("CHG: {label: Change in Percent Points, length: 8}", "AVAL - BASE"),                         # a formula that is one text
    ("BASIC DATA STRUCTURE: {CHG: {format: 8.3}}", "AVAL - BASE"),
    ("BASE: {label: Value before Treatment}", 'single: {of: AVAL, where: ABLFL == "Y", within: [PARAMCD]}'),
    ("CHG: {label: Change, where: AVAL > 0}", "AVAL - BASE where AVAL > 0"),
    ("CHG: {label: Change, value: AVAL - 1}", "AVAL - 1"),
])  # fmt: skip
def test_attributes_over_a_formula_of_a_lower_layer_keep_the_formula(tmp_path: Path, lines: str, expected: str) -> None:
    made = planned(tmp_path, formulas=f"formulas:\n  {lines}\n", more="  BASE, CHG: STANDARD\n")
    name = "BASE" if lines.startswith("BASE") else "CHG"
    assert formula(made, name) == expected
    assert made.datasets["ADVS"].variables[name].label in ("Change in Percent Points", "Value before Treatment", "Change", "Change from Baseline")
