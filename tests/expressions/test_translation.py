"""Conditions in R and SAS select what ours select, on records with every kind of missing value.

R evaluates them itself where it is installed. SAS is not: an interpreter of the few operators and functions in use has its rules.
"""

import random
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from adam.core.kinds import ValueKind
from adam.expressions.evaluate import Columns, Evaluation
from adam.expressions.parse import parse
from adam.expressions.to_r import ToR
from adam.expressions.to_sas import ToSas
from adam.expressions.translation import Untranslatable
from tests.expressions.sas_interpreter import SasCondition

KINDS = {"A": ValueKind.NUMBER, "B": ValueKind.NUMBER, "T": ValueKind.TEXT, "U": ValueKind.TEXT, "D": ValueKind.DATE, "E": ValueKind.DATE}
SEARCHED, DATES = ['"Y"', '"es", "more"'], ["D", "E", '"2020-02-29"']
NUMBERS, WORDS, DAYS = [None, -1.0, 0.0, 1.0, 2.5], ["", "Y", "N", "it's 5% & more", "Yes"], [None, "1959-12-31", "2020-02-29"]


def kind(name):
    return KINDS[str(name)]


def records(seed=0, count=60):
    """Records with every combination of missing values."""
    draw = random.Random(seed)
    rows = [{name: draw.choice(NUMBERS if name in "AB" else WORDS if name in "TU" else DAYS) for name in KINDS} for _ in range(count)]
    frame = pd.DataFrame(rows)
    for name, each in KINDS.items():
        frame[name] = frame[name].astype({"number": "float64", "text": "str", "date": "datetime64[s]"}[each])
    return frame


def condition(draw, depth):
    """A condition with nested operators."""
    if depth and draw.random() < 0.6:
        parts = [condition(draw, depth - 1) for _ in range(draw.choice([1, 2, 2, 3]))]
        return f"not ({parts[0]})" if len(parts) == 1 else "(" + f" {draw.choice(['and', 'or'])} ".join(parts) + ")"
    number = lambda: draw.choice(["A", "B", "-1", "0", "1", "2.5", "-A"])  # noqa: E731
    word = lambda: draw.choice(["T", "U", "upper(T)", "lower(U)", '"Y"', '""', '"it\'s 5% & more"'])  # noqa: E731
    operator = draw.choice(["==", "!=", "<", "<=", ">", ">="])
    ways = [
        lambda: f"{draw.choice('AB')} {operator} {number()}",
        lambda: f"{number()} {operator} {draw.choice('AB')}",
        lambda: f"{draw.choice('TU')} {draw.choice(['==', '!='])} {word()}",
        lambda: f"{draw.choice('DE')} {operator} {draw.choice(DATES)}",
        lambda: f"{draw.choice('AB')} {draw.choice(['in', 'not in'])} (0, 2.5)",
        lambda: f'{draw.choice("TU")} {draw.choice(["in", "not in"])} ("Y", "", "N")',
        lambda: f"{draw.choice(['', 'not '])}missing({draw.choice(list(KINDS))})",
        lambda: f"{draw.choice(['startswith', 'endswith', 'contains'])}({draw.choice('TU')}, {draw.choice(SEARCHED)})",
    ]
    return draw.choice(ways)()


CONDITIONS = [
    "not A > 1",
    "A != B",
    "A == B",
    "A < 1 or missing(A)",
    "not (A < 1 and B < 1)",
    "between(A, 0, 1)",
    "not between(A, 0, 1)",
    *(condition(random.Random(seed), 3) for seed in range(250)),
]


def test_the_semantics_of_missing_values_by_hand():
    frame = pd.DataFrame({"A": [np.nan, 0.0, 2.0], "T": pd.Series(["", "Y", "N"], dtype="str")})
    expected = {"A < 1": [False, True, False], "not A < 1": [False, False, True], "A != 2": [False, True, False], 'T != "Y"': [True, False, True]}
    for text, selected in expected.items():
        translated = SasCondition(ToSas(kind, {}).condition(parse(text).root))
        rows = [{"A": None if np.isnan(a) else a, "T": t} for a, t in zip(frame["A"], frame["T"], strict=True)]
        assert [translated.holds(row) for row in rows] == selected, text


def ours(text, frame):
    return Evaluation(Columns({name: frame[name] for name in frame}, frame.index)).column(parse(text), ValueKind.CONDITION)


@pytest.mark.parametrize("negated", [False, True])
def test_sas_selects_the_same_records(negated):
    frame = records()
    rows = [{name: as_sas(value) for name, value in row.items()} for row in frame.to_dict("records")]
    for text in CONDITIONS:
        result = ours(text, frame)
        expected = (~result if negated else result).fillna(False).tolist()
        translated = ToSas(kind, {}).condition(parse(text).root, negated)
        assert [SasCondition(translated).holds(row) for row in rows] == expected, f"{text} is {translated}"


def as_sas(value):
    if isinstance(value, pd.Timestamp):
        return float((value - pd.Timestamp("1960-01-01")).days)
    return value if isinstance(value, str) else None if pd.isna(value) else value


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on PATH: the translation into R is NOT tested")
def test_r_finds_the_same_truth_values(tmp_path):
    frame = records()
    frame.to_csv(tmp_path / "records.csv", index=False, date_format="%Y-%m-%d", na_rep="NA")
    program = [
        f'x <- read.csv("{tmp_path}/records.csv", colClasses = c(A = "numeric", B = "numeric", T = "character", U = "character"), na.strings = "NA")',
        "x$D <- as.Date(x$D); x$E <- as.Date(x$E)",
        "invisible(Sys.setlocale('LC_COLLATE', 'C'))",
        'show <- function(found) cat(paste(ifelse(is.na(found), "?", ifelse(found, "T", "F")), collapse = ""), "\\n", sep = "")',
        *(f"show(with(x, {ToR(kind, {}).condition(parse(text).root)}))" for text in CONDITIONS),
    ]
    (tmp_path / "program.R").write_text("\n".join(program), encoding="ascii")
    run = subprocess.run(["Rscript", str(tmp_path / "program.R")], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    for text, found in zip(CONDITIONS, run.stdout.splitlines(), strict=True):
        expected = "".join("?" if pd.isna(value) else "T" if value else "F" for value in ours(text, frame))
        assert found == expected, f"{text} is {ToR(kind, {}).condition(parse(text).root)}"


@pytest.mark.parametrize("text", ["A + 1 > 2", "round(A, 1) > 2", 'substr(T, 1, 1) == "Y"', "D in STUDY.DAYS", 'matches(T, "Y")', 'T < "É"'])
def test_what_cannot_be_translated_is_refused(text):
    with pytest.raises(Untranslatable, match="variable"):
        ToSas(kind, {}).condition(parse(text).root)


def test_constants_of_the_study_are_written_as_values():
    constants = {"LOW": 2.0, "SITES": ("01", "02")}
    root = parse("A > STUDY.LOW and T in STUDY.SITES").root
    assert ToSas(kind, constants).condition(root) == "A > 2 and T in ('01', '02')"
    assert ToR(kind, constants).condition(root) == 'A > 2 & T %in% c("01", "02")'
