"""Record rules whose first half is the same for several parameters."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from adam.catalog.record_rule import InputRecords, NewRecords, ParameterContext, RecordRule


@dataclass(frozen=True)
class Prepared:
    """What several parameters are created from, and the issues found on the way (text, mask of the first input)."""

    value: Any
    issues: tuple[tuple[str, np.ndarray], ...] = ()


class SharedRecordRule(RecordRule):
    """A rule whose first half is the same for several parameters, and is done once for all with the same `shared`."""

    @staticmethod
    @abstractmethod
    def shared(arguments: Any) -> str:  # noqa: ANN401
        """A text that is equal for entries of one dataset that share their inputs and what is prepared."""

    @staticmethod
    @abstractmethod
    def prepare(arguments: Any, context: ParameterContext, read: Mapping[str, InputRecords]) -> Prepared:  # noqa: ANN401
        """The first half."""

    @staticmethod
    @abstractmethod
    def finish(arguments: Any, context: ParameterContext, prepared: Any) -> NewRecords:  # noqa: ANN401
        """The new records of one parameter."""

    @classmethod
    def create(cls, arguments: Any, context: ParameterContext, read: Mapping[str, InputRecords]) -> NewRecords:  # noqa: ANN401
        """The new records, both halves in one."""
        prepared = cls.prepare(arguments, context, read)
        made = cls.finish(arguments, context, prepared.value)
        return replace(made, issues=(*prepared.issues, *made.issues))
