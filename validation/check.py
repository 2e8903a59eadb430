"""How a function becomes a check.

A check is one function. Its first parameter declares what it checks: `Records` (the records of a dataset), `DeliveredDataset` (a dataset
with the metadata of its file) or `Delivery` (all datasets and their files). Its other parameters are the arguments of the YAML.

It returns what fails: a plain bool mask of the records, `CheckedItems` if it checks something else (subjects, combinations, counts), or
one `Failure` for each variable that fails. It fails only on what is false: an unknown condition fails nothing.

The decorator declares what else the check reads, so that no other module refers to a check by name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, create_model

from validation.across import Across
from validation.argument_types import Role, least_of, role_of
from validation.delivery import DeliveredDataset, Delivery
from validation.matching import distinct_rows, numbered
from validation.records import Records

if TYPE_CHECKING:
    from validation.scope import Scope


@dataclass(frozen=True, eq=False)
class Failure:
    """What fails a check.

    `mask` are the records (or the `items`, if those are checked instead of records); None if the metadata fail and no record is meant.
    `detail` states what was found and what was expected; `variable` is blank if the failure is of no single variable.
    """

    variable: str = ""
    detail: str = ""
    mask: np.ndarray | None = None
    items: pd.DataFrame | None = None

    @property
    def count(self) -> int:
        """How many records or items fail; 1 for metadata."""
        return 1 if self.mask is None else int(np.count_nonzero(self.mask))


Failures = Iterator[Failure]


class Compares(StrEnum):
    """What a check compares with its source, so that no further rule is generated for it."""

    NOTHING = ""
    RECORDS = "the records of the dataset"
    VALUES = "the values of the parameters"
    VARIABLE = "the values of a variable"


@dataclass(frozen=True)
class CheckedItems:
    """Items that are checked instead of records: one row of `keys` for each, and which of them fail."""

    keys: pd.DataFrame
    failed: np.ndarray


Answer = np.ndarray | CheckedItems | Iterable[Failure]
Reads = Callable[["Scope", BaseModel], Iterable[tuple[str, list[str]]]]
"""Returns the variables of domains that a check reads besides those its arguments name."""


class Arguments(BaseModel):
    """The arguments of a rule. They are pickled by the name of their check, as its model is made where it is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def __reduce__(self) -> tuple[Callable[[str, dict[str, Any]], BaseModel], tuple[str, dict[str, Any]]]:
        return arguments_of, (type(self).__name__, dict(vars(self)))


def arguments_of(check: str, values: dict[str, Any]) -> BaseModel:
    """Return the arguments of a check with these values, which were valid before."""
    import_module("validation.checks")  # registers the checks
    return CHECKS[check].model.model_construct(**values)


@dataclass(frozen=True, eq=False)
class CheckFunction:
    """A registered check: its function, the fields of the model of its arguments, and what the decorator declares.

    `message` is the sentence of a finding, with arguments in braces and optional parts in brackets; without one, the first line of the
    docstring. `gathers` is the argument that takes every key of the block that is no argument. `collects` returns what the check reads
    of the domains. `selects` is the argument that names a domain whose selected records are compared; `subjects` that the check reads which
    subjects the dataset takes. `compares` is what it compares with the source, `per_records` that a finding of several conformance rules is
    reported for each set of records that violates the same rules. `across` declares that its answer for a record depends on records of other
    subjects; `of_variables` that it checks the variables of the dataset and not its records, so that it finds the same in each part;
    `also_of_variables` that it checks records, and attributes of variables too.
    """

    name: str
    function: Callable[..., Answer]
    checks: type
    fields: Mapping[str, Any]
    roles: Mapping[str, Role]
    least: Mapping[str, int]
    message: str
    generated: bool = False
    gathers: str = ""
    collects: Reads | None = None
    selects: str = ""
    subjects: bool = False
    compares: Compares = Compares.NOTHING
    per_records: bool = False
    across: Across | None = None
    of_variables: bool = False
    also_of_variables: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def model(self) -> type[BaseModel]:
        """The model of its arguments. It is made when a rule uses the check, because a model costs more than its module."""
        return create_model(self.name, __base__=Arguments, **self.fields)

    @property
    def documentation(self) -> str:
        """Its docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return self.documentation.split("\n")[0].rstrip(".")

    @property
    def usable_in_lines(self) -> bool:
        """Whether a line of `checks:` may name it."""
        return self.checks is Records and not self.generated

    def failures(self, checked: object, arguments: BaseModel) -> list[Failure]:
        """Return what fails, in one form.

        Args:
            checked: of the type that the check checks.
            arguments: of its model.

        Raises:
            TypeError: an attribute fails, but the check does not declare that it checks attributes.
        """
        found = failures_of(self.function(checked, **self.values(arguments)))
        if self.only_records and any(failure.mask is None for failure in found):
            raise TypeError(f"check '{self.name}' fails without records; it must declare `of_variables` or `also_of_variables`")
        return found

    @property
    def only_records(self) -> bool:
        """Whether only records of a dataset can fail it, so that it finds nothing without records."""
        return self.checks is not Delivery and self.across is None and not self.of_variables and not self.also_of_variables

    def values(self, arguments: BaseModel) -> dict[str, Any]:
        """Return the arguments as those of the function."""
        return {self.parameters[name]: getattr(arguments, name, each.default) for name, each in self.model.model_fields.items()}


def failures_of(answer: Answer) -> list[Failure]:
    """Return an answer of a check in one form."""
    if isinstance(answer, CheckedItems):
        answer = [Failure(mask=np.asarray(answer.failed, dtype=bool), items=answer.keys)]
    elif isinstance(answer, np.ndarray):
        answer = [Failure(mask=np.asarray(answer, dtype=bool))]
    return [failure for failure in answer if failure.count]


CHECKS: dict[str, CheckFunction] = {}
F = TypeVar("F", bound=Callable[..., Answer])


def check(  # noqa: PLR0913  (all that a check declares)
    message: str = "",
    *,
    generated: bool = False,
    gathers: str = "",
    collects: Reads | None = None,
    selects: str = "",
    subjects: bool = False,
    compares: Compares = Compares.NOTHING,
    per_records: bool = False,
    across: Across | None = None,
    of_variables: bool = False,
    also_of_variables: bool = False,
) -> Callable[[F], F]:
    """Register a check. The arguments are described at `CheckFunction`; `generated` that no line of `checks:` names it."""

    def register(function: F) -> F:
        declared = _declared(function, message)
        CHECKS[declared.name] = replace(
            declared,
            generated=generated,
            gathers=gathers,
            collects=collects,
            selects=selects,
            subjects=subjects,
            compares=compares,
            per_records=per_records,
            across=across,
            of_variables=of_variables,
            also_of_variables=also_of_variables,
        )
        return function

    return register


def _declared(function: Callable[..., Answer], message: str) -> CheckFunction:
    """What the signature and the docstring of a check declare."""
    name = function.__name__
    if name in CHECKS:
        raise ValueError(f"check '{name}' is registered twice")
    hints = get_type_hints(function, include_extras=True)
    (first, _), *rest = inspect.signature(function).parameters.items()
    if hints[first] not in (Records, DeliveredDataset, Delivery):
        raise TypeError(f"check '{name}': the first parameter is Records, DeliveredDataset or Delivery, not {hints[first]}")
    keys = {parameter.rstrip("_"): parameter for parameter, _ in rest}
    fields: dict[str, Any] = {
        parameter.rstrip("_"): (hints[parameter], ... if each.default is inspect.Parameter.empty else each.default) for parameter, each in rest
    }
    roles = {key: role for key, parameter in keys.items() if (role := role_of(hints[parameter])) is not None}
    least = {key: least_of(hints[parameter]) for key, parameter in keys.items()}
    text = message or (inspect.getdoc(function) or "").split("\n")[0].rstrip(".")
    return CheckFunction(name, function, hints[first], fields, roles, least, text, parameters=keys)


def numbers(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return a number for each combination of values.

    >>> numbers(pd.DataFrame({"X": ["b", "a", "b"]}), ["X"]).tolist()
    [0, 1, 0]
    """
    return numbered(frame[name] for name in names)


def distinct(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the combinations of values, each once, renumbered."""
    return frame[names].iloc[distinct_rows(frame[names])].reset_index(drop=True)
