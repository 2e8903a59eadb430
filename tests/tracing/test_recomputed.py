"""Thirty cells drawn by seed over three datasets: each is computed again from the values that its trace names, with pandas alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import adam
from adam.engine.run import tables_of
from adam.pipeline.load import load_records
from adam.pipeline.planning import plan_with_source
from adam.tracing.tracer import Tracer, located
from adam.tracing.values import TracedValue, shown

ROOT = Path(__file__).parents[2]
SPECS, SDTM = ROOT / "tests" / "study" / "specs", ROOT / "tests" / "study" / "sdtm"
CELLS = 30
COPIED = {
    "ADSL": ["SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "ARM"],
    "ADAE": ["AESEQ", "AETERM", "AEDECOD", "AEBODSYS", "AESTDTC", "AEENDTC", "AESER", "AESEV"],
}
COMPUTED = {
    "ADSL": ["AGEGR1", "TRTSDT", "TRTEDT", "TRTDURD", "SAFFL"],
    "ADAE": ["ASTDY", "AENDT", "AOCCFL"],
    "ADITCH": ["AVAL", "ADT", "ADY", "BASE", "CHG", "CRIT1FL", "ABLFL"],
}


def plain(text: str) -> str | float | pd.Timestamp | None:
    """A value of a trace: a text, a number or a date; None if it is missing."""
    if text == "missing":
        return None
    if text.startswith('"'):
        return text[1:-1]
    return pd.Timestamp(text) if text[4:5] == "-" else float(text)


def below(value: TracedValue) -> list[TracedValue]:
    return [each for child in value.made_from for each in (child, *below(child))]


def inputs(value: TracedValue) -> dict[str, str | float | pd.Timestamp | None]:
    """What a formula reads of its own record, by the name without its dataset."""
    return {each.name.rpartition(".")[2]: plain(each.value) for each in value.made_from}


def named(value: TracedValue, name: str) -> list[str | float | pd.Timestamp | None]:
    return [plain(each.value) for each in below(value) if each.name == name and each.value not in ('""', "missing")]


def days(last: object, first: object) -> float | None:
    return None if last is None or first is None else float((pd.Timestamp(last) - pd.Timestamp(first)).days)


def study_day(date: object, reference: object) -> float | None:
    """No day 0: the day before the reference is -1."""
    found = days(date, reference)
    return found if found is None else found + (found >= 0)


def date_of(texts: list[str | float | pd.Timestamp | None]) -> pd.Timestamp | None:
    """The date of a complete collected date."""
    return pd.Timestamp(str(texts[0])[:10]) if texts and len(str(texts[0])) >= 10 else None


def first_occurrence(value: TracedValue) -> str:
    """Y if the record is the first of those that the flag was chosen among."""
    records: dict[str, dict[str, object]] = {}
    for each in value.made_from:
        records.setdefault(each.record, {})[each.name] = plain(each.value)
    emergent = {record: own for record, own in records.items() if own["ADAE.TRTEMFL"] == "Y"}
    order = {record: (own["ADAE.ASTDT"] or pd.Timestamp.max, own["ADAE.AESEQ"]) for record, own in emergent.items()}
    return "Y" if order and min(order, key=order.get) == value.record else ""


def last_of_baseline(value: TracedValue) -> str:
    """Y if the record is the last of those that the flag was chosen among."""
    first = next((plain(each.value) for each in value.made_from if each.name == "ADITCH.TRTSDT"), None)
    dates = [(plain(each.value), each.record) for each in value.made_from if each.name == "ADITCH.ADT" and first and plain(each.value) <= first]
    return "Y" if dates and max(dates)[1] == value.record else ""


def assessment(value: TracedValue) -> object:
    if 'PARAMCD="ITCH4"' in value.record:
        return float([plain(each.value) for each in value.made_from if each.name == "ADITCH.CRIT1FL"] == ["Y"])
    return next(iter(named(value, "QS.QSSTRESN")), None)


def baseline(value: TracedValue) -> object:
    return next((plain(each.value) for each in value.made_from if each.name == "ADITCH.AVAL"), None)


def change(value: TracedValue) -> object:
    read = inputs(value)
    later = None not in (read["ADT"], read["TRTSDT"]) and read["ADT"] > read["TRTSDT"]
    return read["AVAL"] - read["BASE"] if later and None not in (read["AVAL"], read["BASE"]) else None


def criterion(value: TracedValue) -> str:
    found = inputs(value)["CHG"]
    return "" if found is None else "Y" if found <= -4 else "N"


def duration(value: TracedValue) -> float | None:
    found = days(inputs(value)["TRTEDT"], inputs(value)["TRTSDT"])
    return None if found is None else found + 1


RULES = {
    "AGEGR1": lambda value: "<65" if inputs(value)["AGE"] < 65 else ">=65",
    "TRTSDT": lambda value: min(map(pd.Timestamp, named(value, "EX.EXSTDTC")), default=None),
    "TRTEDT": lambda value: max(map(pd.Timestamp, named(value, "EX.EXENDTC")), default=None),
    "TRTDURD": duration,
    "SAFFL": lambda value: "N" if inputs(value)["TRTSDT"] is None else "Y",
    "ASTDY": lambda value: study_day(inputs(value)["ASTDT"], inputs(value)["TRTSDT"]),
    "ADY": lambda value: study_day(inputs(value)["ADT"], inputs(value)["TRTSDT"]),
    "AENDT": lambda value: date_of(named(value, "AE.AEENDTC")),
    "ADT": lambda value: date_of(named(value, "QS.QSDTC")),
    "AOCCFL": first_occurrence,
    "AVAL": assessment,
    "BASE": baseline,
    "CHG": change,
    "CRIT1FL": criterion,
    "ABLFL": last_of_baseline,
}
"""How each variable is computed from the values below it in its trace."""


def expected(value: TracedValue) -> object:
    """The value of a variable, from the values below it in its trace; a copied variable has one source of the same name."""
    dataset, _, name = value.name.rpartition(".")
    if name not in COPIED.get(dataset, ()):
        return RULES[name](value)
    (source,) = value.made_from
    assert source.name == f"{'DM' if dataset == 'ADSL' else 'AE'}.{name}"
    return plain(source.value)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    out = tmp_path_factory.mktemp("recomputed") / "out"
    assert adam.build(SPECS, SDTM, out).exported
    return {name: pyreadstat.read_xport(out / "adam" / f"{name.lower()}.xpt")[0] for name in COMPUTED}


def test_thirty_cells_are_what_their_sources_give(exported: dict[str, pd.DataFrame]) -> None:
    plan, source = plan_with_source(SPECS, SDTM)
    data = tables_of(plan, load_records(source, plan.columns))
    random = np.random.default_rng(20240630)
    compared, wrong = set(), []
    while len(compared) < CELLS:
        dataset = list(COMPUTED)[len(compared) % len(COMPUTED)]
        name = str(random.choice(COPIED.get(dataset, []) + COMPUTED[dataset]))
        frame = exported[dataset]
        row = int(random.integers(len(frame)))
        records, place = located(data, dataset, at(data, plan, frame.iloc[row], dataset))
        value = Tracer(plan, data).trace(records, place, name)
        if (dataset, row, name) in compared or value.method.startswith("Blank on") or value.note == "no single record is behind it":
            continue
        compared.add((dataset, row, name))
        again = shown(expected(value) if expected(value) is not None else np.nan)
        if again != value.value and not {again, value.value} <= {'""', "missing"}:
            wrong.append((value.name, value.record, value.value, again))
        if value.value not in ("missing", '""'):
            assert shown(exact(frame[name].iloc[row])) == value.value
    assert not wrong


def exact(value: object) -> object:
    return pd.Timestamp(value) if hasattr(value, "year") else float(value) if isinstance(value, int | np.integer) else value


def at(data: object, plan: object, record: pd.Series, dataset: str) -> int:
    """The row in the derived dataset of an exported record."""
    key = plan.datasets[dataset].key
    columns = {name: data.of_owner(dataset, name) for name in key}
    for row in range(len(columns[key[0]])):
        if all(shown(columns[name].iloc[row]) == shown(exact(record[name])) for name in key):
            return row
    raise AssertionError(record)
