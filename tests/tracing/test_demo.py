"""Thirty cells of the demo's three datasets, drawn by seed: pandas computes each again from the collected values that its trace names."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from adam.engine.run import tables_of
from adam.engine.view import Data
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.pipeline.simulate import simulate_study
from adam.planning.values.plan import Plan
from adam.tracing.tracer import Tracer, located
from adam.tracing.values import TracedValue, shown
from tests.tracing.demo_rules import RULES
from tests.tracing.demo_subjects import collected, every

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"
SUBJECTS, CELLS = 60, 10
ALL = 10**6
SCORES = ["IGA", "BSA"]
OTHERS = {"AVAL": [*SCORES, "IGATS"], "CRIT2FL": ["IGA"], "PCHG": ["BSA"]}
"""The parameters whose records a cell of ADEFF is drawn from, where they are not the scores."""


class Derived(NamedTuple):
    plan: Plan
    data: Data

    def trace(self, dataset: str, row: int, variable: str, most: int = ALL) -> TracedValue:
        return Tracer(self.plan, self.data, most).trace(*located(self.data, dataset, row), variable)


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Derived:
    sdtm = tmp_path_factory.mktemp("demo") / "sdtm"
    simulate_study(SPECS, sdtm, SUBJECTS, seed=11, exact=False, edge_cases=False)
    plan, source = plan_with_source(SPECS, sdtm)
    return Derived(plan, tables_of(plan, load_records(source, plan.columns)))


def records(data: Data, dataset: str, variable: str) -> np.ndarray:
    """The records a cell is drawn from: for ADEFF those of some parameters that come from a collected record."""
    if dataset != "ADEFF":
        return np.arange(len(data.of_owner(dataset, "USUBJID")))
    chosen = data.of_owner(dataset, "PARAMCD").isin(OTHERS.get(variable, SCORES)) & (data.of_owner(dataset, "DTYPE") == "")
    return np.flatnonzero(chosen.to_numpy())


@pytest.mark.parametrize("dataset", RULES)
def test_ten_cells_of_each_dataset_are_what_the_collected_values_give(derived: Derived, dataset: str) -> None:
    random = np.random.default_rng([20240630, list(RULES).index(dataset)])
    for variable in random.permutation(list(RULES[dataset]))[:CELLS]:
        row = int(random.choice(records(derived.data, dataset, variable)))
        value = derived.trace(dataset, row, variable)
        assert value.value == shown(derived.data.of_owner(dataset, variable).iloc[row])
        again = RULES[dataset][variable](collected(value, set(derived.plan.datasets)), value.record)
        text = shown(np.nan if again is None else again)
        assert text == value.value or {text, value.value} <= {'""', "missing"}, (value.name, value.record, value.value, text)


def test_of_many_records_those_with_the_value_are_shown(derived: Derived) -> None:
    # a subject with 14 records of EX: the end of the last one, not of the first five, is the last dose
    doses = derived.data.of_owner("EX", "USUBJID").value_counts()
    subject = derived.data.of_owner("ADSL", "USUBJID").tolist().index(doses[doses > 5].index[0])
    value = derived.trace("ADSL", subject, "TRTEDT", most=5)
    last = next(each for each in every(value) if each.name == "ADSL.LEXDT")
    ends = [each.value.strip('"')[:10] for each in last.made_from if each.name == "EX.EXENDTC"]
    assert len(ends) == 5 and last.value in ends
    assert last.note == f"{doses.loc[doses > 5].iloc[0] - 5} more of the {doses.loc[doses > 5].iloc[0]} records are not shown"


def test_a_prepared_variable_has_the_collected_text_below_it(derived: Derived) -> None:
    value = derived.trace("ADEFF", int(records(derived.data, "ADEFF", "CRIT2FL")[0]), "AVAL")
    prepared = next(each for each in value.made_from if each.name == "RS.RSTESTCD")
    (text,) = prepared.made_from
    assert (text.name, text.method, text.note) == ("RS.RSTESTCD", "", "")


def test_a_record_that_a_flag_did_not_choose_shows_why(derived: Derived) -> None:
    flags, days = derived.data.of_owner("ADEFF", "ABLFL"), derived.data.of_owner("ADEFF", "AVISITN")
    later = next(row for row in records(derived.data, "ADEFF", "AVAL") if flags.iloc[row] == "" and days.iloc[row] == 8)
    value = derived.trace("ADEFF", int(later), "ABLFL")
    (predose,) = [each for each in value.made_from if each.name == "ADEFF.PREDOSE" and each.record == value.record]
    assert predose.value == '""'
