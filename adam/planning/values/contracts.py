"""What derivations and record rules declare of the values of a resolved dataset, for the checks that are generated from it."""

from __future__ import annotations

from adam.catalog.contract import ExpectedCase, PossibleTerms, Selection
from adam.catalog.derivation import OrderKey, Reach
from adam.catalog.traceability import ExpectedRecords, Traceability
from adam.expressions.tree import Expr
from adam.planning.values.resolved import Resolved


class ResolvedDerivation(Resolved):
    """The derivation of one variable, as far as a check can evaluate it without calling it.

    Attributes:
        name: of the derivation, for messages only.
        reach: which records it reads for one value.
        terms: the texts it gives besides blank; None if they are not known.
        cases: the value of a record in terms of expressions of the same record; None if it cannot be expressed so.
        selection: which value or record of a group is meant; None if it is something else.
        of: the value a summary is over.
        where: the condition on the records it reads.
        within: the expressions whose values the records of a group share.
        order: what decides which record is first or last.
        records: what a summary reads: a domain, a dataset, or `DATASET.PARAMCD`; blank for records of its own dataset.
    """

    name: str
    reach: Reach
    terms: PossibleTerms | None = None
    cases: tuple[ExpectedCase, ...] | None = None
    selection: Selection | None = None
    of: Expr | None = None
    where: Expr | None = None
    within: tuple[Expr, ...] = ()
    order: tuple[OrderKey, ...] = ()
    records: str = ""


class ResolvedCreation(Resolved):
    """How one entry of `records:` or `add:` creates records.

    Attributes:
        rule: the name of the record rule, for messages only.
        domain: the domain or dataset whose variables SRC.X are on the records; blank if there is none.
        variables: the variables that the rule sets on its records, so that their formula does not hold there.
        assigned: those of them that have a value of the rule itself (`set:`), which their formula need not be able to give.
        copied: the variables that a record takes over from the record it is created from.
        is_added: whether it is an entry of `add:`.
        always_has_value: whether AVAL is never missing on its records.
        gives_text: whether AVALC is a text that does not follow from AVAL.
        traceability: the ways in which its records name their source.
        expected: the records it creates from other records of the dataset; None if they cannot be described so.
    """

    rule: str
    domain: str = ""
    variables: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    is_added: bool = False
    always_has_value: bool = False
    gives_text: bool = False
    traceability: tuple[Traceability, ...] = ()
    expected: ExpectedRecords | None = None
