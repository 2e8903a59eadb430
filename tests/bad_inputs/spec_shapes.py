"""Specifications of another shape: other languages, numbers and names without bounds, lists where texts are meant, YAML that is none."""

from __future__ import annotations

from tests.bad_inputs.mutation import replacements

SAFFL = "SAFFL: {flag_yn: not missing(TRTSDT)}"
DURATION = "TRTDURD: TRTEDT - TRTSDT + 1"
SEX = "  SEX, RACE, ARM: DM\n"


def expression(text: str) -> tuple[str, str, str]:
    """The formula of the duration of treatment replaced."""
    return "adsl", DURATION, f"TRTDURD: {text}"


replacements("expression of another language", "refused", [
    ("adsl", SAFFL, "SAFFL: {flag_yn: TRTSDT is not None}"),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: SEX = "F"}'),
    ("adsl", SAFFL, 'SAFFL: {flag_yn: SEX == "F" | AGE > 3}'),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 3 < AGE < 99}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: '__import__(\"os\").system(\"true\")'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE.__class__'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: '(lambda: AGE)()'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: '[AGE for AGE in AGE]'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE[0] > 3'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'f\"{AGE}\" == \"3\"'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE := 3'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'SEX == b\"F\"'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE in ()'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE in (41)'}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: 'AGE > 3 if AGE else AGE < 3'}"),
    expression("TRTEDT // TRTSDT"), expression("TRTEDT - TRTSDT + 1j"), expression("TRTEDT - TRTSDT + ..."), expression("TRTEDT - TRTSDT +"),
    expression("(TRTEDT - TRTSDT + 1"), expression("TRTEDT - TRTSDT + True"), expression("TRTEDT ^ 2"),
    expression("'TRTEDT - TRTSDT + 1; 5'"), expression("TRTEDT - TRTSDT + \u0661"),
    expression("TRTEDT \u2212 TRTSDT + 1"), expression("'TRTEDT - TRTSDT \\ + 1'"), expression("days(TRTEDT, TRTSDT, unit=\"x\")"),
    expression("'min(*TRTEDT)'"), expression('"TRTEDT - TRTSDT + 1\\n+ 5"'),
])  # fmt: skip
replacements("number too large or too deep", "refused", [
    expression("TRTEDT - TRTSDT + 1e999"), expression(f"TRTEDT - TRTSDT + {'9' * 400}"), expression(f"TRTEDT - TRTSDT + {'9' * 5000}"),

     expression(f"{'(' * 300}TRTEDT - TRTSDT{')' * 300}"),
    expression(f"{'(' * 3000}TRTEDT - TRTSDT{')' * 3000}"), expression(f"{'-' * 5000}TRTDURD"), expression(f"TRTEDT - TRTSDT{' + AGE' * 5000}"),
    ("adsl", SAFFL, f"SAFFL: {{flag_yn: {'not ' * 3000}missing(TRTSDT)}}"), ("adsl", SAFFL, f"SAFFL: {{flag_yn: {'AGE > 3 and ' * 4000}AGE < 2}}"),
    ("adsl", SAFFL, f"SAFFL: {'[' * 3000}{']' * 3000}"), ("adsl", SAFFL, f"SAFFL: {'{a: ' * 3000}1{'}' * 3000}"),
    ("study", "FUPDAYS: 30", f"FUPDAYS: {'9' * 5000}"), ("study", "FUPDAYS: 30", "FUPDAYS: 1e999"), ("study", "FUPDAYS: 30", "FUPDAYS: .inf"),
    ("study", "target: 15, low", f"target: {'9' * 400}, low"), ("study", "low: 23, high: 43}", f"low: 23, high: {'9' * 30}}}"),
    ("advs", "    number: 2\n", "    number: 99999999999999999999\n"), ("advs", "range: [60, 260]", "range: [60, 1e400]"),
    ("codelists", '{terms: {<65: 1, ">=65": 2}}', '{terms: {<65: 1, ">=65": 1e999}}'), ("adsl", "at: [65], terms", f"at: [{'9' * 400}], terms"),
    ("adsl", "at: [65], terms", "at: [.nan], terms"), ("study", "{Placebo: 1, Active: 2}", f"{{Placebo: 1, Active: {'9' * 4400}}}"),
    ("advs", "visits: [2, 4], where", f"visits: [2, {'9' * 400}], where"),
])  # fmt: skip
replacements("number too large or too deep", "reported", [
    expression("TRTEDT - TRTSDT + 10 ** 400"), expression("TRTEDT - TRTSDT + 9 ** 9 ** 9"), expression("TRTEDT - TRTSDT + 1.7e308 * 10"),
    expression("TRTEDT - TRTSDT + 99999999999999999999"), expression("TRTSDT + 99999999999"),
    expression("(TRTEDT - TRTSDT) ** 999"), expression("TRTEDT - TRTSDT + 9007199254740993"),
])  # fmt: skip
replacements("list, block or text in the wrong place", "refused", [
    ("study", "study: TRIAL1", "study: [TRIAL1]"), ("study", "study: TRIAL1", "study: {TRIAL1: 1}"),
    ("study", "study: TRIAL1", "study:"), ("study", "study: TRIAL1", "study: true"), ("study", "[ADSL, ADVS, ADAE]", "ADSL"),
    ("study", "[ADSL, ADVS, ADAE]", "ADSL, ADVS, ADAE"), ("study", "[ADSL, ADVS, ADAE]", "{ADSL: 1}"),
    ("study", "[ADSL, ADVS, ADAE]", "[[ADSL, ADVS, ADAE]]"), ("study", "[ADSL, ADVS, ADAE]", "[]"), ("study", "[ADSL, ADVS, ADAE]", ""),
    ("study", "ids: [TRIAL1]", "ids: TRIAL1"), ("study", "ids: [TRIAL1]", "ids: [[TRIAL1]]"), ("study", "ids: [TRIAL1]", "ids: [{a: b}]"),
    ("study", "label: A made-up trial of a blood pressure drug", "label: [a, b]"),
    ("study", "RELATED: [POSSIBLE, PROBABLE]", "RELATED: [[POSSIBLE], PROBABLE]"),
    ("study", "RELATED: [POSSIBLE, PROBABLE]", "RELATED: [POSSIBLE, 3]"), ("study", "RELATED: [POSSIBLE, PROBABLE]", "RELATED: "),
    ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: [Placebo, Active]"),
    ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: {Placebo: one, Active: two}"),
    ("study", "{variables: {STDT: date(EXSTDTC), ENDT: date(EXENDTC)}}", "[STDT, ENDT]"),
    ("study", "{variables: {STDT: date(EXSTDTC), ENDT: date(EXENDTC)}}", "date(EXSTDTC)"), ("adsl", "key: [STUDYID, USUBJID]", "key: USUBJID"),
    ("adsl", "key: [STUDYID, USUBJID]", "key: {STUDYID: 1}"), ("adsl", "key: [STUDYID, USUBJID]", "key: [[STUDYID]]"),
    ("adsl", "dataset: ADSL", "dataset: [ADSL]"), ("adsl", "dataset: ADSL", "dataset: "), ("adsl", "dataset: ADSL", "dataset: {ADSL: x}"),
    ("adsl", "records: {from: DM}", "records: DM"), ("adsl", "records: {from: DM}", "records: [DM]"),
    ("adsl", "records: {from: DM}", "records: {from: [DM]}"), ("adsl", "records: {from: DM}", "records:"),
    ("adsl", "at: [65], terms", "at: 65, terms"), ("adsl", "at: [65], terms", "at: {a: 65}, terms"), ("adsl", "at: [65], terms", "at: [old], terms"),
    ("adsl", SAFFL, "SAFFL: [a]"), ("adsl", SAFFL, "SAFFL:"), ("adsl", SAFFL, "SAFFL: true"), ("adsl", SAFFL, "SAFFL: {}"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: [TRTSDT]}"), ("adsl", SAFFL, "SAFFL: {flag_yn: }"), ("adsl", SAFFL, "SAFFL: {term: [Y]}"),
    ("adsl", SAFFL, "SAFFL: {case: {when: AGE > 3, term: Y}}"), ("adsl", SAFFL, "SAFFL: {case: []}"), ("adsl", SAFFL, "SAFFL: {case: [AGE > 3]}"),
    ("adsl", "map: {PLACEBO: Placebo, ACTIVE 10 MG: Active}", "map: [Placebo, Active]"),
    ("adsl", "map: {PLACEBO: Placebo, ACTIVE 10 MG: Active}", "map: {PLACEBO: [Placebo]}"),
    ("advs", "parameters:\n", "parameters: [SYSBP]\nparameters_of:\n"), ("advs", "range: [30, 160]", "range: 30-160"),
    ("advs", "copy: [ADT, SRCDOM, SRCVAR, SRCSEQ]", "copy: ADT"), ("advs", "windows: {use: VITALS, date: ADT, reference: TRTSDT}", "windows: VITALS"),
    ("advs", "windows: {use: VITALS, date: ADT, reference: TRTSDT}", "windows: [VITALS]"),
    ("advs", "within: [PARAMCD, AVISITN]", "within: {PARAMCD: 1}"),
    ("advs", "criteria: {1: {text: Fall of at least 10 mmHg, when: CHG <= -10}}", "criteria: [CHG <= -10]"),
    ("advs", "by: [AVISIT, VISITNUM]", "by: AVISIT"), ("advs", "{computed: {value: SYSBP - DIABP,", "{computed: {value: [SYSBP, DIABP],"),
    ("advs", "subjects: ADSL.SAFFL == \"Y\"", "subjects: [ADSL.SAFFL]"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", "AEREL: [NONE, POSSIBLE, PROBABLE]"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", "AEREL: {terms: NONE}"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", "AEREL: {terms: []}"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", "AEREL: {terms: [[NONE]]}"), ("codelists", "codelists:", "codelists: [a]\nmore:"),
    ("adae", "use: [TRTSDT], otherwise: first}\n      month", "use: TRTSDT, otherwise: first}\n      month"),
    ("adae", "day: {use: [TRTSDT], otherwise: first}", "day: first"), ("adsl", "checks:\n", "checks: [SL]\nmore:\n"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: {ordered: TRTSDT}"), ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: {}"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1:"), ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: []"),
    ("study", "constants:", "waivers: {check: SL-1}\nconstants:"), ("study", "constants:", "waivers: [SL-1]\nconstants:"),
    ("study", "constants:", "results: [a]\nconstants:"), ("study", "constants:", "non_ascii: maybe\nconstants:"),
    ("study", "constants:", "conformance: sometimes\nconstants:"), ("study", "constants:", "periods: [a]\nconstants:"),
])  # fmt: skip
replacements("names that cannot be", "refused", [
    ("adsl", SEX, SEX + "  sex: DM\n"), ("adsl", SEX, SEX + "  TOOLONGNAME: {label: x, type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  1ABC: {label: x, type: float, value: AGE}\n"), ("adsl", SEX, SEX + "  A-B: {label: x, type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  \u00c4GE: {label: x, type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + f"  {'A' * 5000}: {{label: x, type: float, value: AGE}}\n"),
    ("adsl", SEX, SEX + "  \"A\\e[31mB\": {label: x, type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  \"\": {label: x, type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  NEWVAR: {label: \"" + "x" * 41 + "\", type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  NEWVAR: {label: \"a\\nb\", type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  NEWVAR: {label: \"a\\0b\", type: float, value: AGE}\n"),
    ("adsl", SEX, SEX + "  NEWVAR: {label: \"a\\e[2Jb\", type: float, value: AGE}\n"), ("adsl", SEX, SEX + "  NEWVAR: {type: float, value: AGE}\n"),
    ("adsl", "label: Subject-Level Analysis Dataset", f"label: {'x' * 41}"),
    ("adsl", "label: Subject-Level Analysis Dataset", "label: Ges\u00fcnder"), ("adsl", "label: Subject-Level Analysis Dataset", 'label: "a\\x07b"'),
    ("adae", "dataset: ADAE", "dataset: ../ADAE"), ("adae", "dataset: ADAE", "dataset: adae"), ("adae", "dataset: ADAE", "dataset: ADVERSEEVENTS"),
    ("adae", "dataset: ADAE", "dataset: AD AE"), ("adae", "dataset: ADAE", 'dataset: "AD\\0E"'), ("adae", "dataset: ADAE", 'dataset: "AD\\nE"'),
    ("adae", "dataset: ADAE", "dataset: /tmp/ADAE"), ("adae", "dataset: ADAE", "dataset: 12"), ("advs", "  PULSEP:\n", "  PULSEPRESS:\n"),
    ("advs", "  PULSEP:\n", "  pulsep:\n"), ("advs", "  PULSEP:\n", "  PULSE P:\n"), ("advs", "  PULSEP:\n", "  ../P:\n"),
    ("study", "  VITALS:", "  \"VI\\nTALS\":"), ("study", "    Week 2: {", f"    {'W' * 250}: {{"),
    ("study", "    Week 2: {", "    \"Week\\0 2\": {"),
    ("study", "treatments: {Placebo: 1, Active: 2}", f"treatments: {{Placebo: 1, Active: 2, {'x' * 250}: 3}}"),
    ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: {Placebo: 1, Active: 2, \"a\\tb\": 3}"),
    ("study", "study: TRIAL1", 'study: "TRI\\0AL"'),
    ("advs", "label: Pulse Pressure (mmHg)", f"label: {'x' * 201}"), ("advs", "label: Pulse Pressure (mmHg)", "label: Pulse \u2265 3"),
    ("advs", "label: Pulse Pressure (mmHg)", 'label: "a\\0b"'), ("advs", "label: Pulse Pressure (mmHg)", 'label: "a\\ud800b"'),
    ("advs", "text: Fall of at least 10 mmHg", f"text: {'x' * 201}"), ("advs", "text: Fall of at least 10 mmHg", "text: Fall \u2265 10"),
    ("advs", "text: Fall of at least 10 mmHg", 'text: "a\\eb"'), ("adsl", "term: Adverse Event}", f"term: {'x' * 41}}}"),
    ("adsl", "term: Adverse Event}", 'term: "a\\ud83db"}'), ("adsl", "term: Adverse Event}", 'term: "\\0"}'),
    ("adsl", "term: Adverse Event}", "term: \u00c4u\u00dferung}"), ("adsl", "value: DM.STRAT1}", "value: 'concat(DM.STRAT1, \"\u20ac\")'}"),
    ("adsl", "value: DM.STRAT1}", "value: \"concat(DM.STRAT1, \\\"\\0\\\")\"}"), ("adsl", "  SL-1: {ordered", "  \"SL\\e[1m\": {ordered"),
    ("codelists", "AEREL: {terms: [NONE, POSSIBLE, PROBABLE]}", 'AEREL: {terms: [NONE, POSSIBLE, PROBABLE, "a\\0b"]}'),
])  # fmt: skip
replacements("a # that begins a comment", "refused", [
    ("adsl", 'when: DCDECOD == "COMPLETED", term: ""}', 'when: DCDECOD == "NO #1", term: ""}'),
    ("adae", RELFL := "flag_yn: AEREL in STUDY.RELATED", 'flag_yn: AEREL == "A #1"'),
    ("adae", RELFL, 'flag_yn: AEDECOD == "Pain #2" or AESER == "Y"'), expression('if_else(SEX == "F #", 1, 2)'),
])  # fmt: skip
replacements("YAML that is none or means another thing", "refused", [
    ("adsl", "variables:\n", "variables: &x\n"), ("adsl", SAFFL, "SAFFL: *x"), ("adsl", SAFFL, "SAFFL: !!python/object/apply:os.system [true]"),
    ("adsl", SAFFL, "SAFFL: !!binary aGk="), ("adsl", SAFFL, "<<: {SAFFL: 3}"), ("adsl", SAFFL, "\tSAFFL: x"),
    ("adsl", SAFFL, "SAFFL: {flag_yn: not missing(TRTSDT)"), ("adsl", SAFFL, "SAFFL: {flag_yn: 'not missing(TRTSDT)}"),
    ("adsl", SAFFL, 'SAFFL: "flag'), ("adsl", SAFFL, "SAFFL: {flag_yn: AGE in (41, 42)}"), ("adsl", SAFFL, "SAFFL: {flag_yn: TRTSDT: 3}"),
    ("adsl", SAFFL, "? [a, b]\n  : c"), ("adsl", SAFFL, " SAFFL: x"), ("adsl", SAFFL, "SAFFL"), ("adsl", SAFFL, "SAFFL: @x"),
    ("adsl", SAFFL, "SAFFL: %x"), ("adsl", "temporary:\n", "---\ntemporary:\n"), ("adsl", "temporary:\n", "...\ntemporary:\n"),
    ("adsl", "temporary:\n", "- a\ntemporary:\n"), ("study", "study: TRIAL1\n", "%YAML 9.9\n---\nstudy: TRIAL1\n"),
    ("study", "FUPDAYS: 30", "FUPDAYS: 012"), ("study", "FUPDAYS: 30", "FUPDAYS: 1_000"), ("study", "FUPDAYS: 30", "FUPDAYS: 0x1E"),
    ("study", "FUPDAYS: 30", "FUPDAYS: thirty"), ("study", "FUPDAYS: 30", "FUPDAYS: 12:30"), ("study", "FUPDAYS: 30", "FUPDAYS: yes"),
    ("study", "FUPDAYS: 30", "FUPDAYS: true"), ("study", "FUPDAYS: 30", "FUPDAYS: ~"), ("study", "FUPDAYS: 30", "FUPDAYS: 2024-01-01"),
    ("study", "FUPDAYS: 30", "FUPDAYS: '30'"),
])  # fmt: skip
replacements("harmless change of a specification", "same", [
    ("adsl", "key: [STUDYID, USUBJID]", "key:\n  - STUDYID\n  - USUBJID"), ("adsl", SAFFL, 'SAFFL: {flag_yn: "not missing(TRTSDT)"}'),
    ("adsl", SAFFL, "SAFFL:\n    flag_yn:\n      when: not missing(TRTSDT)"), ("adsl", SAFFL, "SAFFL: {flag_yn: not (missing(TRTSDT))}"),
    ("adsl", DURATION, "TRTDURD: (TRTEDT - TRTSDT) + 1.0"), ("adsl", DURATION, "TRTDURD:\n    TRTEDT -\n    TRTSDT + 1"),
    ("adsl", SEX, "  SEX: DM.SEX\n  RACE, ARM: DM\n"), ("adsl", "dataset: ADSL", "dataset: 'ADSL'"),
    ("advs", "range: [60, 260]", "range: [60.0, 2.6e2]"), ("advs", "when: CHG <= -10", "when: CHG + 10 <= 0"),
    ("advs", "when: CHG <= -10", "when: not CHG > -10"), ("study", "FUPDAYS: 30", "FUPDAYS: +30"), ("study", "FUPDAYS: 30", "FUPDAYS: 30.0"),
    ("study", "FUPDAYS: 30", "FUPDAYS: 3e1"), ("study", "treatments: {Placebo: 1, Active: 2}", "treatments: {Active: 2, Placebo: 1}"),
    ("advs", "value: (AVAL - BASE) / BASE * 100", "value: 100 * (AVAL - BASE) / BASE"),
    ("adae", "AEREL in STUDY.RELATED", "not (AEREL not in STUDY.RELATED)"), ("study", "[ADSL, ADVS, ADAE]", "[ADVS, ADAE, ADSL]"),
    ("adsl", "  SL-1: {ordered: [TRTSDT, TRTEDT]}", "  SL-1: TRTSDT <= TRTEDT"),
])  # fmt: skip
