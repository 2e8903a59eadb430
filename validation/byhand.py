"""Run a suite of Great Expectations that was written by hand, and say what it found as findings."""

from __future__ import annotations

from typing import Any

import great_expectations as gx
import numpy as np
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from adam.errors import Finding, Severity
from validation.expectations import OF_SEVERITY
from validation.findings import Failure, found, raised
from validation.records import Records
from validation.rule import Suite


def run_written(suite: Suite, records: Records, batch: Any) -> list[Finding]:  # noqa: ANN401  (gx is untyped)
    """The findings of the suite beside the study, in its order.

    An expectation that raised is an error, and so is one whose `row_condition` selects no record, unless its `meta` says `empty: allowed`.
    The id of a finding is `rule` of `meta`, else `GX-` and the place in the file.
    """
    assert suite.written is not None
    findings: list[Finding] = []
    expectations, places = [], []
    for number, each in enumerate(suite.written["expectations"]):
        try:
            known = {key: each[key] for key in ("type", "kwargs", "severity", "description") if key in each}
            expectations.append(ExpectationConfiguration(**known, meta={**each.get("meta", {}), "place": number}).to_domain_obj())
            places.append(number)
        except Exception as error:  # whatever the library refuses is the user's to read
            findings.append(_could_not(suite, number, " ".join(str(error).split())))
    if expectations:
        whole = gx.ExpectationSuite(name=f"{suite.dataset.name} by hand", expectations=expectations)
        result = batch.validate(whole, result_format={"result_format": "COMPLETE"})
        answers = {answer.expectation_config.meta["place"]: answer for answer in result.results}
        for number in places:
            findings += _finding(suite, number, answers.get(number), records)
    return findings


def _identity(suite: Suite, number: int) -> str:
    assert suite.written is not None
    return str(suite.written["expectations"][number].get("meta", {}).get("rule", f"GX-{number + 1}"))


def _could_not(suite: Suite, number: int, why: str) -> Finding:
    message = f"expectation {number + 1} ({_identity(suite, number)}) could not be run: {why}"
    return Finding("suite", Severity.ERROR, suite.dataset.name, message, mark=suite.written_mark)


def _finding(suite: Suite, number: int, answer: Any, records: Records) -> list[Finding]:  # noqa: ANN401
    assert suite.written is not None
    why = raised(answer)
    if why:
        return [_could_not(suite, number, why)]
    each = suite.written["expectations"][number]
    result = answer.result or {}
    if result.get("element_count") == 0 and each.get("meta", {}).get("empty") != "allowed":
        return [_could_not(suite, number, "it selects no record (meta: {empty: allowed} says that it may)")]
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
