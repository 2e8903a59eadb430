"""TA, TE, TV and TS: the design of the studies as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.simulation.columns import TEXT
from adam.simulation.trial_facts import TrialFacts


def design(facts: TrialFacts) -> dict[str, pd.DataFrame]:
    """The four trial design datasets of all studies."""
    makers = {"TA": _arms, "TE": _elements, "TV": _visits, "TS": _summary}
    return {domain: pd.concat([_with_types(maker(facts, study)) for study in facts.studies], ignore_index=True) for domain, maker in makers.items()}


def _with_types(records: list[dict[str, object]]) -> pd.DataFrame:
    frame = pd.DataFrame(records)
    return frame.astype({name: np.float64 if pd.api.types.is_numeric_dtype(frame[name]) else TEXT for name in frame})


def _arms(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    elements = {str(element["code"]): element for element in facts.get("design.elements")}
    epochs = facts.texts("epochs")
    rows: list[dict[str, object]] = []
    for path in facts.get("design.paths"):
        for order, code in enumerate(map(str, path["elements"]), start=1):
            rows.append(
                {"STUDYID": study, "DOMAIN": "TA", "ARMCD": str(path["code"]), "ARM": str(path["arm"]), "TAETORD": order, "ETCD": code,
                 "ELEMENT": str(elements[code]["name"]), "TABRANCH": str(path.get("branches", {}).get(code, "")), "TATRANS": "",
                 "EPOCH": epochs[int(elements[code]["epoch"])]}
            )  # fmt: skip
    return rows


def _elements(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    return [
        {"STUDYID": study, "DOMAIN": "TE", "ETCD": str(element["code"]), "ELEMENT": str(element["name"]), "TESTRL": str(element["start"]),
         "TEENRL": str(element["end"]), "TEDUR": str(element.get("duration", ""))}
        for element in facts.get("design.elements")
    ]  # fmt: skip


def _visits(facts: TrialFacts, study: str) -> list[dict[str, object]]:
    rules = facts.optional("visits.start_rules", {})
    days = facts.get("visits.days")
    return [
        {"STUDYID": study, "DOMAIN": "TV", "VISITNUM": i + 1, "VISIT": name, "VISITDY": float(days[i]) if days[i] else np.nan, "ARMCD": "",
         "TVSTRL": str(rules.get(name, f"Day {days[i]} of the study" if days[i] else "")), "TVENRL": ""}
        for i, name in enumerate(facts.visits)
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
