"""The reviewer's guide has every section of the template, with the content of the specification and the findings; no text is markup."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from adam.core.errors import Finding, Severity
from adam.expressions.parse import parse
from adam.planning.values import Derivation, Guide, ResolvedDataset, ResolvedSource, Value, Waiver, Window
from adam.planning.values.reads import DatasetReads
from adam.submission.document import Block, Heading, Paragraph, Picture, Table, plain_text, to_markdown
from adam.submission.guide.document import reviewers_guide
from adam.submission.guide.facts import NOT_STATED, SECTIONS, GuideFacts, Tool
from adam.submission.guide.populations import count_populations
from tests.stored import stored
from tests.submission.example_datasets import DATASETS, FRAMES, PROFILES, STUDY, variable

FINDINGS = [
    Finding("W-1", Severity.WARNING, "ADY", "a | b <script>", 3, variable="AVAL"),
    Finding("W-1", Severity.WARNING, "ADY", "a | b <script>", 2, variable="BASE"),
    Finding("L-07", Severity.ERROR, "ADX", "the end is before the start [L-07]", 1, waived="Confirmed by the site"),
]
GUIDE = Guide.model_validate(
    {
        "protocol": {"number": "P-1", "title": "A & B", "version": ["1.0", "2.0"]},
        "acronyms": {"NRS": "Numeric rating scale"},
        "text": {"visits": "Visits are <windowed>."},
        "datasets": {"ADX": ["One.", "Two."]},
    }
)
READS = {
    "ADX": DatasetReads({"DM": ("SEX", "USUBJID"), "EX": ("EXSTDTC",)}, {"ADY": ("AVAL",)}, {"ADY": ("DOSE",)}),
    "ADY": DatasetReads({"QS": ("QSSTRESN",)}, {"ADX": ("TRTSDT",)}, {"ADX": ("", "AVISIT", "analysis window")}),
}


def facts(datasets: dict[str, ResolvedDataset] = DATASETS) -> GuideFacts:
    more = {
        "ids": ("S1A", "S1B"),
        "as_of": None,
        "treatments": {"Vehicle": 1.0},
        "periods": {1: "First"},
        "phases": {},
        "tables": {},
        "files": (("study.yaml", Path("study.yaml")), ("adamig/classes.yaml", Path("classes.yaml"))),
        "constants": {"SITES": ("1", "2"), "ARM": {"A": "Active"}},
        "sources": {"EX": ResolvedSource(name="EX", variables={"STDT": variable("STDT", "", method="The date of EXSTDTC.")})},
        "waivers": (Waiver(check="L-07", reason="Confirmed by the site", keys={"USUBJID": "S-1-01"}),),
        "guide": GUIDE,
        "core_variables": (),
    }
    study = STUDY.model_copy(update=more)
    tools = [Tool("adamsmith", "1", "3 rules")]
    programs = ["../programs/formats.sas", "../programs/table-1.r"]
    return GuideFacts(study, datasets, PROFILES, FINDINGS, {}, READS, {"": 2, "SAFFL": 1}, tools, programs)


def section(blocks: list[Block], key: str) -> list[Block]:
    """The blocks after the heading of a section, up to the next heading of its level."""
    start = next(number for number, block in enumerate(blocks) if isinstance(block, Heading) and block.anchor == key)
    rest = blocks[start + 1 :]
    end = next((number for number, block in enumerate(rest) if isinstance(block, Heading) and block.level <= 3), len(rest))
    return rest[:end]


def texts(blocks: list[Block]) -> list[str]:
    return [plain_text(block.text) for block in blocks if isinstance(block, Paragraph)]


def rows(blocks: list[Block]) -> list[list[str]]:
    return [[plain_text(cell) for cell in row] for block in blocks if isinstance(block, Table) for row in block.rows]


def test_every_section_of_the_template_is_there_in_its_order() -> None:
    headings = [block.text for block in reviewers_guide(facts()) if isinstance(block, Heading) and block.level == 3]
    assert [text for text in headings if text in SECTIONS.values()] == list(SECTIONS.values())
    assert headings[headings.index("5.2 Analysis Datasets") + 1 :][:2] == ["5.2.1 ADX - Subjects", "5.2.2 ADY - Values"]


def test_the_protocol_as_stated_and_what_is_not_stated() -> None:
    blocks = reviewers_guide(facts())
    assert rows(section(blocks, "protocol")) == [
        ["Protocol number", "P-1"],
        ["Protocol title", "A & B"],
        ["Protocol version 1", "1.0"],
        ["Protocol version 2", "2.0"],
    ]
    assert texts(section(blocks, "design"))[0] == NOT_STATED
    assert texts(section(blocks, "subject_issues")) == [NOT_STATED]


def test_texts_of_the_study_precede_what_the_specification_gives() -> None:
    blocks = reviewers_guide(facts())
    assert texts(section(blocks, "visits"))[0] == "Visits are <windowed>."
    assert texts(section(blocks, "dataset_ADX"))[1:3] == ["One.", "Two."]
    assert ["NRS", "Numeric rating scale"] in rows(section(blocks, "acronyms"))


def test_standards_and_the_dictionaries_that_are_not_stated() -> None:
    assert rows(section(reviewers_guide(facts()), "standards")) == [
        ["ADaMIG", "", "1.3"],
        ["CDISC/NCI", "SDTM", "2022-09-30"],
        ["Define-XML", "", "2.1"],
        ["Medications dictionary", "", NOT_STATED],
        ["Medical events dictionary", "", NOT_STATED],
    ]


def test_dictionaries_with_their_versions() -> None:
    found = facts()
    found = replace(found, study=found.study.model_copy(update={"dictionaries": {"MedDRA": "27.1"}}))
    assert rows(section(reviewers_guide(found), "standards"))[3:] == [["MedDRA", "", "27.1"]]


def test_source_domains_and_dependencies() -> None:
    blocks = reviewers_guide(facts())
    assert rows(section(blocks, "source_data")) == [
        ["DM", "SEX, USUBJID", "ADX", "All records."],
        ["EX", "EXSTDTC", "ADX", "All records."],
        ["QS", "QSSTRESN", "ADY", "All records."],
    ]
    assert rows(section(blocks, "data_dependencies"))[:2] == [["ADX", "DM, EX", "ADY"], ["ADY", "QS", "ADX"]]


def test_the_picture_in_words_and_the_datasets_that_read_each_other() -> None:
    blocks = section(reviewers_guide(facts()), "data_dependencies")
    (picture,) = [block for block in blocks if isinstance(block, Picture)]
    assert picture.drawing.text == "ADX reads DM, EX and ADY. ADY reads QS and ADX."
    assert [arrow.dashed for arrow in picture.drawing.arrows] == [False, False, True, False]
    assert [box.lines for box in picture.drawing.boxes] == [("DM, EX",), ("QS",), ("ADX",), ("ADY",)]
    assert rows(blocks)[2:] == [["ADX", "DOSE", "ADY", "AVAL"], ["ADY", "AVISIT, selection of records", "ADX", "TRTSDT"]]
    begin = "Some variables of ADX are derived from ADY, and ADY has variables of ADX. This is no circle: no variable depends on itself."
    assert any(text.startswith(begin) for text in texts(blocks))


def test_populations_with_the_number_of_subjects() -> None:
    flag = variable("SAFFL", "Safety Population Flag", method='"Y" if TRTSDT is not missing; otherwise "N".')
    adx = DATASETS["ADX"].model_copy(update={"variables": {**DATASETS["ADX"].variables, "SAFFL": flag}})
    blocks = reviewers_guide(facts({**DATASETS, "ADX": adx}))
    assert rows(section(blocks, "design"))[-1] == ["SAFFL", "Safety Population Flag", '"Y" if TRTSDT is not missing; otherwise "N".', "1"]


def test_analysis_windows_and_how_a_record_gets_one() -> None:
    blocks = section(reviewers_guide(facts()), "visits")
    assert texts(blocks)[1:] == [
        "ADY: each record is assigned to the first window that it matches. Its day is counted from ADX.TRTSDT to ADT; there is no day 0.",
        "The windows apply to scheduled and unscheduled visits alike: the collected visit is not used.",
    ]
    assert rows(blocks) == [["Baseline", "0", "", "", "", ""], ["Week 2", "2", "", "", "", ""]]


def test_a_date_in_the_condition_of_a_window_is_before_or_after() -> None:
    found = facts()
    late = Window(name="Follow-up", number=99.0, where=parse("ADT > LASTDT + 7"))
    dated = {name: variable(name, "").model_copy(update={"type": "date"}) for name in ("ADT", "LASTDT")}
    ady = DATASETS["ADY"].model_copy(
        update={"variables": DATASETS["ADY"].variables | {"ADT": dated["ADT"]}, "temporary": {"LASTDT": dated["LASTDT"]}}
    )
    use = ady.windows.use if ady.windows else ""
    study = found.study.model_copy(update={"windows": {use: {"Follow-up": late}}})
    blocks = section(reviewers_guide(replace(found, study=study, datasets={**DATASETS, "ADY": ady})), "visits")
    assert rows(blocks)[0] == ["Follow-up", "99", "", "", "", "ADT is after LASTDT + 7 days"]


def test_core_variables_are_those_of_every_dataset_or_those_that_are_stated() -> None:
    assert rows(section(reviewers_guide(facts()), "core_variables")) == [["USUBJID", "Unique Subject Identifier", "ADY"]]
    found = facts()
    found = replace(found, study=found.study.model_copy(update={"core_variables": (("SEX", None), ("USUBJID", None))}))
    assert rows(section(reviewers_guide(found), "core_variables")) == [["SEX", "Sex", ""], ["USUBJID", "Unique Subject Identifier", "ADY"]]


def test_treatment_variables_with_the_same_definition_are_one_row() -> None:
    planned = variable("TRT01P", "Planned Treatment for Period 01", method="The arm.")
    copied = planned.model_copy(update={"method": "Equal to ADX.TRT01P."})
    added = {name: each.model_copy(update={"variables": {**each.variables, "TRT01P": copied}}) for name, each in DATASETS.items()}
    added |= {"ADZ": added["ADY"].model_copy(update={"name": "ADZ"})}
    added["ADX"] = added["ADX"].model_copy(update={"variables": {**added["ADX"].variables, "TRT01P": planned}})
    found = replace(facts(added), profiles={**PROFILES, "ADZ": PROFILES["ADY"]})
    assert rows(section(reviewers_guide(found), "treatment_variables")) == [
        ["TRT01P", "ADX", "Planned Treatment for Period 01", "The arm."],
        ["TRT01P", "ADY, ADZ", "Planned Treatment for Period 01", "Equal to ADX.TRT01P."],
    ]


def test_subjects_with_a_population_flag_are_counted() -> None:
    flags = {name: variable(name, f"{name} Population Flag") for name in ("SAFFL", "ITTFL")}
    adx = DATASETS["ADX"].model_copy(update={"variables": {**DATASETS["ADX"].variables, **flags}})
    frame = FRAMES["ADX"].assign(SAFFL=["Y", "N"], ITTFL=["", ""])
    records = stored({**FRAMES, "ADX": frame})
    assert count_populations(records, {**DATASETS, "ADX": adx}) == {"": 2, "SAFFL": 1, "ITTFL": 0}
    assert count_populations(stored(FRAMES), DATASETS) == {}


def test_imputed_dates_and_created_records() -> None:
    parameters = {code: each.model_copy(update={"added_records": ("The last value.",)}) for code, each in DATASETS["ADY"].parameters.items()}
    found = facts({"ADX": DATASETS["ADX"], "ADY": DATASETS["ADY"].model_copy(update={"parameters": parameters})})
    assert rows(section(reviewers_guide(found), "imputation")) == [
        ["ADX.TRTSDT", "The date of EXSTDTC, imputed."],
        ["ADY", "A, B", "The last value."],
    ]


def test_a_date_completed_by_a_function_is_imputed() -> None:
    formula = Value(parse("last_date(EXENDTC)"))
    end = variable("ENDT", "").model_copy(update={"formula": formula, "method": "M."})
    source = ResolvedSource.model_construct(name="EX", variables={"ENDT": end})
    found = facts()
    found = replace(found, study=found.study.model_copy(update={"sources": {"EX": source}}))
    assert ["EX.ENDT", "M."] in rows(section(reviewers_guide(found), "imputation"))


def test_a_date_completed_inside_an_argument_is_imputed() -> None:
    formula = Derivation("case", [{"when": "A == 1", "value": "first_datetime(EXSTDTC)"}])
    adx = DATASETS["ADX"].model_copy(update={"temporary": {"LAST": variable("LAST", "", method="M.").model_copy(update={"formula": formula})}})
    assert ["ADX.LAST", "M."] in rows(section(reviewers_guide(facts({**DATASETS, "ADX": adx})), "imputation"))


def test_split_datasets() -> None:
    assert texts(section(reviewers_guide(facts()), "split_datasets")) == ["No dataset is split."]
    blocks = section(reviewers_guide(replace(facts(), parts={"ADX": [], "ADY": ["ADY1", "ADY2"]})), "split_datasets")
    assert rows(blocks) == [["ADY", "split/ady1.xpt, split/ady2.xpt"]]


def test_datasets_and_their_parameters() -> None:
    blocks = reviewers_guide(facts())
    assert rows(section(blocks, "overview"))[1] == [
        "ADY",
        "Values",
        "BASIC DATA STRUCTURE",
        "One record per subject, parameter and visit",
        "USUBJID, PARAMCD, AVISITN",
        "2",
        "6",
    ]
    assert rows(section(blocks, "dataset_ADY")) == [["A", "Parameter A", "QS.QSSTRESN"], ["B", "Parameter B", "the mean of A"]]
    assert rows(section(blocks, "dataset_ADX")) == [["SEX", "As collected"]]


def test_each_finding_once_with_its_explanation_errors_first() -> None:
    blocks = reviewers_guide(facts())
    assert rows(section(blocks, "conformance")) == [["adamsmith", "1", "3 rules"]]
    assert rows(section(blocks, "issues")) == [
        ["L-07", "error", "ADX", "the end is before the start", "1", "Confirmed by the site"],
        ["W-1", "warning", "ADY.AVAL, ADY.BASE", "a | b <script>", "5", "No explanation is stated in the specification."],
    ]
    assert to_markdown(blocks).count("the end is before the start") == 1


def test_a_file_that_a_submission_lacks_has_no_copy(tmp_path: Path) -> None:
    made, own = tmp_path / "simulation.yaml", tmp_path / "study.yaml"
    made.write_text("# subjects\nsimulation:\n  subjects: 3\n")
    own.write_text("study: S\nsimulation:\n  subjects: 3\n")
    found = facts()
    found = replace(found, study=found.study.model_copy(update={"files": (("s/simulation.yaml", made), ("s/study.yaml", own))}))
    assert rows(section(reviewers_guide(found), "adam_programs")) == [["s/study.yaml", "spec-s-study.txt"]]


def test_programs_by_their_use() -> None:
    blocks = reviewers_guide(facts())
    assert rows(section(blocks, "adam_programs")) == [["study.yaml", "spec-study.txt"], ["adamig/classes.yaml", "spec-adamig-classes.txt"]]
    assert rows(section(blocks, "output_programs")) == [["table-1.r", "R"]]
    assert rows(section(blocks, "macro_programs")) == [["formats.sas", "SAS"]]
    assert rows(section(blocks, "formal_expressions"))[-2:] == [["SITES", "1, 2"], ["ARM", "A: Active"]]


def test_the_displays_have_their_programs_and_datasets() -> None:
    result = SimpleNamespace(selections=(SimpleNamespace(dataset="ADX"), SimpleNamespace(dataset="ADY")))
    display = SimpleNamespace(name="TABLE_1", title="Age", results=(result,), model_copy=lambda update: display)
    found = facts()
    found = replace(found, study=found.study.model_copy(update={"displays": {"TABLE_1": display}}))
    found = replace(found, programs=["../programs/table-1.r", "../programs/table-1.sas", "../programs/own.R", "../programs/read-adam.r"])
    blocks = reviewers_guide(found)
    assert rows(section(blocks, "output_programs")) == [["TABLE_1", "Age", "ADX, ADY", "table-1.r table-1.sas "], ["own.R", "R"]]
    assert rows(section(blocks, "macro_programs")) == [["read-adam.r", "R"]]


def test_intermediate_values() -> None:
    adx = DATASETS["ADX"].model_copy(update={"temporary": {"LAST": variable("LAST", "", method="The last dose.")}})
    blocks = section(reviewers_guide(facts({"ADX": adx, "ADY": DATASETS["ADY"]})), "intermediate_datasets")
    assert rows(blocks) == [["ADX.LAST", "The last dose."], ["EX.STDT", "The date of EXSTDTC."]]
