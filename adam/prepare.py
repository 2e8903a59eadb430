"""What a run has before anything is derived: the plan of a study, its source, and the records it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from adam.errors import SpecError
from adam.expr.kinds import Kind
from adam.plan.names import SourceHeader
from adam.plan.plan import Plan, plan
from adam.sdtm import Source, open_source
from adam.spec.read import attempt


def collected(source: Source | None) -> dict[str, dict[str, Kind]] | None:
    """The variables of each domain of a source with their kinds, supplemental qualifiers among them; None without a source."""
    if source is None:
        return None
    return {name: {**header.variables, **dict.fromkeys(header.qualifiers, Kind.TEXT)} for name, header in headers_of(source).items()}


def headers_of(source: Source) -> dict[str, SourceHeader]:
    """The headers of a source as the plan wants them."""
    return {
        name: SourceHeader(
            {key: Kind(kind) for key, kind in header.variables.items()},
            tuple(header.qualifiers),
            header.labels,
            header.lengths,
            header.formats,
        )
        for name, header in source.headers.items()
    }


def prepared(specs: Path, sdtm: Path | None = None, only: Iterable[str] = ()) -> tuple[Plan, Source | None]:
    """The plan of a study, and its source if there is one. A specification that is wrong by itself is refused before any file is opened."""
    attempted, problems = attempt(specs)
    if attempted is None:
        raise SpecError(problems.found)
    found = plan(attempted, None, only, problems)
    study = attempted
    if sdtm is None:
        return found, None
    source = open_source(sdtm, {name: use.encoding for name, use in study.sources.items()})
    return plan(study, headers_of(source), only), source


def load(found: Plan, source: Source, *more: Mapping[str, set[str]]) -> dict[str, pd.DataFrame]:
    """The domains a run reads, with only the variables it needs: those of the plan, and `more`."""
    frames = {}
    for domain in dict.fromkeys([*found.columns, *(name for each in more for name in each)]):
        header = source.headers.get(domain)
        if header is None:
            continue
        wanted = {*found.columns.get(domain, ()), *(name for each in more for name in each.get(domain, ()))}
        frames[domain] = source.read(domain, sorted(name for name in wanted if name in header.variables or name in header.qualifiers))
    return frames
