"""One change to the small study, in parameters, codelists or results, is told with its place before a data row is read."""

import shutil
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.pipeline.planning import plan_with_source

STUDY = Path(__file__).parents[1] / "study"
LAYER = Path(__file__).parents[2] / "specs" / "adamig"
RESPONSE = 'records: {response: {of: ITCH, criterion: 1, where: ANL01FL == "Y" and not missing(AWTARGET)}}'
CASES = [
    ("aditch", 'where: SRC.TESTCD == "ITCH"', "where: SRC.TESTCD", "14:32: ADITCH.ITCH: from: where must be a condition; SRC.TESTCD is a text"),
    ("aditch", "{from: QS,", "{from: QS, value: SRC.TESTCD,", "ADITCH.ITCH: from: value must be a number; SRC.TESTCD is a text"),
    ("aditch", 'subjects: ADSL.SAFFL == "Y", dtype', "subjects: 1/0, dtype", "nonresponse: subjects must be a condition; 1/0 is a number"),
    ("aditch", "visits: [2, 4]", "visits: []", "ADITCH.ITCH4: visits"),
    ("aditch", "range: [0, 10]", "range: [10, 0]", "15:12: ADITCH.ITCH: range must be [lowest, highest], not [10, 0]."),
    ("aditch", "number: 2", "number: 1", "ADITCH.ITCH4: Number 1 is already the number of ITCH."),
    ("aditch", "codelist: NYNUM", "codelist: NYNMU", "ADITCH.ITCH4: There is no codelist 'NYNMU'. Did you mean 'NYNUM'?"),
    ("aditch", RESPONSE, "records: {computed: {value: ITCH == 1, by: [AVISIT]}}", "value must be a number; ITCH == 1 is a condition"),
    ("aditch", RESPONSE, "records: {computed: {value: ITCH + upper(ITCH), by: [AVISIT]}}", "Function upper requires a text, but ITCH is a number."),
    (
        "aditch",
        RESPONSE,
        "records: {computed: {value: 1 + 1, by: [AVISIT]}}",
        "value must name a parameter that differs between groups",
    ),
    ("codelists", '">=65": 2', '">=65": 1', "AGEGR1: Number 1 is given to '<65' and to '>=65'."),
    ("codelists", '">=65": 2', '">=65": ', "AGEGR1: '>=65' has no number, but other terms have."),
    ("codelists", "codelists:\n", "codelists:\n  XX: {terms: [A, A]}\n", "XX: A term is listed twice."),
    ("codelists", "codelists:\n", "codelists:\n  XX: {nci: 66742, terms: [A]}\n", "XX: nci must be a C with digits, such as C66742, not '66742'."),
    ("study", "{FUPDAYS: 30}", "{FUPDAYS: 30, SEXES: [F]}\nsources: {DM: {where: SEX == STUDY.SEXES}}", "SEXES is a list of values, so '=='"),
    ("adsl", "variables:\n", "variables:\n  '': 1\n", "ADSL: A name is missing in ''"),
    ("adsl", "variables:\n", "variables:\n  SEX: {term: Y}\n", 'ADSL.SEX: "Y" is not a term of codelist SEX (F, M, U, UNDIFFERENTIATED, INTERSEX)'),
    ("adsl", "variables:\n", "variables:\n  SEX: {cut: {of: DM.AGE, at: [1], terms: [M, MALE]}}\n", '"MALE" is not a term of codelist SEX'),
    ("adsl", "variables:\n", "variables:\n  SEX: {recode: {of: DM.ARM, map: {A: FEMALE}, otherwise: F}}\n", '"FEMALE" is not a term of codelist SEX'),
    ("adsl", "variables:\n", "variables:\n  SEX: {case: [{when: DM.AGE > 1, term: W}, {term: M}]}\n", '"W" is not a term of codelist SEX'),
]
RESULT = "results:\n  R: {title: T, dataset: ADSL, by: TRT01A, value: count, published: %s}\n"
PUBLISHED = [
    ("[1, 2 3]", "R: published must be numbers, not '2 3'."),
    ("[1]", "R: published has 1 numbers, but TRT01A requires 2, or one more for the total."),
    ("[1, 2, 3, 4]", "R: published has 4 numbers, but TRT01A requires 2, or one more for the total."),
    ("{Actve: 1}", "R: published: TRT01A has no group 'Actve'. Did you mean 'Active'?"),
]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    shutil.copytree(LAYER, tmp_path / "specs" / "adamig")
    return Path(shutil.copytree(STUDY / "specs", tmp_path / "tests" / "study" / "specs"))


@pytest.mark.parametrize(("file", "was", "now", "message"), CASES, ids=lambda text: text[:30])
def test_it_is_told(specs: Path, file: str, was: str, now: str, message: str) -> None:
    path = specs / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        plan_with_source(specs, STUDY / "sdtm")
    found = [problem for problem in caught.value.problems if message in str(problem)]
    assert found, str(caught.value)
    assert all(problem.mark.line and problem.mark.file.startswith(str(specs)) for problem in found)


@pytest.mark.parametrize(("published", "message"), PUBLISHED)
def test_published_numbers_fit_the_groups(specs: Path, published: str, message: str) -> None:
    (specs / "results.yaml").write_text(RESULT % published, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        plan_with_source(specs)
    assert message in str(caught.value)


@pytest.mark.parametrize("published", ["[1, 2]", "[1, -2.5, 3]", "{Active: 1, Total: 2}"])
def test_good_published_numbers_are_none_of_our_business(specs: Path, published: str) -> None:
    (specs / "results.yaml").write_text(RESULT % published, encoding="utf-8")
    assert plan_with_source(specs)[0].study.results["R"].published
