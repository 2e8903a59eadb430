"""Records that judge records of other parameters: `response:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BeforeValidator

from adam.catalog.contract import ExpectedCase, case_of
from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
    Arguments,
    Condition,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    expression,
    records,
)
from adam.catalog.traceability import NamedRecord, OnePerRecord, Traceability
from adam.core.coded_text import text_column
from adam.core.kinds import is_true


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class Response(Arguments):
    """Arguments of `response`."""

    of: Annotated[list[str], BeforeValidator(_listed)]
    criterion: int
    where: Condition | None = None


@records("response")
class Responses(RecordRule):
    """Return one record, 1 or 0, for each record of `of` that matches `where` and whose criterion has been evaluated.

    AVAL is 1 where CRITyFL of the record is Y and 0 where it is N; y is `criterion`.

    Missing: no record where CRITyFL is blank.
    Source: ADaMIG, CRITy and responder parameters.

    YAML:
        records: {response: {of: SCORE, criterion: 2, where: ANL01FL == "Y"}}
    """

    model = Response
    carries = True
    always_has_value = True
    gives = ("AVAL", "AVALC")

    @staticmethod
    def inputs(arguments: Response, context: ParameterContext) -> dict[str, Input]:
        """The records of the parameters that are judged."""
        selected = {"where": arguments.where} if arguments.where is not None else {}
        columns = {"flag": expression(f"CRIT{arguments.criterion}FL"), **selected}
        return {"of": Input(InputKind.PARAMETERS, tuple(arguments.of), columns)}

    @staticmethod
    def method_text(arguments: Response, context: ParameterContext, prose: Prose) -> str:
        """AVAL by the criterion of the record that is judged."""
        of, flag = joined(arguments.of), f"CRIT{arguments.criterion}FL"
        return f'One record per {of} record{prose.where(arguments.where)}: 1 if {flag} of that record is "Y", 0 if it is "N".'

    @staticmethod
    def traceability(arguments: Response, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source of the record that is judged, if the dataset copies it."""
        copied = "SRCDOM" in context.copied
        return (Traceability(parameters=tuple(arguments.of), named=NamedRecord.ALWAYS) if copied else Traceability(),)

    @staticmethod
    def expected_records(arguments: Response, context: ParameterContext) -> OnePerRecord:
        """One record per record that is judged and has the criterion's flag."""
        flag = f"CRIT{arguments.criterion}FL"
        evaluated = f'{flag} in ("Y", "N")'
        where = expression(f"({arguments.where}) and {evaluated}" if arguments.where is not None else evaluated)
        return OnePerRecord(tuple(arguments.of), where, (case_of(f'{flag} == "Y"', expression("1")), ExpectedCase(None, expression("0"))))

    @staticmethod
    def create(arguments: Response, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """AVAL 1 where the flag of the criterion is Y, 0 where it is N."""
        base = read["of"]
        flag = base.columns["flag"]
        selected = is_true(base.columns["where"]) if arguments.where is not None else True
        rows = np.flatnonzero(selected & flag.isin(["Y", "N"]).to_numpy())
        aval = (flag.iloc[rows] == "Y").astype("float64").reset_index(drop=True)
        return NewRecords(base.subject[rows], {"AVAL": aval, "AVALC": terms_of(aval, context)}, "of", rows)


def terms_of(values: pd.Series, context: ParameterContext) -> pd.Series:
    """The term of the parameter's codelist for each number; blank without one."""
    codes, uniques = pd.factorize(values)
    return text_column([*(context.terms.get(float(value), "") for value in uniques), ""], codes, values.index)
