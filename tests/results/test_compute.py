"""Results of finished datasets, with expected values computed by hand for a few subjects."""

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.pipeline.planning import plan_with_source
from adam.results.compute import ResultValue, compute_results
from adam.results.table import COLUMNS, count_reproduced, to_csv, to_records, to_table
from tests.stored import stored

EXAMPLE = Path(__file__).parents[1] / "study" / "specs"
SUBJECTS = pd.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4", "5"],
        "TRT01P": ["Active", "Vehicle", "Active", "Active", ""],
        "SAFFL": ["Y", "Y", "Y", "N", "N"],
        "AGE": [20.0, 31.0, np.nan, 40.0, 50.0],
        "SEX": ["F", "M", "F", "M", "F"],
    }
).astype(dict.fromkeys(("USUBJID", "TRT01P", "SAFFL", "SEX"), "str"))
VISITS = pd.DataFrame({"USUBJID": ["1", "1", "2", "2", "3"], "TRTA": ["Active", "Active", "Vehicle", "Vehicle", "Active"]}).astype("str")
VISITS = VISITS.assign(AVISITN=[2.0, 4.0, 2.0, 4.0, 2.0], AVAL=[4.0, 1.0, 6.0, 5.0, 2.0])


@pytest.fixture
def compute(tmp_path: Path):
    """Compute the results that lines of YAML declare, from the datasets of the example."""

    def work(*lines: str, frames: dict[str, pd.DataFrame] | None = None, parts: int = 1) -> list[ResultValue]:
        shutil.copytree(EXAMPLE, tmp_path / "study", dirs_exist_ok=True)
        text = (tmp_path / "study" / "study.yaml").read_text().replace("../../../specs/adamig", "adamig")
        (tmp_path / "study" / "study.yaml").write_text(text)
        (tmp_path / "study" / "results.yaml").write_text("results:\n" + "".join(f"  {line}\n" for line in lines))
        found, _ = plan_with_source(tmp_path / "study")
        study = found.study.model_copy(update={"datasets": found.datasets})
        return compute_results(study, stored({"ADSL": SUBJECTS, "ADITCH": VISITS} if frames is None else frames, parts))

    return work


def shown(found: list[ResultValue]) -> list[tuple[str, str]]:
    return [(each.group, each.shown) for each in found]


def test_a_count_by_group_in_the_order_of_the_codelist_the_total_last(compute) -> None:
    found = compute('N: {title: Safety, dataset: ADSL, where: SAFFL == "Y", by: TRT01P, value: count}')
    assert shown(found) == [("Vehicle", "1"), ("Active", "2"), ("Total", "3")]


def test_the_total_is_of_all_records_those_of_no_group_too(compute) -> None:
    found = compute("N: {title: All, dataset: ADSL, by: TRT01P, value: count}")
    assert shown(found) == [("Vehicle", "1"), ("Active", "3"), ("Total", "5")]


def test_a_percentage_is_of_the_records(compute) -> None:
    found = compute('P: {title: Women (%), dataset: ADSL, by: TRT01P, value: percent(SEX == "F")}')
    assert [(each.group, each.shown, each.records, each.among) for each in found] == [
        ("Vehicle", "0.0", 0, 1),
        ("Active", "66.7", 2, 3),
        ("Total", "60.0", 3, 5),
    ]


def test_a_percentage_may_be_of_the_subjects_of_another_dataset(compute) -> None:
    line = 'P: {title: Week 4 (%), dataset: ADITCH, where: AVISITN == 4, value: percent, of: {dataset: ADSL, where: SAFFL == "Y"}}'
    (found,) = compute(line)
    assert (found.group, found.shown, found.records, found.among) == ("Total", "66.7", 2, 3)


def test_statistics_leave_out_what_is_missing(compute) -> None:
    lines = [f"{name.upper()}: {{title: Age, dataset: ADSL, value: {name}(AGE)}}" for name in ("mean", "sd", "median", "min", "max")]
    assert [each.shown for each in compute(*lines)] == ["35.3", "12.8", "35.5", "20.0", "50.0"]


def test_a_statistic_of_nothing_is_blank(compute) -> None:
    (found,) = compute('M: {title: Age, dataset: ADSL, where: SEX == "U", value: mean(AGE), published: 1.0}')
    assert (found.shown, found.agrees) == ("", False)


def test_the_published_number_sets_the_decimals_and_halves_round_up(compute) -> None:
    found = compute(
        "A: {title: Age, dataset: ADSL, value: median(AGE), published: 36}",
        "B: {title: Age, dataset: ADSL, value: median(AGE), published: 35.50}",
        "C: {title: Age, dataset: ADSL, value: median(AGE), published: 35.4}",
    )
    assert [(each.shown, each.agrees) for each in found] == [("36", True), ("35.50", True), ("35.5", False)]


def test_published_numbers_by_name_in_order_or_alone(compute) -> None:
    found = compute(
        "A: {title: N, dataset: ADSL, by: TRT01P, value: count, published: [1, 3, 5]}",
        "B: {title: N, dataset: ADSL, by: TRT01P, value: count, published: {Active: 3, Total: 6}}",
    )
    assert [(each.group, each.published, each.agrees) for each in found] == [
        ("Vehicle", "1", True),
        ("Active", "3", True),
        ("Total", "5", True),
        ("Vehicle", "", None),
        ("Active", "3", True),
        ("Total", "6", False),
    ]


def test_a_published_group_without_records_is_0(compute) -> None:
    found = compute('A: {title: N, dataset: ADSL, where: SEX == "M" and SAFFL == "Y", by: TRT01P, value: count, published: {Active: 0}}')
    assert shown(found) == [("Vehicle", "1"), ("Active", "0"), ("Total", "1")]


def test_a_curve_has_a_number_for_each_place(compute) -> None:
    found = compute("C: {title: Mean, dataset: ADITCH, by: TRTA, over: AVISITN, value: mean(AVAL)}")
    assert [(each.group, each.over, each.shown) for each in found] == [
        ("Vehicle", "2", "6.0"),
        ("Vehicle", "4", "5.0"),
        ("Active", "2", "3.0"),
        ("Active", "4", "1.0"),
        ("Total", "2", "4.0"),
        ("Total", "4", "3.0"),
    ]


@pytest.mark.parametrize("value", ["mean(AVAL)", "median(AVAL)", "percent(AVAL == 1)", "count"])
def test_a_curve_of_no_record_has_no_number(compute, value: str) -> None:
    assert compute(f"C: {{title: C, dataset: ADITCH, where: AVISITN == 99, by: TRTA, over: AVISITN, value: {value}}}") == []


def test_conditions_with_a_part_in_common(compute) -> None:
    """The age of subject 3 is missing: it is neither under 40 nor not."""
    lines = [
        'A: {title: A, dataset: ADSL, where: AGE < 40 and SEX == "F", value: count}',
        'B: {title: B, dataset: ADSL, where: AGE < 40 and not SEX == "F", value: count}',
        'C: {title: C, dataset: ADSL, where: not AGE < 40 and (SEX == "F" or SAFFL == "N"), value: count}',
        'D: {title: D, dataset: ADSL, where: AGE < 40 or SEX == "F", value: count}',
        "E: {title: E, dataset: ADSL, where: not (AGE < 40 and AGE > 0), value: count}",
    ]
    assert [each.shown for each in compute(*lines)] == ["1", "1", "2", "4", "2"]


def test_groups_may_be_numbers(compute) -> None:
    assert shown(compute("N: {title: N, dataset: ADITCH, by: AVISITN, value: count}")) == [("2", "3"), ("4", "2"), ("Total", "5")]


def test_a_result_of_a_dataset_that_was_not_made_is_left_out(compute) -> None:
    assert compute("N: {title: N, dataset: ADITCH, value: count}", frames={"ADSL": SUBJECTS}) == []


def test_the_table_and_the_number_of_reproduced_results(compute) -> None:
    found = compute(
        "A: {title: Subjects, dataset: ADSL, by: TRT01P, value: count, published: [1, 4]}",
        'B: {title: Women (%), dataset: ADSL, value: percent(SEX == "F"), published: 60.0}',
        "C: {title: Mean, dataset: ADITCH, over: AVISITN, value: mean(AVAL)}",
    )
    lines = [" ".join(line.split()) for line in to_table(found).splitlines()]
    assert lines == ["computed published", "Subjects", "Vehicle 1 1 =", "Active 3 4 DIFFERS", "Total 5", "Women (%) 60.0 60.0 = 3/5"]
    assert count_reproduced(found) == "3 published numbers: 2 reproduced, 1 DIFFERS"
    assert count_reproduced(found[-3:]) == "1 published number: reproduced"


def test_results_as_values_and_for_machines(compute) -> None:
    found = compute('B: {title: "Women, all (%)", dataset: ADSL, value: percent(SEX == "F"), published: 60.0}')
    header, row = csv.reader(io.StringIO(to_csv(found)))
    assert tuple(header) == COLUMNS
    assert row == ["B", "Women, all (%)", "ADSL", "Total", "", "60.0", "60.0", "true", "3", "5"]
    assert to_records(found)[0]["agrees"] is True


def test_a_list_of_published_numbers_keeps_its_places_where_a_group_is_empty(compute) -> None:
    found = compute('N: {title: Men, dataset: ADSL, where: SAFFL == "Y" and SEX == "F", by: TRT01P, value: count, published: [7, 2, 9]}')
    assert [(each.group, each.shown, each.published) for each in found] == [("Vehicle", "0", "7"), ("Active", "2", "2"), ("Total", "2", "9")]


def test_the_cut_into_parts_does_not_show(compute) -> None:
    lines = [f"{name.upper()}: {{title: Age, dataset: ADSL, by: TRT01P, value: {name}(AGE)}}" for name in ("mean", "sd", "median", "min", "max")]
    lines += [
        'P: {title: Women (%), dataset: ADSL, where: AGE > 20, by: TRT01P, value: percent(SEX == "F"), of: {dataset: ADSL}}',
        "N: {title: All, dataset: ADSL, value: count}",
        "V: {title: Course, dataset: ADITCH, by: TRTA, over: AVISITN, value: mean(AVAL)}",
    ]
    whole = compute(*lines)
    for parts in (2, 5, 7):
        np.testing.assert_array_equal([each.value for each in compute(*lines, parts=parts)], [each.value for each in whole])
        assert [(each.group, each.shown, each.records, each.among) for each in compute(*lines, parts=parts)] == [
            (each.group, each.shown, each.records, each.among) for each in whole
        ]
