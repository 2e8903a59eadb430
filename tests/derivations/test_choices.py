"""Derivations that choose a value for one record (LANGUAGE §6 A): unknown conditions, blanks, boundaries, refusals."""

import numpy as np
import pytest

from adam.catalog.derivation import Action
from adam.catalog.derivations.choices import Branch, case
from adam.catalog.derivations.classes import cut
from adam.catalog.derivations.flags import flag, flag_yn
from adam.catalog.derivations.periods import by_period
from adam.catalog.derivations.recode import recode
from adam.catalog.derivations.texts import concatenate
from adam.core.kinds import conditions, dates, numbers, texts

UNKNOWN = conditions(True, False, None)


def entry(**parts):
    return Branch.model_construct(**parts)


def test_unknown_is_not_true():
    assert flag(UNKNOWN).tolist() == ["Y", "", ""]
    assert flag_yn(UNKNOWN).tolist() == ["Y", "N", "N"]


def test_case_takes_the_first_true_entry():
    result = case([entry(when=conditions(True, None, False), term="A"), entry(when=conditions(True, True, None), term="B")])
    assert result.column.tolist() == ["A", "B", ""]
    assert result.column.dtype == "str"


def test_case_an_entry_without_when_is_the_rest():
    assert case([entry(when=UNKNOWN, term="A"), entry(term="C")]).column.tolist() == ["A", "C", "C"]


def test_case_mixes_terms_and_texts():
    assert case([entry(when=UNKNOWN, term="A"), entry(value=texts("x", "y", ""))]).column.tolist() == ["A", "y", ""]


@pytest.mark.parametrize(
    ("value", "dtype"), [(numbers(1, 2, None), "float64"), (dates("2019-01-01", "2019-01-02", ""), "datetime64[s]"), (texts("a", "b", ""), "str")]
)
def test_case_missing_has_the_kind_of_the_others(value, dtype):
    nothing = numbers(None, None, None)
    result = case([entry(when=UNKNOWN, value=nothing), entry(value=value)]).column
    assert result.dtype == dtype
    assert result[1] == value[1]
    assert result.isin([value[0]]).sum() == 0


def test_case_21_error_refuses_the_records_that_reach_it():
    taken = conditions(True, False, False)
    partial = conditions(True, True, None)
    result = case([entry(when=taken, value=numbers(1, 2, 3)), entry(when=partial, error="first dose without a complete date")])
    (issue,) = result.issues
    assert (issue.text, issue.action) == ("first dose without a complete date", Action.REFUSE)
    assert issue.mask.tolist() == [False, True, False]
    np.testing.assert_equal(result.column.tolist(), [1, np.nan, np.nan])


def test_case_error_as_the_rest():
    result = case([entry(when=UNKNOWN, term="A"), entry(error="strength outside the study")])
    assert result.issues[0].mask.tolist() == [False, True, True]
    assert result.column.tolist() == ["A", "", ""]


@pytest.mark.parametrize("parts", [{}, {"value": "X", "term": "A"}, {"term": "A", "error": "no"}, {"when": "X == 1"}])
def test_an_entry_has_exactly_one_of_value_term_error(parts):
    with pytest.raises(ValueError, match="exactly one of value, term and error"):
        Branch(**parts)


def test_a_blank_term_is_a_term():
    assert Branch(when="X == 1", term="").term == ""


def test_recode_without_otherwise_tells_what_is_not_mapped():
    result = recode(texts("WHITE", "", "OTHER"), map={"WHITE": "White"})
    assert result.column.tolist() == ["White", "", ""]
    (issue,) = result.issues
    assert issue.mask.tolist() == [False, False, True]
    assert issue.action is Action.WARN


def test_recode_otherwise_takes_all_the_rest_blank_too():
    result = recode(texts("WHITE", "", "OTHER"), map={"WHITE": "White"}, otherwise="Other")
    assert result.column.tolist() == ["White", "Other", "Other"]
    assert not result.issues[0].mask.any()


def test_recode_knows_capitals_from_small_letters():
    assert recode(texts("white"), map={"WHITE": "White"}).column.tolist() == [""]


def test_a_bound_belongs_to_the_class_above():
    ages = numbers(17.999, 18, 64.999, 65, None)
    assert cut(ages, at=[18, 65], terms=["<18", "18-64", ">=65"]).tolist() == ["<18", "18-64", "18-64", ">=65", ""]


def test_concatenate_leaves_blanks_out():
    parts = [texts("A", "", "A", "", "A"), texts("", "B", "B", "", ""), texts("C", "", "", "", "")]
    assert concatenate(parts, by=" / ").tolist() == ["A / C", "B", "A / B", "", "A"]


TREATMENTS = {1: texts("VC", "VC", "VC", "VC"), 2: texts("Rux", "", "Rux", "Rux")}
PERIOD = numbers(2, 2, 1, None)


def test_the_treatment_of_the_period():
    assert by_period(TREATMENTS, PERIOD).tolist() == ["Rux", "", "VC", ""]


def test_case_30_entered_and_never_applied_stays_with_the_first_treatment():
    assert by_period(TREATMENTS, PERIOD, otherwise=texts("VC", "VC", "-", "-")).tolist() == ["Rux", "VC", "VC", ""]


def test_by_period_of_dates_and_a_period_without_a_variable():
    starts = {1: dates("2019-03-20", "2019-03-20"), 2: dates("", "2019-05-15")}
    result = by_period(starts, numbers(3, 2))
    assert result.dtype == "datetime64[s]"
    assert result.isna().tolist() == [True, False]
