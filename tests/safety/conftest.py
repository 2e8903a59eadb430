"""A study on the layer `safety`, built from records written in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from adam.core.errors import Finding
from adam.engine.run import build
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source

STUDY = """
language: 1
study: SAFE
extends: safety
label: A study of safety data
ids: [S1]
standards: [ADaMIG 1.3, SDTM CT 2022-09-30]
"""
ADSL = """
dataset: ADSL
class: SUBJECT LEVEL ANALYSIS DATASET
label: Subject-Level Analysis Dataset
records: {from: DM}
variables:
  STUDYID, USUBJID, AGE, SEX, RACE: DM
  TRTSDT: {value: date(DM.RFSTDTC)}
"""
SUBJECTS = [{"USUBJID": "01", "AGE": 50, "SEX": "M", "RACE": "WHITE", "RFSTDTC": "2020-01-01"}]
Rows = Sequence[Mapping[str, object]]
Build = Callable[..., tuple[dict[str, pd.DataFrame], list[Finding]]]


@pytest.fixture
def study(tmp_path: Path) -> Build:
    """A function that builds a study from its dataset files and the records of its domains: the frames and the findings."""

    def work(files: Mapping[str, str], domains: Mapping[str, Rows], subjects: Rows = SUBJECTS) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
        specs, sdtm = tmp_path / "specs", tmp_path / "sdtm"
        for folder in (specs, sdtm):
            folder.mkdir(exist_ok=True)
        for name, text in {"study.yaml": STUDY, "adsl.yaml": ADSL, **files}.items():
            (specs / name).parent.mkdir(exist_ok=True)
            (specs / name).write_text(text, encoding="utf-8")
        for domain, rows in {"DM": subjects, **domains}.items():
            frame = pd.DataFrame([{"STUDYID": "S1", "DOMAIN": domain, **row} for row in rows])
            if domain != "DM":
                frame[f"{domain}SEQ"] = range(1, len(frame) + 1)
            frame.to_csv(sdtm / f"{domain.lower()}.csv", index=False)
        found, source = plan_with_source(specs, sdtm)
        assert source is not None
        result = build(found, load_records(source, found.columns))
        return dict(result.frames), list(result.findings)

    return work
