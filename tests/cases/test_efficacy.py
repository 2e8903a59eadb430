"""DOMAIN §9.4: visits, baselines, scores and responses."""

WEEK_8_FLAGS = "W8IGAFL NIGATSFL"


def week_8(messy, case, code, names="AVAL DTYPE"):
    return messy.adeff(case, names, PARAMCD=code, AVISITN=8)


def test_case_061_of_two_equally_near_the_later_one(messy):
    names = "ADT ADY AVAL AWTDIFF ANL01FL"
    assert sorted(messy.every("ADEFF", "061", names, PARAMCD="IGA", AVISITN=8)) == [["2019-05-13", 55, 2, 2, ""], ["2019-05-17", 59, 1, 2, "Y"]]
    assert messy.adeff("061", "ADT AVAL", PARAMCD="IGATS", AVISITN=8) == ["2019-05-17", 1]


def test_case_063_the_nearest_wins_whatever_its_visit_is_called(messy):
    names = "ADT VISIT AVAL AWTDIFF ANL01FL"
    found = sorted(messy.every("ADEFF", "063", names, PARAMCD="IGA", AVISITN=8))
    assert found == [["2019-05-15", "UNSCHEDULED 4.1", 2, 0, "Y"], ["2019-05-20", "WEEK 8", 1, 5, ""]]


def test_case_065_called_week_8_in_the_window_of_week_12(messy):
    names = "VISIT ADY AVISIT AVISITN APERIOD AWTDIFF ANL01FL"
    assert messy.adeff("065", names, PARAMCD="IGA", ADT="2019-06-12") == ["WEEK 8", 85, "Week 12", 12, 2, 0, "Y"]
    assert messy.adsl("065", WEEK_8_FLAGS) == ["N", "N"]


def test_case_065_called_week_8_and_in_no_window(messy):
    names = "VISIT ADY AVISIT AVISITN APERIOD AWTARGET AWTDIFF AWLO AWHI AWU AWRANGE ANL01FL"
    assert messy.adeff("065B", names, PARAMCD="IGA", ADT="2019-06-12") == ["WEEK 8", 85, "", "", 1, *[""] * 7]
    assert messy.adeff("065B", "CHG CRIT1FL CRIT2FL CRIT3FL", PARAMCD="IGA", ADT="2019-06-12") == [-2, "Y", "Y", "Y"]


def test_case_066_baseline_is_the_last_value_before_treatment(messy):
    assert sorted(messy.every("ADEFF", "066", "ADT AVAL ABLFL BASE CHG", PARAMCD="IGA", AVISITN=0)) == [
        ["2019-03-06", 3, "", 2, ""],
        ["2019-03-20", 2, "Y", 2, ""],
    ]
    assert messy.adsl("066", "IGABL STRAT2V SEVADFL") == [2, "2", "N"]


def test_case_068_day_1_without_a_time_is_before_the_dose(messy):
    for code, value in {"IGA": 3, "EASI": 10, "BSA": 8}.items():
        assert messy.adeff("068", "ADT ADY ADTM AVAL ANL01FL", PARAMCD=code, ABLFL="Y") == ["2019-03-20", 1, "", value, "Y"]


def test_case_070_there_is_no_day_0_in_the_distance_to_the_target(messy):
    names = "ADY AVISIT AVISITN AWTARGET AWTDIFF ABLFL ANL01FL"
    assert messy.adeff("070", names, PARAMCD="IGA", ADT="2019-03-19") == [-1, "Baseline", 0, 1, 1, "", ""]
    assert messy.adeff("070", "ADT", PARAMCD="IGA", ABLFL="Y") == ["2019-03-20"]


def test_case_071_baseline_of_0_has_no_percent_change_and_no_response(messy):
    names = "BASE CHG PCHG CRIT1FL CRIT2FL CRIT3FL ANL03FL"
    assert messy.adeff("071", names, PARAMCD="EASI", AVISITN=8) == [0, 1.2, "", "N", "N", "N", ""]
    assert week_8(messy, "071", "EASI50", "AVAL AVALC DTYPE ANL01FL ANL03FL") == [0, "N", "", "Y", ""]
    assert messy.adsl("071", "EASIBL SEVADFL") == [0, "N"]


def test_case_072_half_of_4_8_is_a_response(messy):
    names = "BASE AVAL CHG PCHG CRIT1FL CRIT2FL"
    assert messy.adeff("072", names, PARAMCD="EASI", AVISITN=8) == [4.8, 2.4, -2.4, -50, "Y", "N"]
    assert week_8(messy, "072", "EASI50") == [1, ""]
    assert week_8(messy, "072", "EASI75") == [0, ""]


def test_case_073_two_points_between_two_means_are_a_response(messy):
    names = "BASE AVAL CHG CRIT1FL CRIT2FL ASTDT AENDT"
    assert messy.adeff("073", names, PARAMCD="ITCHNRS", AVISITN=8) == [2.166667, 0.166667, -2, "Y", "N", "2019-05-08", "2019-05-14"]
    assert week_8(messy, "073", "NRS2", "AVAL DTYPE ANL03FL") == [1, "", "Y"]
    assert week_8(messy, "073", "NRS4", "AVAL DTYPE ANL03FL") == [0, "", ""]


def test_case_075_from_2_to_1_is_clear_enough_but_no_success(messy):
    assert messy.adeff("075", "BASE AVAL CHG SHIFT1 CRIT1FL CRIT2FL CRIT3FL", PARAMCD="IGA", AVISITN=8) == [2, 1, -1, "2 to 1", "Y", "N", "Y"]
    assert [week_8(messy, "075", code, "AVAL")[0] for code in ("IGA01", "IGA1PT", "IGATS")] == [1, 1, 0]
    assert messy.adsl("075", WEEK_8_FLAGS) == ["Y", "Y"]
    assert week_8(messy, "075", "IGA1PT", "ANL04FL") == ["Y"]


def test_case_076_from_3_to_1_is_a_success_and_one_point_too(messy):
    assert [week_8(messy, "076", code, "AVAL")[0] for code in ("IGA01", "IGA1PT", "IGATS")] == [1, 1, 1]
    assert messy.adsl("076", WEEK_8_FLAGS) == ["Y", "N"]
    assert {row[0] for row in messy.every("ADEFF", "076", "ANL04FL")} == {""}


def test_case_077_without_a_baseline(messy):
    assert messy.adsl("077", "IGABL SEVADFL W8IGAFL NIGATSFL STRAT2V") == ["", "N", "N", "N", ""]
    names = "AVAL BASE BASEC BASETYPE CHG SHIFT1 CRIT1FL CRIT2FL CRIT3FL"
    assert messy.adeff("077", names, PARAMCD="IGA", AVISITN=8) == [1, "", "", "VC DAY 1", "", "", "Y", "", ""]
    assert [week_8(messy, "077", code) for code in ("IGATS", "IGA1PT", "IGA01")] == [[0, "NRI"], [0, "NRI"], [1, ""]]


def test_case_079_itch_of_exactly_2_is_eligible(messy):
    assert messy.adsl("079", "NRSBL NRS2BLFL NRS4BLFL") == [2, "Y", "N"]
    assert week_8(messy, "079", "NRS2", "AVAL DTYPE ANL03FL") == [1, "", "Y"]


def test_case_079_itch_of_exactly_4_is_eligible(messy):
    assert messy.adsl("079B", "NRSBL NRS2BLFL NRS4BLFL") == [4, "Y", "Y"]
    assert week_8(messy, "079B", "NRS4", "AVAL DTYPE ANL03FL") == [1, "", "Y"]


def test_case_080_three_diary_days_are_no_week(messy):
    assert messy.every("ADEFF", "080", "AVAL", PARAMCD="ITCHNRS", AVISITN=8) == []
    assert week_8(messy, "080", "NRS2", "AVAL AVALC DTYPE ADT ADY SRCDOM SRCVAR SRCSEQ ANL01FL ANL02FL") == [0, "N", "NRI", *[""] * 6, "Y"]


def test_case_082_the_evening_of_day_1_is_not_baseline(messy):
    names = "ADT ADY ASTDT AENDT AVAL AVISIT"
    assert messy.adeff("082", names, PARAMCD="ITCHNRS", ABLFL="Y") == ["2019-03-20", 1, "2019-03-13", "2019-03-19", 5, "Baseline"]
    assert messy.adsl("082", "NRSBL") == [5]


def test_case_083_one_unanswered_question_counts_0(messy):
    assert week_8(messy, "083", "DLQI", "AVAL ANL01FL SRCSEQ") == [9, "Y", ""]


def test_case_085_not_relevant_is_an_answer(messy):
    assert week_8(messy, "085", "DLQI", "AVAL ANL01FL") == [7, "Y"]


def test_case_086_prevented_work_counts_3_whatever_else_is_ticked(messy):
    assert week_8(messy, "086", "DLQI", "AVAL ANL01FL") == [12, "Y"]


def test_case_088_not_prevented_and_no_problem_counts_0(messy):
    assert week_8(messy, "088", "DLQI", "AVAL ANL01FL") == [9, "Y"]


def test_case_089_the_items_count_not_the_collected_total(messy):
    assert messy.adeff("089", "AVAL AVALCAT1 SRCSEQ", PARAMCD="DLQI", ABLFL="Y") == [14, "11-20", ""]
    assert messy.adsl("089", "DLQIBL") == [14]
    assert messy.warnings("089") and messy.warnings("089", "E-24")


def test_case_091_clear_trunk_needs_no_signs(messy):
    assert week_8(messy, "091", "EASITR", "AVAL ANL01FL") == [0, "Y"]
    assert week_8(messy, "091", "EASI", "AVAL PCHG ANL01FL") == [1, -90, "Y"]  # 0.1 * 4 + 0.2 * 1 + 0 + 0.4 * 1
    assert week_8(messy, "091", "EASI90") == [1, ""]


def test_case_092_affected_head_needs_every_sign(messy):
    assert messy.adeff("092", "AVAL AVISITN ANL01FL", PARAMCD="EASIHN", ADT="2019-05-15") == ["", 8, ""]
    assert messy.adeff("092", "AVAL AVISITN ANL01FL CHG PCHG CRIT1FL", PARAMCD="EASI", ADT="2019-05-15") == ["", 8, "", "", "", ""]
    assert week_8(messy, "092", "EASI50") == [0, "NRI"]


def test_case_094_body_surface_in_square_metres_is_something_else(messy):
    assert messy.adsl("094", "BSABL") == [8]
    assert 1.85 not in [row[0] for row in messy.every("ADEFF", "094", "AVAL", PARAMCD="BSA")]


def test_case_096_codes_in_lower_case_are_the_same_codes(messy):
    assert week_8(messy, "096", "IGA", "AVAL ANL01FL") == [1, "Y"]
    assert week_8(messy, "096", "DLQI", "AVAL SRCSEQ") == [6, ""]
    assert messy.adsl("096", "W8IGAFL") == ["Y"]


def test_case_097_not_done_with_a_result_is_not_done(messy):
    assert messy.adeff("097", "AVAL AVISITN ANL01FL CRIT1FL", PARAMCD="IGA", ADT="2019-04-17") == ["", 4, "", ""]
    assert messy.adeff("097", "AVAL DTYPE", PARAMCD="IGATS", AVISITN=4) == [0, "NRI"]
    assert messy.warnings("097")


def test_case_099_missing_component_is_not_met_and_the_subject_counts(messy):
    assert [week_8(messy, "099", code) for code in ("QOLRSP", "EASI50", "NRS2")] == [[0, "NRI"], [0, ""], [0, ""]]
    assert week_8(messy, "099", "CPR", "AVAL AVALC DTYPE ANL01FL ANL02FL ANL04FL") == [0, "N", "", "Y", "Y", "Y"]
    assert messy.adsl("099", WEEK_8_FLAGS) == ["Y", "Y"]


def test_case_100_composite_without_a_week_8_iga(messy):
    assert week_8(messy, "100", "CPR", "AVAL DTYPE ANL01FL ANL02FL ANL04FL") == [1, "", "Y", "Y", ""]
    assert week_8(messy, "100", "TSCPR", "AVAL DTYPE") == [1, ""]
    assert week_8(messy, "100", "IGATS") == [0, "NRI"]
    assert messy.adsl("100", WEEK_8_FLAGS) == ["N", "N"]


def test_case_102_after_day_379_is_follow_up(messy):
    names = "ADY AVISIT AVISITN APERIOD APHASE VISIT AWTARGET AWLO AWHI ANL01FL"
    assert messy.adeff("102", names, PARAMCD="IGA", ADT="2020-04-12") == [390, "Follow-up", 99, 2, "FOLLOW-UP", "WEEK 52", *[""] * 4]
    assert messy.adeff("102", "ADT", PARAMCD="IGA", AVISITN=99, ANL01FL="Y") == ["2020-04-17"]
    assert messy.every("ADEFF", "102", "AVAL", PARAMCD="IGATS", AVISITN=[52, 99]) == []


def test_case_103_visit_by_video_is_kept(messy):
    assert messy.adeff("103", "ADT AVAL ANL01FL", PARAMCD="IGA", AVISITN=52) == ["2020-03-18", 1, "Y"]


def test_case_118_a_missing_number_stays_missing_in_the_file(messy):
    assert messy.adeff("118", "AVAL AVISITN ANL01FL CHG PCHG", PARAMCD="BSA", ADT="2019-04-17") == ["", 4, "", "", ""]
