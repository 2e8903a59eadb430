"""Rulings of DOMAIN §11 on the subject: disposition, exposure, periods, strata, demography. Subject 068 is plain; 2nn has ruling nn."""

import pytest

RUX = "Ruxolitinib 1.5% Cream BID"
RUX075 = "Ruxolitinib 0.75% Cream BID"
VEHICLE = "Vehicle Cream BID"


def test_ruling_11_04_partial_end_of_the_last_cream_is_its_last_possible_day(messy):
    assert messy.adsl("204", "TRTEDT TRTEDTF TRTEDTM TRTETMF TR02EDT TRTDURD") == ["2020-03-31", "D", "2020-03-31T23:59:59", "H", "2020-03-31", 378]


def test_ruling_11_04_open_last_cream_never_ends_before_a_known_end(messy):
    assert messy.adsl("204B", "TRTEDT TRTEDTF EOTSTT") == ["2020-02-04", "", "COMPLETED"]


def test_ruling_11_04_statuses_by_period(messy):
    assert messy.adsl("068", "EOTSTT DCTREAS EOT01STT DCT01RS EOT02STT DCT02RS") == ["COMPLETED", "", "COMPLETED", "", "COMPLETED", ""]
    assert messy.adsl("041", "EOT01STT EOT02STT DCT02RS") == ["COMPLETED", "DISCONTINUED", "WITHDRAWAL BY SUBJECT"]
    assert messy.adsl("023", "EOT01STT EOT02STT DCT02RS") == ["COMPLETED", "", ""]


def test_ruling_11_05_rux_cream_over_the_entry_is_split(messy):
    assert messy.adsl("202C", "AP02SDT AP01EDT TR01EDT TR02SDT TR01DURD") == ["2019-05-10", "2019-05-09", "2019-05-09", "2019-05-10", 51]


def test_ruling_11_05_vehicle_cream_over_the_change_is_not(messy):
    assert messy.adsl("205", "TR01EDT TR02SDT TRT01A TRT02A") == ["2019-05-14", "2019-06-26", VEHICLE, RUX]


def test_ruling_11_05_a_tie_goes_to_the_first(messy):
    assert messy.adsl("205B", "TRT01P TRT01A RX075FL RX15FL") == [RUX, RUX075, "Y", "N"]


def test_ruling_11_14_entry_from_the_milestone_then_se_then_the_week_8_visit(messy):
    assert messy.adsl("068", "AP02SDT AP02SDTM RAND2DT") == ["2019-05-15", "2019-05-15T10:00:00", ""]
    assert messy.adsl("214", "AP02SDT AP02SDTM AP01EDT TR01EDT TR02SDT") == ["2019-05-16", "", "2019-05-15", "2019-05-15", "2019-05-16"]
    assert messy.adsl("214B", "AP02SDT AP02SDTM AP01EDT") == ["2019-05-14", "2019-05-14T11:20:00", "2019-05-13"]


def test_ruling_11_14_entry_of_a_vehicle_subject_is_the_second_randomisation(messy):
    assert messy.adsl("008", "RAND2DT AP02SDT AP02SDTM") == ["2019-05-15", "2019-05-15", "2019-05-15T10:00:00"]


def test_ruling_11_15_second_treatment_from_the_second_part_of_the_arm(messy):
    assert messy.adsl("215", "ARM TRT01P TRT02P TRT02A") == ["Vehicle/Rux 0.75%", VEHICLE, RUX075, RUX]


def test_ruling_11_15_an_arm_that_is_not_mapped_is_an_issue(messy):
    assert messy.adsl("215B", "ITTFL TRT01P TRT01PN TRT01A") == ["Y", "", "", RUX]
    assert messy.warnings("215B")


def test_ruling_11_26_end_of_study(messy):
    assert messy.adsl("035", "EOSSTT EOSDT DCSREAS DCSREASP") == ["DISCONTINUED", "2019-03-25", "WITHDRAWAL BY SUBJECT", ""]
    assert messy.adsl("036", "EOSSTT EOSDT DCSREAS DCSREASP") == ["", "", "", ""]
    assert messy.adsl("068", "EOSSTT EOSDT DCSREAS COMPLFL") == ["COMPLETED", "2020-04-17", "", "Y"]


def test_ruling_11_27_ends_of_the_periods(messy):
    assert messy.adsl("068", "AP01SDT AP01EDT AP02EDT") == ["2019-03-20", "2019-05-14", "2020-04-02"]
    assert messy.adsl("023", "AP01SDT AP01EDT AP02EDT") == ["2019-03-20", "2019-06-14", ""]
    assert messy.adsl("204", "AP02EDT") == ["2020-04-17"]
    assert messy.adsl("042", "AP01EDT AP02EDT") == ["2019-05-14", ""]
    assert messy.adsl("035", "AP01SDT AP01EDT AP02EDT") == ["", "", ""]


@pytest.mark.parametrize(("case", "planned", "actual"), [
    ("068", 33, 33), ("023", 10, 10), ("008", 13, 13), ("030", 13, 10), ("032", 22, 33), ("034", "", 30), ("036", "", ""), ("035", 30, ""),
])  # fmt: skip
def test_ruling_11_28_sequence_codes(messy, case, planned, actual):
    assert messy.adsl(case, "TRTSEQPN TRTSEQAN") == [planned, actual]


def test_ruling_11_28_sequence_texts(messy):
    assert messy.adsl("008", "TRTSEQP TRTSEQA") == [f"{VEHICLE} / {RUX}"] * 2
    assert messy.adsl("030", "TRTSEQA") == [VEHICLE]


def test_ruling_11_33_below_twelve_there_is_no_group_and_no_instrument(messy):
    assert messy.adsl("233", "AAGE AGEGR1 AGEGR1N AGEGR2 AGEGR2N QOLINST DLQIBL CDLQIBL") == [10, *[""] * 7]


def test_ruling_11_34_last_known_alive(messy):
    assert messy.adsl("068", "LSTALVDT DTHFL DTHDT") == ["2020-04-17", "", ""]


def test_ruling_11_35_month_of_death_not_before_the_last_contact(messy):
    assert messy.adsl("235", "DTHFL DTHDT DTHDTF LSTALVDT") == ["Y", "2020-04-05", "D", "2020-04-05"]


def test_ruling_11_41_times_of_first_and_last_exposure(messy):
    assert messy.adsl("068", "TRTSDTM TRTSTMF TRTSDTF TRTEDTM TRTETMF TRTEDTF") == ["2019-03-20T09:30:00", "", "", "2020-03-03T23:59:59", "H", ""]


def test_ruling_11_42_partial_start_after_the_first_is_the_entry_if_that_fits(messy):
    assert messy.adsl("242", "TRTSDT TR01SDT TR01EDT TR02SDT") == ["2019-03-20", "2019-03-20", "2019-04-30", "2019-05-15"]


def test_ruling_11_48_face_and_flares_up_to_day_1(messy):
    assert messy.adsl("248", "FACEBLFL FLARE12N") == ["Y", 4]
    assert messy.adsl("036", "FACEBLFL FLARE12N") == ["", ""]


def test_ruling_11_50_strata(messy):
    constant = ["Geographic Region", "Baseline IGA Score", "SCREENING", "VC", "LTS", "FOLLOW-UP"]
    for case in ("036", "052"):
        assert messy.adsl(case, "STRAT1D STRAT2D APHASE1 APHASE2 APHASE3 APHASE4") == constant
    assert messy.adsl("036", "STRATAR STRAT1R STRAT2R STRAT1V") == ["", "", "", "North America"]
    assert messy.adsl("052", "STRAT1V STRAT2V IGABL") == ["North America", "3", 3]


def test_ruling_11_56_duration_from_partial_dates(messy):
    assert messy.adsl("256", "ADDURY") == [8.7]  # 2010-07-01 to 2019-03-01: 3165 days
    assert messy.adsl("256B", "ADDURY") == [0]  # 2019-07-01 lies after the consent


def test_ruling_11_68_cream_without_a_dose_or_without_an_end(messy):
    assert messy.adsl("268", "TRTEDT TR02EDT TR01EDT TRTSDT") == ["2020-02-04", "2020-02-04", "2019-04-17", "2019-03-20"]
    assert messy.warnings("268")
