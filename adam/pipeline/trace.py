"""Trace the values of one record of an output down to the source records."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from adam.core.errors import UsageError, did_you_mean, suggestion
from adam.core.kinds import OF_TYPE, ValueKind, is_true
from adam.expressions.check import UnknownName, kind_of
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import ExpressionError, parse
from adam.pipeline.load import load_records
from adam.pipeline.planning import PlannedStudy, plan_with_source
from adam.planning.values import ResolvedVariable
from adam.planning.values.plan import Plan
from adam.tracing.values import TracedValue, shown

if TYPE_CHECKING:
    from adam.expressions.tree import Expr, Name

SPECS, SDTM = "specs", "sdtm"
MANY = 10


@dataclass(frozen=True)
class Trace:
    """One record of a dataset, and each of its variables traced."""

    dataset: str
    record: str
    values: tuple[TracedValue, ...]


def trace_record(
    out: str | Path, dataset: str, where: str, variable: str = "", sdtm: str | Path | None = None, *, every_record: bool = False
) -> Trace:
    """Trace the values of one record of an output: how each is made and from what, down to source records.

    The subject is derived again from the source files and the specification in the output. Both must be those of the output.

    Args:
        out: the output of a build.
        dataset: the name of the dataset.
        where: a condition that selects one record.
        variable: the variable to trace; by default all.
        sdtm: the folder of the source files; by default `sdtm` in the output, where `adam demo` writes it.
        every_record: show every record that a value summarizes, instead of five of them.

    Raises:
        UsageError: there is no such dataset or variable, the condition selects no record or several, or the source files or the
            specification are not those of the output.
    """
    from adam.submission.verify import require_manifest  # noqa: PLC0415
    from adam.tracing.tracer import SHOWN, Tracer, located  # noqa: PLC0415

    folder = Path(out)
    manifest = require_manifest(folder)
    source_folder = Path(sdtm) if sdtm is not None else folder / SDTM
    if not source_folder.is_dir():
        raise UsageError(f"The source files are not in {source_folder}. Name their folder: --sdtm DIR.")
    planned = plan_with_source(_specification(folder), source_folder, (dataset,))
    plan = planned.plan
    _require_names(plan, dataset, variable)
    condition = _condition(where, plan, dataset)
    names = [variable] if variable else list(plan.datasets[dataset].variables)
    exported = _exported(folder, dataset, [*plan.datasets[dataset].key, *map(str, condition.names), *names])
    rows = np.flatnonzero(_selected(exported, condition))
    subject = _one_record(exported, rows, dataset, where, plan)
    frames = _of_subject(planned, subject, manifest["inputs"])
    from adam.engine.run import tables_of  # noqa: PLC0415

    data = tables_of(plan, frames)
    tracer = Tracer(plan, data, sys.maxsize if every_record else SHOWN)
    place = _same_record(tracer, exported.iloc[rows[0]], dataset)
    records, row = located(data, dataset, place)
    names = [variable] if variable else list(plan.datasets[dataset].variables)
    return Trace(dataset, f"USUBJID={subject} {tracer.record(records, row)}".strip(), tuple(tracer.trace(records, row, name) for name in names))


def _specification(folder: Path) -> Path:
    """The folder of the study in the copies of the specification."""
    for file in sorted((folder / SPECS).glob("*/*.y*ml")):
        if any(line.startswith("study:") for line in file.read_text(encoding="utf-8").splitlines()):
            return file.parent
    raise UsageError(f"{folder} has no copy of a specification. Name the output of adam build.")


def _require_names(plan: Plan, dataset: str, variable: str) -> None:
    if dataset not in plan.datasets:
        raise UsageError(f"The output has no dataset {dataset}{suggestion(dataset, plan.datasets)}")
    if variable and variable not in plan.datasets[dataset].variables:
        raise UsageError(f"{dataset} has no variable {variable}{suggestion(variable, plan.datasets[dataset].variables)}")


def _exported(folder: Path, dataset: str, names: Iterable[str]) -> pd.DataFrame:
    """Variables of an exported dataset, and no more of it: a trace must not wait for the rest."""
    from adam.sources import open_source  # noqa: PLC0415

    source = open_source(folder / "adam")
    header = source.headers.get(dataset)
    if header is None:
        raise UsageError(f"{folder / 'adam'} has no file of {dataset}. Build the output again.")
    wanted = list(dict.fromkeys(names))
    lacking = [name for name in wanted if name not in header.variables]
    if lacking:
        raise UsageError(f"The file of {dataset} has no variable {lacking[0]}. Build the output again.")
    return source.read(dataset, wanted)


@dataclass(frozen=True)
class _Variables:
    """The variables of a dataset as names of a condition."""

    known: Mapping[str, ResolvedVariable]

    def kind(self, name: Name) -> ValueKind:
        variable = self.known.get(str(name))
        if variable is None:
            raise UnknownName(f"The dataset has no variable {name}{did_you_mean(str(name), self.known)}")
        return OF_TYPE[variable.type or "text"]

    def values(self, name: Name) -> None:
        """A dataset has no lists."""

    def terms(self, name: Name | None) -> None:
        """A dataset has no codelists."""


def _condition(where: str, plan: Plan, dataset: str) -> Expr:
    """The condition of `--where`, with variables of the dataset."""
    try:
        condition: Expr = parse(where)
    except ExpressionError as error:
        raise UsageError(f"--where is not a condition: {error}") from None
    kind, faults = kind_of(condition, _Variables(plan.datasets[dataset].variables))
    if faults:
        raise UsageError(f"--where is not valid: {faults[0].message}")
    if kind is not ValueKind.CONDITION:
        raise UsageError(f"--where must be a condition, such as AVISITN > 0, but is {kind.article}.")
    return condition


def _selected(frame: pd.DataFrame, condition: Expr) -> np.ndarray:
    """Which records a condition selects."""
    used = {str(name): frame[str(name)] for name in condition.names}
    return np.asarray(is_true(Evaluation(Columns(used, frame.index)).column(condition, ValueKind.CONDITION)))


def _one_record(frame: pd.DataFrame, rows: np.ndarray, dataset: str, where: str, plan: Plan) -> str:
    """The subject of the one record that is selected."""
    if len(rows) == 1:
        return str(frame["USUBJID"].iloc[rows[0]])
    if not len(rows):
        raise UsageError(f"No record of {dataset} matches {where}. Correct --where.")
    several = frame["STUDYID"].iloc[rows].nunique() > 1 if "STUDYID" in frame else False
    key = [name for name in plan.datasets[dataset].key if several or name != "STUDYID"]
    listed = [" and ".join(_comparison(name, frame[name].iloc[row]) for name in key) for row in rows[:MANY]]
    more = f"\n  and {len(rows) - MANY} more" if len(rows) > MANY else ""
    raise UsageError(f"{len(rows)} records of {dataset} match. Name one of them with --where:\n  " + "\n  ".join(listed) + more)


def _comparison(name: str, value: object) -> str:
    """A comparison with a value, as `--where` takes it."""
    text = shown(value)
    if text == "missing":
        return f"missing({name})"
    return f'{name} == "{text}"' if isinstance(value, pd.Timestamp) else f"{name} == {text}"


def _of_subject(planned: PlannedStudy, subject: str, inputs: dict[str, str]) -> dict[str, pd.DataFrame]:
    """The records of one subject, from source files that are those of the output."""
    source = planned.source
    assert source is not None
    frames = load_records(source, planned.plan.columns)
    changed = [name for name, digest in source.digests().items() if inputs.get(name) != digest]
    if changed:
        raise UsageError(
            f"{changed[0]} is not the file that the output was made from (another sha256). Name the source files of the output with --sdtm."
        )
    return {name: frame[frame["USUBJID"] == subject].reset_index(drop=True) if "USUBJID" in frame else frame for name, frame in frames.items()}


def _same_record(tracer: Any, exported: pd.Series, dataset: str) -> int:  # noqa: ANN401
    """The derived record that is the exported one, by its key; the variables that were read of it are equal."""
    data, plan = tracer.data, tracer.plan
    names = [name for name in exported.index if name in plan.datasets[dataset].variables]
    columns = {name: data.of_owner(dataset, name) for name in names}
    size = len(next(iter(columns.values())))
    for row in range(size):
        if all(_equal(columns[name].iloc[row], exported[name]) for name in plan.datasets[dataset].key):
            differing = [name for name in names if not _equal(columns[name].iloc[row], exported[name])]
            if differing:
                raise UsageError(
                    f"{dataset}.{differing[0]} of this record is {shown(exported[differing[0]])} in the output, but derived again it is "
                    f"{shown(columns[differing[0]].iloc[row])}. The output is not that of this specification and version; build it again."
                )
            return row
    raise UsageError("The record is not derived again. The output is not that of this specification and version; build it again.")


def _equal(derived: object, exported: object) -> bool:
    """Whether two values are equal; text that the export wrote in ASCII is not compared."""
    if isinstance(derived, str) and isinstance(exported, str):
        return derived.strip() == exported or (not derived.isascii() and exported.isascii())
    return shown(derived) == shown(exported)
