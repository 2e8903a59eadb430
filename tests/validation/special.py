"""Mutations that no YAML tells: of the columns, of the specification, of a file that was written, of how the arms are shared out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa

from adam.core.errors import ExportError
from adam.planning.values import ResolvedVariable
from adam.submission import xpt, xpt_records
from adam.submission.combinations import Combinations, EncodedRecords
from tests.validation.breaking import Broken, Built, Fired, Tried, fired
from validation.run_suites import run_suites

ARMS = {"Vehicle Cream BID": 1, "Ruxolitinib 0.75% Cream BID": 2, "Ruxolitinib 1.5% Cream BID": 2}


def columns(built: Built, folder: Path) -> Iterator[Tried]:
    """G-01: what Great Expectations says of the columns."""
    for suite in built.suites:
        name = suite.dataset.name
        frame = built.frames[name]
        swapped = [*frame.columns[:-2], frame.columns[-1], frame.columns[-2]]
        for said, changed in (("swap the last two columns", frame[swapped]), ("add a column", frame.assign(EXTRA=1.0))):
            only = (replace(suite, rules=suite.rules[:1]),)
            found = run_suites(only, {**built.frames, name: changed}, built.sources)
            yield Tried("G-01", name, said, "error", tuple(Fired(each.dataset, each.id, str(each.severity), "columns", 0) for each in found))


def specification(built: Built, folder: Path) -> Iterator[Tried]:
    """G-02: a name or label in the specification that no file takes."""
    for suite in built.suites:
        dataset = suite.dataset
        variable = next(iter(dataset.variables.values()))
        for said, other in (
            ("no label", {"label": ""}),
            ("a label of 41 bytes", {"label": "x" * 41}),
            ("a label that is not ASCII", {"label": "Größe"}),
            ("a name in small letters", {"name": "studyid"}),
            ("a name of 9 letters", {"name": "STUDYIDEN"}),
        ):
            yield Tried("G-02", dataset.name, said, "error", _of_model(built, suite.dataset.name, variable, variable.model_copy(update=other)))


def _of_model(built: Built, dataset: str, variable: ResolvedVariable, other: ResolvedVariable) -> tuple[Fired, ...]:
    suite = next(each for each in built.suites if each.dataset.name == dataset)
    variables = {name: other if name == variable.name else each for name, each in suite.dataset.variables.items()}
    mutated = replace(suite, dataset=suite.dataset.model_copy(update={"variables": variables}))
    records = mutated.records(built.frames, built.sources)
    return tuple(fired(mutated, rule) for rule in mutated.rules if rule.id == "G-02" and rule.count(records))


def types(built: Built, folder: Path) -> Iterator[Tried]:
    """G-03: a variable of another type."""
    for suite in built.suites:
        name = suite.dataset.name
        broken = Broken(built)
        broken.frames[name] = built.frames[name].assign(AAGE=built.frames[name]["AAGE"].astype("str"))
        broken.touched.add(name)
        answers = broken.answers(lambda rule: rule.kind == "declared_types")
        yield Tried("G-03", name, "AAGE as text", "error", tuple(fired(*each[:2]) for each in answers if each[2]))


def files(built: Built, folder: Path) -> Iterator[Tried]:
    """G-12: a file whose bytes, labels or records are not those of the dataset is refused when it is read back, and does not stand."""
    name = built.suites[-1].dataset.name
    dataset, frame = built.datasets[name], built.frames[name]
    moment = pd.Timestamp("2021-01-15").to_pydatetime()
    path = folder / f"{name.lower()}.xpt"
    encoded = xpt_records.encode_records

    def damaged(block: Sequence[Combinations], widths: dict[str, int]) -> EncodedRecords:
        whole = b"".join(encoded(block, widths).data())
        return EncodedRecords([pa.array([b"X" + whole[1:]], pa.large_binary())], [np.array([0])])

    def shortened(block: Sequence[Combinations], widths: dict[str, int]) -> EncodedRecords:
        return encoded([replace(each, codes=each.codes[:-1]) for each in block], widths)

    with patch.object(xpt_records, "encode_records", damaged):
        yield _refused("one byte of the first value", name, lambda: xpt.write(frame, dataset, path, moment, non_ascii="keep"), path)
    with patch.object(xpt_records, "encode_records", shortened):
        yield _refused("the last record is not written", name, lambda: xpt.write(frame, dataset, path, moment, non_ascii="keep"), path)
    relabelled = {key: each.model_copy(update={"label": "Something else"}) if key == "AESEQ" else each for key, each in dataset.variables.items()}
    other = dataset.model_copy(update={"variables": relabelled})
    written = folder / "written.xpt"
    xpt.write(frame, other, written, moment, non_ascii="keep")
    yield _refused("another label", name, lambda: xpt.read_back(frame, dataset, written), path)
    lengths = {key: each.model_copy(update={"length": 199}) if key == "AETERM" else each for key, each in relabelled.items()}
    shorter = dataset.model_copy(update={"variables": lengths})
    yield _refused("another length", name, lambda: xpt.read_back(frame, shorter, written), path)


def _refused(said: str, dataset: str, export: Callable[[], None], path: Path) -> Tried:
    try:
        export()
    except ExportError:
        told = () if path.exists() else (Fired(dataset, "G-12", "error", "read back", 0),)
    else:
        told = ()
    return Tried("G-12", dataset, said, "error", told)


def shares(built: Built, folder: Path) -> Iterator[Tried]:
    """L-20: arms that are shared out as planned, and then not."""
    name = built.suites[0].dataset.name
    subjects = built.frames[name]
    randomised = subjects[subjects["RANDFL"] == "Y"]
    crossed = randomised[randomised["RAND2DT"].notna() & (randomised["TRT01P"] == "Vehicle Cream BID")].groupby("TRT02P").head(2)
    arms = [*(randomised[randomised["TRT01P"] == arm].head(4 * weight) for arm, weight in ARMS.items() if weight > 1), crossed]
    even = pd.concat(arms, ignore_index=True)
    for said, changed in (
        ("three more of one arm", pd.concat([even, randomised[randomised["TRT01P"] == "Ruxolitinib 1.5% Cream BID"].iloc[8:11]], ignore_index=True)),
        ("one crossover of the other arm", even.assign(TRT02P=_moved(even))),
    ):
        counts = {}
        for held in (even, changed):
            broken = Broken(built)
            broken.frames[name] = held
            counts[id(held)] = {fired(suite, rule): count for suite, rule, count in broken.answers(lambda rule: rule.id == "L-20")}
        more = tuple(each for each, count in counts[id(changed)].items() if count and not counts[id(even)][each])
        yield Tried("L-20", name, said, "warning", more)


def _moved(even: pd.DataFrame) -> pd.Series:
    column = even["TRT02P"].copy()
    of = (even["RAND2DT"].notna() & (column == "Ruxolitinib 1.5% Cream BID")).to_numpy()
    column.iloc[int(of.argmax())] = "Ruxolitinib 0.75% Cream BID"
    return column


SPECIAL = (columns, specification, types, files, shares)


def specially(built: Built, folder: Path) -> list[Tried]:
    """Try them all."""
    return [each for kind in SPECIAL for each in kind(built, folder)]
