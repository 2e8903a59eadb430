"""The parts of the page: distributions of columns, populations, appearances of groups, pictures."""

import math
import re
import warnings
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adam.planning.values import Codelist, CodelistTerm, ResolvedVariable
from adam.report.appearance import COLORS, MARKERS, assign_appearances
from adam.report.axis import round_ticks
from adam.report.distribution import FEW, describe_column, format_number
from adam.report.pictures import Bar, Curve, draw_bars, draw_curves
from adam.report.populations import NOT_ASSIGNED, count_populations
from adam.report.sections import result_sections
from adam.results.compute import compute_results
from tests.report.example_run import NASTY, RECORDS, RESULTS, STUDY, texts

LOOK = assign_appearances(["A", "B"], {"A": 1, "B": 2})


def test_numbers_and_their_histogram() -> None:
    found = describe_column(pd.Series([0.0, 0.5, 10.0, None]))
    assert (found.records, found.missing, found.missing_percent, found.low, found.middle, found.high) == (4, 1, "25.0", "0", "0.5", "10")
    assert found.bins == (1, 1, *[0] * 17, 1)
    assert found.path.startswith("M0 20V0H5V0H10V20H15")


@pytest.mark.parametrize(
    ("values", "bins"), [([3.0, 3.0], (2,)), ([], ()), ([None], ()), ([5e-324, 1e-323], None), ([-1.7e308, 1.7e308], None), ([1e16, 1e16 + 2], None)]
)
def test_numbers_that_are_difficult_for_a_histogram(values: list[float | None], bins: tuple[int, ...] | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = describe_column(pd.Series(values, dtype="float64"))
    assert found.bins == bins if bins is not None else sum(found.bins) == 2


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from([0.0, -0.0, 1.0, 2.5, 3.0, -7.25, 1e6, math.nan]), min_size=1, max_size=12))
def test_the_distribution_is_that_of_all_values(values: list[float]) -> None:
    found = describe_column(pd.Series(values, dtype="float64"))
    known = np.array([value for value in values if not math.isnan(value)])
    assert (found.records, found.missing) == (len(values), len(values) - len(known))
    if len(known):
        assert found.distinct == len(np.unique(known))
        assert (found.low, found.middle, found.high) == tuple(format_number(float(each)) for each in (known.min(), np.median(known), known.max()))
        assert sum(found.bins) == len(known)


def test_dates_moments_and_times() -> None:
    moments = pd.Series(["2020-02-28 09:30", "2020-02-29 10:00", None], dtype="datetime64[s]")
    assert describe_column(moments.dt.normalize()).high == "2020-02-29"
    assert describe_column(moments, ResolvedVariable(name="X", type="datetime")).low == "2020-02-28 09:30"
    assert describe_column(pd.Series([3660.0]), ResolvedVariable(name="X", type="time")).middle == "01:01"


def test_few_texts_are_counted_in_the_order_of_the_codelist_many_are_not() -> None:
    codelist = Codelist(name="C", terms={"LOW": CodelistTerm(), "HIGH": CodelistTerm()})
    column = texts("HIGH", "LOW", "", "HIGH", "odd")
    assert describe_column(column, None, codelist).terms == (("LOW", 1), ("HIGH", 2), ("odd", 1))
    assert describe_column(column).terms == (("HIGH", 2), ("LOW", 1), ("odd", 1))
    assert describe_column(column).missing == 1
    many = describe_column(texts(*[f"T{number}" for number in range(FEW)], "T3", "Z"))
    assert (many.distinct, many.terms, many.most) == (FEW + 1, (), ("T3", 2))


def test_populations_by_planned_treatment() -> None:
    found = count_populations(STUDY, RECORDS)
    assert found is not None
    assert found.groups == ("Placebo", "Active", NOT_ASSIGNED, "Total")
    assert found.sizes == {"Placebo": 1, "Active": 2, NOT_ASSIGNED: 1, "Total": 4}
    (safety,) = found.flags
    assert safety.counts == {"Placebo": 0, "Active": 2, NOT_ASSIGNED: 1, "Total": 3}
    assert safety.percents == {"Placebo": "0.0", "Active": "100.0", NOT_ASSIGNED: "100.0", "Total": "75.0"}
    ((status, lines),) = found.ends
    assert status.name == "EOSSTT"
    assert [(line.label, line.counts["Total"]) for line in lines] == [("COMPLETED", 2), ("ONGOING", 1)]
    assert count_populations(STUDY, {"ADY": RECORDS["ADY"]}) is None


def test_a_treatment_has_one_appearance_and_a_sequence_that_of_its_end() -> None:
    treatments = {"Drug High": 3, "Drug": 2, "Placebo": 1}
    found = assign_appearances(["Placebo / Drug High", "Drug", "Drug High", "F", "Total"], treatments)
    assert [found[group].color for group in ("Drug", "Drug High", "F")] == [COLORS[1], COLORS[2], COLORS[3]]
    assert found["Placebo / Drug High"].color == COLORS[2]
    assert found["Placebo / Drug High"].marker == MARKERS[0]
    assert [found[group].broken for group in ("Placebo / Drug High", "Drug")] == [True, False]


def test_sections_have_their_pictures_and_numbers() -> None:
    main, visits, start = result_sections(STUDY, RECORDS, compute_results(STUDY, RECORDS))  # those without a picture last
    assert (main.heading, visits.heading, start.heading) == ("Main", "Visits", "At the start")
    assert [table.groups for table in (*main.tables, *start.tables)] == [("Placebo", "Active", "Total"), ("Total",)]
    assert [picture.title for picture in main.pictures] == ["Percent by Planned Treatment"]
    assert ">50.0 (1/2)</text>" in main.pictures[0].svg
    assert not start.pictures
    curve, terms = visits.pictures
    assert curve.columns == ("Analysis Visit (N)", "Placebo", "Active", "Total")
    assert curve.rows == (("Baseline", "", "0.0", "0.0"), ("Week 2", "", "0.5", "0.5"))
    assert {row[0]: row[1:] for row in terms.rows} == {"Itch": ("0", "3", "3"), "Rash": ("1", "0", "1"), NASTY: ("0", "1", "1")}
    assert ">Week</text>" in curve.svg
    assert ">Baseline</text>" in curve.svg


def test_results_with_the_same_title_show_their_names() -> None:
    share = RESULTS["SHARE"]
    study = STUDY.model_copy(update={"results": {"SHARE": share, "AGAIN": share.model_copy(update={"name": "AGAIN"})}})
    (main,) = result_sections(study, RECORDS, compute_results(study, RECORDS))
    assert [row.title for row in main.tables[0].rows] == ["share at Week 2 (%) (SHARE)", "share at Week 2 (%) (AGAIN)"]
    assert main.pictures[0].svg.count(">50.0 (1/2)</text>") == 2


@pytest.mark.parametrize("values", [(-5.0,), (-5.0, -5.0)])
def test_a_curve_of_one_negative_value_is_at_the_lower_end_of_an_axis_up_to_0(values: tuple[float, ...]) -> None:
    places = tuple(map(float, range(len(values))))
    picture = draw_curves("change", "Change", [Curve("A", places, values)], {place: f"{place:g}" for place in places}, "Visit", False, LOOK)
    assert re.findall(r' text-anchor="end">(-5|0)<', picture) == ["-5", "0"]


def test_pictures_are_xml_with_any_text() -> None:
    odd = f"_{NASTY}\x00 $\\frac 日本"
    look = assign_appearances([odd], {})
    lines = [Curve(odd, (0.0, 2.0), (1.0, math.nan))]
    for svg in (
        draw_curves("x", odd, lines, {0.0: odd, 2.0: "b"}, odd, False, look),
        draw_bars("y", odd, {odd: {odd: Bar(math.nan, "", 2.0)}}, True, look),
    ):
        root = ET.fromstring(svg)
        text = "".join(root.itertext())
        assert root.get("role") == "img"
        assert "<script>" in text
        assert "日本" in text


def test_ids_of_two_pictures_differ_and_each_is_of_use() -> None:
    look = assign_appearances(["A", "A / B"], {"A": 1, "B": 2})
    rows = {"row": {"A": Bar(1.0, "1"), "A / B": Bar(2.0, "2")}}
    found = [ET.fromstring(draw_bars(name, name, rows, True, look)) for name in ("one", "two")]
    ids = [[each.get("id") for each in root.iter() if each.get("id")] for root in found]
    assert [len(own) for own in ids] == [1, 1]
    assert ids[0] != ids[1]
    for root, (own,) in zip(found, ids, strict=True):
        assert [each.get("fill") for each in root.iter() if f"#{own}" in each.get("fill", "")] == [f"url(#{own})"] * 2  # a bar and its key


def test_a_curve_is_interrupted_at_a_missing_value() -> None:
    curve = Curve("A", (0.0, 1.0, 2.0, 3.0, 4.0), (0.0, 10.0, math.nan, 5.0, math.nan))
    root = ET.fromstring(draw_curves("x", "x", [curve], {place: str(place) for place in curve.x}, "x", False, LOOK))
    paths = [each.get("d", "") for each in root.iter("{http://www.w3.org/2000/svg}path") if each.get("stroke") == LOOK["A"].color]
    # the axis is from x = -0.08 at 30 to 4.08 at 350, from y = 0 at 198 to 10.8 at 8
    assert paths[0] == "M36.15 198L113.08 22.07"
    assert paths[1].count("z") == 3  # markers


@pytest.mark.parametrize(
    ("low", "high", "whole", "texts"),
    [
        (0.0, 1.0, True, ["0", "1"]),
        (0.0, 0.3, False, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]),
        (-250.0, 2000.0, False, ["-250", "0", "250", "500", "750", "1000", "1250", "1500", "1750", "2000"]),
        (0.0, 2.6e6, False, ["0", "500000", "1000000", "1500000", "2000000", "2500000"]),
        (0.0, 3.1e12, False, ["0", "5e+11", "1e+12", "1.5e+12", "2e+12", "2.5e+12", "3e+12"]),
        (0.0, 5e-324, False, []),
        (1.0, 1.0, False, []),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, whole: bool, texts: list[str]) -> None:
    assert list(round_ticks(low, high, whole=whole).values()) == texts


def test_a_picture_with_all_values_missing_or_none() -> None:
    assert ET.fromstring(draw_curves("x", "x", [Curve("A", (1.0,), (math.nan,))], {1.0: "1"}, "x", True, LOOK)) is not None
    assert ET.fromstring(draw_bars("x", "x", {"row": {"A": Bar(0.0, "0")}}, True, LOOK)) is not None


def test_the_axis_of_counts_has_whole_numbers() -> None:
    def ticks(picture: str) -> list[str]:
        texts = [each.text or "" for each in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
        return [each for each in texts if re.fullmatch(r"[\d.]+", each)]

    assert ticks(draw_bars("c", "c", {"row": {"A": Bar(2.0, "two")}}, False, LOOK)) == ["0", "1", "2"]
    assert "0.2" in ticks(draw_bars("v", "v", {"row": {"A": Bar(1.5, "more")}}, False, LOOK))
    assert ticks(draw_bars("p", "p", {"row": {"A": Bar(100.0, "all", None, "1,200/1,200")}}, True, LOOK))[-1] == "100"


def test_a_bar_of_a_percentage_has_its_denominator() -> None:
    picture = draw_bars("d", "d", {"row": {"A": Bar(12.5, "12.5", None, "25/200"), "B": Bar(math.nan, "", None, "0/0")}}, True, LOOK)
    assert "12.5 (25/200)" in picture
    assert "0/0" not in picture
