"""Suites of Great Expectations written by hand: `expectations/<DATASET>.json` beside the study's YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adam.errors import NOWHERE, Mark, suggestion
from adam.spec.models import Dataset, Study
from adam.spec.problems import Problems

FOLDER = "expectations"


def files(study: Study) -> dict[str, Path]:
    """The suites written by hand, by the dataset each is of."""
    folder = study.folder / FOLDER
    return {path.stem: path for path in sorted(folder.glob("*.json"))} if folder.is_dir() else {}


def written(study: Study, dataset: Dataset, problems: Problems) -> tuple[Mapping[str, Any] | None, Mark]:
    """The suite written by hand for a dataset, and its place; None if there is none. A file that is no suite is a problem."""
    found = files(study)
    for name, path in found.items():
        if name not in study.datasets:
            message = f"the study has no dataset {name}{suggestion(name, study.datasets)}; a suite is called as its dataset"
            problems.add(Mark(str(path)), "", message, "spec-unknown-dataset")
    path = found.get(dataset.name)  # type: ignore[assignment]
    if path is None:
        return None, NOWHERE
    mark = Mark(str(path))
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        problems.add(mark, dataset.name, f"the suite is no JSON: {error}", "spec-wrong-suite")
        return None, mark
    expectations = suite.get("expectations") if isinstance(suite, dict) else None
    if not isinstance(expectations, list) or not expectations:
        problems.add(mark, dataset.name, "a suite has a list 'expectations' with at least one", "spec-wrong-suite")
        return None, mark
    for number, each in enumerate(expectations, 1):
        if not isinstance(each, dict) or not isinstance(each.get("type"), str) or not isinstance(each.get("kwargs", {}), dict):
            problems.add(mark, dataset.name, f"expectation {number} wants a type: text and kwargs: a block", "spec-wrong-suite")
            return None, mark
    return suite, mark
