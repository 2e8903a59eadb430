"""Rulings of DOMAIN §11 on records of efficacy. Subject 068 is plain: at Week 8 IGA 3 to 1, EASI 10 to 1.2, itch 5 to 2, DLQI 12 to 6."""

RUX = "Ruxolitinib 1.5% Cream BID"
WINDOW = "AWTARGET AWTDIFF AWLO AWHI AWU AWRANGE"


def week(messy, case, number, code, names="AVAL DTYPE"):
    return messy.adeff(case, names, PARAMCD=code, AVISITN=number)


def test_ruling_11_01_seven_days_after_the_end_of_treatment_are_still_a_visit(messy):
    names = f"ADY AVISIT AVISITN APERIOD APHASE {WINDOW}"
    assert messy.adeff("201", names, PARAMCD="IGA", ADT="2019-11-09") == [235, "Week 32", 32, 2, "LTS", 225, 10, 212, 239, "DAYS", "212-239 DAYS"]
    assert messy.adeff("201", names, PARAMCD="IGA", ADT="2019-11-10") == [236, "Follow-up", 99, 2, "FOLLOW-UP", *[""] * 6]


def test_ruling_11_01_a_last_cream_long_before_the_end_of_treatment_makes_no_follow_up(messy):
    assert messy.adsl("068", "TRTEDT") == ["2020-03-03"]
    assert messy.adeff("068", "AVISIT APHASE ANL01FL", PARAMCD="IGA", ADT="2020-03-18") == ["Week 52", "LTS", "Y"]


def test_ruling_11_02_itch_is_the_week_before_the_iga_of_the_visit(messy):
    assert week(messy, "202", 8, "ITCHNRS", "ADT ADY ASTDT AENDT AVAL") == ["2019-05-13", 55, "2019-05-06", "2019-05-12", 3]


def test_ruling_11_02_days_before_treatment_do_not_count_after_it(messy):
    assert week(messy, "202B", 2, "ITCHNRS", "ADT ADY ASTDT AENDT AVAL") == ["2019-03-24", 5, "2019-03-17", "2019-03-23", 2]
    assert week(messy, "202B", 0, "ITCHNRS", "AVAL") == [5]


def test_ruling_11_02_without_a_visit_the_target_day_counts_unless_it_is_after_the_entry(messy):
    assert week(messy, "045", 8, "ITCHNRS", "ADT ADY AVAL") == ["2019-05-15", 57, 2]
    assert messy.every("ADEFF", "202C", "AVAL", PARAMCD="ITCHNRS", AVISITN=8) == []
    assert week(messy, "202C", 8, "NRS2") == [0, "NRI"]


def test_ruling_11_03_an_instrument_that_was_not_done_is_one_record(messy):
    instruments = ["EASI", "EASIHN", "EASIUL", "EASITR", "EASILL", "DLQI"]
    found = messy.every("ADEFF", "203", "PARAMCD AVAL AVISITN", ADT="2019-04-17", PARAMCD=instruments)
    assert found == [["EASI", "", 4], ["DLQI", "", 4]]
    assert week(messy, "203", 4, "EASI50") == [0, "NRI"]


def test_ruling_11_03_only_the_investigator_and_dates_known_in_part(messy):
    assert messy.every("ADEFF", "203", "AVAL", PARAMCD="IGA", ADT="2019-04-20") == []
    names = "AVAL ADT ADY AVISIT AVISITN APERIOD APERIODC APHASE TRTP TRTA ANL01FL"
    assert messy.adeff("203", names, PARAMCD="IGA", VISITNUM=5.1) == [2, *[""] * 10]


def test_ruling_11_08_before_consent(messy):
    names = "ADY AVAL AVISIT AVISITN APERIOD APERIODC APHASE TRTP ABLFL ANL01FL"
    assert messy.adeff("208", names, PARAMCD="IGA", ADT="2019-02-20") == [-28, 2, *[""] * 8]


def test_ruling_11_09_follow_up_has_no_window_and_no_response(messy):
    assert week(messy, "068", 99, "IGA", f"ADT ANL01FL APERIOD {WINDOW}") == ["2020-04-17", "Y", 2, *[""] * 6]
    visits = [row[0] for row in messy.every("ADEFF", "068", "AVISITN", PARAMCD="IGATS")]
    assert visits == [2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52]


def test_ruling_11_10_parameters_of_the_partial_response(messy):
    found = {tuple(row) for row in messy.every("ADEFF", "075", "PARAMCD AVISITN", ANL04FL="Y")}
    assert found == {(code, 8) for code in ("EASI50", "NRS2", "QOLRSP", "IGA1PT", "CPR", "CPRIGA")}


def test_ruling_11_11_eligible_records(messy):
    found = {tuple(row) for row in messy.every("ADEFF", "068", "PARAMCD AVISITN", ANL03FL="Y")}
    itch = {(code, number) for code in ("NRS2", "NRS4") for number in (2, 4, 8)}
    assert found == itch | {("DLQI4", number) for number in (2, 4, 8, 12, 24, 36, 52)}
    assert week(messy, "080", 8, "NRS2", "DTYPE ANL03FL") == ["NRI", "Y"]


def test_ruling_11_12_what_an_imputed_record_holds(messy):
    filled = "AVISIT APERIOD APERIODC APHASE TRTP TRTA DTYPE AVAL AVALC ANL02FL"
    assert week(messy, "080", 8, "NRS2", filled) == ["Week 8", 1, "VC", "VC", RUX, RUX, "NRI", 0, "N", "Y"]
    empty = f"VISIT VISITNUM ADT ADTM ADY ASTDT AENDT {WINDOW} ONTRTFL SRCDOM SRCVAR SRCSEQ ANL01FL BASE CHG"
    assert set(week(messy, "080", 8, "NRS2", empty)) == {""}


def test_ruling_11_12_what_an_observed_response_holds(messy):
    filled = f"ADT ADY APHASE APERIOD APERIODC AVISIT {WINDOW} ONTRTFL SRCDOM SRCVAR TRTP"
    expected = ["2019-05-15", 57, "VC", 1, "VC", "Week 8", 57, 0, 44, 71, "DAYS", "44-71 DAYS", "Y", "RS", "RSSTRESN", RUX]
    assert week(messy, "068", 8, "IGATS", filled) == expected
    assert week(messy, "068", 8, "IGATS", "SRCSEQ") == week(messy, "068", 8, "IGA", "SRCSEQ") != [""]
    empty = "VISIT VISITNUM ASTDT AENDT BASE BASEC BASETYPE CHG PCHG CRIT1 CRIT1FL CRIT2FL CRIT3FL ABLFL DTYPE"
    assert set(week(messy, "068", 8, "IGATS", empty)) == {""}


def test_ruling_11_12_what_a_composite_holds(messy):
    filled = "ADT ADY ONTRTFL SRCDOM SRCVAR AVAL AVALC APERIOD TRTP ANL01FL ANL02FL"
    assert week(messy, "068", 8, "CPR", filled) == ["2019-05-15", 57, "Y", "ADEFF", "AVAL", 1, "Y", 1, RUX, "Y", "Y"]
    assert set(week(messy, "068", 8, "CPR", f"DTYPE SRCSEQ ADTM {WINDOW}")) == {""}
    assert week(messy, "202", 8, "IGATS", "ADT") == ["2019-05-13"]
    assert week(messy, "202", 8, "TSCPR", "ADT ADY") == ["2019-05-15", 57]  # the latest of its parts, EASI and DLQI


def test_ruling_11_16_windows_as_they_are_stored(messy):
    assert week(messy, "068", 2, "IGA", WINDOW) == [15, 0, 2, 22, "DAYS", "2-22 DAYS"]
    assert week(messy, "068", 4, "IGA", WINDOW) == [29, 0, 23, 43, "DAYS", "23-43 DAYS"]
    assert week(messy, "068", 12, "IGA", WINDOW) == [85, 0, 58, 99, "DAYS", "58-99 DAYS"]
    assert week(messy, "068", 52, "IGA", WINDOW) == [365, 0, 352, 379, "DAYS", "352-379 DAYS"]
    assert week(messy, "202C", 12, "IGA", "AWLO AWRANGE") == [53, "53-99 DAYS"]
    assert messy.adeff("068", WINDOW, PARAMCD="IGA", ABLFL="Y") == [1, 0, "", 1, "DAYS", "<=1 DAYS"]


def test_ruling_11_16_week_8_after_an_entry_on_day_56(messy):
    names = f"ADY AVISITN APERIOD {WINDOW}"
    assert messy.adeff("214B", names, PARAMCD="IGA", ADT="2019-05-15") == [57, 12, 2, 85, 28, 57, 99, "DAYS", "57-99 DAYS"]


def test_ruling_11_17_on_day_1_the_time_decides(messy):
    names = "ADTM ADY AVAL AVISIT AVISITN ABLFL ANL01FL BASE CHG CRIT2FL"
    assert messy.adeff("217", names, PARAMCD="IGA", ADT="2019-03-20") == ["2019-03-20T11:00:00", 1, 1, "", "", "", "", 3, -2, "Y"]
    assert messy.adeff("217", "ADT AVAL ANL01FL", PARAMCD="IGA", ABLFL="Y") == ["2019-03-06", 3, "Y"]
    assert messy.adeff("217", "ADTM ADY AVISIT", PARAMCD="EASI", ABLFL="Y") == ["2019-03-20T08:00:00", 1, "Baseline"]


def test_ruling_11_23_phases(messy):
    def phase(day):
        return messy.adeff("068", "APHASE APHASEN", PARAMCD="IGA", ADT=day)

    assert phase("2019-03-06") == ["SCREENING", 1]
    assert phase("2019-03-20") == phase("2019-05-15") == ["VC", 2]
    assert phase("2019-06-12") == ["LTS", 3]
    assert phase("2020-04-17") == ["FOLLOW-UP", 4]


def test_ruling_11_29_texts(messy):
    assert week(messy, "068", 8, "IGA", "AVALC AVALCAT1 BASEC SHIFT1") == ["Almost clear", "0/1", "Moderate", "3 to 1"]
    assert messy.adeff("068", "AVALC AVALCAT1 SHIFT1", PARAMCD="IGA", ABLFL="Y") == ["Moderate", ">=2", ""]
    assert [week(messy, "068", number, "DLQI", "AVAL AVALCAT1") for number in (0, 8, 24)] == [[12, "11-20"], [6, "6-10"], [5, "2-5"]]
    assert week(messy, "068", 8, "EASI", "AVALC AVALCAT1 SHIFT1") == ["", "", ""]
    assert week(messy, "058", 8, "CDLQI", "AVAL AVALCAT1") == [6, ""]


def test_ruling_11_31_criteria_after_baseline_windowed_or_not(messy):
    assert messy.adeff("068", "CRIT1 CRIT1FL CRIT2FL CRIT3FL", PARAMCD="IGA", ABLFL="Y") == ["IGA 0 or 1", "", "", ""]
    assert week(messy, "068", 99, "IGA", "CRIT1FL CRIT2FL CRIT3FL") == ["Y", "Y", "Y"]
    assert week(messy, "073", 8, "ITCHNRS", "CRIT3 CRIT3FL") == ["Itch NRS 0 or 1", "Y"]


def test_ruling_11_39_within_a_day_the_timed_record_is_the_later(messy):
    assert messy.adeff("239", "ADTM AVAL", PARAMCD="IGA", ABLFL="Y") == ["2019-03-20T08:00:00", 2]
    assert messy.adeff("239", "ADTM AVAL VISIT", PARAMCD="IGA", AVISITN=4, ANL01FL="Y") == ["2019-04-17T15:00:00", 3, "UNSCHEDULED 4.1"]


def test_ruling_11_43_item_7_coded_as_a_number(messy):
    assert week(messy, "243", 8, "DLQI", "AVAL") == [12]  # 3: prevented
    assert week(messy, "243", 4, "DLQI", "AVAL") == [11]  # 0 and the second question: a lot
    assert week(messy, "243", 2, "DLQI", "AVAL") == [9]  # 0 and no second question: not relevant


def test_ruling_11_44_the_higher_of_two_branches_and_of_two_answers(messy):
    assert week(messy, "244", 8, "CDLQI", "AVAL ANL01FL") == [13, "Y"]  # 2 + 8 * 1 + 3


def test_ruling_11_45_source_of_collected_and_computed_scores(messy):
    assert messy.adeff("057", "SRCVAR", PARAMCD="CDLQI") == ["QSSTRESN"]
    assert messy.adeff("057", "SRCSEQ", PARAMCD="CDLQI") != [""]
    assert week(messy, "068", 8, "DLQI", "SRCDOM SRCVAR SRCSEQ") == ["QS", "QSSTRESN", ""]


def test_ruling_11_46_half_points(messy):
    assert week(messy, "246", 8, "EASIHN", "AVAL") == [0.15]
    assert week(messy, "246", 8, "EASI", "AVAL PCHG") == [0.15, -98.5]


def test_ruling_11_47_body_surface_from_fa(messy):
    names = "AVAL SRCDOM SRCVAR"
    assert week(messy, "247", 2, "BSA", names) == [6, "FA", "FASTRESN"]
    assert week(messy, "247", 4, "BSA", f"{names} SRCSEQ") == [10, "FA", "FASTRESN", ""]
    assert week(messy, "247", 8, "BSA", names) == [1.5, "RS", "RSSTRESN"]


def test_ruling_11_49_source_variable(messy):
    assert week(messy, "249", 4, "IGA", "AVAL SRCDOM SRCVAR") == [2, "RS", "RSSTRESC"]
    assert messy.warnings("249")


def test_ruling_11_51_on_treatment(messy):
    assert week(messy, "068", 48, "IGA", "ONTRTFL") == ["Y"]
    assert week(messy, "068", 52, "IGA", "ONTRTFL") == [""]  # two weeks after the last cream
    assert week(messy, "042", 32, "IGA", "ONTRTFL") == ["Y"]  # open-ended
    assert messy.adeff("068", "ONTRTFL", PARAMCD="IGA", ADT="2019-03-06") == [""]


def test_ruling_11_55_grades_that_do_not_exist_are_kept_without_a_value(messy):
    assert [week(messy, "255", number, "IGA", "AVAL ANL01FL AVALC") for number in (2, 4)] == [["", "", ""]] * 2
    assert messy.warnings("255")


def test_ruling_11_58_response_of_the_own_instrument(messy):
    assert [week(messy, "068", 8, code, "AVAL SRCDOM") for code in ("DLQI4", "QOLRSP")] == [[1, "QS"]] * 2
    assert [week(messy, "058", 8, code, "AVAL DTYPE") for code in ("CDLQI6", "QOLRSP")] == [[1, ""]] * 2
    assert [week(messy, "099", 8, code, "AVAL DTYPE") for code in ("DLQI4", "QOLRSP")] == [[0, "NRI"]] * 2


def test_ruling_11_64_no_actual_treatment_in_a_period_without_exposure(messy):
    assert week(messy, "030", 12, "IGA", "APERIOD TRTP TRTA TRTAN") == [2, RUX, "", ""]


def test_ruling_11_66_imputed_weeks_whatever_the_follow_up(messy):
    assert messy.every("ADEFF", "035", "AVISITN AVAL DTYPE", PARAMCD="IGATS") == [[number, 0, "NRI"] for number in (2, 4, 8)]


def test_ruling_11_70_the_last_valid_entry_of_a_day(messy):
    assert messy.adsl("270", "NRSBL") == [5.571429]  # (6 * 5 + 9) / 7
    assert messy.warnings("270")


def test_ruling_11_73_partial_response_all_imputed_and_iga_observed(messy):
    names = "AVAL DTYPE ANL01FL ANL02FL ANL04FL"
    assert week(messy, "273", 8, "CPR", names) == [0, "NRI", "", "Y", "Y"]
    assert week(messy, "273", 8, "CPRIGA", names) == [1, "", "Y", "Y", "Y"]
    assert week(messy, "273", 8, "IGATS") == [0, ""]


def test_ruling_11_74_without_an_instrument(messy):
    assert week(messy, "233", 8, "QOLRSP") == [0, "NRI"]
    assert messy.every("ADEFF", "233", "AVAL", PARAMCD=["DLQI4", "CDLQI6"]) == []
    rows = messy.every("ADEFF", "233", "ABLFL BASE CHG CRIT1FL ANL01FL ANL02FL ANL03FL ANL04FL", PARAMCD="CDLQI")
    assert rows and {value for row in rows for value in row} == {""}
