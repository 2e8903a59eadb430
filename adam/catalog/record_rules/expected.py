"""Records added for subjects, or at visits, that have none: `expected:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    ADD,
    ArgumentError,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    records,
)
from adam.catalog.record_rules import visits
from adam.catalog.record_rules.assigned import Assignments, assigned_columns, assignment_errors, assignment_text, assigns
from adam.catalog.record_rules.visits import ExpectedVisits


class Expected(ExpectedVisits):
    """Arguments of `expected`."""

    visits: list[float] = []
    assigned: Assignments = Field(default={}, alias="set")
    dtype: str = ""


@records("expected")
class ExpectedRecords(RecordRule):
    """Return a record without a value for each visit at which the subject has no record with AVAL.

    The subjects are those with a record of the parameter, or those of `subjects`. `by`, `time_points` and `until` are those of `locf`; `by`
    requires `combinations`, because a subject need not have a record that shows its values.
    Without `visits` each subject of `subjects` without a record with AVAL gets one record. `set` gives variables a value, also AVAL, from
    values of the subject.

    Missing: a record whose AVAL is missing counts as no record; no record where the date of `until` is missing, or where
        `combinations: subject` finds no value of `by`, with a warning.
    Source: admiral derive_expected_records; derive_extreme_records and derive_summary_records (dataset_ref, missing_values).

    YAML:
        add: {expected: {visits: [2, 4, 8], subjects: ADSL.SAFFL == "Y", until: ADSL.EOSDT}}
    """

    reads_windows = True
    model = Expected
    places = (ADD,)
    gives = ("AVISIT", "AVISITN")

    @classmethod
    def given_variables(cls, arguments: Expected) -> tuple[str, ...]:
        """Its visit and group, what `set` gives, and DTYPE if the line states it."""
        more = [*arguments.groups, *arguments.assigned, *(["DTYPE"] if arguments.dtype else [])]
        return (*(cls.gives if arguments.visits else ()), *more)

    @classmethod
    def of_whole_study(cls, arguments: Expected) -> bool:
        """With the combinations of `by` that occur in any subject."""
        return arguments.of_study

    @staticmethod
    def inputs(arguments: Expected, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records, what the visits of a subject depend on, and the values of the subject."""
        found = {"own": Input(InputKind.OWN, (), visits.own_columns(arguments)), **visits.inputs(arguments, context)}
        if arguments.assigned:
            found["values"] = Input(InputKind.SUBJECTS, (), assigned_columns(arguments.assigned), assigns=assigns(arguments.assigned))
        return found

    @staticmethod
    def argument_errors(arguments: Expected, context: ParameterContext) -> Iterator[ArgumentError]:
        """A limit by date at a visit that has no target day; what needs visits or subjects and has none."""
        yield from visits.argument_errors(arguments, context)
        yield from visits.combination_errors(arguments)
        yield from assignment_errors(arguments.assigned, arguments.dtype, (*arguments.cells, *(("AVISIT",) if arguments.visits else ())))
        if not arguments.visits and arguments.subjects is None:
            yield ArgumentError("expected needs visits:, or subjects: for one record per subject", "spec-missing-argument")
        if not arguments.visits and (arguments.until is not None or arguments.time_points):
            yield ArgumentError("until and time_points have no effect without visits. Add visits:, or delete them", "spec-wrong-argument")

    @staticmethod
    def method_text(arguments: Expected, context: ParameterContext, prose: Prose) -> str:
        """For whom, at which visits."""
        new = assignment_text(arguments.assigned, arguments.dtype, prose)
        return f"A record{new or ' without a value'} {visits.scope_text(arguments, context, prose)}."

    @staticmethod
    def create(arguments: Expected, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each cell without a value."""
        cells = visits.empty_cells(arguments, context, read, np.unique(read["own"].subject))
        values = visits.given(cells, arguments, arguments.dtype, context)
        if not arguments.dtype:
            del values["DTYPE"]
        if arguments.assigned:
            subjects = read["values"]
            place = pd.Series(np.arange(len(subjects)), index=subjects.subject).reindex(cells["subject"]).to_numpy(dtype="int64")
            values |= {name: subjects.columns[f"set.{name}"].iloc[place].reset_index(drop=True) for name in arguments.assigned}
        return visits.records_of(cells, values, ambiguities=visits.warnings(arguments, read))
