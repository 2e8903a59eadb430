"""Checks of the values of each variable, generated for every dataset from the specification."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel

from adam.core.coded_text import distinct_of
from adam.core.kinds import DTYPES, OF_TYPE, is_missing, missing_mask
from adam.planning.values import ResolvedParameter, ResolvedVariable
from validation.across import Across
from validation.check import CheckedItems, Compares, Failure, Failures, check
from validation.contracts import records_of
from validation.formulas import evaluated
from validation.matching import equal, positions, repeated, taken
from validation.records import SUBJECT, Records

if TYPE_CHECKING:
    from validation.rule import Suite

WORDS_FOR_MISSING = ("nan", "NaN", "NaT", "None", "<NA>")
NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
SHOWN = 8
"""How many terms of a codelist a message shows."""
PARTS = {"DTF": ("D", "M", "Y"), "TMF": ("H", "M", "S")}


def _variables(records: Records, failed: list[bool]) -> CheckedItems:
    keys = pd.DataFrame({"VARIABLE": pd.Series(list(records.dataset.variables), dtype="str")})
    return CheckedItems(keys, np.asarray(failed, dtype=bool))


@check("Expected a name of 1 to 8 capitals, digits or underscores, and a label of 1 to 40 bytes of ASCII", generated=True, of_variables=True)
def valid_names(records: Records) -> CheckedItems:
    """A name or label is not valid in a transport file.

    A name is a capital and at most 7 more capitals, digits or _; a label has 1 to 40 bytes of ASCII.

    Rule: G-02.
    """
    variables = records.dataset.variables.values()
    return _variables(records, [not (NAME.fullmatch(each.name) and each.label.isascii() and 1 <= len(each.label) <= 40) for each in variables])


@check("Expected the type that the specification declares", generated=True, of_variables=True)
def declared_types(records: Records) -> CheckedItems:
    """A variable does not have the declared type.

    Rule: G-03.
    """
    frame = records.frame
    expected = {name: DTYPES[OF_TYPE[each.type or "text"]] for name, each in records.dataset.variables.items()}
    return _variables(records, [name not in frame or str(frame[name].dtype) != dtype for name, dtype in expected.items()])


@check("Expected {variable} to have at most {variable.length} bytes, no leading or trailing blanks, and no word for a missing value", generated=True)
def text_length(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A text is longer than declared, has leading or trailing blanks, or is a word for a missing value.

    Rule: G-03.
    """
    codes, values, _ = distinct_of(records.frame[variable.name])
    texts = pa.array(values, pa.large_string())
    blanks, word = pc.not_equal(pc.utf8_trim_whitespace(texts), texts), pc.is_in(texts, value_set=pa.array(WORDS_FOR_MISSING, pa.large_string()))
    wrong = (pc.binary_length(texts).to_numpy() > min(variable.length or 0, 200)) | pc.or_(blanks, word).to_numpy(zero_copy_only=False)
    return np.asarray(wrong[codes]) if wrong.any() else np.zeros(len(codes), dtype=bool)


@check("Expected {variable} to be a whole number", generated=True)
def whole_numbers(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A number is not whole.

    Rule: G-03.
    """
    values = records.frame[variable.name].to_numpy(dtype="float64")
    return ~np.isnan(values) & (values != np.round(values))


@check("Expected {variable} to be a term of codelist {variable.codelist}", generated=True)
def codelist_term(records: Records, variable: ResolvedVariable) -> Failures:
    """A value is not a term of the codelist.

    Rule: G-05.
    """
    column = records.frame[variable.name]
    terms = records.study.codelists[variable.codelist].terms
    mask = ~(column.isin([*terms, ""])).to_numpy(dtype=bool)
    if mask.any():
        yield Failure(detail=f'"{column[mask].iloc[0]}" is not a term of codelist {variable.codelist} ({shown_terms(terms)})', mask=mask)


def shown_terms(terms: Iterable[str]) -> str:
    """Return the terms of a codelist as a message shows them: the first few, and how many more there are.

    >>> shown_terms(["N", "Y"]), shown_terms("ABCDEFGHIJKL")
    ('N, Y', 'A, B, C, D, E, F, G, H and 4 more')
    """
    known = list(terms)
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return ", ".join(known[:SHOWN]) + more


@check("Expected {variable} to be Y or N for every subject", generated=True)
def population_flag(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A population flag is neither Y nor N.

    Rule: G-04.
    """
    return ~records.frame[variable.name].isin(["Y", "N"]).to_numpy(dtype=bool)


@check("Expected a value of {variable} on every record", generated=True)
def not_missing(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A value is missing.

    Rule: G-04.
    """
    return is_missing(records.frame[variable.name]).to_numpy()


def _pair(records: Records, arguments: BaseModel) -> list[list[str]]:
    """The variables whose combinations of values are compared."""
    return [[name for _, name in _pair_read(records, arguments)]]


def _pair_read(checked: Records | Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    given = vars(arguments)
    return ((checked.dataset.name, name) for name in (given.get("within"), given["name"], given["number"]) if name)


@check(
    "Expected one {number} for each {name}[ within {within}] and the reverse, with neither missing alone",
    generated=True,
    across=Across(reads=_pair_read, combinations=_pair),
)
def paired_values(records: Records, name: str, number: str, within: str = "", may_lack: bool = False) -> np.ndarray:
    """A variable and its number are not one to one, or one of them is missing.

    `within` is PARAMCD if a parameter has its own terms; `may_lack` if the number may be missing although the text is not (AVISITN).

    Rule: G-07.
    """
    around = [within] if within else []
    pairs, group = records.combinations([*around, name, number])
    empty = missing_mask(pairs[name]), missing_mask(pairs[number])
    wrong = (empty[0] & ~empty[1]) | (~empty[0] & empty[1] & (not may_lack))
    both = ~empty[0] & ~empty[1]
    for side in (name, number):
        wrong[both] |= pairs[both].duplicated([*around, side], keep=False).to_numpy()
    return np.asarray(wrong[group])


@check("Expected {variable} to count days without a day 0", generated=True, compares=Compares.VARIABLE)
def relative_day(records: Records, variable: ResolvedVariable, recomputed: bool = False) -> np.ndarray:
    """A relative day is 0, or differs from its formula.

    Rule: G-10.
    """
    own = records.frame[variable.name]
    failed = (own == 0).to_numpy(dtype=bool)
    if not recomputed:
        return failed
    expected = evaluated(records, variable)
    same = (own == expected.column) | (own.isna() & expected.column.isna())
    return failed | (~same.to_numpy(dtype=bool) & expected.known)


@check("Expected {variable} to be a whole day from 1900 to one year after the cut-off date", generated=True)
def plausible_date(records: Records, variable: ResolvedVariable) -> np.ndarray:
    """A date is before 1900, more than a year after the cut-off date, or not a whole day.

    Rule: G-08.
    """
    moments = records.frame[variable.name].to_numpy()
    last = records.study.constants.get("CUTOFF", records.study.as_of)
    failed = (moments < np.datetime64("1900-01-01")) | (moments != moments.astype("datetime64[D]")) & ~np.isnat(moments)
    return failed if last is None else failed | (moments > (pd.Timestamp(str(last)) + pd.DateOffset(years=1)).to_datetime64())


@check("Expected {moment} to be on the day {date}", generated=True)
def same_day(records: Records, moment: str, date: str) -> np.ndarray:
    """A datetime is not on the day of its date variable.

    Rule: G-08.
    """
    moments, dates = records.frame[moment], records.frame[date]
    return (moments.notna() & (moments.dt.normalize() != dates)).to_numpy(dtype=bool)


@check("Expected {flag} to be a letter of its kind, and blank where {date} is missing", generated=True)
def imputation_letter(records: Records, flag: str, date: str) -> np.ndarray:
    """An imputation flag is not one of its letters, or its date is missing.

    Rule: G-09.
    """
    flags = records.frame[flag]
    unknown = ~flags.isin(["", *PARTS[flag[-3:]]])
    return (unknown | ((flags != "") & is_missing(records.frame[date]))).to_numpy(dtype=bool)


def _copy_read(suite: Suite, arguments: BaseModel) -> Iterable[tuple[str, str]]:
    variable, by = vars(arguments)["variable"], vars(arguments).get("by", SUBJECT)
    return ((owner, name) for owner in (suite.dataset.name, variable.predecessor) for name in [*by, variable.name])


@check(
    "Expected {variable} to equal {variable.predecessor}.{variable}[ with the same {by}]",
    generated=True,
    compares=Compares.VARIABLE,
    across=Across(within="by", reads=_copy_read),
)
def copied_value(records: Records, variable: ResolvedVariable, by: tuple[str, ...] = tuple(SUBJECT)) -> np.ndarray:
    """A value differs from the dataset it is copied from, or has no record there.

    `by` identifies the record there: that of the subject, or the one with equal keys.

    Rule: G-11.
    """
    other = records.frames[variable.predecessor]
    rows = records.rows(variable.predecessor, list(by))
    return (rows < 0) | ~equal(records.frame[variable.name], taken(other[variable.name], rows))


@check("Expected {variable} to equal the collected {source}", generated=True, compares=Compares.VARIABLE)
def collected_value(records: Records, variable: ResolvedVariable, source: str) -> np.ndarray:
    """A value differs from the collected value.

    `source` is DOMAIN.X of the subject. Subjects that are not in the domain are left to other rules, and so is text that is transliterated for
    the export.

    Rule: G-11.
    """
    domain, name = source.split(".")
    rows = records.rows(domain, SUBJECT)
    found = taken(records.source(domain)[name], rows)
    other = (rows >= 0) & ~equal(records.frame[variable.name], found)
    if records.study.non_ascii == "transliterate" and found.dtype == "str":
        other &= found.fillna("").str.isascii().to_numpy(dtype=bool)
    return other


@check("Expected every subject in the subject-level dataset", generated=True)
def known_subject(records: Records) -> np.ndarray:
    """A subject is not in the subject-level dataset.

    Rule: G-11.
    """
    return positions(records.subjects.frame[SUBJECT], records.frame[SUBJECT]) < 0


@check("Expected one record of a parameter from each source record", generated=True)
def consumed_once(records: Records) -> np.ndarray:
    """A source record gives several records of one parameter.

    Records with DTYPE are skipped: those carried forward name the source of the record they come from. So are parameters with several records
    of one source record by their rules: doses of an interval, and copies without a DTYPE.

    Rule: G-13.
    """
    frame = records.frame
    mine = frame["SRCSEQ"].notna().to_numpy()
    if "DTYPE" in frame:
        mine = mine & (frame["DTYPE"] == "").to_numpy(dtype=bool)
    mine = mine & ~frame["PARAMCD"].isin([code for code, each in records.dataset.parameters.items() if _repeats_sources(each)]).to_numpy(dtype=bool)
    failed = np.zeros(len(frame), dtype=bool)
    failed[mine] = repeated(records.numbered([*SUBJECT, "PARAMCD", "SRCDOM", "SRCSEQ"])[mine])
    return failed


def _repeats_sources(parameter: ResolvedParameter) -> bool:
    """Whether a rule of a parameter makes several records of one source record, and no DTYPE shows which."""
    ways = [way for each in records_of(parameter) if "DTYPE" not in each.variables for way in each.traceability]
    return any(way.selects or parameter.name in way.parameters for way in ways)
