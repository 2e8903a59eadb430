"""Judge a suite of Great Expectations on records in memory, with the library's own validator.

A data context adds nothing here: it would hash the records, define their source, and configure stores for results that are not kept.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from validation.library import Batch, PandasExecutionEngine, Validator


class QuietValidator(Validator):
    """The validator of the library without its progress bars, which only a data context can turn off."""

    def _determine_progress_bars(self) -> bool:
        return False


def judge(suite: Any, frame: pd.DataFrame, result_format: str) -> list[Any]:  # noqa: ANN401  (gx is untyped)
    """Return the results of the expectations of a suite on some records.

    Args:
        suite: a suite of Great Expectations.
        frame: the records.
        result_format: how much a result contains, as the library names it: `BOOLEAN_ONLY`, `COMPLETE`.
    """
    validator = QuietValidator(execution_engine=PandasExecutionEngine(), batches=[Batch(data=frame)])
    configurations = validator.process_expectations_for_validation(suite.expectation_configurations)
    results: list[Any] = validator.graph_validate(configurations=configurations, runtime_configuration={"result_format": result_format})
    return results
