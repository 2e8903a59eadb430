"""Records made from records of other parameters: `response:` and `computed:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator

from adam.expr.check import kind_of
from adam.expr.evaluate import Columns, Evaluation
from adam.expr.field import Expression
from adam.expr.kinds import Kind as ColumnKind
from adam.expr.kinds import fits, true
from adam.expr.tree import Name
from adam.records.registry import Arguments, Base, Facts, Kind, Made, On, Read, Wrong, expression, records


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


class Response(Arguments):
    """Arguments of `response`."""

    of: Annotated[list[str], BeforeValidator(_listed)]
    criterion: int
    where: Expression = expression('ANL01FL == "Y" and not missing(AWTARGET)')


@records("response")
class Responses(Kind):
    """One record, 1 or 0, for each record of `of` that fits `where` and whose criterion can be told (DOMAIN §5.3, §11.9, §11.12)."""

    model = Response
    carries = True
    gives = ("AVAL", "AVALC")

    @staticmethod
    def bases(arguments: Response, facts: Facts) -> dict[str, Base]:
        """The records of the parameters that are judged."""
        columns = {"flag": expression(f"CRIT{arguments.criterion}FL"), "where": arguments.where}
        return {"of": Base(On.PARAMETERS, tuple(arguments.of), columns)}

    @staticmethod
    def make(arguments: Response, facts: Facts, read: Mapping[str, Read]) -> Made:
        """AVAL 1 where the criterion is met, 0 where it is not."""
        base = read["of"]
        flag = base.columns["flag"]
        rows = np.flatnonzero(true(base.columns["where"]).to_numpy() & flag.isin(["Y", "N"]).to_numpy())
        aval = (flag.iloc[rows] == "Y").astype("float64").reset_index(drop=True)
        return Made(base.subject[rows], {"AVAL": aval, "AVALC": terms_of(aval, facts)}, "of", rows)


class Computed(Arguments):
    """Arguments of `computed`."""

    value: Expression
    same: list[str]
    where: Expression | None = None


class _Codes:
    """Names as `value` sees them: whatever stands there is the AVAL of a parameter; that it exists is looked at with its records."""

    def kind(self, name: Name) -> ColumnKind:
        return ColumnKind.NUMBER

    def values(self, name: Name) -> None:
        """There are no lists here."""

    def terms(self, name: Name | None) -> None:
        """There are no codelists here."""


@records("computed")
class Computation(Kind):
    """One record for each group of equal `same` with a value; a code in `value` is the AVAL of that parameter in the group.

    ADT is the latest of the parts. DTYPE is theirs if all carry the same one; else the record's source is this dataset (DOMAIN §5.3).
    """

    ranged = False
    model = Computed
    gives = ("AVAL", "AVALC", "ADT", "DTYPE", "SRCDOM", "SRCVAR")

    @staticmethod
    def wrong(arguments: Computed, facts: Facts) -> Iterator[Wrong]:
        """A value that names no parameter, or is no number."""
        if not arguments.value.names:
            yield Wrong(f"value names the parameters it is made of; {arguments.value} names none", "spec-wrong-argument", arguments.value)
        kind, faults = kind_of(arguments.value, _Codes())
        for fault in faults:
            yield Wrong(f"value: {fault.message}", fault.code, arguments.value, fault.node)
        if not faults and not fits(kind, ColumnKind.NUMBER):
            yield Wrong(f"value is a number; {arguments.value} is {kind.article}", "spec-wrong-kind", arguments.value)

    @classmethod
    def given(cls, arguments: Computed) -> tuple[str, ...]:
        """What every record is given, and the variables that are the same in its parts."""
        return (*cls.gives, *arguments.same, *(("AVISITN",) if "AVISIT" in arguments.same else ()))

    @staticmethod
    def bases(arguments: Computed, facts: Facts) -> dict[str, Base]:
        """The records of the parameters that `value` names."""
        names = [*Computation.given(arguments)[6:], "AVAL", "ADT", "DTYPE", "PARAMCD"]
        columns = {name: expression(name) for name in names}
        if arguments.where is not None:
            columns["where"] = arguments.where
        codes = tuple(dict.fromkeys(read_codes(arguments)))
        return {"parts": Base(On.PARAMETERS, codes, columns)}

    @staticmethod
    def make(arguments: Computed, facts: Facts, read: Mapping[str, Read]) -> Made:
        """The value of each group."""
        base = read["parts"]
        same = list(Computation.given(arguments)[6:])
        frame = pd.DataFrame({name: column for name, column in base.columns.items() if name != "where"})
        frame["subject"] = base.subject
        if arguments.where is not None:
            frame = frame[true(base.columns["where"]).to_numpy()]
        keys = ["subject", *same]
        grouped = frame.groupby(keys, sort=True, dropna=False)
        number = grouped.ngroup().to_numpy()
        size = grouped.ngroups
        columns = {code: _part(frame, number, size, code) for code in read_codes(arguments)}
        value = Evaluation(Columns(columns, pd.RangeIndex(size))).column(arguments.value)
        heads = frame.iloc[np.unique(number, return_index=True)[1]].reset_index(drop=True)
        dtype = _shared(frame["DTYPE"], number, size)
        adt = grouped["ADT"].max().reset_index(drop=True)
        given: dict[str, Any] = {"AVAL": value, "AVALC": terms_of(value, facts), "DTYPE": dtype, "ADT": adt.astype("datetime64[s]")}
        given["SRCDOM"] = pd.Series(np.where(dtype == "", facts.dataset, ""), dtype="str")
        given["SRCVAR"] = pd.Series(np.where(dtype == "", "AVAL", ""), dtype="str")
        given |= {name: heads[name] for name in same}
        some = value.notna().to_numpy()
        kept = {name: column[some].reset_index(drop=True) for name, column in given.items()}
        return Made(heads["subject"].to_numpy()[some], kept)


def read_codes(arguments: Computed) -> list[str]:
    """The parameter codes `value` names."""
    return [str(name) for name in arguments.value.names]


def _part(frame: pd.DataFrame, number: np.ndarray, size: int, code: str) -> pd.Series:
    """AVAL of one parameter in each group; the last where there are several."""
    column = np.full(size, np.nan)
    mine = (frame["PARAMCD"] == code).to_numpy(dtype=bool)
    column[number[mine]] = frame["AVAL"].to_numpy()[mine]
    return pd.Series(column)


def _shared(dtype: pd.Series, number: np.ndarray, size: int) -> pd.Series:
    """The DTYPE all records of a group carry, else blank."""
    codes, uniques = pd.factorize(dtype)
    lowest, highest = np.full(size, len(uniques)), np.full(size, -1)
    np.minimum.at(lowest, number, codes)
    np.maximum.at(highest, number, codes)
    words = np.array([*uniques, ""], dtype=object)
    return pd.Series(words[np.where(lowest == highest, lowest, len(uniques))], dtype="str")


def terms_of(values: pd.Series, facts: Facts) -> pd.Series:
    """The term of the parameter's codelist for each number; blank without one."""
    codes, uniques = pd.factorize(values)
    words = np.array([*(facts.terms.get(float(value), "") for value in uniques), ""], dtype=object)
    return pd.Series(words[codes], index=values.index, dtype="str")
