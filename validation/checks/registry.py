"""How a function becomes a check, and the records it looks at.

A check gets a `Records` (the dataset's frame, the other frames and the sources) and its arguments, and gives a plain bool mask of the
records that fail. It fails only on what is false: an unknown condition fails nothing (LANGUAGE §4).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, create_model

from adam.expr.check import UnknownName, is_date
from adam.expr.evaluate import Evaluation
from adam.expr.field import Expression
from adam.expr.kinds import OF_TYPE, Kind, true
from adam.expr.tree import Expr, Name
from adam.spec.models import Dataset, Study

SUBJECT = ["STUDYID", "USUBJID"]


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Conditions = Annotated[list[Expression], BeforeValidator(_listed)]
Names = Annotated[list[str], BeforeValidator(_listed)]


class Records:
    """The records of a dataset as a check sees them: its own variables, ADSL.X of its subject, AE.X of its source record, STUDY.X."""

    def __init__(self, study: Study, dataset: Dataset, frames: Mapping[str, pd.DataFrame], sources: Mapping[str, pd.DataFrame]) -> None:
        self.study, self.dataset, self.frames, self.sources = study, dataset, frames, sources
        self.frame = frames[dataset.name]

    @property
    def index(self) -> pd.Index:
        """The records, numbered."""
        return self.frame.index

    def column(self, name: Name) -> pd.Series | float | str | np.datetime64:
        """The column a name stands for."""
        if len(name.parts) == 1:
            return self.frame[name.last]
        if name.owner == "STUDY":
            value = self.study.constants[name.last]
            return np.datetime64(value, "s") if is_date(value) else value
        other = self.frames[name.owner] if name.owner in self.frames else self.sources[name.owner]
        by = [*SUBJECT] if name.owner in self.frames or name.owner == "DM" else [*SUBJECT, f"{name.owner[:2]}SEQ"]
        keyed = other.drop_duplicates(by).set_index(by)[name.last]
        found = keyed.reindex(pd.MultiIndex.from_frame(self.frame[by])).reset_index(drop=True)
        return found.fillna("") if found.dtype == "str" else found

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        found = self.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a variable's codelist."""
        variable = self.dataset.variables.get(name.last) if name else None
        codelist = self.study.codelists.get(variable.codelist) if variable else None
        return codelist.numbers if codelist else None

    def evaluated(self, expr: Expr) -> pd.Series:
        """The column an expression gives."""
        return Evaluation(self).column(expr)

    def fits(self, where: Expr | None) -> np.ndarray:
        """The records a `where` selects: all without one."""
        return np.ones(len(self.frame), dtype=bool) if where is None else true(self.evaluated(where)).to_numpy()


class Scope:
    """The names a check may use, with their kinds: those of the file, not temporaries."""

    def __init__(self, study: Study, dataset: Dataset, datasets: Mapping[str, Dataset]) -> None:
        self.study, self.dataset, self.datasets = study, dataset, datasets
        self.read: dict[str, set[str]] = {}

    def kind(self, name: Name) -> Kind:
        """The kind of a name."""
        if name.owner == "STUDY":
            if name.last not in self.study.constants:
                raise UnknownName(f"STUDY has no constant '{name.last}'", "spec-unknown-constant")
            value = self.study.constants[name.last]
            return Kind.DATE if is_date(value) else Kind.TEXT if isinstance(value, str) else Kind.ANY
        dataset = self.datasets.get(name.owner) if name.owner else self.dataset
        if dataset is None:
            self.read.setdefault(name.owner, set()).add(name.last)
            return Kind.ANY
        if name.last in dataset.variables:
            return OF_TYPE[dataset.variables[name.last].type or "text"]
        hint = "; it is a temporary and not in the file" if name.last in dataset.temporary else ""
        raise UnknownName(f"{dataset.name} has no variable {name.last}{hint}")

    def values(self, name: Name) -> tuple[float | str, ...] | None:
        """The values of a list of the study."""
        found = self.study.constants.get(name.last)
        return found if isinstance(found, tuple) else None

    def terms(self, name: Name | None) -> Mapping[str, float] | None:
        """The numbers of a variable's codelist."""
        variable = self.dataset.variables.get(name.last) if name else None
        codelist = self.study.codelists.get(variable.codelist) if variable else None
        return codelist.numbers if codelist else None


@dataclass(frozen=True)
class CheckKind:
    """A registered check: its function, the model of its arguments, and its bare argument if it has one."""

    name: str
    function: Callable[..., np.ndarray]
    model: type[BaseModel]

    @property
    def message(self) -> str:
        """What a failure says."""
        return (inspect.getdoc(self.function) or "").split("\n")[0].rstrip(".")


CHECKS: dict[str, CheckKind] = {}


def check(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Register a check: its first argument is the `Records`, the others stand in the YAML; the first of them may be given bare."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        fields[name.rstrip("_")] = (hints[name], ... if parameter.default is inspect.Parameter.empty else parameter.default)
    config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    name = function.__name__
    CHECKS[name] = CheckKind(name, function, create_model(name, __config__=config, **fields))
    return function


def numbers(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    """A number for each combination of values."""
    return frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy()


__all__ = ["CHECKS", "CheckKind", "Conditions", "Expression", "Names", "Records", "Scope", "check", "numbers"]
