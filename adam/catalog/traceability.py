"""What a record rule declares about its records: where their values come from, and which records are expected.

define.xml, the lineage and the generated checks read these values, so they agree with each other and depend on no rule's name. All of
them are declarative: expressions and names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from adam.catalog.contract import ExpectedCase
from adam.expressions.tree import Expr


class NamedRecord(StrEnum):
    """Whether SRCSEQ of a new record is --SEQ of the one source record its value comes from.

    ALWAYS: every record names one. SOMETIMES: a record names one where its value was collected, none where it was computed of several.
    NEVER: no record names one.
    """

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


@dataclass(frozen=True)
class Traceability:
    """One way in which records of a rule name where their value comes from, in SRCDOM, SRCVAR and SRCSEQ.

    Args:
        domain: what SRCDOM is: a domain or an analysis dataset; blank where the records name no source.
        parameters: the records take over the sources of records of these parameters, whose own traceability holds; `domain` is blank.
        named: whether SRCSEQ names one source record.
        where: which records of the domain can be named; None for all.
        is_result: whether AVAL is the standard result of the record that is named (--STRESN, else --STRESC as a number or a term).
        value: the expression of the source record that AVAL is, where it is not the standard result.
        code: the variable of the domain that holds the code of an item, and `item` the code of the record that is named.
        items: the codes of all records the value is computed from.
        is_computed: whether AVAL is computed of `items` where that is possible, so that a collected value of `item` is compared with it.
        selects: whether the rule keeps only some of the matching records, or creates several of one.
    """

    domain: str = ""
    parameters: tuple[str, ...] = ()
    named: NamedRecord = NamedRecord.NEVER
    where: Expr | None = None
    is_result: bool = False
    value: Expr | None = None
    code: Expr | None = None
    item: str = ""
    items: tuple[str, ...] = ()
    is_computed: bool = False
    selects: bool = False


@dataclass(frozen=True)
class OnePerRecord:
    """The rule makes one record of each record of `parameters` that matches `where`.

    Args:
        parameters: of the same dataset.
        where: the condition on their records.
        value: AVAL of the new record in terms of the record it is made from.
    """

    parameters: tuple[str, ...]
    where: Expr
    value: tuple[ExpectedCase, ...]


@dataclass(frozen=True)
class OnePerGroup:
    """The rule makes one record of each group of records of `parameters` with equal `by`.

    Args:
        parameters: of the same dataset; in `value` their code is AVAL of the group's record.
        constants: parameters of which the subject has one record, whatever its group.
        by: the variables that the records of a group share, and that the new record has.
        where: the condition on the records; None for all.
        value: AVAL of the new record.
    """

    parameters: tuple[str, ...]
    constants: tuple[str, ...]
    by: tuple[str, ...]
    where: Expr | None
    value: Expr


ExpectedRecords = OnePerRecord | OnePerGroup
