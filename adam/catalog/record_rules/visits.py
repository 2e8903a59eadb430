"""The visits, and time points, at which a subject is expected to have a record of a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
    Ambiguity,
    ArgumentError,
    Arguments,
    Condition,
    Date,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    expression,
)
from adam.catalog.variable_name import VariableName
from adam.core.coded_text import constant_text
from adam.core.kinds import is_true
from adam.core.ordering import without_gaps

DAY = np.timedelta64(86400, "s")
NO_GROUP = "The subject has no record that shows the values of by:; no record is added"
NO_LIMIT = "The date of until: is missing; no record is added. Write coalesce(DATE, ...) if the subject has a limit of another kind"


class ExpectedVisits(Arguments):
    """The visits of the subjects, and the variables by which records of a visit differ."""

    visits: Annotated[list[float], Field(min_length=1)]
    by: list[VariableName] = []
    combinations: Literal["subject", "study"] | None = None
    time_points: list[float] = []
    subjects: Condition | None = None
    until: Date | None = None

    @property
    def groups(self) -> list[str]:
        """The variables besides the visit that tell the expected records of a subject and parameter apart."""
        return [*(["ATPTN"] if self.time_points and "ATPTN" not in self.by else []), *self.by]

    @property
    def unlisted(self) -> list[str]:
        """The variables of `by` whose values the line does not list."""
        return [name for name in self.by if name != "ATPTN" or not self.time_points]

    @property
    def of_study(self) -> bool:
        """Whether the combinations of `by` are those of any subject, not those of the subject's own records."""
        return self.combinations == "study"

    @property
    def cells(self) -> list[str]:
        """The variables that tell all expected records of a subject apart."""
        return ["PARAMCD", *(["AVISITN"] if self.visits else []), *self.groups]


def inputs(arguments: ExpectedVisits, context: ParameterContext) -> dict[str, Input]:
    """What the visits of a subject depend on: the condition of `subjects`, and the date of `until` with that of day 1."""
    found: dict[str, Input] = {}
    if arguments.subjects is not None:
        found["subjects"] = Input(InputKind.SUBJECTS, (), {"where": arguments.subjects})
    if arguments.until is not None and context.reference is not None:
        found["limits"] = Input(InputKind.EACH, (), {"until": arguments.until, "reference": context.reference})
    return found


def own_columns(arguments: ExpectedVisits) -> dict[str, Any]:
    """The columns of the parameter's own records that show which ones a subject has."""
    return {name: expression(name) for name in ("AVAL", *arguments.cells)}


def argument_errors(arguments: ExpectedVisits, context: ParameterContext) -> Iterator[ArgumentError]:
    """Combinations without `by`; a limit by date at a visit that has no target day."""
    if arguments.combinations is not None and not arguments.unlisted:
        yield ArgumentError("combinations has no effect without by. Delete it, or add by:", "spec-wrong-argument")
    for number in arguments.visits if arguments.until is not None else ():
        if number not in context.targets:
            message = f"until: requires a target day of each visit, but {visit_names([number], context)} has none. Add target: to its window"
            yield ArgumentError(message, "spec-wrong-argument", arguments.until)


def combination_errors(arguments: ExpectedVisits) -> Iterator[ArgumentError]:
    """`by` of a rule that needs no record of the subject, without a statement where its values come from."""
    if arguments.unlisted and arguments.combinations is None:
        message = f"by: does not show which values of {joined(arguments.unlisted)} a subject is expected to have. Write combinations: subject "
        message += "for those of the subject's own records, or combinations: study for those of the records of any subject"
        yield ArgumentError(message, "spec-missing-argument")


def empty_cells(arguments: ExpectedVisits, context: ParameterContext, read: Mapping[str, InputRecords], subjects: np.ndarray) -> pd.DataFrame:
    """The subjects, parameters, visits and groups without a record that has AVAL, in this order.

    Args:
        arguments: the visits.
        context: the parameter.
        read: `own` are its records; `subjects` and `limits` are those of `inputs`.
        subjects: the subjects if `subjects:` does not select them.
    """
    own = read["own"]
    frame = pd.DataFrame({name: own.columns[name] for name in arguments.cells}).assign(subject=own.subject)
    if "subjects" in read:
        subjects = read["subjects"].subject[is_true(read["subjects"].columns["where"])]
    everyone = pd.DataFrame({"subject": np.unique(subjects)})
    if arguments.unlisted and not arguments.of_study:
        cells = _at_visits(arguments, _groups(arguments, frame, ["subject", "PARAMCD"])).merge(everyone, on="subject")
    else:
        cells = _combinations(arguments, context, frame).merge(everyone, how="cross")
    filled = frame[own.columns["AVAL"].notna().to_numpy()]
    keys = ["subject", *arguments.cells]
    number = codes([cells[keys], filled[keys]])
    cells = cells[~np.isin(number[: len(cells)], number[len(cells) :])]
    return _until(cells, context, read).sort_values(keys, kind="stable").reset_index(drop=True)


def codes(frames: list[pd.DataFrame]) -> np.ndarray:
    """A number for each combination of the values of frames with the same columns; missing is a value."""
    together = pd.concat(frames, ignore_index=True)
    number = np.zeros(len(together), dtype="int64")
    for name in together.columns:
        values, distinct = pd.factorize(together[name], use_na_sentinel=False)
        number, _ = without_gaps(number * max(len(distinct), 1) + values)
    return number


def _combinations(arguments: ExpectedVisits, context: ParameterContext, frame: pd.DataFrame) -> pd.DataFrame:
    """The parameter, groups and visits of every subject: those of `visits` and `time_points`, with combinations of `by` of any subject."""
    if not arguments.unlisted:
        groups = pd.DataFrame({"PARAMCD": pd.Series([context.parameter] * max(1, len(arguments.time_points)), dtype="str")})
        groups = groups.assign(ATPTN=np.asarray(arguments.time_points, dtype="float64")) if arguments.time_points else groups
        return _at_visits(arguments, groups)
    if arguments.time_points:
        return _at_visits(arguments, _groups(arguments, frame, ["PARAMCD"]))
    at_visit = frame["AVISITN"].isin(arguments.visits) if arguments.visits else pd.Series(True, index=frame.index)
    return frame.loc[at_visit, arguments.cells].drop_duplicates()


def _groups(arguments: ExpectedVisits, frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The combinations of `by` that occur, at the time points of the line if it lists them."""
    listed = frame[frame["ATPTN"].isin(arguments.time_points)] if arguments.time_points else frame
    return listed[[*keys, *arguments.groups]].drop_duplicates()


def _at_visits(arguments: ExpectedVisits, groups: pd.DataFrame) -> pd.DataFrame:
    """Each group at each visit."""
    if not arguments.visits:
        return groups
    return groups.merge(pd.DataFrame({"AVISITN": np.asarray(arguments.visits, dtype="float64")}), how="cross")


def _until(cells: pd.DataFrame, context: ParameterContext, read: Mapping[str, InputRecords]) -> pd.DataFrame:
    """The cells of visits whose target day is not after the date of `until`."""
    if "limits" not in read:
        return cells
    limits = read["limits"]
    dates = (pd.Series(limits.columns[name].to_numpy(), index=limits.subject) for name in ("reference", "until"))
    reference, until = (each.reindex(cells["subject"]).to_numpy() for each in dates)
    target = cells["AVISITN"].map(context.targets).to_numpy(dtype="float64")
    since = (until - reference) / DAY
    return cells[target <= since + (since >= 0)]


def warnings(arguments: ExpectedVisits, read: Mapping[str, InputRecords]) -> tuple[Ambiguity, ...]:
    """The warnings of the subjects without a date of `until`, and of those of `subjects` without a record that has the values of `by`."""
    missing = read["limits"].columns["until"].isna().to_numpy() if "limits" in read else np.zeros(0, dtype=bool)
    found = (Ambiguity(NO_LIMIT, missing, {}, base="limits"),) if missing.any() else ()
    if "subjects" not in read or not arguments.unlisted or arguments.of_study:
        return found
    own, everyone = read["own"], read["subjects"]
    listed = own.columns["ATPTN"].isin(arguments.time_points).to_numpy() if arguments.time_points else np.ones(len(own), dtype=bool)
    without = is_true(everyone.columns["where"]) & ~np.isin(everyone.subject, own.subject[listed])
    return (*found, Ambiguity(NO_GROUP, without, {}, base="subjects")) if without.any() else found


def given(cells: pd.DataFrame, arguments: ExpectedVisits, dtype: str, context: ParameterContext) -> dict[str, pd.Series]:
    """What records of these cells are given."""
    found = {name: cells[name].reset_index(drop=True) for name in ("PARAMCD", *arguments.groups)}
    if arguments.visits:
        found |= _visits(cells, context)
    found["DTYPE"] = constant_text(dtype, pd.RangeIndex(len(cells)))
    return found


def _visits(cells: pd.DataFrame, context: ParameterContext) -> dict[str, pd.Series]:
    found = {}
    found["AVISIT"] = pd.Series([context.visits[number] for number in cells["AVISITN"].tolist()], dtype="str")
    found["AVISITN"] = pd.Series(cells["AVISITN"].to_numpy(), dtype="float64")
    return found


def records_of(cells: pd.DataFrame, values: dict[str, pd.Series], **more: Any) -> NewRecords:  # noqa: ANN401  (fields of the records)
    """The new records of cells."""
    return NewRecords(cells["subject"].to_numpy(dtype="int64"), values, **more)


def visit_names(numbers: list[float], context: ParameterContext) -> str:
    """The names of visits in a sentence."""
    return joined([context.visits.get(number, f"visit {number:g}") for number in numbers]) if numbers else ""


def scope_text(arguments: ExpectedVisits, context: ParameterContext, prose: Prose) -> str:
    """For whom, and at which visits, in a sentence."""
    where = f" where {prose.condition(arguments.subjects)}" if arguments.subjects is not None else ""
    of = f" in the records of {'any' if arguments.of_study else 'the'} subject" if arguments.unlisted else ""
    by = f" and each {joined(arguments.by)}{of}" if arguments.by else ""
    points = f" and time point {joined([f'{number:g}' for number in arguments.time_points])}" if arguments.time_points else ""
    until = f" with a target day on or before {prose.value(arguments.until)}" if arguments.until is not None else ""
    names = visit_names(arguments.visits, context)
    visits = f", at {'each of ' if len(arguments.visits) > 1 else ''}{names}" if arguments.visits else ""
    lacks = "where the subject has no value" if visits or points else "without a value"
    return f"for each subject{by}{where}{visits}{points}{until} {lacks}"
