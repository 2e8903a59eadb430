"""Whether an adverse event emerged on treatment."""

from __future__ import annotations

from typing import Any

import numpy as np

from adam.catalog.contract import Contract, ExpectedCase, Families, always, case_of
from adam.catalog.derivation import Condition, Date, Datetime, Number, Text, derivation
from adam.catalog.prose import Prose, joined
from adam.core.coded_text import chosen_text
from adam.core.kinds import is_true

DAY = np.timedelta64(86400, "s")


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    start, end = prose.part(arguments.start), prose.part(arguments.end)
    first, last = prose.part(arguments.first_dose), prose.part(arguments.last_dose)
    days = arguments.days_after
    until = f" and not more than {prose.part(days)} days after {last}" if days is not None else ""
    worse = f", or if {start} is earlier and {prose.condition(arguments.worsened)}" if arguments.worsened is not None else ""
    moments = [each for each in (arguments.start_time, arguments.first_dose_time) if each is not None]
    timed = f"The times {joined([prose.part(each) for each in moments])}" if len(moments) == 2 else ""  # noqa: PLR2004
    times = f" {timed} are compared in place of the dates where both are known." if timed else ""
    text = f'"Y" if {first} is not missing, {end} is not before {first}, and {start} is missing or on or after {first}{until}'
    return f"{text}{worse}; otherwise blank.{times}"


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    start, first = f"({arguments.start})", f"({arguments.first_dose})"
    before = f"{start} < {first}"
    if arguments.start_time is not None and arguments.first_dose_time is not None:
        moment, dose = f"({arguments.start_time})", f"({arguments.first_dose_time})"
        timed = f"not missing({moment}) and not missing({dose})"
        before = f"({timed} and {moment} < {dose}) or (not ({timed}) and {before})"
    cases = [case_of(f"missing({first}) or ({arguments.end}) < {first}", ""), case_of(f"missing({start})", "Y")]
    if arguments.worsened is not None:
        cases.append(case_of(f"({before}) and ({arguments.worsened})", "Y"))
    cases.append(case_of(before, ""))
    if arguments.days_after is not None:
        cases.append(case_of(f"{start} - ({arguments.last_dose}) > ({arguments.days_after})", ""))
    return *cases, case_of(None, "Y")


@derivation(Contract(_method, possible_terms=always("Y"), expected_cases=_cases))
def treatment_emergent(
    start: Date,
    end: Date,
    first_dose: Date,
    last_dose: Date,
    *,
    start_time: Datetime | None = None,
    first_dose_time: Datetime | None = None,
    days_after: Number | None = None,
    worsened: Condition | None = None,
) -> Text:
    """Return Y where an event emerged on treatment, blank elsewhere.

    Untreated: blank. Ended before the first dose: blank. No start: Y. Started at the first dose or later, and not more than `days_after`
    days after the last one (any time if there is none): Y. Started before it and `worsened`: Y. The times decide where both are known.

    Units: days_after in days; without it the window is open.
    Missing: see above; an unknown condition is not true.
    Source: PHUSE WP-087; admiral derive_var_trtemfl.

    YAML:
        TRTEMFL: {treatment_emergent: {start: ASTDT, end: AENDT, first_dose: TRTSDT, last_dose: TRTEDT, days_after: STUDY.FUPDAYS}}

    >>> from adam.core.kinds import dates
    >>> none, dose = dates("", ""), dates("2019-03-20", "2019-03-20")
    >>> treatment_emergent(dates("2019-03-20", "2019-03-19"), none, dose, none).tolist()
    ['Y', '']
    """
    before = (start < first_dose).to_numpy(dtype=bool)
    if start_time is not None and first_dose_time is not None:
        timed = (start_time.notna() & first_dose_time.notna()).to_numpy()
        before = np.where(timed, start_time < first_dose_time, before)
    after = np.zeros(len(start), dtype=bool)
    if days_after is not None:
        after = (((start - last_dose) / DAY) > days_after).to_numpy(dtype=bool)
    worse = is_true(worsened) if worsened is not None else np.zeros(len(start), dtype=bool)
    emerged = np.where(before, worse, ~after) | start.isna().to_numpy()
    emerged &= first_dose.notna().to_numpy() & ~(end < first_dose).to_numpy(dtype=bool)
    return chosen_text(np.asarray(emerged), "Y", "", start.index)
