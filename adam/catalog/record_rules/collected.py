"""Records of a dataset without parameters: `{from: AE, where: ...}`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from adam.catalog.prose import Prose
from adam.catalog.record_rule import Arguments, Condition, Input, InputKind, InputRecords, NewRecords, ParameterContext, RecordRule, dataset_records
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.kinds import is_true
from adam.expressions.instruments import Instrument


class FromOnly(Arguments):
    """Arguments of the records of a dataset without parameters."""

    domain: str = Field(alias="from")
    where: Condition | None = None


@dataset_records("from")
class Collected(RecordRule):
    """Return one record for each source record that matches `where`, in a dataset without parameters; it gives no variable."""

    model = FromOnly
    gives = ()

    @staticmethod
    def inputs(arguments: FromOnly, context: ParameterContext) -> dict[str, Input]:
        """The domain, and the condition."""
        columns = {"where": arguments.where} if arguments.where is not None else {}
        return {"source": Input(InputKind.DOMAIN, (arguments.domain,), columns)}

    @staticmethod
    def method_text(arguments: FromOnly, context: ParameterContext, prose: Prose) -> str:
        """Which source records become records."""
        return f"One record per {arguments.domain} record{prose.where(arguments.where)}."

    @staticmethod
    def traceability(arguments: FromOnly, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source record."""
        return (Traceability(arguments.domain, (), NamedRecord.ALWAYS, arguments.where),)

    @staticmethod
    def source_domain(arguments: Mapping[str, object], instruments: Mapping[str, Instrument]) -> str:
        """The domain in `from:`."""
        return str(arguments.get("from", ""))

    @staticmethod
    def create(arguments: FromOnly, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The records that fit, in the order of the domain."""
        source = read["source"]
        matches = is_true(source.columns["where"]) if arguments.where is not None else np.ones(len(source), dtype=bool)
        rows = np.flatnonzero(matches)
        return NewRecords(source.subject[rows], {}, "source", rows)
