"""Records that are single doses of exposure intervals: `{doses: {from: EX, start: ..., end: ...}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field, ValidationInfo

from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    Ambiguity,
    Arguments,
    Condition,
    Date,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    Number,
    ParameterContext,
    RecordRule,
    Text,
    dataset_records,
    expression,
    records,
)
from adam.catalog.record_rules.grouped import selected
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.coded_text import constant_text
from adam.core.errors import did_you_mean
from adam.core.reference_table import ReferenceTable
from adam.expressions.instruments import Instrument

COLUMNS = ("FREQUENCY", "UNIT", "EVERY", "DOSES")
PER_DAY = {"HOUR": 24, "DAY": 1, "WEEK": 1}
"""How many of the units in which doses are counted a day has; a week is counted in days."""
UNITS = {"HOUR": 1, "DAY": 1, "WEEK": 7}
NO_DATE = "The start or the end of the interval is missing or incomplete; there is no dose"
BACKWARDS = "The end of the interval is before its start; there is no dose"


def _frequencies(name: object, info: ValidationInfo) -> object:
    tables: Mapping[str, ReferenceTable] = (info.context or {}).get("tables", {})
    if isinstance(name, ReferenceTable):
        return name
    if not isinstance(name, str) or name not in tables:
        known = f"The tables are {', '.join(tables)}." if tables else "The study has no tables."
        raise ValueError(f"There is no table '{name}'{did_you_mean(str(name), tables)} {known} Layer adamig has DOSE_FREQUENCY.")
    absent = [column for column in COLUMNS if column not in tables[name].columns]
    if absent:
        raise ValueError(f"Table {name} has no column {' and no '.join(absent)}. Its columns must be {', '.join(COLUMNS)}.")
    return tables[name]


class DoseIntervals(Arguments):
    """Arguments of `doses`."""

    domain: str = Field(alias="from")
    start: Date
    end: Date
    where: Condition | None = None
    frequency: Text | None = None
    value: Number | None = None
    table: Annotated[ReferenceTable, BeforeValidator(_frequencies, json_schema_input_type=str)] = Field("DOSE_FREQUENCY", validate_default=True)


@dataset_records("doses")
@records("doses")
class Doses(RecordRule):
    """Return one record for each dose of an exposure interval, from its frequency.

    ADT, ASTDT and AENDT are the date of the dose, AVAL is `value` (--DOSE without it). SRC.X is X of the interval. The frequency is --DOSFRQ
    unless `frequency` states it; `table` has DOSES in EVERY units (HOUR, DAY, WEEK, MONTH or ONCE) for each FREQUENCY. The first dose is on
    the start; the doses of a unit are spread evenly over its days, several doses of a day have the same date. Months are calendar months:
    a dose of 31 January is followed by one on the last day of February.

    Units: dates; EVERY and DOSES are whole numbers.
    Missing: an interval without a complete start, or (unless the frequency is ONCE) end, has no dose, with a warning.
    Errors: a frequency that is not in the table is an error that names it. An end before the start is a warning.
    Source: admiral create_single_dose_dataset; CDISC codelist FREQ.

    YAML:
        records: {doses: {from: EX, start: date(EXSTDTC), end: date(EXENDTC), where: EXDOSE > 0}}
    """

    model = DoseIntervals
    gives = ("AVAL", "ADT", "ASTDT", "AENDT", "SRCDOM", "SRCVAR", "SRCSEQ")

    @staticmethod
    def inputs(arguments: DoseIntervals, context: ParameterContext) -> dict[str, Input]:
        """The intervals with their dates and frequency."""
        frequency = arguments.frequency if arguments.frequency is not None else expression("SRC.DOSFRQ")
        value = arguments.value if arguments.value is not None else expression("SRC.DOSE")
        columns = {"start": arguments.start, "end": arguments.end, "frequency": frequency, "value": value, "SEQ": expression("SRC.SEQ")}
        columns |= {"where": arguments.where} if arguments.where is not None else {}
        return {"source": Input(InputKind.DOMAIN, (arguments.domain,), columns, optional=("SEQ",))}

    @staticmethod
    def method_text(arguments: DoseIntervals, context: ParameterContext, prose: Prose) -> str:
        """Which intervals, and how their doses are dated."""
        dates = f"from {prose.value(arguments.start)} to {prose.value(arguments.end)}"
        frequency = prose.value(arguments.frequency) if arguments.frequency is not None else f"{arguments.domain}.{arguments.domain[:2]}DOSFRQ"
        return f"One record for each dose {dates} of each {arguments.domain} record{prose.where(arguments.where)}, by its frequency {frequency}."

    @staticmethod
    def traceability(arguments: DoseIntervals, context: ParameterContext) -> tuple[Traceability, ...]:
        """The interval."""
        return (Traceability(arguments.domain, (), NamedRecord.ALWAYS, arguments.where, selects=True),)

    @staticmethod
    def source_domain(arguments: Mapping[str, object], instruments: Mapping[str, Instrument]) -> str:
        """The domain in `from:`."""
        return str(arguments.get("from", ""))

    @staticmethod
    def create(arguments: DoseIntervals, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The doses of each interval."""
        source = read["source"]
        matches = selected(source)
        start, end = (source.columns[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
        plan = _plan(arguments.table, source.columns["frequency"])
        unknown = matches & plan["UNIT"].isna().to_numpy()
        end = np.where((plan["UNIT"] == "ONCE").to_numpy(dtype=bool), start, end)
        undated, backwards = matches & (np.isnat(start) | np.isnat(end)), matches & (end < start)
        usable = np.flatnonzero(matches & ~unknown & ~undated & ~backwards)
        rows, days = _doses(start[usable], end[usable], plan.iloc[usable])
        rows = usable[rows]
        date = pd.Series(days.astype("datetime64[s]"))
        given = {"AVAL": source.columns["value"].iloc[rows].reset_index(drop=True), "ADT": date, "ASTDT": date, "AENDT": date}
        given["SRCDOM"] = constant_text(arguments.domain, pd.RangeIndex(len(rows)))
        given["SRCVAR"] = constant_text(source.origin.get("value", ""), pd.RangeIndex(len(rows)))
        given["SRCSEQ"] = source.columns["SEQ"].iloc[rows].reset_index(drop=True)
        issues = tuple(each for each in ((NO_DATE, undated & ~unknown), (BACKWARDS, backwards & ~unknown)) if each[1].any())
        return NewRecords(source.subject[rows], given, "source", rows, issues, ambiguities=tuple(_unknown(arguments, source, unknown)))


def _plan(table: ReferenceTable, frequency: pd.Series) -> pd.DataFrame:
    """The unit, the interval and the number of doses of each frequency; missing for one that is not in the table."""
    known = pd.DataFrame({name: list(table.columns[name]) for name in COLUMNS}).drop_duplicates("FREQUENCY").set_index("FREQUENCY")
    return known.reindex(frequency.str.upper().str.strip()).reset_index(drop=True)


def _doses(start: np.ndarray, end: np.ndarray, plan: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The interval and the date of each dose."""
    unit, every, doses = plan["UNIT"].to_numpy(), plan["EVERY"].to_numpy(dtype="int64"), plan["DOSES"].to_numpy(dtype="int64")
    length, count = (end - start) // np.timedelta64(1, "D"), np.ones(len(plan), dtype="int64")
    monthly = unit == "MONTH"
    per_day = np.array([PER_DAY.get(each, 1) for each in unit], dtype="int64")
    interval = every * np.array([UNITS.get(each, 1) for each in unit], dtype="int64")
    count = np.where(unit == "ONCE", 1, -(-(length + 1) * per_day * doses // interval))
    count[monthly] = _months(start[monthly], end[monthly]) // every[monthly] + 1
    rows = np.repeat(np.arange(len(plan)), count)
    number = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    days = start[rows] + number * interval[rows] // (per_day[rows] * doses[rows]) * np.timedelta64(1, "D")
    by_month = monthly[rows]
    days[by_month] = _months_later(start[rows][by_month], (number * every[rows])[by_month])
    return rows, days


def _months_later(date: np.ndarray, months: np.ndarray) -> np.ndarray:
    """The same day some months later; the last day of the month if it has no such day."""
    first = date.astype("datetime64[M]")
    day = date - first.astype("datetime64[D]")
    later = first + months.astype("timedelta64[M]")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(later.astype("datetime64[D]") + day, last)


def _months(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The whole months from a date to a later one."""
    months = (end.astype("datetime64[M]") - start.astype("datetime64[M]")).astype("int64")
    return np.asarray(months - (_months_later(start, months) > end))


def _unknown(arguments: DoseIntervals, source: InputRecords, unknown: np.ndarray) -> Iterator[Ambiguity]:
    """An error for each frequency that is not in the table."""
    frequency = source.columns["frequency"]
    for value in frequency[unknown].unique():
        shown = f"'{value}'" if value else "blank"
        text = f"doses: The frequency is {shown}, which table {arguments.table} does not have; add a row, or select the records with where:"
        yield Ambiguity(text, unknown & (frequency == value).to_numpy(dtype=bool), {"frequency": frequency}, error=True)
