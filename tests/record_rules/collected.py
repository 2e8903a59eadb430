"""Collected records as kinds of records read them."""

from pathlib import Path

import numpy as np
import pandas as pd

from adam.catalog.record_rule import InputRecords, ParameterContext
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse
from adam.specification.read import read

INSTRUMENTS = read(Path(__file__).parents[2] / "specs" / "true_ad").instruments


def source(rows: list[tuple[object, ...]]) -> InputRecords:
    """Records of (code, number, text) or (code, number, text, more): subject 0, visit 1, done, on 2019-03-20, unless `more` says otherwise."""
    listed = []
    for place, (code, number, text, *more) in enumerate(rows):
        default = {"subject": 0, "visit": 1.0, "dtc": "2019-03-20", "stat": "", "where": True, "seq": place + 1}
        listed.append({"code": code, "STRESN": number, "STRESC": text, **default, **(more[0] if more else {})})
    frame = pd.DataFrame(listed)
    columns = {name: frame[name].astype("str") for name in ("code", "STRESC")} | {"STAT": frame["stat"].astype("str")}
    columns |= {"STRESN": frame["STRESN"].astype("float64"), "SEQ": frame["seq"].astype("float64"), "visit": frame["visit"].astype("float64")}
    columns |= {"where": frame["where"].astype("boolean")}
    dates = Evaluation(Columns({"DTC": frame["dtc"].astype("str")}, frame.index))
    columns |= {"date": dates.column(parse("date(DTC)")), "moment": dates.column(parse("datetime(DTC)"))}
    return InputRecords(frame["subject"].to_numpy(), columns)


def context_of(**more: object) -> ParameterContext:
    """Facts of a parameter."""
    return ParameterContext("ADQ", "SCORE", {}, {}, instruments=INSTRUMENTS, **more)


def numbers(column: pd.Series) -> list[float | None]:
    """Values with None for missing."""
    return [None if np.isnan(value) else float(value) for value in column]
