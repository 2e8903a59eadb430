"""Records that are times to an event: `{time_to_event: {start: ..., unit: days, events: [...], censors: [...]}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.derivations.duration import Unit, duration
from adam.catalog.prose import Prose
from adam.catalog.record_rule import (
    Arguments,
    Condition,
    Date,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    expression,
    records,
)
from adam.catalog.traceability import NamedRecord, Traceability
from adam.core.kinds import true
from adam.expressions.tree import Expr

NO_DATE = "The subject has neither an event nor a censoring date; there is no record"
EARLY = "The date is before the start; ADT is the start"
NO_START = "The start is missing; there is no record"


class Source(Arguments):
    """One source of dates: the records of a domain or an analysis dataset that match `where`."""

    domain: str = Field(alias="from")
    where: Condition | None = None
    date: Date
    description: str
    date_description: str = ""


class TimeToEvent(Arguments):
    """Arguments of `time_to_event`."""

    start: Date
    unit: Unit
    inclusive: bool = True
    events: Annotated[list[Source], Field(min_length=1)]
    censors: list[Source] = []


@records("time_to_event")
class TimesToEvent(RecordRule):
    """Return one record per subject: the time from `start` to the earliest event, else to the latest censoring date.

    CNSR is 0 for an event and 1 for a censored subject. ADT is the date and STARTDT the start; AVAL is the time between them in `unit`,
    with both dates counted unless `inclusive` is false. EVNTDESC is `description` of the source, CNSDTDSC its `date_description`. Of
    equal dates the source listed first wins, then the first record in the source. SRCDOM, SRCVAR and SRCSEQ name the record of the date.

    Units: `unit`, as in the derivation `duration`.
    Missing: a record without a date does not count. A subject without a start, or without any date, has no record, with a warning.
    Errors: a date before the start is replaced by the start, with a warning.
    Source: ADaM Basic Data Structure for Time-to-Event Analyses 1.0; admiral derive_param_tte.

    YAML:
        records:
          time_to_event:
            start: ADSL.TRTSDT
            unit: days
            events: [{from: ADAE, where: SRC.AESER == "Y", date: SRC.ASTDT, description: First serious adverse event}]
            censors: [{from: ADSL, date: SRC.EOSDT, description: End of study, date_description: End of study date}]
    """

    model = TimeToEvent
    always_has_value = True
    gives = ("AVAL", "ADT", "STARTDT", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ")

    @staticmethod
    def inputs(arguments: TimeToEvent, context: ParameterContext) -> dict[str, Input]:
        """Every subject with the start, and each source."""
        everyone = expression(f"not missing({arguments.start}) or missing({arguments.start})")
        found = {"subjects": Input(InputKind.SUBJECTS, (), {"where": everyone, "start": arguments.start})}
        for name, source in _sources(arguments):
            columns: dict[str, Expr] = {"date": source.date, "SEQ": expression("SRC.SEQ")}
            columns |= {"where": source.where} if source.where is not None else {}
            found[name] = Input(InputKind.DOMAIN, (source.domain,), columns, optional=("SEQ",))
        return found

    @staticmethod
    def method_text(arguments: TimeToEvent, context: ParameterContext, prose: Prose) -> str:
        """What the events are, and where a subject is censored."""
        texts = [_source_text(each, prose.of_input(name)) for name, each in _sources(arguments)]
        events, censors = "; ".join(texts[: len(arguments.events)]), "; ".join(texts[len(arguments.events) :])
        time = f"The time in {arguments.unit} from {prose.value(arguments.start)} to the earliest of these events: {events}."
        return f"{time} A subject without an event is censored at the latest of: {censors}." if censors else time

    @staticmethod
    def traceability(arguments: TimeToEvent, context: ParameterContext) -> tuple[Traceability, ...]:
        """The record of the date, from one of the sources."""
        return tuple(Traceability(each.domain, (), NamedRecord.ALWAYS, each.where, selects=True) for _, each in _sources(arguments))

    @staticmethod
    def create(arguments: TimeToEvent, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The event or the censoring of each subject."""
        subjects = read["subjects"]
        included = true(subjects.columns["where"]).to_numpy()
        start = pd.Series(subjects.columns["start"].to_numpy().astype("datetime64[s]"), index=subjects.subject)
        dates = pd.concat([_dates(arguments, place, each, read[name]) for place, (name, each) in enumerate(_sources(arguments))], ignore_index=True)
        events, censors = dates[dates["CNSR"] == 0], dates[dates["CNSR"] == 1]
        latest = censors.sort_values(["ADT", "source"], ascending=[False, True], kind="stable")
        found = pd.concat([events.sort_values(["ADT", "source"], kind="stable"), latest]).drop_duplicates("subject").set_index("subject")
        has_start, has_date = start.notna().to_numpy(), start.index.isin(found.index)
        found = found[found.index.isin(start.index[included & has_start])].sort_index()
        found["STARTDT"] = start.reindex(found.index)
        early = (found["ADT"] < found["STARTDT"]).to_numpy(dtype=bool)
        found["ADT"] = found["ADT"].where(~early, found["STARTDT"])
        found["AVAL"] = duration(found["STARTDT"], found["ADT"], unit=arguments.unit, inclusive=arguments.inclusive)
        given = {name: found[name].reset_index(drop=True) for name in TimesToEvent.gives}
        issues = ((NO_START, included & ~has_start), (NO_DATE, included & has_start & ~has_date), (EARLY, start.index.isin(found.index[early])))
        return NewRecords(found.index.to_numpy(dtype="int64"), given, issues=tuple(each for each in issues if each[1].any()))


def _sources(arguments: TimeToEvent) -> Iterator[tuple[str, Source]]:
    """Every source with the name of its input, events first."""
    yield from ((f"source{number}", each) for number, each in enumerate([*arguments.events, *arguments.censors], start=1))


def _source_text(source: Source, prose: Prose) -> str:
    return f"{source.description} ({prose.value(source.date)} of {source.domain} records{prose.where(source.where)})"


def _dates(arguments: TimeToEvent, place: int, source: Source, read: InputRecords) -> pd.DataFrame:
    """The dated records of a source, with what a record of each would be given."""
    date = read.columns["date"].to_numpy().astype("datetime64[s]")
    matches = true(read.columns["where"]).to_numpy() if source.where is not None else np.ones(len(read), dtype=bool)
    rows = np.flatnonzero(matches & ~np.isnat(date))
    given: dict[str, Any] = {"subject": read.subject[rows], "source": place, "ADT": date[rows]}
    given |= {"CNSR": float(place >= len(arguments.events)), "EVNTDESC": source.description, "CNSDTDSC": source.date_description}
    given |= {"SRCDOM": source.domain, "SRCVAR": read.origin.get("date", ""), "SRCSEQ": read.columns["SEQ"].to_numpy(dtype="float64")[rows]}
    frame = pd.DataFrame(given, index=range(len(rows)))
    return frame.astype({"EVNTDESC": "str", "CNSDTDSC": "str", "SRCDOM": "str", "SRCVAR": "str", "CNSR": "float64"})
