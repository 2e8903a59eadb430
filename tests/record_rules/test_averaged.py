"""Averages over the days before a date (DOMAIN §1.5, §11.2). Day 1 is 2019-03-20; visits at weeks 2 and 4 have target days 15 and 29."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from adam.catalog.record_rule import InputRecords, NewRecords, ParameterContext
from adam.catalog.record_rules.averaged import AverageBefore, Averages, _ambiguities, _means, _planned
from adam.expressions.field import as_expression
from tests.record_rules.collected import numbers

DAY1 = np.datetime64("2019-03-20", "s")
ARGUMENTS = {
    "of": "DAILY",
    "days": 7,
    "at_least": 4,
    "decimals": 6,
    "baseline": as_expression("REFDT"),
    "visits": [2.0, 4.0],
    "visit_of": ["IGA", "EASI"],
    "not_before": as_expression("TRTSDT"),
}
CONTEXT = ParameterContext(
    "ADQ", "MEAN", {0.0: "Baseline", 2.0: "Week 2", 4.0: "Week 4"}, {}, targets={0.0: 1, 2.0: 15, 4.0: 29}, reference=as_expression("TRTSDT")
)


def day(number: int) -> np.datetime64:
    """The date of a study day; there is no day 0."""
    return DAY1 + np.timedelta64(number - (number > 0), "D")


def read(subjects: list[int], columns: dict[str, list[object]]) -> InputRecords:
    made = {name: pd.Series(values, dtype="str" if values and isinstance(values[0], str) else None) for name, values in columns.items()}
    made = {name: column.astype("datetime64[s]") if column.dtype.kind == "M" else column for name, column in made.items()}
    return InputRecords(np.array(subjects, dtype="int64"), made)


def averages(
    diary: dict[int, float], visits: tuple[tuple[str, float, int], ...] = (), windows: tuple[float, ...] = (0.0, 2.0, 4.0), **changed: object
) -> NewRecords:
    """Averages of one subject from values by study day and analysed visits (PARAMCD, AVISITN, day)."""
    days, values = list(diary), list(diary.values())
    variables = changed.pop("variables", ["QSSTRESN"] * len(days))
    bases = {
        "daily": read([0] * len(days), {"ADT": [day(n) for n in days], "SRCDOM": ["QS"] * len(days), "SRCVAR": variables}),
        "visits": read(
            [0] * len(visits),
            {
                "PARAMCD": [code for code, _, _ in visits],
                "AVISITN": [number for _, number, _ in visits],
                "ADT": [day(n) for _, _, n in visits],
            },
        ),
        "each": replace(
            read([0], {"baseline": [DAY1], "reference": [DAY1], "since": [changed.pop("since", DAY1)]}),
            visit_on=lambda subject, date: pd.Series(list(windows)),
        ),
    }
    bases["daily"].columns["AVAL"] = pd.Series(values, dtype="float64")  # type: ignore[index]
    if not visits:
        bases["visits"].columns["PARAMCD"] = pd.Series([], dtype="str")  # type: ignore[index]
        bases["visits"].columns["AVISITN"] = pd.Series([], dtype="float64")  # type: ignore[index]
        bases["visits"].columns["ADT"] = pd.Series([], dtype="datetime64[s]")  # type: ignore[index]
    return Averages.create(AverageBefore.model_validate({**ARGUMENTS, **changed}), CONTEXT, bases)


def shown(made: NewRecords) -> dict[str, tuple[float | None, str]]:
    """The average and its date by visit."""
    dates = [str(value)[:10] for value in made.given["ADT"]]
    return dict(zip(made.given["AVISIT"], zip(numbers(made.given["AVAL"]), dates, strict=True), strict=True))


def test_baseline_is_the_mean_of_days_minus_7_to_minus_1() -> None:
    diary = {-8: 10, -7: 2, -5: 3, -3: 2, -1: 6, 1: 10}
    made = averages(diary)
    assert shown(made) == {"Baseline": (3.25, "2019-03-20")}
    assert [str(made.given[name].iloc[0])[:10] for name in ("ASTDT", "AENDT")] == ["2019-03-13", "2019-03-19"]
    assert [made.given[name].iloc[0] for name in ("SRCDOM", "SRCVAR", "AVISITN")] == ["QS", "QSSTRESN", 0.0]


def test_case_080_three_days_are_not_enough() -> None:
    assert shown(averages({-7: 2, -5: 3, -1: 6, 8: 1, 9: 1, 10: 1}, (("IGA", 2.0, 15),))) == {}


def test_case_082_the_day_of_the_first_dose_is_not_in_the_baseline() -> None:
    assert shown(averages({-3: 2, -2: 2, -1: 2, 1: 2})) == {}


def test_a_visit_is_averaged_before_the_analysed_visit() -> None:
    diary = dict.fromkeys(range(7, 14), 3.0) | {14: 9.0, 6: 9.0}
    assert shown(averages(diary, (("IGA", 2.0, 14),))) == {"Week 2": (3.0, "2019-04-02")}


def test_ruling_11_02_the_first_parameter_that_has_the_visit_decides() -> None:
    diary = dict.fromkeys(range(2, 30), 3.0)
    assert shown(averages(diary, (("EASI", 2.0, 13), ("IGA", 2.0, 14))))["Week 2"] == (3.0, "2019-04-02")
    assert shown(averages(diary, (("EASI", 2.0, 13),)))["Week 2"] == (3.0, "2019-04-01")


def test_ruling_11_02_without_a_visit_the_target_day_if_it_has_that_window() -> None:
    diary = dict.fromkeys(range(2, 30), 3.0)
    assert shown(averages(diary)) == {"Week 2": (3.0, "2019-04-03"), "Week 4": (3.0, "2019-04-17")}
    assert shown(averages(diary, windows=(0.0, 2.0, 99.0))) == {"Week 2": (3.0, "2019-04-03")}
    assert shown(averages(diary, windows=(0.0, 2.0, np.nan))) == {"Week 2": (3.0, "2019-04-03")}


def test_ruling_11_02_days_before_the_first_dose_do_not_count_at_a_visit() -> None:
    diary = {-3: 9.0, -2: 9.0, -1: 9.0, 1: 3.0, 2: 3.0, 3: 3.0}
    assert "Week 2" not in shown(averages(diary, (("IGA", 2.0, 4),)))
    assert shown(averages(diary | {4: 5.0}, (("IGA", 2.0, 5),)))["Week 2"] == (3.5, "2019-03-24")


def test_an_untreated_subject_has_no_days_at_a_visit() -> None:
    diary = dict.fromkeys([*range(-7, 0), *range(1, 30)], 3.0)
    assert list(shown(averages(diary, (("IGA", 2.0, 15),), since=np.datetime64("NaT", "s")))) == ["Baseline"]


def test_case_073_means_are_stored_to_six_decimals() -> None:
    diary = dict(zip(range(-6, 0), [2, 2, 2, 2, 2, 3], strict=True))
    assert shown(averages(diary)) == {"Baseline": (2.166667, "2019-03-20")}


def test_a_missing_value_is_no_day() -> None:
    assert shown(averages({-4: 2, -3: np.nan, -2: 2, -1: 2})) == {}


@pytest.mark.parametrize(("target", "date"), [(15, "2019-04-03"), (1, "2019-03-20"), (-1, "2019-03-19")])
def test_a_visit_is_planned_on_its_target_day(target: int, date: str) -> None:
    facts = ParameterContext("ADQ", "MEAN", {2.0: "Week 2"}, {}, targets={2.0: target}, reference=as_expression("TRTSDT"))
    each = replace(read([5], {"baseline": [day(1)], "reference": [day(1)]}), visit_on=lambda subject, date: pd.Series([0.0] * len(date)))
    planned = _planned(AverageBefore.model_validate({**ARGUMENTS, "visits": [2.0]}), facts, each)
    assert (planned["subject"].tolist(), [str(value)[:10] for value in planned["date"]]) == ([5, 5], ["2019-03-20", date])


def test_errors_in_arguments_are_reported() -> None:
    def errors(context: ParameterContext = CONTEXT, **changed: object) -> list[str]:
        return [error.message for error in Averages.argument_errors(AverageBefore.model_validate({**ARGUMENTS, **changed}), context)]

    assert errors() == []
    assert errors(at_least=8) == ["at_least (8) is larger than days (7)"]
    assert errors(ParameterContext("ADQ", "MEAN", {2.0: "Week 2"}, {}, targets={2.0: 15})) == [
        "the dataset has no windows, so a visit has no target day. Add windows: with use:, date: and reference:"
    ]
    assert errors(ParameterContext("ADQ", "MEAN", {99.0: "Follow-up"}, {}, reference=as_expression("TRTSDT")), visits=[99.0]) == [
        "the window of visit 99 has no target day"
    ]


def test_ruling_11_49_an_average_comes_from_text_only_if_all_its_days_do() -> None:
    text = averages({-8: 10, -7: 2, -5: 3, -3: 2, -1: 6}, variables=["QSSTRESN"] + ["QSSTRESC"] * 4)
    both = averages({-7: 2, -5: 3, -3: 2, -1: 6}, variables=["QSSTRESN"] + ["QSSTRESC"] * 3)
    assert [list(made.given["SRCVAR"]) for made in (text, both)] == [["QSSTRESC"], ["QSSTRESN"]]


def test_several_dates_of_one_visit_are_told() -> None:
    diary = dict.fromkeys(range(5, 14), 3.0)
    assert averages(diary, (("IGA", 2.0, 14), ("EASI", 2.0, 15))).ambiguities == ()
    (ambiguity,) = averages(diary, (("IGA", 2.0, 14), ("IGA", 2.0, 16), ("EASI", 2.0, 15))).ambiguities
    assert (ambiguity.base, ambiguity.mask.tolist(), ambiguity.error) == ("visits", [True, True, False], False)


@pytest.mark.parametrize(("domains", "source"), [(["QS", "QS"], ("QS", "QSSTRESN")), (["QS", "FA"], ("", ""))])
def test_a_mean_of_values_of_several_domains_names_no_source(domains: list[str], source: tuple[str, str]) -> None:
    names = [f"{domain}STRESN" for domain in domains]
    daily = read([0, 0], {"ADT": [day(5), day(6)], "AVAL": [1.0, 3.0], "SRCDOM": domains, "SRCVAR": names})
    anchors = pd.DataFrame({"subject": [0], "date": [day(8)], "since": [DAY1]})
    found = _means(AverageBefore.model_validate(ARGUMENTS), anchors, daily)
    assert (found["mean"].tolist(), (found["SRCDOM"].iloc[0], found["SRCVAR"].iloc[0])) == ([2.0], source)


def test_several_values_of_one_day_are_told() -> None:
    daily = read([0, 0, 1, 1], {"ADT": [day(5), day(5), day(5), day(5)], "AVAL": [1.0, 3.0, 2.0, 2.0]})
    none = {"PARAMCD": pd.Series([], dtype="str"), "AVISITN": pd.Series([], dtype="float64")}
    visits = InputRecords(np.array([], dtype="int64"), {**none, "ADT": pd.Series([], dtype="datetime64[s]")})
    (ambiguity,) = _ambiguities(AverageBefore.model_validate(ARGUMENTS), {"daily": daily, "visits": visits})
    assert (ambiguity.base, ambiguity.mask.tolist()) == ("", [True, True, False, False])
