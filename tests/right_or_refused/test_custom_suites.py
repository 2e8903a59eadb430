"""A custom suite runs no code, opens no connection and names nothing that is not listed: refused with its place before data are read."""

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.right_or_refused.small_study import SmallStudy, small_study

COLUMN = {"column": "AGE"}
NOT_NULL = {"type": "expect_column_values_to_not_be_null", "kwargs": COLUMN}


def with_suite(folder: Path, *expectations: Any, text: str = "") -> SmallStudy:
    study = small_study(folder)
    (study.specs / "expectations").mkdir()
    body = text or json.dumps({"expectations": list(expectations)})
    (study.specs / "expectations" / "ADSL.json").write_text(body)
    return study


def kwargs(**arguments: Any) -> dict[str, Any]:
    return {**NOT_NULL, "kwargs": {**COLUMN, **arguments}}


IN_SET = {"type": "expect_column_values_to_be_in_set"}
REFUSED = [
    (kwargs(row_condition="@pd.io.common.os.system('id') == 0", condition_parser="pandas"), "row_condition: This is not a valid expression"),
    (kwargs(row_condition='AGE.__class__ == "x"'), "row_condition"),
    (kwargs(row_condition="__import__('os').system('id') == 0"), "row_condition"),
    (kwargs(row_condition='col("AGE").notNull()', condition_parser="great_expectations"), "row_condition"),
    (kwargs(row_condition="DM.AGE > 1"), "row_condition: DM.AGE is not a variable of ADSL"),
    (kwargs(row_condition="AGEE > 1"), "ADSL has no variable AGEE. Did you mean 'AGE'?"),
    (kwargs(row_condition='SEX == "FEMALE"'), "Did you mean 'F'?"),
    (kwargs(row_condition={"type": "pass_through", "pass_through_filter": "1"}), "row_condition must be a condition, as text"),
    (kwargs(row_condition="AGE > 1", condition_parser="pandas"), "'condition_parser' is not allowed here"),
    (kwargs(pass_through_filter="AGE > 1"), "'pass_through_filter' is not allowed here"),
    (kwargs(batch_id="x"), "'batch_id' is not allowed here"),
    (kwargs(mostly={"$PARAMETER": "x"}), "mostly must be a number from 0 to 1"),
    (kwargs(mostly=2), "mostly must be a number from 0 to 1"),
    ({**IN_SET, "kwargs": {**COLUMN, "value_set": {"$PARAMETER": "x"}}}, "value_set must be a list of texts and numbers"),
    ({**IN_SET, "kwargs": {**COLUMN, "value_set": [{"$PARAMETER": "x"}]}}, "value_set must be a list of texts and numbers"),
    (IN_SET | {"kwargs": COLUMN}, "requires the argument value_set"),
    ({"type": "expect_column_values_to_match_json_schema", "kwargs": {**COLUMN, "json_schema": {"$ref": "http://127.0.0.1/x"}}}, "is not allowed"),
    ({"type": "unexpected_rows_expectation", "kwargs": {"unexpected_rows_query": "SELECT 1"}}, "is not allowed in a custom suite"),
    ({"type": "expect_query_results_to_match_comparison", "kwargs": {"base_query": "SELECT 1"}}, "is not allowed in a custom suite"),
    ({"type": "expect_the_unexpected", "kwargs": {}}, "is not allowed in a custom suite"),
    ({"type": "expect_column_values_to_match_regex", "kwargs": {**COLUMN, "regex": "("}}, "regex must be a regular expression"),
    ({**NOT_NULL, "kwargs": {"column": "AGEE"}}, "ADSL has no variable AGEE. Did you mean 'AGE'?"),
    ({**NOT_NULL, "kwargs": {"column": ["AGE"]}}, "column must be the name of a variable"),
    ({**NOT_NULL, "kwargs": []}, "kwargs must be a block of arguments"),
    ({**NOT_NULL, "severity": "fatal"}, "severity must be critical, warning or info"),
    ({**NOT_NULL, "meta": {"$PARAMETER": "x"}}, "'$PARAMETER' is not allowed here"),
    ({**NOT_NULL, "meta": {"rule": 1}}, "rule must be the id of the findings"),
    ({**NOT_NULL, "rendered_content": []}, "'rendered_content' is not allowed here"),
    ("expect", "An expectation must be a block with type and kwargs."),
]


@pytest.mark.parametrize(("expectation", "said"), REFUSED)
def test_what_is_not_listed_is_refused_before_data_are_read(tmp_path: Path, expectation: Any, said: str) -> None:
    ran = with_suite(tmp_path, NOT_NULL, expectation).check()
    assert ran.exit_code == 2, ran.text
    assert said in ran.text
    assert "expectations/ADSL.json:1:" in ran.text
    assert "ADSL: expectation 2: " in ran.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"expectations": [1], "expectations": []}', "key 'expectations' occurs twice"),
        ('{"expectations": [{"type": "x", "type": "y"}]}', "key 'type' occurs twice"),
        ('{"expectations": [NaN]}', "NaN is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ('{"expectations": [' + "1" * 5000 + "]}", "is not valid JSON"),
        ('{"expectations": []}', "at least one"),
        ("[]", "at least one"),
        (json.dumps({"expectations": [NOT_NULL], "suite_parameters": {"x": 1}}), "Unknown key 'suite_parameters' of a suite"),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, text: str, said: str) -> None:
    ran = with_suite(tmp_path, text=text).check()
    assert (ran.exit_code, said in ran.text) == (2, True), ran.text


def test_a_suite_in_capitals_is_a_suite_and_one_of_no_dataset_is_refused(tmp_path: Path) -> None:
    folder = with_suite(tmp_path, IN_SET).specs / "expectations"
    (folder / "ADSL.json").rename(folder / "ADSL.JSON")
    assert "requires the argument column" in small_study(tmp_path).check().text
    (folder / "ADSL.JSON").rename(folder / "adsl.json")
    ran = small_study(tmp_path).check()
    assert (ran.exit_code, "The study has no dataset adsl" in ran.text) == (2, True)


def test_a_suite_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    study = with_suite(tmp_path, NOT_NULL)
    (study.specs / "expectations" / "ADSL.json").unlink()
    os.mkfifo(study.specs / "expectations" / "ADSL.json")
    ran = study.check()
    assert (ran.exit_code, "is not a regular file" in ran.text) == (2, True)


def test_the_place_is_that_of_the_argument_in_a_file_with_lines_and_tabs(tmp_path: Path) -> None:
    text = '{\n\t"expectations": [\n\t\t{"type": "expect_column_values_to_not_be_null",\n\t\t "kwargs": {"column": "AGEE"}}\n\t]\n}\n'
    ran = with_suite(tmp_path, text=text).check()
    assert "expectations/ADSL.json:4:25: ADSL: expectation 1: ADSL has no variable AGEE" in ran.text


def test_a_row_condition_selects_records_as_a_check_does(tmp_path: Path) -> None:
    old = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "AGE", "max_value": 60, "row_condition": 'SEX == "M" and AGE > 1'}}
    young = {**old, "kwargs": {**old["kwargs"], "row_condition": 'SEX in ("F")'}}
    ran = with_suite(tmp_path, {**old, "meta": {"rule": "H-1"}}, {**young, "meta": {"rule": "H-2"}}, NOT_NULL).build()
    assert ran.exit_code == 1
    (found,) = ran.findings()  # subject 2 is a man of 65, subject 1 a woman of 34
    assert (found["id"], found["count"], found["keys"][0]["USUBJID"]) == ("H-1", 1, "S1-2")


def test_a_row_condition_that_selects_no_record_is_an_error(tmp_path: Path) -> None:
    ran = with_suite(tmp_path, kwargs(row_condition="AGE > 100")).build()
    assert (ran.exit_code, "its row condition selects no record" in ran.text) == (1, True)


def test_a_build_with_a_custom_suite_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refused(*arguments: object, **options: object) -> None:
        tried.append(arguments)
        raise OSError("no connection in this test")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "connect_ex", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    ran = with_suite(tmp_path, NOT_NULL, kwargs(row_condition="AGE > 1"), {**IN_SET, "kwargs": {"column": "SEX", "value_set": ["F", "M"]}}).build()
    assert (ran.exit_code, tried) == (0, [])
