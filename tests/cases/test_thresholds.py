"""Values that lie exactly on a threshold, where binary floats fall short of it (DOMAIN §0, fact 10)."""


def test_threshold_easi_of_16_from_signs_whose_floats_sum_to_less(messy):
    assert 0.1 * 1 * 1 + 0.2 * 1 * 8 + 0.3 * 3 * 11 + 0.4 * 1 * 11 < 16
    assert messy.adsl("301", "IGABL EASIBL BSABL SEVADFL") == [3, 16, 10, "Y"]


def test_threshold_just_under_16_and_just_under_10(messy):
    assert messy.adsl("301B", "EASIBL BSABL SEVADFL") == [15.9, 10, "N"]
    assert messy.adsl("301C", "EASIBL BSABL SEVADFL") == [16, 9.9, "N"]


def test_threshold_half_of_4_8(messy):
    assert 100 * (0.1 * 3 * 3 + 0.2 * 2 * 1 + 0.3 * 1 * 1 + 0.4 * 2 * 1 - 4.8) / 4.8 > -50
    assert messy.adeff("302", "BASE AVAL CHG PCHG CRIT1FL", PARAMCD="EASI", AVISITN=8) == [4.8, 2.4, -2.4, -50, "Y"]
    assert messy.adeff("302", "AVAL DTYPE", PARAMCD="EASI50", AVISITN=8) == [1, ""]


def test_threshold_a_quarter_of_4_8(messy):
    assert 100 * (1.2 - 4.8) / 4.8 > -75
    assert messy.adeff("302", "AVAL CHG PCHG CRIT2FL CRIT3FL", PARAMCD="EASI", AVISITN=4) == [1.2, -3.6, -75, "Y", "N"]
    assert messy.adeff("302", "AVAL DTYPE", PARAMCD="EASI75", AVISITN=4) == [1, ""]


def test_threshold_itch_down_by_exactly_2_and_exactly_4(messy):
    assert 20 / 7 - 34 / 7 > -2
    assert 6 / 7 - 34 / 7 > -4
    assert messy.adeff("303", "CHG CRIT1FL", PARAMCD="ITCHNRS", AVISITN=4) == [-2, "Y"]
    assert messy.adeff("303", "CHG CRIT2FL", PARAMCD="ITCHNRS", AVISITN=8) == [-4, "Y"]
    assert [messy.adeff("303", "AVAL", PARAMCD=code, AVISITN=number)[0] for code, number in (("NRS2", 4), ("NRS4", 8), ("NRS4", 4))] == [1, 1, 0]


def test_threshold_itch_just_short_of_2(messy):
    assert messy.adeff("303", "CHG CRIT1FL", PARAMCD="ITCHNRS", AVISITN=2) == [-1.857143, "N"]  # 21/7 - 34/7
    assert messy.adeff("303", "AVAL", PARAMCD="NRS2", AVISITN=2) == [0]
