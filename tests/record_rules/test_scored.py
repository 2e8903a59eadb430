"""Scores of instruments: items to totals, by the tricky cases of scoring (DOMAIN §1.3, §1.6, §1.7, §9.4, §11.43 to §11.47, §11.72)."""

import numpy as np
import pytest

from adam.catalog.record_rule import NewRecords
from adam.catalog.record_rules.scored import Score, Scores
from adam.expressions.field import as_expression
from tests.record_rules.collected import context_of, numbers, source

EASI = {"instrument": "EASI", "value": "round((HN10 + UL10 + TR10 + LL10) / 10, 2)", "collected": "EASI0125", "not_done": "EASIALL"}
TEN = {"value": "if_else(nmiss(TEN) == 0, sum(TEN))", "otherwise": "if_else(nmiss(TEN) == 1, sum(TEN))"}
DLQI = {"instrument": "DLQI", **TEN, "collected": "DLQI111", "not_done": "DLQIALL"}
CDLQI = {"instrument": "CDLQI", **TEN, "collected": "CDLQ111"}
BSA = {"instrument": "BSA", "value": "round(HN + UL + TR + LL, 6)"}


def score(arguments: dict[str, object], rows: list[tuple[object, ...]], **more: object) -> NewRecords:
    context = context_of(**more)
    model = Score.model_validate({key: as_expression(v) if key in ("value", "otherwise") else v for key, v in arguments.items()})
    assert list(Scores.argument_errors(model, context)) == []
    return Scores.create(model, context, {"source": source(rows)})


def aval(arguments: dict[str, object], rows: list[tuple[object, ...]], **more: object) -> list[float | None]:
    return numbers(score(arguments, rows, **more).given["AVAL"])


def told(made: NewRecords) -> dict[str, list[int]]:
    return {text: np.flatnonzero(mask).tolist() for text, mask in made.issues}


def easi(**changed: object) -> list[tuple[object, ...]]:
    """Head 1 x 4, upper limbs 2 x 4, trunk 1 x 8, lower limbs 3 x 2: tenths 4 + 16 + 24 + 24, so 6.8."""
    signs = {1: (1, 1, 1, 1, 1), 6: (1, 1, 1, 1, 2), 11: (2, 2, 2, 2, 1), 16: (1, 1, 0, 0, 3)}
    items = {f"EASI01{first + place:02d}": value for first, values in signs.items() for place, value in enumerate(values)}
    items |= {key: value for key, value in changed.items() if value is not None}
    return [(code, value, "") for code, value in items.items() if code not in changed or changed[code] is not None]


def dlqi(seventh: list[tuple[object, ...]], **changed: object) -> list[tuple[object, ...]]:
    """Nine items of 1, and what is given for the seventh."""
    items = {f"DLQI{n}": 1 for n in (101, 102, 103, 104, 105, 106, 108, 109, 110)} | changed
    return [(code, value, "") for code, value in items.items() if value is not None] + seventh


def test_a_total_is_the_sum_of_the_weighted_regions() -> None:
    assert aval(EASI, easi()) == [6.8]


def test_case_072_totals_lie_on_the_grid() -> None:
    assert aval(EASI, easi(EASI0105=0, EASI0110=0, EASI0120=0, EASI0115=2)) == [4.8]


def test_case_091_an_area_of_0_needs_no_signs() -> None:
    rows = easi(EASI0115=0, EASI0111=None, EASI0112=None, EASI0113=None, EASI0114=None)
    assert aval(EASI, rows) == [4.4]
    assert aval({"instrument": "EASI", "value": "TR10 / 10"}, rows) == [0.0]


def test_case_092_a_missing_sign_leaves_region_and_total_missing() -> None:
    rows = easi(EASI0104=None)
    assert aval(EASI, rows) == [None]
    assert aval({"instrument": "EASI", "value": "HN10 / 10"}, rows) == [None]
    assert aval({"instrument": "EASI", "value": "UL10 / 10"}, rows) == [1.6]


def test_a_missing_area_is_0_only_if_all_signs_are() -> None:
    assert aval(EASI, easi(EASI0105=None)) == [None]
    assert aval(EASI, easi(EASI0105=None, EASI0101=0, EASI0102=0, EASI0103=0, EASI0104=0)) == [6.4]


def test_an_area_without_signs_is_told_and_scored() -> None:
    made = score(EASI, easi(EASI0101=0, EASI0102=0, EASI0103=0, EASI0104=0))
    assert numbers(made.given["AVAL"]) == [6.4]
    assert list(told(made)) == ["head and neck, area without sign or sign without area"]


def test_half_points_count_and_other_parts_do_not() -> None:
    assert aval(EASI, easi(EASI0101=1.5)) == [6.85]
    made = score(EASI, easi(EASI0101=1.25))
    assert numbers(made.given["AVAL"]) == [None]
    assert told(made) == {"the item is outside its range; it is missing": [0]}


def test_ruling_11_46_an_area_has_no_half_points() -> None:
    assert aval(EASI, easi(EASI0105=1.5)) == [None]


def test_responses_in_words_are_read() -> None:
    rows = easi(EASI0101=None)
    assert aval(EASI, [*rows, ("EASI0101", np.nan, "Moderate")]) == [6.9]
    made = score(EASI, [*rows, ("EASI0101", np.nan, "SOME")])
    assert told(made) == {"the result is no number and no response of the instrument; the item is missing": [19]}


def test_an_area_is_a_number_and_has_no_response_in_words() -> None:
    assert aval(EASI, [*easi(EASI0105=None), ("EASI0105", np.nan, "None")]) == [None]


def test_a_region_has_a_record_only_with_one_of_its_items() -> None:
    rows = [row for row in easi() if str(row[0]) < "EASI0106"]
    assert aval({"instrument": "EASI", "value": "UL10 / 10"}, rows) == []
    assert aval({"instrument": "EASI", "value": "HN10 / 10"}, rows) == [0.4]


def test_ruling_11_03_not_done_is_a_record_of_the_total_alone() -> None:
    rows = [("EASIALL", np.nan, "", {"stat": "NOT DONE"})]
    made = score(EASI, [("EASI0121", 0.4, "", {"visit": 2.0}), *rows])
    assert (numbers(made.given["AVAL"]), numbers(made.given["SRCSEQ"])) == ([None], [None])
    assert aval({"instrument": "EASI", "value": "HN10 / 10"}, rows) == []
    made = score(EASI, [*easi(), *rows])
    assert (numbers(made.given["AVAL"]), numbers(made.given["SRCSEQ"])) == ([6.8], [None])


def test_ruling_11_45_the_collected_total_stands_in_for_items_and_only_then() -> None:
    made = score(EASI, [*easi(EASI0104=None), ("EASI0125", 7.1, "")])
    assert (numbers(made.given["AVAL"]), numbers(made.given["SRCSEQ"]), list(made.given["SRCVAR"])) == ([7.1], [20.0], ["RSSTRESN"])
    made = score(EASI, [*easi(), ("EASI0125", 7.1, "")])
    assert (numbers(made.given["AVAL"]), numbers(made.given["SRCSEQ"])) == ([6.8], [None])
    assert list(told(made)) == ["the collected score differs from that of the items, which is used"]
    assert told(score(EASI, [*easi(), ("EASI0125", 6.85, "")])) == {}


def test_a_collected_total_outside_the_range_is_not_used() -> None:
    made = score(EASI, [*easi(EASI0104=None), ("EASI0125", 72.1, "")], limits=(0.0, 72.0))
    assert numbers(made.given["AVAL"]) == [None]
    assert list(told(made)) == ["the collected score is outside the range of the parameter; it is not used"]


def test_a_collected_total_from_text_says_so() -> None:
    made = score(EASI, [("EASI0125", np.nan, "7.1")])
    assert (numbers(made.given["AVAL"]), list(made.given["SRCVAR"])) == ([7.1], ["RSSTRESC"])


def test_a_collected_total_has_no_responses_in_words() -> None:
    assert aval(EASI, [("EASI0125", np.nan, "None")]) == [None]


def test_ruling_11_44_of_two_records_of_an_item_the_latest_counts_in_easi() -> None:
    late = ("EASI0101", 3, "", {"dtc": "2019-03-20T09:00"})
    early = ("EASI0101", 0, "", {"dtc": "2019-03-20T08:00"})
    assert aval(EASI, [late, *easi(EASI0101=None), early]) == [7.0]
    assert aval(EASI, [early, *easi(EASI0101=None), ("EASI0101", np.nan, "", {"dtc": "2019-03-20T09:00", "stat": "NOT DONE"})]) == [None]


def test_ruling_11_72_an_assessment_is_a_visit_and_a_date() -> None:
    later = [(*row, {"visit": 2.0}) for row in easi()]
    made = score(EASI, [*easi(), *later])
    assert numbers(made.given["AVAL"]) == [6.8, 6.8]
    assert made.row is not None
    assert made.row.tolist() == [19, 39]


def test_ruling_11_39_the_record_is_the_latest_untimed_first() -> None:
    rows = [("EASI0101", 1, "", {"dtc": "2019-03-20T09:00"}), ("EASI0102", 1, "", {"dtc": "2019-03-20T08:00"}), ("EASI0103", 1, "")]
    made = score(EASI, rows)
    assert made.row is not None
    assert made.row.tolist() == [0]


def test_ruling_11_39_the_highest_seq_of_an_assessment_breaks_ties() -> None:
    made = score(EASI, [("EASI0101", 1, "", {"dtc": "2019-03-20T09:00"}), ("EASI0102", 1, "", {"dtc": "2019-03-20T08:00"}), ("EASI0103", 1, "")])
    assert made.rows_of["RSSEQ"].tolist() == [2]


def test_records_without_a_date_are_assessments_too() -> None:
    assert aval(EASI, [(*row, {"dtc": "2019-03"}) for row in easi()]) == [6.8]


def test_case_083_one_item_blank_is_0() -> None:
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "NO"), ("DLQI107A", 2, "")], DLQI103=None)) == [10.0]


def test_two_items_blank_leave_the_total_missing() -> None:
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "NO"), ("DLQI107A", 2, "")], DLQI103=None, DLQI104=None)) == [None]


def test_case_085_not_relevant_is_0() -> None:
    rows = dlqi([("DLQI107", np.nan, "Not relevant")], DLQI103=None, DLQI104=None, DLQI105=None)
    rows += [(f"DLQI10{n}", np.nan, "Not relevant") for n in (3, 4, 5)]
    assert aval(DLQI, rows) == [6.0]


@pytest.mark.parametrize("item", ["DLQI101", "DLQI102"])
def test_two_items_cannot_be_not_relevant(item: str) -> None:
    rows = [*dlqi([("DLQI107", np.nan, "YES")], **{item: None}), (item, np.nan, "Not relevant")]
    assert aval(DLQI, rows) == [11.0]
    assert told(score(DLQI, rows)) == {"the result is no number and no response of the instrument; the item is missing": [9]}
    assert aval(DLQI, [row for row in rows if row[0] != "DLQI110"]) == [None]


@pytest.mark.parametrize("answer", [(3, ""), (np.nan, "Very much"), (np.nan, "Not relevant")])
def test_the_second_part_of_item_7_has_three_answers(answer: tuple[float, str]) -> None:
    rows = dlqi([("DLQI107", np.nan, "NO"), ("DLQI107A", *answer)])
    assert aval(DLQI, [row for row in rows if row[0] != "DLQI110"]) == [None]


@pytest.mark.parametrize(
    ("seventh", "total"),
    [
        ([("DLQI107", np.nan, "YES")], 12.0),
        ([("DLQI107", np.nan, "YES"), ("DLQI107A", 2, "")], 12.0),  # case 86
        ([("DLQI107", np.nan, "NO"), ("DLQI107A", 0, "")], 9.0),  # case 88
        ([("DLQI107", np.nan, "NO"), ("DLQI107A", 1, "")], 10.0),
        ([("DLQI107A", 2, "")], 11.0),  # answered although the question before it is blank
        ([("DLQI107", 3, "3")], 12.0),  # ruling 43
        ([("DLQI107", 3, "")], 12.0),
        ([("DLQI107", 0, "0"), ("DLQI107A", 2, "")], 11.0),
        ([("DLQI107", np.nan, "0.0"), ("DLQI107A", 2, "")], 11.0),
        ([("DLQI107", np.nan, "3.0")], 12.0),
        ([("DLQI107", 0, "0")], 9.0),
        ([("DLQI107", np.nan, "NOT RELEVANT"), ("DLQI107A", 2, "")], 9.0),
    ],
)
def test_item_7_counts_once(seventh: list[tuple[object, ...]], total: float) -> None:
    assert aval(DLQI, dlqi(seventh)) == [total]


def test_item_7_no_without_the_second_question_is_one_missing_item() -> None:
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "NO")])) == [9.0]
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "NO")], DLQI101=None)) == [None]


def test_an_unknown_response_of_a_text_item_is_told() -> None:
    made = score(DLQI, dlqi([("DLQI107", np.nan, "PERHAPS"), ("DLQI107A", 2, "")]))
    assert numbers(made.given["AVAL"]) == [11.0]
    assert told(made) == {"the result is no number and no response of the instrument; the item is missing": [9]}


def test_case_089_items_win_over_the_collected_total() -> None:
    made = score(DLQI, dlqi([("DLQI107", np.nan, "YES"), ("DLQI111", 10, "")]))
    assert numbers(made.given["AVAL"]) == [12.0]
    assert list(told(made)) == ["the collected score differs from that of the items, which is used"]


def test_one_item_blank_and_a_collected_total_take_the_total() -> None:
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "YES"), ("DLQI111", 14, "")], DLQI101=None)) == [14.0]


def test_ruling_11_44_two_boxes_ticked_count_the_higher() -> None:
    assert aval(DLQI, [*dlqi([("DLQI107", np.nan, "YES")]), ("DLQI101", 3, ""), ("DLQI101", 0, "")]) == [14.0]
    assert aval(DLQI, dlqi([("DLQI107", np.nan, "YES"), ("DLQI107", np.nan, "NO"), ("DLQI107A", 1, "")])) == [12.0]


def test_of_two_collected_totals_one_out_of_range_does_not_count() -> None:
    made = score(DLQI, [("DLQI111", 12, ""), ("DLQI111", 14, ""), ("DLQI111", 31, ""), ("DLQI111", 20.5, "")])
    assert (numbers(made.given["AVAL"]), numbers(made.given["SRCSEQ"])) == ([14.0], [2.0])


def test_ruling_11_44_of_school_and_holiday_the_higher_counts() -> None:
    rows = [(f"CDLQ1{n:02d}", 1, "") for n in (1, 2, 3, 4, 5, 6, 8, 9, 10)]
    assert aval(CDLQI, [*rows, ("CDLQ107", np.nan, "Prevented school"), ("CDLQ107B", 1, "")]) == [12.0]
    assert aval(CDLQI, [*rows, ("CDLQ107B", 2, "")]) == [11.0]
    assert aval(CDLQI, rows) == [9.0]


def test_case_097_a_result_of_a_record_that_was_not_done_is_not_used() -> None:
    made = score(DLQI, dlqi([("DLQI107", np.nan, "YES"), ("DLQI101", 1, "", {"stat": "NOT DONE"})], DLQI101=None))
    assert numbers(made.given["AVAL"]) == [11.0]
    assert told(made) == {"the status is NOT DONE, but there is a result; it is not used": [9]}


def test_ruling_11_47_four_regions_add_up() -> None:
    four = [("HEAD AND NECK", 1.1, ""), ("UPPER LIMBS", 2.2, ""), ("TRUNK", 3.3, ""), ("LOWER LIMBS", 4.4, "")]
    made = score(BSA, four)
    assert (numbers(made.given["AVAL"]), list(made.given["SRCVAR"]), numbers(made.given["SRCSEQ"])) == ([11.0], ["FASTRESN"], [None])
    assert aval(BSA, four[:3]) == [None]


def test_records_that_do_not_belong_are_left_out() -> None:
    assert aval(EASI, [(*row, {"where": False}) for row in easi()]) == []


def test_subjects_are_kept_apart() -> None:
    made = score(EASI, [*easi(), *[(code, value, text, {"subject": 4}) for code, value, text in easi(EASI0101=3)]])
    assert (made.subject.tolist(), numbers(made.given["AVAL"])) == ([0, 4], [6.8, 7.0])


def test_errors_in_arguments_are_reported() -> None:
    def errors(**arguments: object) -> list[str]:
        given = {key: as_expression(v) if key in ("value", "otherwise") else v for key, v in arguments.items()}
        return [error.message for error in Scores.argument_errors(Score.model_validate(given), context_of())]

    assert errors(instrument="EASY", value="HN10") == ["there is no instrument 'EASY'; did you mean 'EASI'?"]
    assert errors(instrument="EASI", value="HN11") == ["value: HN11 is not an item, a set or an earlier formula of EASI. Did you mean 'HN10'?"]
    assert errors(instrument="EASI", value="HN10 > 1") == ["value must be a number; HN10 > 1 is a condition"]
    assert errors(instrument="EASI") == ["score needs value: or collected:, or both"]
