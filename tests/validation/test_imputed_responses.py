"""Responses of records that were not observed: matched with source records by visit, and not matched in a dataset without visit numbers."""

from pathlib import Path

import pandas as pd
import pytest

from tests.validation.small import frames, planned, sources, suites_of


@pytest.mark.parametrize(("without", "response"), [([], 0), (["AVISITN"], 1)])
def test_a_source_record_at_an_imputed_visit(tmp_path: Path, without: list[str], response: int) -> None:
    """The response of subject 1 at Week 2 is imputed on a later day, though there is a total at Week 2. `imputed_response` reports it by its visit.

    Without visits that check does not run, so that `response` reports the total without a response.
    """
    study, datasets = planned(tmp_path)
    suite = next(each for each in suites_of(study, datasets) if each.dataset.name == "ADEFF")
    data = frames(datasets)
    changed = data["ADEFF"].copy()
    low = changed.index[(changed["PARAMCD"] == "LOW") & (changed["USUBJID"] == "1")]
    changed.loc[low, "DTYPE"] = "LOCF"
    changed.loc[low, "ADT"] = pd.Timestamp("2024-01-20")
    records = suite.records({**data, "ADEFF": changed.drop(columns=without)}, sources())
    rule = next(rule for rule in suite.rules if rule.kind == "response")
    assert rule.count(records) == response
