"""Specifications with a number twice, a circle, an attribute or an argument that cannot be, and texts that an expression cannot hold."""

from __future__ import annotations

from tests.bad_inputs.mutation import replacements

SEX = "  SEX, RACE, ARM: DM\n"
SAFFL = "SAFFL: {flag_yn: not missing(TRTSDT)}"
replacements("number or name given twice", "refused", [
    ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: {Placebo: 1, Active: 1}"),
    ("study", "Week 4: {number: 4,", "Week 4: {number: 2,"),
    ("study", "Week 4: {number: 4,", "Week 2: {number: 4,"),
    ("study", "[ADSL, ADVS, ADAE]", "[ADSL, ADVS, ADAE, ADVS]"),
    ("advs", "    number: 2\n", "    number: 1\n"),
    ("advs", "label: Diastolic Blood Pressure (mmHg)", "label: Systolic Blood Pressure (mmHg)"),
    ("adsl", "AGE, AGEU: DM", "AGE, AGEU, AGE: DM"),
    ("adsl", SEX, SEX + "  SEX: DM\n"),
    ("adsl", "temporary:\n", "temporary:\n  SEX: DM\n"),
    ("adsl", "key: [STUDYID, USUBJID]", "key: [STUDYID, USUBJID, USUBJID]"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", "AEREL: {terms: [NONE, POSSIBLE, NONE]}"),
    ("codelists", '{terms: {<65: 1, ">=65": 2}}', '{terms: {<65: 1, ">=65": 1}}'),
    ("codelists", '{terms: {<65: 1, ">=65": 2}}', '{terms: {<65: 1, ">=65": }}'),
    ("codelists", "AEREL: {terms", "AGEGR1: {terms: [a]}\n  AEREL: {terms"),
    ("advs", "range: [60, 260]\n", "range: [60, 260]\n    range: [30, 260]\n"),
    ("advs", "    number: 2\n    label: Diastolic", "    number: 2\n    label: x\n    label: Diastolic"),
    ("study", "ids: [TRIAL1]", "ids: [TRIAL1, TRIAL1]"),
    ("adsl", "[65], terms: [<65, \">=65\"]", "[65], terms: [\">=65\", \">=65\"]"),
    ("adsl", "case:\n", "value: '\"x\"'\n    case:\n"),
])  # fmt: skip
replacements("circle", "refused", [
    ("adsl", "TRTSDT: {first: EX.STDT}", "TRTSDT: TRTEDT - TRTDURD + 1"),
    ("adsl", "AGEGR1N: codelist_number(AGEGR1)", "AGEGR1N: AGEGR1N + 1"),
    ("adsl", "TRTSDT: {first: EX.STDT}", "TRTSDT: {first: ADVS.SYSBP.ADT}"),
    ("advs", "value: SYSBP - DIABP", "value: SYSBP - PULSEP"),
    ("advs", '    records: {from: VS, where: SRC.TESTCD == "DIABP"}', "    records: {computed: {value: SYSBP - PULSEP, by: [AVISIT]}}"),
    ("study", "extends: adamig", "extends: [adamig, ../specs]"),
    ("study", "STDT: date(EXSTDTC), ENDT: date(EXENDTC)", "STDT: ENDT - 1, ENDT: STDT + 1"),
    ("advs", "CHG: {where: ADT > TRTSDT, value: AVAL - BASE}", "CHG: PCHG / 100 * CHG"),
])  # fmt: skip
replacements("impossible attribute", "refused", [
    ("adsl", "length: 10, value", "length: 0, value"),
    ("adsl", "length: 10, value", "length: -5, value"),
    ("adsl", "length: 10, value", "length: 201, value"),
    ("adsl", "length: 10, value", "length: 10.5, value"),
    ("adsl", "length: 10, value", "length: ten, value"),
    ("adsl", "length: 10, value", "length: 2, value"),
    ("adsl", "length: 40\n", "length: 4\n"),
    ("adsl", "type: float, total", "type: number, total"),
    ("adsl", "type: float, total", "type: text, length: 8, total"),
    ("adsl", "type: float, total", "type: float, format: NOPE99., total"),
    ("adsl", "type: float, total", "type: float, core: Maybe, total"),
    ("adsl", "type: float, total", "type: float, origin: Thin Air, total"),
    ("study", "as_of: 2024-06-30", "as_of: 2024-02-30"),
    ("study", "as_of: 2024-06-30", "as_of: yesterday"),
    ("study", "as_of: 2024-06-30", "as_of: 0001-01-01"),
    ("study", "as_of: 2024-06-30", "as_of: 9999-12-31"),
    ("study", "low: 2, high: 22", "low: 22, high: 2"),
    ("study", "target: 15, low", "target: 99, low"),
    ("study", "Week 2: {number: 2, target: 15, low: 2, high: 22}", "Week 2: {number: 2, target: 15, low: 0, high: 30}"),
    ("advs", "range: [60, 260]", "range: [260, 60]"),
    ("advs", "range: [60, 260]", "range: [60]"),
    ("advs", "range: [60, 260]", "range: [60, high]"),
    ("advs", "visits: [2, 4], where", "visits: [2, 99], where"),
    ("advs", "visits: [2, 4], where", "visits: [Week 2], where"),
    ("advs", "dtype: LOCF", "dtype: [LOCF]"),

    ("advs", "criteria: {1: {text", "criteria: {x: {text"),
    ("advs", "criteria: {1: {text", "criteria: {0: {text"),
    ("advs", "    number: 2\n", "    number: 2.5\n"),
    ("adae", "month: {use: [TRTSDT], otherwise: first}", "month: {use: [TRTSDT], otherwise: 02-30}"),
    ("adae", "{dtc: AEENDTC, day: {otherwise: last}}", "{dtc: AEENDTC, day: {otherwise: 32}}"),
    ("adae", "{dtc: AEENDTC, day: {otherwise: last}}", "{dtc: AEENDTC, day: {otherwise: lats}}"),
    ("adae", "class: OCCURRENCE DATA STRUCTURE", "class: OCCURENCE DATA STRUCTURE"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: {ordered: [TRTSDT, TRTEDT], severity: fatal}"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: {ordered: [TRTSDT]}"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: {ordered: [TRTSDT, SEX]}"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: TRTSDT >= TRTEDT"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: TRTSDT"),
    ("advs", "key: [STUDYID, USUBJID, PARAMCD, AVISITN, ADT, DTYPE]", "key: [STUDYID, USUBJID, PARAMCD]"),
    ("study", "ids: [TRIAL1]", "ids: [OTHER]"),
])  # fmt: skip
NEW = "  STRAT1: {label: Stratum"


def extra(formula: str) -> tuple[str, str, str]:
    """A new variable of the subjects with this formula."""
    return "adsl", NEW, f"  EXTRA: {{label: Extra, {formula}}}\n{NEW}"


replacements("argument at its limit", "refused", [
    extra('type: text, length: 9, value: \'scan(ARM, 0, " ")\''), extra("type: text, length: 9, value: 'scan(ARM, 1, \"\")'"),
    extra("type: text, length: 9, value: 'scan(ARM, 1.5, \" \")'"), extra("type: float, value: 'round(AGE, 400)'"),
    extra("type: float, value: 'round(AGE, 0.5)'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"\")'"), extra("codelist: NY, flag_yn: 'startswith(ARM, \"\")'"),
    extra("codelist: NY, flag_yn: 'near(AGE, 41, -1)'"), extra("type: date, value: TRTSDT + 0.5"),
     extra("codelist: NY, flag_yn: 'TRTSDT > \"2024-02-30\"'"),
    extra("codelist: NY, flag_yn: 'TRTSDT > \"10JAN2024\"'"), extra("codelist: NY, flag_yn: 'TRTSDT > \"2024-01\"'"),
    extra("codelist: NY, flag_yn: 'TRTSDT > \"\"'"), extra("codelist: NY, flag_yn: 'AGE == 41 == 41'"),
    extra("codelist: NY, flag_yn: 'ARM == \"PLACEBO \"'"), extra("type: text, length: 9, value: codelist_term(AGE)"),
    extra("type: integer, value: codelist_number(ARM)"), extra("type: text, length: 9, recode: {of: SEX, map: {FEMALE: a, MALE: b}}"),
    extra("type: text, length: 9, concatenate: {of: [], by: x}"), extra("type: integer, value: AGE / 7"), extra("type: integer, value: AGE + 0.5"),
    extra("type: text, length: 1, value: ARM"),
])  # fmt: skip
replacements("the same, written with a list", "same", [
    ("advs", "criteria: {where: ADT > TRTSDT}", "criteria: {where: 'not ADT <= TRTSDT'}"),
    ("adsl", 'when: DCDECOD == "COMPLETED"', "when: 'DCDECOD in (\"COMPLETED\", \"DONE\")'"),
])  # fmt: skip
replacements("argument at its limit", "reported", [
    extra("type: date, value: TRTSDT + 99999999"), extra("type: date, value: TRTSDT - 9999999"),
])  # fmt: skip
replacements("texts within expressions", "refused", [
    extra("codelist: NY, flag_yn: 'AGE > 3 # and AGE < 50'"), extra("codelist: NY, flag_yn: \"SEX == \\\"F\\\" # or AGE > 50\""),
    extra("codelist: NY, flag_yn: 'ARM == \"A\\nB\"'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\\d\")'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"\\x00\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\\ud800\")'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"\\N{BULLET}\")'"), extra("codelist: NY, flag_yn: \"contains(ARM, 'PLACEBO')\""),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"\"\"PLACEBO\"\"\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"PLACEBO)'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, u\"PLACEBO\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, r\"PLACEBO\")'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"PLA\" + \"CEBO\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, SEX)'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, 5)'"),
])  # fmt: skip
replacements("texts that are not ASCII", "same", [
    ("adsl", SAFFL, 'SAFFL: {flag_yn: \'not missing(TRTSDT) or DM.ARM == "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9" and SEX == "F"\'}'),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: \'DM.ARM != "\u2265 5" and not missing(TRTSDT)\'}'),
])  # fmt: skip
