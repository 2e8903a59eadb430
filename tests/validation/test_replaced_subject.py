"""A study that replaces USUBJID of a domain: records name the source records of the replaced subject."""

from pathlib import Path

import pandas as pd

from tests.validation.small import FILES, frames, planned, sources, suites_of

SUBJECTS = {"1": "A", "2": "B", "3": "C", "4": "D"}


def of_letters(data: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: frame.assign(USUBJID=frame["USUBJID"].map(SUBJECTS).astype("str")) for name, frame in data.items()}


def test_source_records_are_those_of_the_subject_as_the_study_reads_it(tmp_path: Path) -> None:
    """QS has the subjects a and b, which the study reads as A and B: every record names its source record, as with collected A and B."""
    use = "  AE: {optional: true}\n"
    study, datasets = planned(tmp_path, study=FILES["study.yaml"].replace(use, f"{use}  QS: {{variables: {{USUBJID: upper(USUBJID)}}}}\n"))
    suite = next(each for each in suites_of(study, datasets) if each.dataset.name == "ADEFF")
    collected = of_letters(sources())
    collected["QS"]["USUBJID"] = collected["QS"]["USUBJID"].str.lower()
    rule = next(rule for rule in suite.rules if rule.kind == "source_value")
    assert rule.count(suite.records(of_letters(frames(datasets)), collected)) == 0
