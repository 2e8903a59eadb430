"""Good data damaged one variable at a time: the conformance pass tells it or leaves it, and never fails itself."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adam.core.kinds import DTYPES, OF_TYPE
from adam.planning.values import ResolvedDataset, ResolvedStudy
from tests.validation.small import frames, planned, sources
from validation.conformance.run_conformance import run_conformance
from validation.delivery import Delivery

Damaged = tuple[str, ResolvedDataset, pd.DataFrame]
EXPECTED = {
    ("ADSL", "SAFFL", "odd"): "AD0005B, AD0019, AD0023",
    ("ADSL", "SAFFL", "missing"): "AD0019, AD0023",
    ("ADSL", "TRTSDT", "text"): "AD0058",
    ("ADEFF", "PARAMCD", "odd"): "AD0143, AD0144, AD0145",
    ("ADEFF", "ABLFL", "odd"): "AD0005B, AD0176",
    ("ADEFF", "ABLFL", "missing"): "AD0127",
    ("ADEFF", "AVISITN", "odd"): "AD0109B",
    ("ADEFF", "CRIT1", "missing"): "AD0137",
    ("ADEFF", "USUBJID", "odd"): "AD0256",
    ("ADAE", "AESEQ", "odd"): "AD0258",
    ("ADAE", "ASTDTF", "odd"): "AD0039",
    ("ADAE", "ASTDT", "missing"): "AD0369",
}
"""What some damages are told as; the others must only be told without a failure."""


def damages(dataset: ResolvedDataset, frame: pd.DataFrame) -> Iterator[tuple[str, Damaged]]:
    """The data with one variable missing in all records, with an odd value in the second, of another type."""
    for name, variable in dataset.variables.items():
        dtype = DTYPES[OF_TYPE[variable.type or "text"]]
        nothing = pd.Series([""] * len(frame), dtype="str") if dtype == "str" else pd.Series([None] * len(frame)).astype(dtype)
        odd: object = {"str": "?!", "float64": -0.37}.get(dtype, np.datetime64("1801-01-01", "s"))
        other = pd.Series([1.0] * len(frame)) if dtype == "str" else pd.Series(["X"] * len(frame), dtype="str")
        retyped = variable.model_copy(update={"type": "float" if dtype == "str" else "text", "format": ""})
        columns = {
            "missing": (variable, nothing),
            "odd": (variable, frame[name].where(frame.index != 1, odd).astype(dtype)),
            "text": (retyped, other),
        }
        for kind, (own, column) in columns.items():
            held = dataset.model_copy(update={"variables": {**dataset.variables, name: own}})
            yield kind, (name, held, frame.assign(**{name: column}))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResolvedStudy, dict[str, ResolvedDataset]]:
    return planned(Path(tmp_path_factory.mktemp("mutations")))


def test_every_variable_is_damaged(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study, datasets = small
    good, collected = frames(datasets), sources()
    told = {}
    for name, dataset in datasets.items():
        for kind, (variable, held, frame) in damages(dataset, good[name]):
            subjects = {} if name == "ADSL" else {"ADSL": datasets["ADSL"]}
            found = run_conformance(Delivery(study, datasets, {**subjects, name: held}, {**good, name: frame}, collected))
            assert [each.message for each in found if each.id == "suite"] == []
            told[name, variable, kind] = " ".join(each.message for each in found)
    assert {key: ids in told[key] for key, ids in EXPECTED.items()} == dict.fromkeys(EXPECTED, True)


def test_the_good_data_have_nothing_but_what_they_lack(small: tuple[ResolvedStudy, dict[str, ResolvedDataset]]) -> None:
    study, datasets = small
    found = run_conformance(Delivery(study, datasets, datasets, frames(datasets), sources()))
    assert {each.message.split(":")[0] for each in found if each.variable == ""} <= {
        "A required variable is missing",
        "A variable that the standard requires is missing",
        "EX was not supplied, so these rules were not checked",
        "A variable has no value on any record",
        "The records are not sorted",  # they are in an order that is easy to read
    }
