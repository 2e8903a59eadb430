"""Queries: a table of two queries over texts and codes, and records placed by hand."""

import math

import pandas as pd
import pytest

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.derivations.query import query
from adam.catalog.prose import Prose
from adam.catalog.queries import errors, queries, variables
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable

NAMES = ("PREFIX", "NAME", "SCOPE", "SCOPEN", "CODE", "SOURCE_VARIABLE", "TERM", "TERMCODE")
NUMBERS = ("SCOPEN", "CODE", "TERMCODE")
NONE = float("nan")
HEPATIC = [
    ("SMQ02", "Hepatic disorders", "NARROW", 2.0, 20000005.0, "AEDECOD", "Hepatitis", NONE),
    ("SMQ02", "Hepatic disorders", "BROAD", 1.0, 20000005.0, "AEDECOD", "Jaundice", NONE),
    ("SMQ02", "Hepatic disorders", "BROAD", 1.0, 20000005.0, "AELLTCD", "", 10019670.0),
]
SKIN = [("CQ01", "Application site", "", NONE, NONE, "AELLT", "Application site rash", NONE)]


def table(rows_=(*HEPATIC, *SKIN)):
    columns = dict(zip(NAMES, zip(*rows_, strict=True), strict=True))
    return ReferenceTable("QUERIES", "", columns, {name: ValueKind.NUMBER if name in NUMBERS else ValueKind.TEXT for name in NAMES})


def terms(*texts):
    return pd.Series(texts, dtype="str")


DECOD = terms("HEPATITIS", "jaundice", "Jaundice", "Headache", "")
CODES = pd.Series([NONE, NONE, 1.0, 10019670.0, NONE])


def taken(column):
    found = query(table(), "SMQ02", {"AEDECOD": DECOD, "AELLTCD": CODES}, take=column)
    assert not any(issue.mask.any() for issue in found.issues)
    return [None if isinstance(value, float) and math.isnan(value) else value for value in found.column]


def test_name_code_and_scope_of_the_terms_that_match():
    assert taken("NAME") == ["Hepatic disorders", "Hepatic disorders", "Hepatic disorders", "Hepatic disorders", ""]
    assert taken("CODE") == [20000005, 20000005, 20000005, 20000005, None]
    assert taken("SCOPE") == ["NARROW", "BROAD", "BROAD", "BROAD", ""]
    assert taken("SCOPEN") == [2, 1, 1, 1, None]


def test_two_scopes_on_one_record_are_a_warning_and_the_first_row_counts():
    found = query(table(), "SMQ02", {"AEDECOD": terms("Hepatitis"), "AELLTCD": pd.Series([10019670.0])}, take="SCOPE")
    assert found.column.tolist() == ["NARROW"]
    (issue,) = found.issues
    assert issue.mask.tolist() == [True]
    assert issue.text == "Terms of query SMQ02 with different scopes match; the first row of table QUERIES counts"


def test_the_variables_of_a_table_are_those_with_a_value():
    assert list(variables(table())) == [
        ("SMQ02NAM", "SMQ02", "NAME"),
        ("SMQ02CD", "SMQ02", "CODE"),
        ("SMQ02SC", "SMQ02", "SCOPE"),
        ("SMQ02SCN", "SMQ02", "SCOPEN"),
        ("CQ01NAM", "CQ01", "NAME"),
    ]
    terms_ = {prefix: [row.term for row in mine] for prefix, mine in queries(table()).items()}
    assert terms_ == {"SMQ02": ["HEPATITIS", "JAUNDICE", 10019670.0], "CQ01": ["APPLICATION SITE RASH"]}


def changed(place, column, value):
    """The rows with one cell changed."""
    found = [list(row) for row in (*HEPATIC, *SKIN)]
    found[place][NAMES.index(column)] = value
    return [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (changed(0, "PREFIX", "SMQ1"), "Row 1 of table QUERIES has the prefix 'SMQ1'."),
        (changed(0, "NAME", "Hepatic"), "Query SMQ02 of table QUERIES has several values in column NAME: 'Hepatic' and 'Hepatic disorders'."),
        (changed(1, "CODE", 1.0), "Query SMQ02 of table QUERIES has several values in column CODE: '20000005' and '1'."),
        (changed(0, "TERMCODE", 5.0), "Row 1 of table QUERIES has both a TERM and a TERMCODE."),
        (changed(0, "TERM", ""), "Row 1 of table QUERIES has neither a TERM nor a TERMCODE."),
        (changed(0, "SCOPE", "Narrow"), "Row 1 of table QUERIES has the scope 'Narrow'."),
        (changed(1, "TERM", "HEPATITIS"), "Row 2 of table QUERIES has the same term of the same query as a row before it."),
        (changed(1, "SCOPEN", 3.0), "Scope BROAD of table QUERIES has several numbers in column SCOPEN."),
        (changed(2, "SOURCE_VARIABLE", "AEDECOD"), "Row 3 of table QUERIES has a TERMCODE, but another row of AEDECOD has not."),
        (changed(3, "SOURCE_VARIABLE", ""), "Row 4 of table QUERIES has no source variable."),
    ],
)
def test_a_table_that_is_not_valid(wrong, message):
    assert [each.startswith(message) for each in errors(table(wrong))] == [True]


def test_contract():
    known = DERIVATIONS["query"]
    arguments = known.model.model_validate({"table": table(), "prefix": "SMQ02", "of": {"AEDECOD": "AEDECOD", "AELLTCD": "AELLTCD"}})
    assert known.contract.possible_terms(arguments).texts == ("Hepatic disorders",)
    assert known.contract.method_text(arguments, Prose()) == (
        '"Hepatic disorders" if AEDECOD is one of HEPATITIS, JAUNDICE or AELLTCD is 10019670; otherwise blank. '
        "Query Hepatic disorders; the case of letters is ignored."
    )
    wrong = known.model.model_validate({"table": table(), "prefix": "SMQ2", "of": {"AEDECOD": "AEDECOD"}})
    assert list(known.contract.argument_errors(wrong)) == ["Table QUERIES has no query 'SMQ2'. Did you mean 'SMQ02'?"]
    part = known.model.model_validate({"table": table(), "prefix": "SMQ02", "of": {"AEDECOD": "AEDECOD"}})
    assert list(known.contract.argument_errors(part)) == ["of must have an entry for each SOURCE_VARIABLE of the query: AEDECOD, AELLTCD."]
