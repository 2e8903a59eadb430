"""Run a custom suite of Great Expectations, and report what it found as findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import great_expectations as gx
import numpy as np
import pandas as pd
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from adam.core.errors import Finding, Severity
from validation.custom_suites import condition_of
from validation.expectations import OF_SEVERITY
from validation.findings import Failure, found, raised
from validation.records import Records
from validation.rule import Suite


def run_written(suite: Suite, records: Records, batch_of: Callable[[pd.DataFrame], Any]) -> list[Finding]:
    """The findings of the custom suite of a dataset, in its order.

    Great Expectations is given type, arguments and severity, all of which `validation.allowed` has passed, and the records a row condition
    selects; it never sees the condition. An expectation that raised is an error, and so is one whose `row_condition` selects no record,
    unless its `meta` says `allow_empty: true`. The id of a finding is `rule` of `meta`, else `GX-` and the place in the file.
    """
    assert suite.written is not None
    found: dict[int, list[Finding]] = {}
    of_condition: dict[str | None, list[int]] = {}
    for number, each in enumerate(suite.written["expectations"]):
        of_condition.setdefault(each.get("kwargs", {}).get("row_condition"), []).append(number)
    for numbers in of_condition.values():
        found |= _run(suite, numbers, records, batch_of)
    return [finding for number in sorted(found) for finding in found[number]]


def _run(suite: Suite, numbers: list[int], records: Records, batch_of: Callable[[pd.DataFrame], Any]) -> dict[int, list[Finding]]:
    """The findings of the expectations that share a row condition."""
    assert suite.written is not None
    condition = condition_of(suite.written["expectations"][numbers[0]])
    try:
        frame = records.frame if condition is None else records.frame[records.fits(condition)]
    except KeyError as error:
        return {number: [_could_not(suite, number, f"row_condition: there is no variable {error}")] for number in numbers}
    found, expectations, places = {}, [], []
    for number in numbers:
        try:
            expectations.append(_expectation(suite.written["expectations"][number], number))
            places.append(number)
        except Exception as error:  # whatever the library refuses is the user's to read
            found[number] = [_could_not(suite, number, " ".join(str(error).split()))]
    if expectations:
        whole = gx.ExpectationSuite(name=f"{suite.dataset.name} by hand {numbers[0]}", expectations=expectations)
        result = batch_of(frame).validate(whole, result_format={"result_format": "COMPLETE"})
        answers = {answer.expectation_config.meta["place"]: answer for answer in result.results}
        selects = bool(len(frame)) or condition is None
        found |= {number: _finding(suite, number, answers.get(number), records, selects) for number in places}
    return found


def _expectation(each: Mapping[str, Any], number: int) -> Any:  # noqa: ANN401  (gx is untyped)
    """An expectation as Great Expectations has it, without its row condition and with no more of its `meta` than its place."""
    arguments = {key: value for key, value in each.get("kwargs", {}).items() if key != "row_condition"}
    said = {key: each[key] for key in ("severity", "description") if key in each}
    return ExpectationConfiguration(type=each["type"], kwargs=arguments, meta={"place": number}, **said).to_domain_obj()


def _identity(suite: Suite, number: int) -> str:
    assert suite.written is not None
    return str(suite.written["expectations"][number].get("meta", {}).get("rule", f"GX-{number + 1}"))


def _could_not(suite: Suite, number: int, why: str) -> Finding:
    message = f"expectation {number + 1} ({_identity(suite, number)}) could not be run: {why}"
    return Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.written_mark)


def _finding(suite: Suite, number: int, answer: Any, records: Records, selects: bool) -> list[Finding]:  # noqa: ANN401
    assert suite.written is not None
    why = raised(answer)
    if why:
        return [_could_not(suite, number, why)]
    each = suite.written["expectations"][number]
    result = answer.result or {}
    if (not selects or result.get("element_count") == 0) and each.get("meta", {}).get("allow_empty") is not True:
        return [_could_not(suite, number, "it selects no record (meta: {allow_empty: true} says that it may)")]
    if answer.success:
        return []
    severity = OF_SEVERITY.get(str(each.get("severity", "critical")), Severity.ERROR)
    message = str(each.get("description") or f"{each['type']} {each.get('kwargs', {})}")
    mask = np.zeros(len(records.frame), dtype=bool)
    mask[[int(index) for index in result.get("unexpected_index_list") or []]] = True
    failure = Failure(_identity(suite, number), severity, message, suite.written_mark, "", str(each.get("kwargs", {})))
    if not mask.any():
        return [Finding(failure.id, severity, suite.dataset.name, message, mark=suite.written_mark)]
    return found(suite, failure, records.frame, mask, records)
