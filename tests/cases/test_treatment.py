"""DOMAIN §9.2 and §9.3: treatment, periods, populations; demographics and supplements."""

RUX = "Ruxolitinib 1.5% Cream BID"
RUX075 = "Ruxolitinib 0.75% Cream BID"
VEHICLE = "Vehicle Cream BID"


def test_case_023_vehicle_with_dose_0_is_exposure(messy):
    assert messy.adsl("023", "SAFFL TRTSDT TRT01A TRT01AN TRTEDT") == ["Y", "2019-03-20", VEHICLE, 1, "2019-05-15"]
    assert messy.adsl("023", "VCSAFFL LTSSAFFL RX075FL RX15FL TRTSEQAN") == ["Y", "N", "N", "N", 10]


def test_case_025_event_ongoing_at_the_change_counts_once_under_vehicle(messy):
    assert messy.every("ADAE", "025", "ASTDT APERIOD TRTA TREM01FL TREM02FL AENDT AENRF") == [["2019-05-01", 1, VEHICLE, "Y", "", "", "ONGOING"]]


def test_case_026_event_on_the_day_of_the_change(messy):
    assert messy.adae("026", "APERIOD TRTA TREM02FL", AESEQ=1) == [2, RUX, "Y"]
    assert messy.adae("026", "ASTDTM APERIOD TRTA TREM01FL", AESEQ=2) == ["2019-05-15T08:00:00", 1, VEHICLE, "Y"]


def test_case_027_week_8_on_the_day_of_the_change_belongs_to_vehicle(messy):
    names = "ADT ADY AVISIT APERIOD APERIODC TRTP TRTA AWTDIFF ANL01FL"
    assert messy.adeff("027", names, PARAMCD="IGA", AVISITN=8) == ["2019-05-15", 57, "Week 8", 1, "VC", VEHICLE, VEHICLE, 0, "Y"]


def test_case_028_week_8_after_the_entry_is_a_week_12_candidate(messy):
    names = "ADY AVISIT AVISITN APERIOD AWTDIFF AWLO AWHI AWRANGE ANL01FL"
    assert messy.adeff("028", names, PARAMCD="IGA", ADT="2019-05-18") == [60, "Week 12", 12, 2, 25, 58, 99, "58-99 DAYS", ""]
    assert messy.adsl("028", "W8IGAFL NIGATSFL") == ["N", "N"]
    assert messy.adeff("028", "AVAL DTYPE", PARAMCD="IGATS", AVISITN=8) == [0, "NRI"]


def test_case_029_period_starts_with_the_entry_not_with_the_first_cream(messy):
    assert messy.adsl("029", "AP02SDT TR02SDT TRT02A LTSSAFFL") == ["2019-05-15", "2019-06-26", RUX, "Y"]
    assert messy.adae("029", "ASTDT APERIOD TRTA TREM02FL") == ["2019-06-01", 2, RUX, "Y"]


def test_case_030_re_randomised_and_never_applied(messy):
    assert messy.adsl("030", "TRT02P TRT02PN TRT02A TRT02AN TR02SDT TR02DURD") == [RUX, 3, "", "", "", ""]
    assert messy.adsl("030", "VCSAFFL LTSSAFFL LTSEVFL RX075FL RX15FL") == ["Y", "N", "N", "N", "N"]
    assert messy.adae("030", "APERIOD TRTP TRTA TREM02FL") == [2, RUX, VEHICLE, "Y"]


def test_case_032_dispensed_the_other_strength(messy):
    assert messy.adsl("032", "TRT01P TRT01A TRT02P TRT02A RX15FL RX075FL") == [RUX075, RUX, RUX075, RUX, "Y", "N"]
    assert messy.adeff("032", "TRTP TRTPN TRTA TRTAN", PARAMCD="IGA", AVISITN=8) == [RUX075, 2, RUX, 3]


def test_case_033_wrong_kit_for_three_days(messy):
    assert messy.adsl("033", "TRT01P TRT01A RX15FL RX075FL TRTSDT") == [RUX, RUX, "Y", "N", "2019-03-20"]


def test_case_034_treated_not_randomised(messy):
    assert messy.adsl("034", "RANDDT RANDFL ITTFL SAFFL EEFL TRT01P TRT01PN TRT01A") == ["", "N", "N", "Y", "N", "", "", RUX]
    rows = messy.every("ADEFF", "034", "TRTP TRTA ANL02FL ANL04FL DTYPE", AVISITN=8)
    assert rows and {tuple(row) for row in rows} == {("", RUX, "", "", "")}


def test_case_035_randomised_never_treated(messy):
    assert messy.adsl("035", "ITTFL EEFL SAFFL VCSAFFL TRTSDT TRT01P TRT01A EOTSTT") == ["Y", "Y", "N", "N", "", RUX, "", ""]
    assert messy.adeff("035", "AVAL AVALC DTYPE ADY TRTP TRTA", PARAMCD="IGATS", AVISITN=8) == [0, "N", "NRI", "", RUX, ""]
    assert messy.adeff("035", "ADT ADY AVAL", PARAMCD="IGA", ABLFL="Y") == ["2019-03-20", "", 3]
    assert messy.adae("035", "ASTDT ASTDY TRTEMFL APERIOD TRTA PREFL") == ["2019-03-22", "", "", "", "", ""]


def test_case_036_screen_failure_with_an_event(messy):
    flags = "RANDFL ITTFL SAFFL EEFL COMPLFL VCSAFFL LTSSAFFL LTSEVFL RX075FL RX15FL SEVADFL W8IGAFL NIGATSFL"
    assert messy.adsl("036", flags) == ["N"] * 13
    assert messy.adsl("036", "ARM TRT01P TRT01A TRT02P TRTSEQP TRTSEQPN EOSSTT EOSDT DCSREAS") == ["Screen Failure", *[""] * 8]
    assert messy.adae("036", "ASTDT TRTEMFL APERIOD APHASE") == ["2019-03-10", "", "", "SCREENING"]
    assert messy.every("ADEFF", "036", "PARAMCD") == []


def test_case_037_arm_blank_because_never_treated(messy):
    assert messy.adsl("037", "ARM ITTFL SAFFL TRT01P TRT01PN TRT01A") == ["", "Y", "N", RUX, 3, ""]


def test_case_038_site_left_out_of_efficacy(messy):
    assert messy.adsl("038", "SAFFL ITTFL EEFL LTSSAFFL LTSEVFL W8IGAFL NIGATSFL") == ["Y", "Y", "N", "Y", "N", "N", "N"]
    assert {tuple(row) for row in messy.every("ADEFF", "038", "ANL02FL ANL04FL DTYPE")} == {("", "", "")}
    assert messy.adeff("038", "AVAL ANL01FL", PARAMCD="IGA01", AVISITN=8) == [1, "Y"]


def test_case_041_last_cream_without_an_end_and_end_of_treatment_known(messy):
    assert messy.adsl("041", "TRTEDT TRTEDTF TRTEDTM TRTETMF") == ["2019-11-02", "Y", "2019-11-02T23:59:59", "H"]
    assert messy.adsl("041", "TR02EDT EOTSTT DCTREAS") == ["2019-11-02", "DISCONTINUED", "WITHDRAWAL BY SUBJECT"]


def test_case_042_last_cream_without_an_end_and_treatment_ongoing(messy):
    assert messy.adsl("042", "TRTEDT TRTEDTF TRTEDTM TR02EDT TRTDURD TR02DURD") == [""] * 6
    assert messy.adsl("042", "EOTSTT EOSSTT EOT01STT EOT02STT") == ["ONGOING", "ONGOING", "COMPLETED", "ONGOING"]


def test_case_045_week_8_skipped_and_entered(messy):
    assert messy.adsl("045", "EEFL W8IGAFL NIGATSFL LTSSAFFL LTSEVFL AP02SDT") == ["Y", "N", "N", "Y", "Y", "2019-05-15"]
    assert messy.adeff("045", "AVAL AVALC DTYPE ANL01FL ANL02FL ANL04FL", PARAMCD="IGATS", AVISITN=8) == [0, "N", "NRI", "", "Y", ""]


def test_case_047_death_in_follow_up(messy):
    assert messy.adsl("047", "DTHFL DTHDT DTHDTF LSTALVDT") == ["Y", "2020-04-01", "", "2020-04-01"]
    assert messy.adsl("047", "EOSSTT EOSDT DCSREAS EOTSTT DCTREAS COMPLFL") == ["DISCONTINUED", "2020-04-01", "DEATH", "COMPLETED", "", "N"]
    assert max(row[0] for row in messy.every("ADEFF", "047", "ADT")) <= "2020-04-01"
    assert any("answered after death" in text for text in messy.warnings("047"))


def test_case_049_more_than_one_race_is_one_record(messy):
    assert messy.adsl("049", "RACE RACEGR1 RACEGR1N") == ["MULTIPLE", "Other", 4]


def test_case_050_free_text_is_never_regrouped(messy):
    assert messy.adsl("050", "RACE RACEGR1 RACEGR1N") == ["OTHER", "Other", 4]


def test_case_052_qualifiers_of_the_subject_need_no_idvar(messy):
    assert messy.adsl("052", "STRAT1R STRAT2R STRATAR") == ["North America", "3", "North America, IGA 3"]


def test_case_057_sixteenth_birthday_between_consent_and_day_1(messy):
    assert messy.adsl("057", "AGE AAGE AGEGR1 AGEGR2 AGEGR2N QOLINST DLQIBL CDLQIBL") == [15, 16, "12-17", ">=16", 2, "DLQI", 12, ""]
    names = "AVAL AVISITN ABLFL ANL01FL BASE BASETYPE SRCDOM SRCVAR"
    assert messy.adeff("057", names, PARAMCD="CDLQI") == [11, 0, "", "", "", "VC DAY 1", "QS", "QSSTRESN"]
    assert messy.every("ADEFF", "057", "PARAMCD", PARAMCD="CDLQI6") == []
    assert messy.warnings("057", "E-15")


def test_case_058_the_instrument_stays_that_of_day_1(messy):
    assert messy.adsl("058", "AAGE AGEGR2 QOLINST DLQIBL CDLQIBL") == [15, "12-15", "CDLQI", "", 12]
    names = "AVAL ADY AVISITN ANL01FL ANL02FL ANL03FL ANL04FL ABLFL BASE BASETYPE CHG CRIT1FL"
    assert messy.adeff("058", names, PARAMCD="DLQI") == [4, 253, 36, "", "", "", "", "", "", "VC DAY 1", "", ""]
    assert messy.every("ADEFF", "058", "PARAMCD", PARAMCD="DLQI4") == []
    assert messy.warnings("058", "E-15")


def test_case_060_partial_birth_date_gives_the_collected_age(messy):
    assert messy.adsl("060", "AGE AAGE AGEGR2 QOLINST") == [15, 15, "12-15", "CDLQI"]
