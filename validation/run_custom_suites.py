"""Run a custom suite of Great Expectations and return its failures as findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from adam.core.errors import Finding, Severity
from adam.core.stored import StoredRecords
from adam.expressions.tree import Expr
from validation.allowed_expectations import named_columns
from validation.check import Failure
from validation.columns import narrow_frame
from validation.custom_suites import condition_of
from validation.expectations import OF_SEVERITY
from validation.findings import NAME, failing_records, finding_of, raised
from validation.judge import judge
from validation.library import ExpectationConfiguration, gx, load_expectations
from validation.records import SUBJECT, Records
from validation.rule import Suite


def run_custom_suite(suite: Suite, stored: StoredRecords) -> list[Finding]:
    """Return the findings of the custom suite of a dataset, in its order.

    An expectation is run on the records of all subjects, as many are of all of them: with only the variables that it names. Great
    Expectations receives type, arguments and severity, which `validation.allowed_expectations` accepted, and the records that the row
    condition selects, but never the condition. An expectation that raised is an error, and so is one whose `row_condition` selects no
    record, unless its `meta` has `allow_empty: true`. The id of a finding is `rule` of `meta`, else `GX-` and the place in the file.
    """
    assert suite.custom is not None
    load_expectations()
    found: dict[int, list[Finding]] = {}
    alike: dict[tuple[str | None, tuple[str, ...] | None], list[int]] = {}
    for number, each in enumerate(suite.custom["expectations"]):
        names = named_columns(each)
        alike.setdefault((each.get("kwargs", {}).get("row_condition"), None if names is None else tuple(sorted(names))), []).append(number)
    for (_, columns), numbers in alike.items():
        found |= _run(suite, numbers, _Narrow(suite, stored, columns))
    return [finding for number in sorted(found) for finding in found[number]]


@dataclass(frozen=True)
class _Narrow:
    """The records of all subjects with some variables; None: all variables of no record."""

    suite: Suite
    stored: StoredRecords
    columns: tuple[str, ...] | None

    def records(self, condition: Expr | None, text: str = "") -> Records:
        """Return the records with these variables, those of a condition, and those that a text names, with the key."""
        name = self.suite.dataset.name
        if self.columns is None:
            return self.suite.records({name: next(self.stored.parts()).iloc[:0]}, {})
        more = [name.last for name in condition.names] if condition is not None else []
        shown = (
            [*SUBJECT, *self.suite.dataset.key, *NAME.findall(text), *(key for each in self.suite.study.waivers for key in each.keys)] if text else []
        )
        return self.suite.records({name: narrow_frame(self.stored, {*self.columns, *SUBJECT, *more, *shown})}, {})


def _run(suite: Suite, numbers: list[int], narrow: _Narrow) -> dict[int, list[Finding]]:
    """The findings of the expectations that share a row condition and their variables."""
    assert suite.custom is not None
    condition = condition_of(suite.custom["expectations"][numbers[0]])
    records = narrow.records(condition)
    try:
        frame = pd.DataFrame(records.frame if condition is None else records.frame[records.selected(condition)])
    except KeyError as error:
        return {number: [_not_run(suite, number, f"row_condition: the dataset has no variable {error}")] for number in numbers}
    found, expectations, places = {}, [], []
    for number in numbers:
        try:
            expectations.append(_expectation(suite.custom["expectations"][number], number))
            places.append(number)
        except Exception as error:  # the library's reason is reported to the user
            found[number] = [_not_run(suite, number, " ".join(str(error).split()))]
    if expectations:
        whole = gx.ExpectationSuite(name=f"{suite.dataset.name} custom {numbers[0]}", expectations=expectations)
        answers = {answer.expectation_config.meta["place"]: answer for answer in judge(whole, frame, "COMPLETE")}
        selects = bool(len(frame)) or condition is None
        found |= {number: _finding(suite, number, answers.get(number), narrow, selects) for number in places}
    return found


def _expectation(each: Mapping[str, Any], number: int) -> Any:  # noqa: ANN401  (gx is untyped)
    """Return an expectation of Great Expectations without its row condition, and with only its place as `meta`."""
    arguments = {key: value for key, value in each.get("kwargs", {}).items() if key != "row_condition"}
    more = {key: each[key] for key in ("severity", "description") if key in each}
    return ExpectationConfiguration(type=each["type"], kwargs=arguments, meta={"place": number}, **more).to_domain_obj()


def _identity(suite: Suite, number: int) -> str:
    assert suite.custom is not None
    return str(suite.custom["expectations"][number].get("meta", {}).get("rule", f"GX-{number + 1}"))


def _not_run(suite: Suite, number: int, why: str) -> Finding:
    message = f"Expectation {number + 1} ({_identity(suite, number)}) could not be run: {why}"
    return Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.custom_mark)


def _finding(suite: Suite, number: int, answer: Any, narrow: _Narrow, selects: bool) -> list[Finding]:  # noqa: ANN401
    assert suite.custom is not None
    why = raised(answer)
    if why:
        return [_not_run(suite, number, why)]
    each = suite.custom["expectations"][number]
    result = answer.result or {}
    if (not selects or result.get("element_count") == 0) and each.get("meta", {}).get("allow_empty") is not True:
        return [_not_run(suite, number, "its row condition selects no record. If that is valid, add allow_empty: true to its meta")]
    if answer.success:
        return []
    severity = OF_SEVERITY.get(str(each.get("severity", "critical")), Severity.ERROR)
    message = str(each.get("description") or f"{each['type']} {each.get('kwargs', {})}")
    rows = [int(index) for index in result.get("unexpected_index_list") or []]
    whole = Finding(_identity(suite, number), severity, suite.dataset.name, message, mark=suite.custom_mark)
    if not rows:
        return [whole]
    names = f"{message} {each.get('kwargs', {})}"
    records = narrow.records(condition_of(each), names)
    mask = np.zeros(len(records.frame), dtype=bool)
    mask[rows] = True
    return [finding_of(suite, whole, failing) for failing in failing_records(suite, whole.id, names, 0, Failure(mask=mask), records)]
