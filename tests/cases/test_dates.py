"""DOMAIN §9.1: dates as collected. First dose 2019-03-20 at 09:30, entry into the second period 2019-05-15."""

RUX = "Ruxolitinib 1.5% Cream BID"
VEHICLE = "Vehicle Cream BID"


def test_case_001_year_only_and_no_end_starts_with_the_first_dose(messy):
    assert messy.adae("001", "ASTDT ASTDTF ASTDTM ASTTMF ASTDY") == ["2019-03-20", "M", "", "", 1]
    assert messy.adae("001", "AENDT TRTEMFL PREFL APERIOD TREM01FL TRTA APHASE") == ["", "Y", "", 1, "Y", RUX, "VC"]


def test_case_002_year_before_treatment_is_not_moved_to_the_first_dose(messy):
    assert messy.adae("002", "ASTDT ASTDTF ASTDY") == ["2018-01-01", "M", -443]
    assert messy.adae("002", "TRTEMFL PREFL APERIOD TRTA TRTP ONTRTFL APHASE") == ["", "Y", "", "", "", "", "SCREENING"]


def test_case_004_month_of_the_first_dose_with_a_later_end(messy):
    assert messy.adae("004", "ASTDT ASTDTF AENDT AENDTF TRTEMFL ADURN ADURU") == ["2019-03-20", "D", "2019-03-25", "", "Y", "", ""]


def test_case_005_month_of_the_first_dose_with_an_earlier_end(messy):
    assert messy.adae("005", "ASTDT ASTDTF AENDT TRTEMFL PREFL") == ["2019-03-01", "D", "2019-03-10", "", "Y"]


def test_case_007_later_month_starts_on_its_first_day(messy):
    assert messy.adae("007", "ASTDT ASTDTF TRTEMFL APERIOD") == ["2019-04-01", "D", "Y", 1]


def test_case_008_month_of_a_change_of_treatment_is_credited_to_the_new_one(messy):
    assert messy.adae("008", "ASTDT ASTDTF APERIOD TRTA TREM02FL") == ["2019-05-15", "D", 2, RUX, "Y"]


def test_case_008_month_of_an_entry_without_a_change_is_its_first_day(messy):
    assert messy.adae("008B", "ASTDT ASTDTF APERIOD TRTA TREM01FL") == ["2019-05-01", "D", 1, RUX, "Y"]


def test_case_009_day_without_month_counts_as_year_only(messy):
    assert messy.adae("009", "AESTDTC ASTDT ASTDTF TRTEMFL") == ["2019---15", "2019-03-20", "M", "Y"]


def test_case_010_start_without_a_year_is_missing_and_treatment_emergent(messy):
    assert messy.adae("010", "AESTDTC ASTDT ASTDTF ASTDY TRTEMFL APERIOD APHASE") == ["--03-15", "", "", "", "Y", 1, ""]


def test_case_012_texts_that_are_no_dates_are_issues_never_guessed(messy):
    found = messy.every("ADAE", "012", "AESEQ AESTDTC ASTDT ASTDTF ASTDTM TRTEMFL")
    texts = ["2019-02-30", "2019-13", "2019-UN-UN", "15MAR2019"]
    assert sorted(found) == [[i + 1, text, "", "", "", "Y"] for i, text in enumerate(texts)]
    assert messy.warnings("012")


def test_case_013_before_the_dose_of_the_same_day(messy):
    assert messy.adae("013", "ASTDT ASTDTM ASTTMF ASTDY") == ["2019-03-20", "2019-03-20T08:15:00", "", 1]
    assert messy.adae("013", "PREFL TRTEMFL APERIOD APHASE ONTRTFL") == ["Y", "", "", "SCREENING", ""]


def test_case_014_day_of_the_dose_without_a_time_is_treatment_emergent(messy):
    assert messy.adae("014", "ASTDT ASTDTM ASTTMF PREFL TRTEMFL ONTRTFL") == ["2019-03-20", "", "", "", "Y", "Y"]


def test_case_016_impossible_times_are_issues(messy):
    found = messy.every("ADAE", "016", "AESEQ ASTDT ASTDTM TRTEMFL", AESEQ=[1, 2])
    assert sorted(found) == [[1, "", "", "Y"], [2, "", "", "Y"]]
    assert messy.warnings("016")


def test_case_016_an_offset_is_dropped_and_the_local_time_kept(messy):
    assert messy.adae("016", "ASTDT ASTDTM", AESEQ=3) == ["2019-03-21", "2019-03-21T23:30:00"]
    assert messy.adae("016", "ASTDT ASTDTM", AESEQ=4) == ["2019-03-21", "2019-03-21T00:30:00"]


def test_case_017_an_interval_starts_with_its_first_part_and_a_warning(messy):
    assert messy.adae("017", "AESTDTC ASTDT ASTDTF PREFL TRTEMFL") == ["2019-03-18/2019-03-22", "2019-03-18", "", "Y", ""]
    assert messy.warnings("017")


def test_case_019_ongoing_without_an_end_stays_without(messy):
    assert messy.adae("019", "AENDT AENDTF AENDY ADURN ADURU AENRF") == ["", "", "", "", "", "ONGOING"]


def test_case_020_start_after_end_is_kept_and_reported(messy):
    assert messy.adae("020", "ASTDT AENDT ASTDTF AENDTF ADURN ADURU TRTEMFL") == ["2019-04-20", "2019-04-10", "", "", "", "", "Y"]


def test_case_022_blank_is_missing(messy):
    assert messy.adae("022", "AENDT AESEV ASEV ASEVN AEREL AREL ARELN") == ["", "", "SEVERE", 3, "", "RELATED", 2]
