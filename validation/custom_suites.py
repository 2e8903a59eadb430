"""Custom suites of Great Expectations: `expectations/<DATASET>.json` next to the YAML of the study, accepted only if they cannot run code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.problems import Problems
from adam.expressions.parse import ExpressionError, parse
from adam.expressions.tree import Expr, Name, walk
from adam.planning.values import Check, ResolvedDataset, ResolvedStudy
from validation.allowed_expectations import faults
from validation.json_places import loaded, places
from validation.resolve_arguments import Line
from validation.scope import Scope

FOLDER = "expectations"
CODE = "spec-wrong-suite"
KEYS = ("name", "expectations", "meta", "notes", "id")
"""The keys of a suite; only `expectations` has an effect."""
Places = Mapping[tuple[str | int, ...], Mark]


def files(study: ResolvedStudy) -> dict[str, Path]:
    """Return the custom suites by dataset."""
    folder = study.folder / FOLDER
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.stem: path for path in found if path.suffix.lower() == ".json"}


def ids(study: ResolvedStudy) -> Iterator[str]:
    """Yield the ids of the rules in the custom suites; a file that is not a suite has none (`custom_suite` reports it)."""
    for path in files(study).values():
        try:
            suite = loaded(text_of(path))
        except ValueError:
            continue
        expectations = suite.get("expectations") if isinstance(suite, dict) else None
        for number, each in enumerate(expectations if isinstance(expectations, list) else [], 1):
            meta = each.get("meta") if isinstance(each, dict) else None
            yield str((meta if isinstance(meta, dict) else {}).get("rule", f"GX-{number}"))


def text_of(path: Path) -> str:
    """Return the text of a custom suite.

    Raises:
        ValueError: it is not UTF-8, or not a regular file (reading a pipe would wait).
    """
    if not path.is_file():
        raise ValueError("it is not a regular file")
    return path.read_bytes().decode("utf-8-sig")


def custom_suite(study: ResolvedStudy, dataset: ResolvedDataset, problems: Problems) -> tuple[Mapping[str, Any] | None, Mark]:
    """Return the custom suite of a dataset and its place; None if there is none. Content that is not allowed is a problem."""
    found = files(study)
    for name, path in found.items():
        if name not in study.datasets:
            message = f"The study has no dataset {name}{did_you_mean(name, study.datasets)} Name the file of a suite after its dataset."
            problems.add(Mark(str(path)), "", message, "spec-unknown-dataset")
    path = found.get(dataset.name)  # type: ignore[assignment]
    if path is None:
        return None, NOWHERE
    mark, before = Mark(str(path)), len(problems.found)
    try:
        text = text_of(path)
        suite = loaded(text)
    except ValueError as error:
        problems.add(mark, dataset.name, f"The suite is not valid JSON: {error}", CODE)
        return None, mark
    _check(suite, Scope(study, dataset, {dataset.name: dataset}), places(text, str(path)), mark, problems)
    return (suite if len(problems.found) == before else None), mark


def _check(suite: Any, scope: Scope, places: Places, mark: Mark, problems: Problems) -> None:  # noqa: ANN401  (any value of JSON)
    """Report content of a suite that is not allowed."""
    name = scope.dataset.name
    expectations = suite.get("expectations") if isinstance(suite, dict) else None
    if not isinstance(expectations, list) or not expectations:
        problems.add(mark, name, "A suite requires a list 'expectations' with at least one entry.", CODE)
        return
    for key in [key for key in suite if key not in KEYS]:
        problems.add(places[key, ""], name, f"Unknown key '{key}' of a suite{did_you_mean(key, KEYS)} Known keys: {', '.join(KEYS)}.", CODE)
    for number, each in enumerate(expectations):
        subject = f"{name}: expectation {number + 1}"
        for path, message in faults(each, scope.dataset):
            problems.add(places.get(("expectations", number, *path), mark), subject, message, CODE)
        condition = each.get("kwargs", {}).get("row_condition") if isinstance(each, dict) and isinstance(each.get("kwargs", {}), dict) else None
        if isinstance(condition, str):
            _condition(condition, places["expectations", number, "kwargs", "row_condition"].shifted(1), subject, scope, problems)


def _condition(text: str, mark: Mark, subject: str, scope: Scope, problems: Problems) -> None:
    """Report the problems of a row condition: it is an expression of the specification over the variables of the dataset and constants."""
    try:
        condition = parse(text, mark)
    except ExpressionError as error:
        problems.add(mark.shifted(error.column), subject, f"row_condition: {error}", error.code)
        return
    foreign = [node for node in walk(condition.root) if isinstance(node, Name) and node.owner not in ("", "STUDY", scope.dataset.name)]
    if foreign:
        message = f"row_condition: {foreign[0]} is not a variable of {scope.dataset.name}. Use only its own variables and STUDY constants"
        problems.add(condition.place(foreign[0]), subject, message, "spec-unknown-variable")
        return
    line = Line(Check(id=subject, kind="expect", mark=mark), scope, problems)
    line.condition(condition, scope, "row_condition")


def condition_of(expectation: Mapping[str, Any]) -> Expr | None:
    """Return the row condition of an accepted expectation; None without one."""
    text = expectation.get("kwargs", {}).get("row_condition")
    return None if text is None else parse(text)
