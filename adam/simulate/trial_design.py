"""TA, TE, TV and TS: the design as tables; TS says that nobody in here exists."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulate.calendar import EPOCHS
from adam.simulate.columns import TEXT
from adam.simulate.milestones import ELEMENTS
from adam.simulate.trial_facts import TrialFacts


def design(facts: TrialFacts) -> dict[str, pd.DataFrame]:
    """The four trial design datasets of all studies."""
    makers = {"TA": _arms, "TE": _elements, "TV": _visits, "TS": _summary}
    return {domain: pd.concat([_typed(maker(facts, study)) for study in facts.studies], ignore_index=True) for domain, maker in makers.items()}


def _typed(records: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(records)
    return frame.astype({name: np.float64 if pd.api.types.is_numeric_dtype(frame[name]) else TEXT for name in frame})


def _paths(facts: TrialFacts) -> list[tuple[str, str, list[int]]]:
    """ARMCD, ARM and the elements of each way through the study."""
    arms, codes = facts.arms, [str(code) for code in facts.get("arm_codes")]
    own = [(codes[a], arms[a], [0, a + 1, a + 3, 6] if a else [0, 1, 6]) for a in range(len(arms))]
    crossed = [(f"{codes[0]}-{codes[a]}", f"{arms[0]} / {arms[a]}", [0, 1, a + 3, 6]) for a in range(1, len(arms))]
    return own + crossed


def _arms(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for code, arm, elements in _paths(facts):
        for order, element in enumerate(elements, start=1):
            branch = {0: f"Randomized to {arm.split(' / ')[0]}", 1: f"Re-randomized to {arm.split(' / ')[-1]}" if " / " in arm else ""}.get(
                element, ""
            )
            epoch = EPOCHS[0] if element == 0 else EPOCHS[3] if element == 6 else EPOCHS[2] if element > 3 else EPOCHS[1]
            rows.append(
                {"STUDYID": study, "DOMAIN": "TA", "ARMCD": code, "ARM": arm, "TAETORD": order, "ETCD": ELEMENTS[element][0],
                 "ELEMENT": ELEMENTS[element][1], "TABRANCH": branch, "TATRANS": "", "EPOCH": epoch}
            )  # fmt: skip
    return rows


def _elements(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    starts = {0: "Informed consent", 6: "Last visit under treatment"}
    ends = {0: "Randomization", 6: "30 days after the last application"}
    return [
        {"STUDYID": study, "DOMAIN": "TE", "ETCD": code, "ELEMENT": name,
         "TESTRL": starts.get(i, "First application" if i < 4 else "Week 8 assessments completed"),
         "TEENRL": ends.get(i, "Week 8 visit" if i < 4 else "Week 52 visit"), "TEDUR": "P8W" if 0 < i < 4 else "P44W" if 3 < i < 6 else ""}
        for i, (code, name) in enumerate(ELEMENTS)
    ]  # fmt: skip


def _visits(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    days = [*facts.get("visits.days")]
    names = [str(name) for name in facts.get("visits.names")]
    planned = [np.nan, *map(float, days), np.nan]
    return [
        {"STUDYID": study, "DOMAIN": "TV", "VISITNUM": i + 1, "VISIT": name, "VISITDY": planned[i], "ARMCD": "",
         "TVSTRL": "Informed consent" if i == 0 else "30 days after the last application" if i == len(names) - 1 else f"Day {days[i - 1]} of the study",  # noqa: E501
         "TVENRL": ""}
        for i, name in enumerate(names)
    ]  # fmt: skip


def _summary(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    block = facts.get(f"studies.{study}")
    values = {**facts.get("summary"), **block["summary"]}
    names = facts.get("summary_names")
    seen: dict[str, int] = {}
    rows: list[dict[str, object]] = []
    for code, value in values.items():
        for entry in value if isinstance(value, list) else [value]:
            seen[code] = seen.get(code, 0) + 1
            rows.append(
                {"STUDYID": study, "DOMAIN": "TS", "TSSEQ": seen[code], "TSPARMCD": str(code), "TSPARM": str(names[code]), "TSVAL": str(entry)}
            )
    return rows
