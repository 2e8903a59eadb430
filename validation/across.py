"""What a check declares if its answer for a record depends on records of other subjects.

A study is checked in parts of its subjects. A check that declares nothing here is run on each part, and the answers are put together.
Any other is run once on the records of all subjects, with only the variables that it reads, unless what the parts report of their records
is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from validation.records import SUBJECT

if TYPE_CHECKING:
    from pydantic import BaseModel


MOST_COMBINATIONS = 20_000
"""How many distinct combinations of values a part reports; with more of them the check is run on the records of all subjects."""


@dataclass(frozen=True, eq=False)
class Across:
    """How a check reads records of several subjects.

    Attributes:
        within: the argument with the variables whose values are compared; the check stays within a subject if they identify it.
        reads: the variables that the check reads besides those its arguments name as declared by their types: of which dataset or domain.
        combinations: returns sets of variables, from the checked records and the arguments. The check depends only on which combinations of
            their values there are, and fails on none of some combinations if it fails on none of more of them. It is run on the combinations
            of all parts first.
        summary: returns what a part reports of its records, a small value; it is called with the checked records and the arguments.
        settled: returns whether the answers of the parts, with these summaries, are those of the whole.
        merged: returns the answer of the check from the summaries of all parts; it is called with records that have the variables but no
            content, the summaries and the arguments.
        neighbors: the check compares each record with the one before it, in the order of the file: it is run on one stretch after another.
    """

    within: str = ""
    reads: Callable[[Any, BaseModel], Iterable[tuple[str, str]]] | None = None
    combinations: Callable[[Any, BaseModel], Iterable[list[str]]] | None = None
    summary: Callable[..., Any] | None = None
    settled: Callable[[Sequence[Any]], bool] | None = None
    merged: Callable[..., Any] | None = None
    neighbors: bool = False

    def within_subject(self, arguments: BaseModel, several_studies: bool) -> bool:
        """Whether the check stays within a subject with these arguments; USUBJID alone identifies one in a single study."""
        if not self.within:
            return False
        names = getattr(arguments, self.within, ()) or ()
        return set(SUBJECT) <= set(names) or (not several_studies and "USUBJID" in names)


Shared = tuple[frozenset[Any], frozenset[Any]]
"""What there is among the records of a part, and what the answers of the part depend on whether it is anywhere."""


def all_there(summaries: Sequence[Shared]) -> bool:
    """Whether each part has itself what its answers depend on and any part has.

    >>> one, other = (frozenset("AB"), frozenset("A")), (frozenset("B"), frozenset("BC"))
    >>> all_there([one, other]), all_there([one, (frozenset("B"), frozenset("A"))])
    (True, False)
    """
    anywhere = frozenset().union(*(there for there, _ in summaries))
    return all(asked & anywhere <= there for there, asked in summaries)
