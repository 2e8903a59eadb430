"""Whether a record is on treatment."""

from __future__ import annotations

from typing import Any

import numpy as np

from adam.catalog.contract import Contract, ExpectedCase, Families, always, case_of
from adam.catalog.derivation import Date, Number, Text, derivation
from adam.catalog.prose import Prose
from adam.core.coded_text import chosen_text

DAY = np.timedelta64(86400, "s")


def _method(arguments: Any, prose: Prose) -> str:  # noqa: ANN401
    start, first, last = prose.part(arguments.start), prose.part(arguments.first_dose), prose.part(arguments.last_dose)
    days = arguments.days_after
    until = f"{prose.part(days)} days after {last}" if days is not None else last
    ended = f", {prose.part(arguments.end)} is not before {first}" if arguments.end is not None else ""
    earlier = f" An earlier {start} is on treatment too, if the record does not end before {first}." if arguments.ongoing else ""
    window = f"{start} is missing, or from {first} to {until} (any later time if {last} is missing)"
    return f'"Y" if {first} is not missing{ended} and {window}; otherwise blank.{earlier}'


def _cases(arguments: Any, families: Families) -> tuple[ExpectedCase, ...]:  # noqa: ANN401
    start, first = f"({arguments.start})", f"({arguments.first_dose})"
    ended = f" or ({arguments.end}) < {first}" if arguments.end is not None else ""
    days = f"({arguments.days_after})" if arguments.days_after is not None else "0"
    return (
        case_of(f"missing({first}){ended}", ""),
        case_of(f"missing({start})", "Y"),
        case_of(f"{start} < {first}", "Y" if arguments.ongoing else ""),
        case_of(f"{start} - ({arguments.last_dose}) > {days}", ""),
        case_of(None, "Y"),
    )


@derivation(Contract(_method, possible_terms=always("Y"), expected_cases=_cases))
def on_treatment(
    start: Date, first_dose: Date, last_dose: Date, *, end: Date | None = None, days_after: Number | None = None, ongoing: bool = False
) -> Text:
    """Return Y where a record is on treatment, blank elsewhere.

    Untreated: blank. Ended before the first dose: blank. No start: Y, because the record may be on treatment. Started before the first
    dose: blank, or Y with `ongoing: true`. Started from the first dose until `days_after` days after the last one: Y. Without a last
    dose the treatment goes on.

    Units: days_after in days; 0 without it.
    Missing: see above.
    Source: ADaMIG and OCCDS, ONTRTFL; admiral derive_var_ontrtfl (ref_end_window, span_period).

    YAML:
        ONTRTFL: {on_treatment: {start: ASTDT, end: AENDT, first_dose: TRTSDT, last_dose: TRTEDT, days_after: STUDY.FUPDAYS}}

    >>> from adam.core.kinds import dates
    >>> first, last = dates("2019-03-20", "2019-03-20"), dates("2019-04-20", "")
    >>> on_treatment(dates("2019-04-21", "2019-04-21"), first, last).tolist()
    ['', 'Y']
    """
    before = (start < first_dose).to_numpy(dtype=bool)
    after = (((start - last_dose) / DAY) > (days_after if days_after is not None else 0)).to_numpy(dtype=bool)
    on = ~after & (~before | ongoing) | start.isna().to_numpy()
    on &= first_dose.notna().to_numpy()
    if end is not None:
        on &= ~(end < first_dose).to_numpy(dtype=bool)
    return chosen_text(np.asarray(on), "Y", "", start.index)
