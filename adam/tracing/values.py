"""A traced value: a tree of the values it was made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from adam.core.errors import NOWHERE, Mark


@dataclass(frozen=True)
class TracedValue:
    """One value of one record.

    Attributes:
        name: the variable with its dataset or domain, or a constant.
        value: as text; texts are in quotation marks, "missing" is a missing number or date.
        record: what identifies the record within its subject, such as `PARAMCD=EASI AVISITN=8` or `QSSEQ=12`.
        method: how it is made, as sentences; blank for a collected value.
        mark: the line of the YAML.
        made_from: the values it was made from.
        note: what a reader must know besides, such as how many records are not shown.
    """

    name: str
    value: str
    record: str = ""
    method: str = ""
    mark: Mark = NOWHERE
    made_from: tuple[TracedValue, ...] = ()
    note: str = ""

    def as_dict(self) -> dict[str, object]:
        """The tree as plain values, for JSON."""
        return {
            "name": self.name,
            "value": self.value,
            "record": self.record,
            "method": self.method,
            "place": str(self.mark) if self.mark.file else "",
            "note": self.note,
            "made_from": [each.as_dict() for each in self.made_from],
        }


def shown(value: object) -> str:
    """A value as a trace shows it.

    >>> shown("Y"), shown(3.0), shown(float("nan")), shown(pd.Timestamp("2024-01-10"))
    ('"Y"', '3', 'missing', '2024-01-10')
    """
    if isinstance(value, str):
        return f'"{value}"'
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "missing"
    if isinstance(value, pd.Timestamp | np.datetime64):
        moment = pd.Timestamp(value)
        return moment.date().isoformat() if moment == moment.normalize() else moment.isoformat()
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    return f"{value:.15g}" if isinstance(value, float | np.floating) else str(value)
