"""Specifications that mean nothing, cannot be, or never match anything: what the language must refuse or report by name."""

from __future__ import annotations

from tests.bad_inputs.mutation import replacements

SEX = "  SEX, RACE, ARM: DM\n"
SAFFL = "SAFFL: {flag_yn: not missing(TRTSDT)}"
CHG = "CHG: {where: ADT > TRTSDT, value: AVAL - BASE}"
ANL = 'AVISIT != "" and not missing(AVAL) and DTYPE == "" and (AVISITN > 0 or ABLFL == "Y")'
RELFL = "flag_yn: AEREL in STUDY.RELATED"

replacements("name off by a letter", "refused", [
    ("adsl", "not missing(TRTSDT)", "not missing(TRTSTD)"),
    ("adsl", "{first: EX.STDT}", "{first: EX.STDDT}"),
    ("adsl", "{of: ADVS.SYSBP.AVAL,", "{of: ADVS.SYSPB.AVAL,"),
    ("adsl", "{of: DS.DSDECOD,", "{of: DSS.DSDECOD,"),
    ("advs", "value: AVAL - BASE}", "value: AVAL - BASSE}"),
    ("advs", "value: SYSBP - DIABP", "value: SYSBP - DIAPB"),
    ("advs", "windows: {use: VITALS,", "windows: {use: VITAL,"),
    ("advs", "day: ADY,", "day: ADYY,"),
    ("advs", "carry: [ADT,", "carry: [ADTT,"),
    ("advs", "order: [AWTDIFF, desc(ADT)]", "order: [AWTDIF, desc(ADT)]"),
    ("adae", "STUDY.RELATED", "STUDY.RELATD"),
    ("adae", "records: {from: AE}", "records: {from: AF}"),
    ("adae", "value: AE.AESITE", "value: AE.AESITTE"),
    ("adae", "key: [STUDYID, USUBJID, AESEQ]\nrecords", "key: [STUDYID, USUBJID, AESEQQ]\nrecords"),
    ("study", "[ADSL, ADVS, ADAE]", "[ADSL, ADVS, ADEA]"),
    ("study", "extends: adamig", "extends: adamgi"),
    ("study", "date(EXSTDTC)", "date(EXSTDT)"),
    ("study", "  EX: {variables", "  EXX: {variables"),
    ("advs", "codelist: AVALCAT1", "codelist: AVALCAT"),
])  # fmt: skip
replacements("key off by a letter", "refused", [
    ("adsl", "{of: AGE, at:", "{fo: AGE, at:"),
    ("adsl", "label: Stratum", "lable: Stratum"),
    ("adsl", "label: Subject-Level", "lable: Subject-Level"),
    ("adsl", "temporary:", "temporaries:"),
    ("adsl", "{when: DCDECOD == \"COMPLETED\",", "{wenn: DCDECOD == \"COMPLETED\","),
    ("advs", "criteria: {where:", "criterion: {where:"),
    ("advs", "range: [60, 260]", "rnage: [60, 260]"),
    ("advs", "add: {locf: {visits", "add: {lcof: {visits"),
    ("advs", "visits: [2, 4], where", "visit: [2, 4], where"),
    ("advs", "{computed: {value", "{compute: {value"),
    ("advs", "same: [AVISIT, VISITNUM]", "smae: [AVISIT, VISITNUM]"),
    ("adae", "not_after: last_date", "not_before_or_after: last_date"),
    ("adae", "days_after: STUDY", "day_after: STUDY"),
    ("adae", "subclass: ADVERSE EVENT", "sub_class: ADVERSE EVENT"),
    ("study", "treatments: {", "treatment: {"),
    ("study", "{number: 2, target: 15, low: 2, high: 22}", "{number: 2, target: 15, lower: 2, high: 22}"),
    ("study", "as_of: ", "as_off: "),
    ("codelists", "AEREL: {terms:", "AEREL: {term:"),
    ("adsl", "  SL-2: {equivalent:", "  SL-2: {equivalant:"),
])  # fmt: skip
replacements("function or derivation unknown", "refused", [
    ("study", "date(EXSTDTC)", "dates(EXSTDTC)"),
    ("adsl", "{flag_yn: not missing(TRTSDT)}", "{flag_ny: not missing(TRTSDT)}"),
    ("adsl", "{first: EX.STDT}", "{frist: EX.STDT}"),
    ("advs", "AVAL - BASE) / BASE", "AVAL - BASE) / exec(BASE)"),
    ("advs", "ADT: date(SRC.DTC)", "ADT: input(SRC.DTC, yymmdd10.)"),
    ("adsl", "TRTEDT - TRTSDT + 1", "intck(\"day\", TRTSDT, TRTEDT)"),
])  # fmt: skip
replacements("number of arguments", "refused", [
    ("study", "date(EXSTDTC)", "date()"),
    ("study", "date(EXSTDTC)", "date(EXSTDTC, EXENDTC)"),
    ("adsl", "codelist_number(AGEGR1)", "codelist_number()"),
    ("adsl", "{first: EX.STDT}", "{first: {order: [EX.EXSEQ]}}"),
    ("adae", "{study_day: {date: ASTDT, reference: TRTSDT}}", "{study_day: {date: ASTDT}}"),
    ("adsl", "terms: [<65, \">=65\"]}}", "terms: [<65, \">=65\", odd]}}"),
    ("adsl", "{of: AGE, at: [65], terms", "{of: AGE, at: [65, 60], terms"),
    ("adsl", "{of: AGE, at: [65], terms", "{of: AGE, at: [], terms"),
    ("advs", "value: AVAL - BASE}", "value: \"round(AVAL - BASE, 1, 2)\"}"),
])  # fmt: skip
replacements("kinds that do not go together", "refused", [
    ("adsl", SEX, SEX + '  BAD: {label: Bad, type: text, length: 1, flag: AGE == "41"}\n'),
    ("adsl", SEX, SEX + "  BAD: {label: Bad, type: text, length: 1, flag: SEX > 3}\n"),
    ("adsl", SEX, SEX + "  BAD: {label: Bad, type: float, value: SEX + AGE}\n"),
    ("adsl", SEX, SEX + "  BAD: {label: Bad, type: float, value: SEX}\n"),
    ("adsl", SEX, SEX + '  BAD: {label: Bad, type: text, length: 9, value: "if_else(AGE > 50, SEX, AGE)"}\n'),
    ("adsl", SEX, SEX + "  BAD: {label: Bad, type: date, value: AGE}\n"),
    ("advs", "value: AVAL - BASE}", "value: AVAL - PARAMCD}"),
    ("advs", "value: AVAL - BASE}", "value: ADT - BASE}"),
    ("adae", "{date: ASTDT, reference: TRTSDT}", "{date: AETERM, reference: TRTSDT}"),
    ("adsl", "{of: EX.EXDOSE}", "{of: EX.EXTRT}"),
    ("advs", "criteria: {where: ADT > TRTSDT}", 'criteria: {where: ADT > "2024"}'),
    ("adae", "AEREL in STUDY.RELATED", "AESEQ in STUDY.RELATED"),
    ("adae", "AEREL in STUDY.RELATED", "AEREL in STUDY.FUPDAYS"),
    ("adae", "days_after: STUDY.FUPDAYS", "days_after: STUDY.RELATED"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: TRTSDT}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: AGE}"),
])  # fmt: skip
replacements("term off its codelist", "refused", [
    ("adsl", SAFFL, 'SAFFL: {flag_yn: SEX == "FEMALE"}'),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: \'SEX in ("F", "MALE")\'}'),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: not (SEX == "female")}'),
    ("adsl", SAFFL, 'SAFFL: {value: \'if_else(missing(TRTSDT), "NO", "YES")\'}'),
    ("adsl", SAFFL, 'SAFFL: {value: \'if_else(missing(TRTSDT), "N", "YES")\'}'),
    ("adsl", SAFFL, "SAFFL: {case: [{when: missing(TRTSDT), term: N}, {term: Yes}]}"),
    ("adsl", SAFFL, 'SAFFL: {value: \'coalesce("", "YES")\'}'),
    ("adsl", SAFFL, 'SAFFL: {value: \'concat("Y", "ES")\'}'),
    ("advs", 'subjects: ADSL.SAFFL == "Y"', 'subjects: ADSL.SAFFL == "YES"'),
    ("advs", 'subjects: ADSL.SAFFL == "Y"', 'subjects: ADSL.SAFFL != "NO"'),
    ("advs", ANL, ANL.replace('ABLFL == "Y"', 'ABLFL == "YES"')),
    ("advs", ANL, ANL.replace('ABLFL == "Y"', 'ABLFL == "N"')),
    ("adsl", 'where: ADVS.SYSBP.ABLFL == "Y"', 'where: ADVS.SYSBP.ABLFL == "YES"'),
    ("adsl", "map: {PLACEBO: Placebo,", "map: {PLACEBO: Plazebo,"),
    ("adsl", 'equivalent: [SAFFL == "Y"', 'equivalent: [SAFFL == "YES"'),
    ("advs", "terms: [Normal, Elevated, High]}}", "terms: [Normal, Elevated, Hi]}}"),
    ("adae", 'where: TRTEMFL == "Y", order', 'where: TRTEMFL == "Yes", order'),
    ("adae", 'where: TRTEMFL == "Y", order', 'where: AESEV == "MILDE", order'),
    ("adae", RELFL, 'flag_yn: AESER == "YES"'),
    ("adae", RELFL, 'flag_yn: TRTA == "ACTIVE"'),
    ("advs", 'where: PARAMCD == "SYSBP", cut', 'where: PARAMCD == "SYSBPP", cut'),
    ("advs", "add: {locf: {visits: [2, 4], where: ANL01FL == \"Y\"", "add: {locf: {visits: [2, 4], where: ANL01FL == \"YES\""),
    ("advs", "order: [AWTDIFF, desc(ADT)]", 'order: [AWTDIFF, \'if_else(ABLFL == "YES", 1, 2)\']'),
])  # fmt: skip
replacements("texts side by side", "refused", [
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'SEX in (\"F\" \"M\")'}"),
    ("adae", RELFL, "flag_yn: 'AEREL in (\"POSSIBLE\" \"PROBABLE\")'"),
    ("adae", RELFL, "flag_yn: AEREL == \"POSS\" \"IBLE\""),
    ("adae", RELFL, "flag_yn: 'startswith(AEREL, \"POSS\" \"PROB\")'"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'SEX in (\"F\"\"M\")'}"),
])  # fmt: skip
replacements("condition that nothing meets", "reported", [
    ("adsl", 'where: VS.VSTESTCD == "HEIGHT"', 'where: VS.VSTESTCD == "HEIHGT"'),
    ("adsl", "TRTSDT: {first: EX.STDT}", 'TRTSDT: {first: {of: EX.STDT, where: EX.EXTRT == "ACTVE"}}'),
    ("adsl", 'where: DS.DSCAT == "DISPOSITION EVENT"', 'where: DS.DSCAT == "DISPOSITION"'),
    ("adsl", "{of: EX.EXDOSE}", '{of: EX.EXDOSE, where: EX.EXDOSU == "MG"}'),
    ("advs", 'where: SRC.TESTCD == "DIABP"', 'where: SRC.TESTCD == "DIAPB"'),
    ("advs", 'where: SRC.TESTCD == "DIABP"', 'where: SRC.TESTCD == "diabp"'),
    ("adsl", "records: {from: DM}", 'records: {from: DM, where: DM.ARM == "Active"}'),
    ("adae", "records: {from: AE}", 'records: {from: AE, where: AE.AESER == "Yes"}'),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: DM.ARM == "Active 10 mg"}'),
    ("adsl", 'when: DCDECOD == "ADVERSE EVENT"', 'when: DCDECOD == "ADVERSE EVENTS"'),
    ("study", "EX: {variables:", 'EX: {where: EXDOSU == "MG", variables:'),
    ("adsl", "map: {PLACEBO: Placebo, ACTIVE 10 MG", "map: {PLACEBO: Placebo, ACTIVE"),
    ("advs", "SYSBP - DIABP, same: [AVISIT, VISITNUM], where: ANL01FL == \"Y\"", "SYSBP - DIABP, same: [AVISIT, VISITNUM], where: AVAL > 999"),
    ("advs", 'where: ANL01FL == "Y", dtype', "where: AVAL > 999, dtype"),
    ("advs", "flag_last: {where: ADT <= TRTSDT and", "flag_last: {where: ADT <= TRTSDT - 999 and"),
    ("study", "Baseline: {number: 0, target: 1, high: 1}", "Baseline: {number: 0, target: -98, high: -98}"),
])  # fmt: skip
replacements("line that would do nothing", "reported", [
    ("adsl", "checks:\n", "checks:\n  L-99: off\n"),
    ("study", "constants:", "checks: {X-99: off}\nconstants:"),
    ("study", "constants:", "waivers: [{check: X-99, reason: there is none}]\nconstants:"),
    ("study", "constants:", "waivers: [{check: SL-1, keys: {USUBJID: TRIAL1-999}, reason: there is none}]\nconstants:"),
    ("advs", "    range: [30, 160]", "    range: [30, 160]\n    variables: {AVAL: 5}"),
    ("advs", "    range: [30, 160]", "    range: [30, 160]\n    variables: {PARAMCD: '\"X\"'}"),
    ("advs", "    range: [30, 160]", "    range: [30, 160]\n    variables: {NOSUCH: 5}"),
    ("advs", "AVAL: PARAMETER\n", "AVAL: round(BASE)\n"),
    ("advs", "AVAL: PARAMETER\n", "AVAL: SRC.STRESN\n"),
    ("advs", "  SRCDOM, SRCVAR, SRCSEQ: PARAMETER\n", '  SRCVAR, SRCSEQ: PARAMETER\n  SRCDOM: {term: XX}\n'),
    ("advs", "CRIT1, CRIT1FL, DTYPE: PARAMETER", "DTYPE: PARAMETER"),
    ("advs", "CRIT1, CRIT1FL, DTYPE: PARAMETER", "CRIT1, CRIT1FL: PARAMETER\n  DTYPE: {term: LOCF}"),
    ("study", "    Week 4: {number: 4, target: 29, low: 23, high: 43}", "    Week 4: {number: 4, target: 29, low: 23, high: 43}\n    Week 8: {number: 8, target: 29, low: 23, high: 43}"),
    ("adsl", "{when: DCDECOD == \"ADVERSE EVENT\", term", "{term: All}\n      - {when: DCDECOD == \"ADVERSE EVENT\", term"),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: AGE > 3 and AGE < 2}'),
    ("study", "  EX: {variables", "  LB: {where: LBSTRESN > 1}\n  EX: {variables"),
    ("study", "  EX: {variables", "  DM: {optional: [NOSUCH]}\n  EX: {variables"),
    ("advs", "visits: [2, 4], where", "visits: [], where"),
    ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: {Placebo: 1, Active: 2, Other: 3}"),
])  # fmt: skip
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
    ("advs", '    records: {from: VS, where: SRC.TESTCD == "DIABP"}', "    records: {computed: {value: SYSBP - PULSEP, same: [AVISIT]}}"),
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
    ("advs", "dtype: LOCF", "dtype: ''"),
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
    extra('type: text, length: 9, value: \'scan(ARM, 0, " ")\''), extra("type: text, length: 9, value: 'scan(ARM, 1, \"\")'"), extra("type: text, length: 9, value: 'scan(ARM, 1.5, \" \")'"), extra("type: float, value: 'round(AGE, 400)'"),
    extra("type: float, value: 'round(AGE, 0.5)'"), extra("type: float, value: 'round(AGE, -1)'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\")'"), extra("codelist: NY, flag_yn: 'startswith(ARM, \"\")'"), extra("codelist: NY, flag_yn: 'near(AGE, 41, -1)'"),
    extra("type: date, value: TRTSDT + 0.5"), extra("type: date, value: TRTSDT + 99999999"), extra("type: date, value: TRTSDT - 9999999"), extra("codelist: NY, flag_yn: 'TRTSDT > \"2024-02-30\"'"), extra("codelist: NY, flag_yn: 'TRTSDT > \"10JAN2024\"'"),
    extra("codelist: NY, flag_yn: 'TRTSDT > \"2024-01\"'"), extra("codelist: NY, flag_yn: 'TRTSDT > \"\"'"), extra("codelist: NY, flag_yn: 'AGE == 41 == 41'"), 
    extra("codelist: NY, flag_yn: 'ARM == \"PLACEBO \"'"), extra("type: text, length: 9, value: codelist_term(AGE)"), extra("type: integer, value: codelist_number(ARM)"),
    extra("type: text, length: 9, recode: {of: SEX, map: {FEMALE: a, MALE: b}}"), extra("type: text, length: 9, join: {of: [], by: x}"), extra("type: integer, value: AGE / 7"), extra("type: integer, value: AGE + 0.5"), extra("type: text, length: 1, value: ARM"),
])  # fmt: skip
replacements("the same, written with a list", "same", [
    ("advs", "criteria: {where: ADT > TRTSDT}", "criteria: {where: 'not ADT <= TRTSDT'}"), ("adsl", 'when: DCDECOD == "COMPLETED"', "when: 'DCDECOD in (\"COMPLETED\", \"DONE\")'"),
])  # fmt: skip
replacements("texts within expressions", "refused", [
    extra("codelist: NY, flag_yn: 'AGE > 3 # and AGE < 50'"), extra("codelist: NY, flag_yn: \"SEX == \\\"F\\\" # or AGE > 50\""), extra("codelist: NY, flag_yn: 'ARM == \"A\\nB\"'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, \"\\d\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\\x00\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\\ud800\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"\\N{BULLET}\")'"),
    extra("codelist: NY, flag_yn: \"contains(ARM, 'PLACEBO')\""), extra("codelist: NY, flag_yn: 'contains(ARM, \"\"\"PLACEBO\"\"\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"PLACEBO)'"), extra("codelist: NY, flag_yn: 'contains(ARM, u\"PLACEBO\")'"),
    extra("codelist: NY, flag_yn: 'contains(ARM, r\"PLACEBO\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, \"PLA\" + \"CEBO\")'"), extra("codelist: NY, flag_yn: 'contains(ARM, SEX)'"), extra("codelist: NY, flag_yn: 'contains(ARM, 5)'"),
])  # fmt: skip
replacements("texts that are not ASCII", "reported", [
    extra("codelist: NY, flag_yn: 'DM.ARM == \"\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\" or SEX == \"F\"'"), extra("codelist: NY, flag_yn: 'DM.ARM == \"\u00e9\" or SEX == \"F\"'"), extra("codelist: NY, flag_yn: 'DM.ARM == \"\u2265 5\" and SEX == \"X\"'"),
])  # fmt: skip
