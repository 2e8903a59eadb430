"""Records that are times to an event: `{time_to_event: {start: ..., events: [...], censors: [...]}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from adam.catalog.derivations.duration import DAY, duration
from adam.catalog.prose import Prose, joined
from adam.catalog.record_rule import (
    ArgumentError,
    Arguments,
    Condition,
    Date,
    Input,
    InputKind,
    InputRecords,
    NewRecords,
    ParameterContext,
    RecordRule,
    Text,
    expression,
    records,
)
from adam.catalog.traceability import NamedRecord, Traceability
from adam.catalog.variable_name import VariableName
from adam.core.kinds import is_true
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
    censor_description: str = ""
    cnsr: Annotated[int, Field(ge=1)] = 1
    imputation_flag: Text | None = None


class Gap(Arguments):
    """The longest time without an assessment, in days, after which an event does not count."""

    days: Annotated[int, Field(ge=1)]
    of: Annotated[list[Source], Field(min_length=1)]


class TimeToEvent(Arguments):
    """Arguments of `time_to_event`."""

    start: Date
    unit: Literal["days", "weeks", "months", "years"] = "days"
    inclusive: bool = True
    events: Annotated[list[Source], Field(min_length=1)]
    censors: list[Source] = []
    by: list[VariableName] = []
    combinations: Literal["subject", "study"] | None = None
    end: Date | None = None
    gap: Gap | None = None


@records("time_to_event")
class TimesToEvent(RecordRule):
    """Return one record per subject, and per value of `by`: the time from `start` to the earliest event, else to the latest censoring date.

    CNSR is 0 for an event and `cnsr` of its source for a censored subject. ADT is the date, STARTDT the start, and AVAL the time between
    them in `unit`, with both dates counted unless `inclusive` is false. EVNTDESC is `description` of the source. CNSDTDSC is its
    `censor_description`, else its `description`, for a censored subject. Of equal dates the first is the event: the source listed first,
    then the first record in the source; for a censored subject it is the last one. SRCDOM, SRCVAR and SRCSEQ name the record of the date;
    ADTF is its `imputation_flag`, if a source has one.

    With `by` each subject has a record for each value that occurs in the sources, in any subject with `combinations: study` (so that a run
    derives all subjects in one part), in its own records with `combinations: subject`; a source without the variable counts for all values.
    A date after `end` does not count. With `gap` an event more than `days` after the latest date of `of` before it (after the start, if
    there is none) does not count, nor does any later date: the subject is censored before the gap.

    Units: `unit`, as in the derivation `duration`.
    Missing: a record without a date does not count, a missing `end` is no limit. A subject without a start, or without any date, has no
        record, with a warning.
    Errors: a date before the start is replaced by the start, with a warning.
    Source: ADaM Basic Data Structure for Time-to-Event Analyses 1.0; admiral derive_param_tte.

    YAML:
        records:
          time_to_event:
            start: ADSL.TRTSDT
            events: [{from: ADAE, where: AESER == "Y", date: ASTDT, description: First serious adverse event}]
            censors: [{from: ADSL, date: EOSDT, description: End of study, censor_description: End of study date}]
    """

    model = TimeToEvent
    always_has_value = True
    event_lists = ("events", "censors", "gap.of")
    texts = {
        "ADT": "The date of the event or of the censoring; see the description of AVAL.",
        "STARTDT": "The date from which AVAL is counted; see the description of AVAL.",
        "ADTF": "The date imputation flag of the record that ADT is from.",
    }
    gives = ("AVAL", "ADT", "STARTDT", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ")

    @classmethod
    def given_variables(cls, arguments: TimeToEvent) -> tuple[str, ...]:
        """What every record is given, `by`, and ADTF if a source has a flag."""
        flagged = any(each.imputation_flag is not None for _, each in _sources(arguments))
        return (*cls.gives, *arguments.by, *(["ADTF"] if flagged else []))

    @classmethod
    def of_whole_study(cls, arguments: TimeToEvent) -> bool:
        """With the combinations of `by` that occur in any subject."""
        return arguments.combinations == "study"

    @classmethod
    def variable_text(cls, variable: str, arguments: TimeToEvent, context: ParameterContext) -> str:
        """How a variable comes about; the descriptions and the censoring numbers by the source of ADT."""
        if variable == "CNSR":
            numbers = dict.fromkeys(f'{each.cnsr} if the subject is censored at "{each.description}"' for each in arguments.censors)
            return "; ".join(["0 for an event", *numbers]) + "."
        if variable in ("EVNTDESC", "CNSDTDSC"):
            used = arguments.censors if variable == "CNSDTDSC" else [*arguments.events, *arguments.censors]
            descriptions = [each.censor_description or each.description for each in used] if variable == "CNSDTDSC" else [e.description for e in used]
            listed = ", ".join(f'"{text}"' for text in dict.fromkeys(descriptions))
            return f"The description of the source that ADT is from: {listed}{'; blank for an event' if variable == 'CNSDTDSC' else ''}."
        return super().variable_text(variable, arguments, context)

    @staticmethod
    def inputs(arguments: TimeToEvent, context: ParameterContext) -> dict[str, Input]:
        """Every subject with the start and the end, and each source."""
        everyone = expression(f"not missing({arguments.start}) or missing({arguments.start})")
        ends = {"end": arguments.end} if arguments.end is not None else {}
        found = {"subjects": Input(InputKind.SUBJECTS, (), {"where": everyone, "start": arguments.start, **ends})}
        for name, source in _sources(arguments):
            columns: dict[str, Expr] = {"date": source.date, "SEQ": expression("SRC.SEQ")}
            columns |= {"where": source.where} if source.where is not None else {}
            columns |= {"flag": source.imputation_flag} if source.imputation_flag is not None else {}
            columns |= {each: expression(f"SRC.{each}") for each in arguments.by}
            found[name] = Input(InputKind.DOMAIN, (source.domain,), columns, optional=("SEQ", *arguments.by))
        return found

    @staticmethod
    def argument_errors(arguments: TimeToEvent, context: ParameterContext) -> Iterator[ArgumentError]:
        """`by` without a statement where its values come from, which decides whether a subject without an event is censored."""
        if arguments.by and arguments.combinations is None:
            message = f"by: does not show for which values of {joined(arguments.by)} a subject has a record. Write combinations: study for those "
            message += "that occur in any subject, or combinations: subject for those of the subject's own records"
            yield ArgumentError(message, "spec-missing-argument")
        if arguments.combinations is not None and not arguments.by:
            yield ArgumentError("combinations has no effect without by. Delete it, or add by:", "spec-wrong-argument")

    @staticmethod
    def method_text(arguments: TimeToEvent, context: ParameterContext, prose: Prose) -> str:
        """What the events are, and where a subject is censored."""
        texts = [_source_text(each, prose.of_input(name)) for name, each in _sources(arguments)]
        last = len(arguments.events) + len(arguments.censors)
        events, censors = "; ".join(texts[: len(arguments.events)]), "; ".join(texts[len(arguments.events) : last])
        of = "any subject" if arguments.combinations == "study" else "the subject"
        each = f", for each {' and '.join(arguments.by)} in the records of {of}" if arguments.by else ""
        found = [f"The time in {arguments.unit} from {prose.value(arguments.start)} to the earliest of these events{each}: {events}."]
        found += [f"A subject without an event is censored at the latest of: {censors}."] if censors else []
        found += [f"Dates after {prose.value(arguments.end)} do not count."] if arguments.end is not None else []
        if arguments.gap is not None:
            found.append(f"An event more than {arguments.gap.days} days after the last of these does not count: {'; '.join(texts[last:])}.")
        return " ".join(found)

    @staticmethod
    def traceability(arguments: TimeToEvent, context: ParameterContext) -> tuple[Traceability, ...]:
        """The record of the date, from one of the sources."""
        used = [*arguments.events, *arguments.censors]
        return tuple(Traceability(each.domain, (), NamedRecord.ALWAYS, each.where, selects=True) for each in used)

    @staticmethod
    def create(arguments: TimeToEvent, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:
        """The event or the censoring of each subject."""
        subjects = read["subjects"]
        included = is_true(subjects.columns["where"])
        start = _by_subject(subjects, "start")
        dates = _all_dates(arguments, read)
        if arguments.end is not None:
            dates = dates[~(dates["ADT"] > dates["subject"].map(_by_subject(subjects, "end"))).to_numpy(dtype=bool)]
        counted = dates[dates["source"] < len(arguments.events) + len(arguments.censors)]
        if arguments.gap is not None:
            counted = _before_gaps(counted, dates, start, arguments)
        found = _chosen(counted)
        has_start, has_date = start.notna().to_numpy(), start.index.isin(found["subject"])
        found = found[found["subject"].isin(start.index[included & has_start])].sort_values(["subject", "key"]).reset_index(drop=True)
        found["STARTDT"] = found["subject"].map(start).astype("datetime64[s]")
        early = (found["ADT"] < found["STARTDT"]).to_numpy(dtype=bool)
        found["ADT"] = found["ADT"].where(~early, found["STARTDT"])
        found["AVAL"] = duration(found["STARTDT"], found["ADT"], unit=arguments.unit, inclusive=arguments.inclusive)
        given = {name: found[name] for name in TimesToEvent.given_variables(arguments)}
        expected = arguments.combinations != "study" or len(dates) > 0  # without a date in any subject there is no value of by
        nothing = included & has_start & ~has_date & expected
        issues = ((NO_START, included & ~has_start), (NO_DATE, nothing), (EARLY, start.index.isin(found["subject"][early])))
        return NewRecords(found["subject"].to_numpy(dtype="int64"), given, issues=tuple(each for each in issues if each[1].any()))


def _sources(arguments: TimeToEvent) -> Iterator[tuple[str, Source]]:
    """Every source with the name of its input: events, censors, and what a gap is counted from."""
    listed = [*arguments.events, *arguments.censors, *(arguments.gap.of if arguments.gap is not None else [])]
    yield from ((f"source{number}", each) for number, each in enumerate(listed, start=1))


def _source_text(source: Source, prose: Prose) -> str:
    return f"{source.description} ({prose.value(source.date)} of {source.domain} records{prose.where(source.where)})"


def _by_subject(subjects: InputRecords, column: str) -> pd.Series:
    """A date of each subject, by its number."""
    return pd.Series(subjects.columns[column].to_numpy().astype("datetime64[s]"), index=subjects.subject)


def _all_dates(arguments: TimeToEvent, read: Mapping[str, InputRecords]) -> pd.DataFrame:
    """The dated records of all sources; `key` numbers the subjects and values of `by`."""
    by = arguments.by
    keys = by if arguments.combinations == "study" else ["subject", *by]
    frames = [_dates(arguments, place, each, read[name]) for place, (name, each) in enumerate(_sources(arguments))]
    groups = [frame[keys].drop_duplicates() for frame in frames if set(by) <= set(frame.columns)]
    if by:
        values = pd.concat(groups).drop_duplicates().reset_index(drop=True) if groups else pd.DataFrame({each: [] for each in keys})
        frames = [_of_all(frame, values, by) for frame in frames]
    dates = pd.concat(frames, ignore_index=True)
    return dates.assign(key=dates.groupby(["subject", *by], dropna=False, sort=True).ngroup())


def _of_all(frame: pd.DataFrame, values: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The records of a source for each value of `by`, if the source lacks a variable of `by`."""
    if set(by) <= set(frame.columns):
        return frame
    shared = [each for each in values.columns if each in frame.columns]
    return frame.merge(values, on=shared) if shared else frame.merge(values, how="cross")


def _dates(arguments: TimeToEvent, place: int, source: Source, read: InputRecords) -> pd.DataFrame:
    """The dated records of a source, with what a record of each would be given."""
    date = read.columns["date"].to_numpy().astype("datetime64[s]")
    matches = is_true(read.columns["where"]) if source.where is not None else np.ones(len(read), dtype=bool)
    rows = np.flatnonzero(matches & ~np.isnat(date))
    censors = place >= len(arguments.events)
    described = (source.censor_description or source.description) if censors else ""
    given: dict[str, Any] = {"subject": read.subject[rows], "source": place, "ADT": date[rows]}
    given |= {"CNSR": float(source.cnsr if censors else 0), "EVNTDESC": source.description, "CNSDTDSC": described}
    given |= {"SRCDOM": source.domain, "SRCVAR": read.origin.get("date", ""), "SRCSEQ": read.columns["SEQ"].to_numpy(dtype="float64")[rows]}
    given |= {each: read.columns[each].iloc[rows].reset_index(drop=True) for each in arguments.by if each not in read.absent}
    given["ADTF"] = read.columns["flag"].to_numpy()[rows] if source.imputation_flag is not None else ""
    frame = pd.DataFrame(given, index=range(len(rows)))
    texts = ("EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "ADTF")
    return frame.astype({**dict.fromkeys(texts, "str"), "CNSR": "float64"})


def _chosen(dates: pd.DataFrame) -> pd.DataFrame:
    """The first event of each key by date and place in the list, else the last censoring date by both."""
    ordered = dates.sort_values(["ADT", "source"], kind="stable")
    events, censors = ordered[ordered["CNSR"] == 0], ordered[ordered["CNSR"] > 0]
    return pd.concat([events, censors.iloc[::-1]]).drop_duplicates("key")


def _before_gaps(counted: pd.DataFrame, dates: pd.DataFrame, start: pd.Series, arguments: TimeToEvent) -> pd.DataFrame:
    """The dates without those from an event on that comes too long after the assessment before it."""
    assert arguments.gap is not None
    number = len(arguments.events) + len(arguments.censors)
    events = _chosen(counted[counted["CNSR"] == 0])[["key", "subject", "ADT"]].sort_values("ADT")
    seen = dates.loc[dates["source"] >= number, ["key", "ADT"]].rename(columns={"ADT": "seen"}).sort_values("seen")
    joined = pd.merge_asof(events, seen, left_on="ADT", right_on="seen", by="key", allow_exact_matches=False)
    since = joined["seen"].fillna(joined["subject"].map(start))
    late = joined[((joined["ADT"] - since) / DAY > arguments.gap.days).to_numpy(dtype=bool)]
    limit = late.set_index("key")["ADT"].reindex(counted["key"]).to_numpy()
    return counted[~(counted["ADT"].to_numpy() >= limit)]
