"""Query variables of a table: made, labeled and derived for records placed by hand."""

import pytest

from adam.core.errors import SpecError

ADAE = """
dataset: ADAE
class: OCCURRENCE DATA STRUCTURE
subclass: ADVERSE EVENT
label: Adverse Event Analysis Dataset
key: [STUDYID, USUBJID, AESEQ]
records: {from: AE}
variables:
  STUDYID, USUBJID: ADSL
  AESEQ, AETERM, AEDECOD: AE
  AELLTCD: AE
  queries: {table: QUERIES}
"""
TABLES = "tables: {QUERIES: tables/queries.csv}\n"
HEAD = "PREFIX,NAME,SCOPE,SCOPEN,CODE,SOURCE_VARIABLE,TERM,TERMCODE\n"
QUERIES = HEAD + (
    "SMQ02,Hepatic disorders (SMQ),NARROW,2,20000005,AEDECOD,Hepatitis,\n"
    "SMQ02,Hepatic disorders (SMQ),BROAD,1,20000005,AEDECOD,JAUNDICE,\n"
    "CQ01,Skin,,,,AEDECOD,Rash,\n"
    "CQ01,Skin,,,,AELLTCD,,10003036\n"
    "SDG03,Antihistamines,,,,AEDECOD,Nothing,\n"
)


def event(term, code):
    return {"USUBJID": "01", "AETERM": term, "AEDECOD": term.capitalize(), "AELLTCD": code}


EVENTS = [event("hepatitis", 1), event("jaundice", 2), event("rash", 3), event("itching", 10003036), event("headache", 5)]


def built(study, dataset=ADAE, queries=QUERIES):
    return study({"adae.yaml": dataset, "tables.yaml": TABLES, "tables/queries.csv": queries}, {"AE": EVENTS})


def test_the_variables_of_the_queries(study):
    frames, findings = built(study)
    adae = frames["ADAE"]
    assert not [finding for finding in findings if finding.severity == "error"]
    assert list(adae)[-7:] == ["AELLTCD", "SMQ02NAM", "SMQ02CD", "SMQ02SC", "SMQ02SCN", "CQ01NAM", "SDG03NAM"]
    assert adae["SMQ02NAM"].tolist() == ["Hepatic disorders (SMQ)", "Hepatic disorders (SMQ)", "", "", ""]
    assert adae["SMQ02CD"].fillna(0).tolist() == [20000005, 20000005, 0, 0, 0]
    assert adae["SMQ02SC"].tolist() == ["NARROW", "BROAD", "", "", ""]
    assert adae["SMQ02SCN"].fillna(0).tolist() == [2, 1, 0, 0, 0]
    assert adae["CQ01NAM"].tolist() == ["", "", "Skin", "Skin", ""]
    assert adae["SDG03NAM"].tolist() == [""] * 5


def test_a_line_of_its_own_wins(study):
    frames, _ = built(study, ADAE + '  CQ01NAM: {flag: AEDECOD == "Headache"}\n')
    assert frames["ADAE"]["CQ01NAM"].tolist() == ["", "", "", "", "Y"]


@pytest.mark.parametrize(
    ("dataset", "queries", "message"),
    [
        (
            ADAE,
            QUERIES.replace("CQ01,Skin,,,,AEDECOD,Rash,", "CQ01,Skin,,,,AEDECOD,Rash,7"),
            "Row 3 of table QUERIES has both a TERM and a TERMCODE.",
        ),
        (ADAE, QUERIES.replace("CQ01,Skin,,,,AEDECOD", "CQ01,Rash,,,,AEDECOD"), "Query CQ01 of table QUERIES has several values in column NAME"),
        (ADAE, QUERIES.replace("AELLTCD", "AELLT"), "AELLT"),
        (ADAE.replace("{table: QUERIES}", "{table: QUERYS}"), QUERIES, "There is no table 'QUERYS'. Did you mean 'QUERIES'?"),
        (ADAE.replace("{table: QUERIES}", "QUERIES"), QUERIES, "queries: must be a block with the table of the queries. Write {table: QUERIES}."),
    ],
)
def test_a_group_that_is_not_valid(study, dataset, queries, message):
    with pytest.raises(SpecError) as error:
        built(study, dataset, queries)
    assert message in str(error.value)
