"""Rulings of DOMAIN §11 on adverse events."""

import pytest

RUX = "Ruxolitinib 1.5% Cream BID"
VEHICLE = "Vehicle Cream BID"


@pytest.mark.parametrize(("number", "expected"), [
    (1, ["2019-04-01", "", ""]),  # minutes without an hour: a date and no time
    (2, ["2019-04-01", "2019-04-01T10:00:00", "M"]),
    (3, ["2019-04-01", "2019-04-01T10:15:00", ""]),  # seconds are not collected
    (6, ["2019-04-01", "2019-04-01T10:15:30", ""]),
])  # fmt: skip
def test_ruling_11_19_and_20_times_known_in_part(messy, number, expected):
    assert messy.adae("220", "ASTDT ASTDTM ASTTMF", AESEQ=number) == expected


def test_ruling_11_22_before_treatment_only_if_surely_before_the_first_dose(messy):
    names = "ASTDTM ASTTMF PREFL TRTEMFL APERIOD"
    assert messy.adae("220", names, AESEQ=4) == ["2019-03-20T09:00:00", "M", "", "Y", 1]
    assert messy.adae("220", names, AESEQ=5) == ["2019-03-20T08:00:00", "M", "Y", "", ""]


@pytest.mark.parametrize(("number", "expected"), [
    (1, ["2020-03-03", "LTS", "", "Y", "Y", 2]),
    (2, ["2020-03-04", "FOLLOW-UP", "Y", "", "Y", 2]),
    (3, ["2020-04-02", "FOLLOW-UP", "Y", "", "Y", 2]),  # 30 days after the last cream
    (4, ["2020-04-03", "FOLLOW-UP", "Y", "", "", 2]),
    (5, ["2021-01-05", "FOLLOW-UP", "Y", "", "", 2]),  # ruling 61: after the cut-off, and kept
])  # fmt: skip
def test_ruling_11_23_phases_after_the_last_cream(messy, number, expected):
    assert messy.adae("223", "ASTDT APHASE FUPFL ONTRTFL TRTEMFL APERIOD", AESEQ=number) == expected


@pytest.mark.parametrize(("number", "expected"), [
    (1, ["2020-04-17", "D", ""]),  # capped at the end of the study
    (2, ["2019-12-31", "M", ""]),  # a cap outside the known year is none
    (3, ["2019-04-30", "D", ""]),
    (4, ["2020-04-17", "M", ""]),
])  # fmt: skip
def test_ruling_11_25_partial_ends(messy, number, expected):
    assert messy.adae("225", "AENDT AENDTF ADURN", AESEQ=number) == expected


def test_ruling_11_25_a_start_is_not_moved_past_its_end(messy):
    assert messy.adae("225B", "ASTDT ASTDTF AENDT APERIOD TRTA") == ["2019-05-01", "D", "2019-05-10", 1, VEHICLE]


@pytest.mark.parametrize(("number", "expected"), [(1, ["RELATED", 2]), (2, ["NOT RELATED", 1]), (3, ["RELATED", 2]), (4, ["", ""])])
def test_ruling_11_37_words_of_causality(messy, number, expected):
    assert messy.adae("237", "AREL ARELN", AESEQ=number) == expected
    assert messy.warnings("237")


def test_ruling_11_37_nothing_is_imputed_on_an_event_that_is_not_treatment_emergent(messy):
    assert messy.adae("237", "PREFL TRTEMFL AESEV ASEV ASEVN", AESEQ=4) == ["Y", "", "", "", ""]


def test_ruling_11_38_herpes_terms_and_no_smq_list(messy):
    assert messy.adae("238", "CQ02NAM SMQ01NAM SMQ01CD SMQ01SC", AESEQ=1) == ["HERPES INFECTIONS", "", "", ""]
    assert messy.adae("238", "CQ02NAM", AESEQ=2) == [""]


def test_ruling_11_52_no_flag_by_a_term_that_is_missing(messy):
    names = "TRTEMFL AOCCFL AOCCIFL AOCC01FL AOCC03FL AOCCSFL AOCCPFL AOCCPIFL AOCC02FL"
    assert messy.adae("252", names) == ["Y", "Y", "Y", "Y", "Y", "", "", "", ""]


def test_ruling_11_57_an_interval_ends_with_its_last_part_and_a_warning(messy):
    assert messy.adae("257", "AENDT AENDTF ADURN ADURU") == ["2019-04-12", "", 12, "DAYS"]
    assert messy.warnings("257")
