"""Rulings of DOMAIN §11 that hold for every record of the efficacy dataset."""

import math

import pytest

ORDER = ["STUDYID", "USUBJID", "PARAMN", "AVISITN", "ADT", "DTYPE", "ADTM", "SRCSEQ", "VISITNUM"]


@pytest.fixture(scope="module")
def adeff(messy):
    return messy.datasets["ADEFF"]


def codes(records):
    return set(records["PARAMCD"])


def test_ruling_11_02_itch_is_a_mean_at_baseline_and_weeks_2_4_and_8(adeff):
    itch = adeff[adeff["PARAMCD"] == "ITCHNRS"]
    assert set(itch["AVISITN"]) == {0, 2, 4, 8}
    assert "" not in set(itch["AVAL"])


def test_ruling_11_07_and_09_flags_of_responses_only_in_the_efficacy_population(adeff):
    assert set(adeff[adeff["ANL02FL"] == "Y"]["EEFL"]) == set(adeff[adeff["DTYPE"] == "NRI"]["EEFL"]) == {"Y"}
    assert set(adeff[adeff["ANL02FL"] == "Y"]["AVISITN"]) == {2, 4, 8}


def test_ruling_11_12_composites_only_of_the_efficacy_population_at_weeks_2_4_and_8(adeff):
    composites = adeff[adeff["PARCAT1"] == "COMPOSITE"]
    assert set(composites["EEFL"]) == {"Y"}
    assert set(composites["AVISITN"]) == {2, 4, 8}


def test_ruling_11_13_optional_parameters_are_not_made(adeff):
    assert codes(adeff) & {"ITCHNRSD", "POEM"} == set()
    assert "BSA" in codes(adeff)


def test_ruling_11_18_efficacy_records_of_every_treated_or_randomised_subject(messy, adeff):
    adsl = messy.datasets["ADSL"]
    assert set(adeff["USUBJID"]) == set(adsl[(adsl["SAFFL"] == "Y") | (adsl["ITTFL"] == "Y")]["USUBJID"])


def test_ruling_11_30_basetype_on_every_record_of_a_parameter_with_a_baseline(adeff):
    assert (adeff["BASETYPE"] == "VC DAY 1").equals(adeff["PARCAT1"].isin(["CLINICIAN SCORE", "PATIENT REPORTED"]))
    assert set(adeff["BASETYPE"]) == {"", "VC DAY 1"}


def test_ruling_11_32_percent_change_of_three_parameters_and_no_negative_zero(adeff):
    assert codes(adeff[adeff["PCHG"] != ""]) == {"EASI", "BSA", "ITCHNRS"}
    zeros = [value for name in ("CHG", "PCHG") for value in adeff[adeff[name] == 0][name]]
    assert zeros and all(math.copysign(1, value) == 1 for value in zeros)
    assert set(adeff[adeff["ABLFL"] == "Y"]["CHG"]) == {""}


def test_ruling_11_40_order_and_numbers(adeff):
    keys = [[(value != "", value) for value in row] for row in adeff[ORDER].to_numpy(dtype=object).tolist()]
    assert keys == sorted(keys)
    for _, part in adeff.groupby("USUBJID", sort=False):
        assert sorted(part["ASEQ"]) == list(range(1, len(part) + 1))
        assert part["ASEQ"].is_monotonic_increasing


def test_ruling_11_49_source_variables(adeff):
    assert set(adeff[adeff["DTYPE"] == "NRI"]["SRCVAR"]) == {""}
    assert set(adeff[(adeff["PARCAT1"] == "COMPOSITE") & (adeff["DTYPE"] == "")]["SRCVAR"]) == {"AVAL"}
    assert set(adeff["SRCVAR"]) == {"", "AVAL", "RSSTRESN", "RSSTRESC", "QSSTRESN", "FASTRESN"}


def test_ruling_11_65_key_of_a_record(adeff):
    assert not adeff.duplicated(["STUDYID", "USUBJID", "PARAMCD", "AVISITN", "ADT", "DTYPE", "VISITNUM", "ADTM", "SRCSEQ"]).any()


def test_ruling_11_66_primary_records_of_every_efficacy_subject(messy, adeff):
    adsl = messy.datasets["ADSL"]
    evaluable = adsl[adsl["EEFL"] == "Y"]
    counts = adeff[adeff["ANL02FL"] == "Y"].groupby("USUBJID").size()
    # IGATS IGA01 IGA1PT EASI50 EASI75 EASI90 NRS2 NRS4 QOLRSP and four composites, and DLQI4 or CDLQI6, at three weeks
    expected = evaluable.set_index("USUBJID")["QOLINST"].map(lambda instrument: 3 * (14 if instrument else 13))
    assert counts.to_dict() == expected.to_dict()
