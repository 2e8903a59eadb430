"""Records added to a parameter where it has none, with the value 0: `nonresponse:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    ADD,
    ArgumentError,
    Condition,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    records,
)
from adam.catalog.record_rules import visits
from adam.catalog.record_rules.response import terms_of
from adam.catalog.record_rules.visits import ExpectedVisits


class NonResponse(ExpectedVisits):
    """Arguments of `nonresponse`."""

    subjects: Condition
    dtype: str


@records("nonresponse")
class Nonresponses(RecordRule):
    """Return a record with AVAL 0 for each subject and visit without a record that has AVAL: non-responder imputation.

    `by`, `combinations`, `time_points` and `until` are those of `expected`.

    Missing: a record whose AVAL is missing counts as no record; no record where `combinations: subject` finds no value of `by`, with a
        warning.
    Source: ADaMIG, DTYPE of imputed records.

    YAML:
        add: {nonresponse: {visits: [2, 4, 8], subjects: ADSL.EEFL == "Y", dtype: NRI}}
    """

    ranged = False
    always_has_value = True
    reads_windows = True
    model = NonResponse
    places = (ADD,)
    gives = ("AVAL", "AVALC", "DTYPE", "AVISIT", "AVISITN")

    @classmethod
    def given_variables(cls, arguments: NonResponse) -> tuple[str, ...]:
        """What every record is given, and its group."""
        return (*cls.gives, *arguments.groups)

    @classmethod
    def of_whole_study(cls, arguments: NonResponse) -> bool:
        """With the combinations of `by` that occur in any subject."""
        return arguments.of_study

    @staticmethod
    def inputs(arguments: NonResponse, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records, and the subjects who are imputed."""
        return {"own": Input(InputKind.OWN, (), visits.own_columns(arguments)), **visits.inputs(arguments, context)}

    @staticmethod
    def argument_errors(arguments: NonResponse, context: ParameterContext) -> Iterator[ArgumentError]:
        """A limit by date at a visit that has no target day."""
        yield from visits.argument_errors(arguments, context)
        yield from visits.combination_errors(arguments)

    @staticmethod
    def method_text(arguments: NonResponse, context: ParameterContext, prose: Prose) -> str:
        """Who is imputed, at which visits."""
        return f'One more record with AVAL 0 and DTYPE "{arguments.dtype}" {visits.scope_text(arguments, context, prose)}.'

    @staticmethod
    def create(arguments: NonResponse, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each hole."""
        cells = visits.empty_cells(arguments, context, read, np.zeros(0, dtype="int64"))
        aval = pd.Series(np.zeros(len(cells)))
        values = {"AVAL": aval, "AVALC": terms_of(aval, context), **visits.given(cells, arguments, arguments.dtype, context)}
        return visits.records_of(cells, values, ambiguities=visits.warnings(arguments, read))
