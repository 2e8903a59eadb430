"""Empty records added at visits without one: `expected:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from adam.catalog.prose import Prose
from adam.catalog.record_rule import ADD, ArgumentError, Input, InputKind, InputRecords, NewRecords, ParameterContext, RecordRule, records
from adam.catalog.record_rules import visits
from adam.catalog.record_rules.visits import ExpectedVisits


class Expected(ExpectedVisits):
    """Arguments of `expected`."""

    dtype: str = ""


@records("expected")
class ExpectedRecords(RecordRule):
    """Return a record without a value for each visit at which the subject has no record with AVAL.

    The subjects are those with a record of the parameter, or those of `subjects`. `by`, `time_points` and `until` are those of `locf`.

    Missing: a record whose AVAL is missing counts as no record; no record where the date of `until` is missing, with a warning.
    Source: admiral derive_expected_records.

    YAML:
        add: {expected: {visits: [2, 4, 8], subjects: ADSL.SAFFL == "Y", until: ADSL.EOSDT}}
    """

    reads_windows = True
    model = Expected
    places = (ADD,)
    gives = ("AVISIT", "AVISITN")

    @classmethod
    def given_variables(cls, arguments: Expected) -> tuple[str, ...]:
        """What every record is given, its group, and DTYPE if the line states it."""
        return (*cls.gives, *arguments.groups, *(["DTYPE"] if arguments.dtype else []))

    @staticmethod
    def inputs(arguments: Expected, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records, and what the visits of a subject depend on."""
        return {"own": Input(InputKind.OWN, (), visits.own_columns(arguments)), **visits.inputs(arguments, context)}

    @staticmethod
    def argument_errors(arguments: Expected, context: ParameterContext) -> Iterator[ArgumentError]:
        """A limit by date at a visit that has no target day."""
        yield from visits.argument_errors(arguments, context)

    @staticmethod
    def method_text(arguments: Expected, context: ParameterContext, prose: Prose) -> str:
        """For whom, at which visits."""
        return f"A record without a value {visits.scope_text(arguments, context, prose)}."

    @staticmethod
    def create(arguments: Expected, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each cell without a value."""
        cells = visits.empty_cells(arguments, context, read, np.unique(read["own"].subject))
        values = visits.given(cells, arguments, arguments.dtype, context)
        if not arguments.dtype:
            del values["DTYPE"]
        return visits.records_of(cells, values, ambiguities=visits.no_limits(read))
