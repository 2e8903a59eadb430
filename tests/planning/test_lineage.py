"""The lineage of a variable goes down to collected variables, each step with the line that says it."""

from pathlib import Path

import pytest

from adam.pipeline.planning import plan_with_source
from adam.planning.lineage import lineage
from adam.planning.resolved import lines
from adam.planning.values.plan import Plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_with_source(ROOT / "specs" / "true_ad")[0]


def test_a_change_goes_down_to_what_was_collected(plan: Plan) -> None:
    lines = lineage(plan, "ADEFF.CHG")
    said = {line.name: line.method for line in lines if not line.seen}
    assert lines[0].name == "ADEFF.CHG"
    assert said["ADEFF.CHG"] == 'AVAL - BASE, rounded to 6 decimals, if POSTBL is "Y"; otherwise missing.'
    assert said["records of ADEFF.EASI"] == "score EASI RS"
    assert said["records of ADEFF.ITCHNRS"] == "average_before ITCHNRSD, IGA, EASI"
    assert {"RS.RSSTRESN", "QS.QSSTRESC", "FA.FADTC", "EX.EXSTDTC", "DM.RFICDTC"} <= {name for name, method in said.items() if method == "collected"}


def test_every_step_but_what_was_collected_has_its_line(plan: Plan) -> None:
    lines = [line for line in lineage(plan, "ADEFF.CHG") if not line.seen and line.method != "collected"]
    assert all(line.mark.line for line in lines)
    assert {Path(line.mark.file).name for line in lines} >= {"adeff.yaml", "adsl.yaml", "study.yaml", "parameters.yaml"}


def test_of_one_parameter_only_what_it_needs(plan: Plan) -> None:
    names = {line.name for line in lineage(plan, "ADEFF.EASIHN.AVAL")}
    assert "records of ADEFF.EASIHN" in names
    assert not {"records of ADEFF.IGA", "QS.QSSTRESN", "records of ADEFF.EASI"} & names


def test_nothing_is_walked_twice(plan: Plan) -> None:
    lines = [line.name for line in lineage(plan, "ADEFF.IGATS.AVAL") if not line.seen and line.method not in ("collected", "set by the record rule")]
    assert len([name for name in lines if name == "ADSL.TRTSDT"]) == 1


def test_the_resolved_specification_says_where_each_value_comes_from(plan: Plan) -> None:
    told = "\n".join(" ".join(line.split()) for line in lines(plan))
    assert "SEVADFL: # true_ad/adsl.yaml:" in told
    assert "label: Region" not in told
    assert "label: Sex # the standard" in told
    assert "label: Race # the standard" in told
    after = told[told.index("dataset: ADEFF") :]
    assert "SEX: # true_ad/adeff.yaml:" in after
    assert "label: Sex # ADSL" in after
    assert 'formula: round(AVAL - BASE, 6) where POSTBL == "Y"' in after
