"""Records added to a parameter where it has none: `nonresponse:` and `locf:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    Ambiguity,
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
from adam.catalog.record_rules.response import terms_of
from adam.catalog.record_rules.ties import differing
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.kinds import true


class NonResponse(Arguments):
    """Arguments of `nonresponse`."""

    visits: Annotated[list[float], Field(min_length=1)]
    subjects: Condition
    dtype: str


def _holes(visits: list[float], subjects: np.ndarray, own: InputRecords) -> tuple[np.ndarray, np.ndarray]:
    """The subjects and visits without a record that has AVAL."""
    subject, visit = np.repeat(subjects, len(visits)), np.tile(np.asarray(visits, dtype="float64"), len(subjects))
    filled = own.columns["AVAL"].notna().to_numpy()
    seen = pd.MultiIndex.from_arrays([own.subject[filled], own.columns["AVISITN"].to_numpy()[filled]])
    empty = ~pd.MultiIndex.from_arrays([subject, visit]).isin(seen)
    return subject[empty], visit[empty]


def _visit(numbers: np.ndarray, context: ParameterContext) -> dict[str, pd.Series]:
    names = pd.Series([context.visits[number] for number in numbers.tolist()], dtype="str")
    return {"AVISIT": names, "AVISITN": pd.Series(numbers, dtype="float64")}


@records("nonresponse")
class Nonresponses(RecordRule):
    """Return a record with AVAL 0 for each subject and visit without a record that has AVAL: non-responder imputation.

    Missing: a record whose AVAL is missing counts as no record.
    Source: ADaMIG, DTYPE of imputed records.

    YAML:
        add: {nonresponse: {visits: [2, 4, 8], subjects: ADSL.EEFL == "Y", dtype: NRI}}
    """

    ranged = False
    always_has_value = True
    reads_windows = True
    model = NonResponse
    adds = True
    gives = ("AVAL", "AVALC", "DTYPE", "AVISIT", "AVISITN")

    @staticmethod
    def inputs(arguments: NonResponse, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records, and the subjects who are imputed."""
        own = {name: expression(name) for name in ("AVAL", "AVISITN")}
        return {"own": Input(InputKind.OWN, (), own), "subjects": Input(InputKind.SUBJECTS, (), {"where": arguments.subjects})}

    @staticmethod
    def method_text(arguments: NonResponse, context: ParameterContext, prose: Prose) -> str:
        """Who is imputed, at which visits."""
        subjects, visits = prose.condition(arguments.subjects), _visits(arguments.visits, context)
        return f"0 ({arguments.dtype}) for each subject where {subjects} without a value at {visits}."

    @staticmethod
    def create(arguments: NonResponse, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each hole."""
        everyone = read["subjects"]
        subject, visit = _holes(arguments.visits, everyone.subject[true(everyone.columns["where"]).to_numpy()], read["own"])
        aval = pd.Series(np.zeros(len(subject)))
        dtype = pd.Series(arguments.dtype, index=aval.index, dtype="str")
        return NewRecords(subject, {"AVAL": aval, "AVALC": terms_of(aval, context), "DTYPE": dtype, **_visit(visit, context)})


def _visits(numbers: list[float], context: ParameterContext) -> str:
    """The names of visits in a sentence."""
    return " or ".join(context.visits.get(number, f"visit {number:g}") for number in numbers)


class Locf(Arguments):
    """Arguments of `locf`."""

    visits: Annotated[list[float], Field(min_length=1)]
    where: Condition
    dtype: str


@records("locf")
class LastCarriedForward(RecordRule):
    """Return a record for each visit without AVAL: a copy of the last record of an earlier visit that matches `where`.

    Missing: no record where no earlier visit has a value.
    Errors: several records of one visit and date that differ in AVAL are a warning; the last one in the source is used.
    Source: admiral derive_locf_records.

    YAML:
        add: {locf: {visits: [8, 16, 24], where: ANL01FL == "Y", dtype: LOCF}}
    """

    ranged = False
    always_has_value = True
    reads_windows = True
    model = Locf
    adds = True
    carries = True
    gives = ("AVAL", "DTYPE", "AVISIT", "AVISITN")

    @staticmethod
    def inputs(arguments: Locf, context: ParameterContext) -> dict[str, Input]:
        """The parameter's own records."""
        own = {name: expression(name) for name in ("AVAL", "AVISITN", "ADT")}
        return {"own": Input(InputKind.OWN, (), {**own, "where": arguments.where})}

    @staticmethod
    def method_text(arguments: Locf, context: ParameterContext, prose: Prose) -> str:
        """Which value is carried forward, to which visits."""
        visits, where = _visits(arguments.visits, context), prose.condition(arguments.where)
        return f"The last value of an earlier visit where {where} ({arguments.dtype}), for each subject without a value at {visits}."

    @staticmethod
    def traceability(arguments: Locf, context: ParameterContext) -> tuple[Traceability, ...]:
        """The source of the record that is carried forward, if the dataset copies it."""
        return (Traceability(parameters=(context.parameter,), named=NamedRecord.ALWAYS) if "SRCDOM" in context.copied else Traceability(),)

    @staticmethod
    def create(arguments: Locf, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """One record for each hole that has something before it."""
        own = read["own"]
        matches = np.flatnonzero(true(own.columns["where"]).to_numpy() & own.columns["AVAL"].notna().to_numpy())
        frame = pd.DataFrame({"subject": own.subject[matches], "visit": own.columns["AVISITN"].to_numpy()[matches], "row": matches})
        frame["date"] = own.columns["ADT"].to_numpy()[matches]
        frame = frame[frame["visit"].notna()].sort_values(["visit", "date", "row"], kind="stable")
        subject, visit = _holes(arguments.visits, np.unique(own.subject), own)
        holes = pd.DataFrame({"subject": subject, "visit": visit}).sort_values("visit", kind="stable")
        found = pd.merge_asof(holes, frame.drop(columns="date"), on="visit", by="subject", allow_exact_matches=False).dropna(subset=["row"])
        found = found.sort_values(["subject", "visit"]).reset_index(drop=True)
        rows = found["row"].to_numpy(dtype="int64")
        aval = own.columns["AVAL"].iloc[rows].reset_index(drop=True)
        dtype = pd.Series(arguments.dtype, index=aval.index, dtype="str")
        given = {"AVAL": aval, "DTYPE": dtype, **_visit(found["visit"].to_numpy(), context)}
        return NewRecords(found["subject"].to_numpy(), given, "own", rows, ambiguities=_tied(own, frame, rows))


TIED = "locf: several records of a visit have the same date and differ in AVAL; the last in the source is carried forward (choose with where)"


def _tied(own: InputRecords, frame: pd.DataFrame, carried: np.ndarray) -> tuple[Ambiguity, ...]:
    """The records of the same visit and date as one that is carried forward, where they differ in AVAL."""
    group = frame.groupby(["subject", "visit", "date"], dropna=False, sort=False).ngroup().to_numpy()
    rows, aval = frame["row"].to_numpy(), own.columns["AVAL"]
    used = np.isin(group, group[np.isin(rows, carried)])
    mask = np.zeros(len(own), dtype=bool)
    mask[rows[used & differing(group, [aval.iloc[rows]])]] = True
    return (Ambiguity(TIED, mask, {name: own.columns[name] for name in ("AVISITN", "ADT", "AVAL")}),) if mask.any() else ()
