"""No fact of a study is in Python: the study of docs/simulation.md is simulated from its YAML alone."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from adam.core.errors import SpecError
from adam.simulation import simulate
from adam.specification.read import read
from tests.simulation.simulated import frames

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "simulation.md"
CONTROLLED = {  # terms, names and labels of SDTM itself
    "ADVERSE EVENT", "ASSIGNED", "COLLECTED", "COMPLETED", "DAY 1", "END OF STUDY", "FOLLOW-UP", "INFORMED CONSENT", "MILD", "MISSING", "MODERATE",
    "NONE", "NOT DONE", "NOT RELATED", "ONGOING", "OTHER", "RELATED", "SCREENING", "SEVERE", "UNKNOWN", "VISIT MISSED", "YES", "STUDYID", "EXTRT",
    "EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "ARM", "DOSE", "ROUTE", "LENGTH", "SPONSOR", "RANDOM",
}  # fmt: skip
ENGLISH = {"ALL", "CAN", "CLEAR", "SECOND", "WHOLE"}
"""Terms of the study that are also everyday words."""


def read_study(folder, blocks):
    for name, text in zip(("study.yaml", "simulation.yaml"), blocks, strict=True):
        (folder / name).write_text(text)
    return read(folder)


@pytest.fixture(scope="module")
def blocks():
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def knee(blocks, tmp_path_factory):
    return read_study(tmp_path_factory.mktemp("knee"), blocks)


@pytest.fixture(scope="module")
def sdtm(knee):
    return frames(knee, exact=True)


def texts(value):
    """Every text below a value of the YAML."""
    if isinstance(value, dict):
        return [text for key, entry in value.items() for text in (*texts(entry), *([str(key)] if str(key).isupper() else []))]
    if isinstance(value, list):
        return [text for entry in value for text in texts(entry)]
    return [str(value)] if isinstance(value, str) else []


def study_terms(study):
    """The terms of a study: its instruments and codelists, and what its simulation writes into the data."""
    facts = study.simulation
    sections = (
        "arms",
        "studies",
        "countries",
        "regions",
        "epochs",
        "visits",
        "design",
        "exposure",
        "reasons",
        "assessments",
        "diary",
        "questionnaires",
    )
    found = [text for name in sections for text in texts(facts[name])]
    found += [text for name in ("history", "findings_about", "summary") for text in texts(facts[name])]
    found += [str(key) for name in ("countries", "regions", "studies") for key in facts[name]]
    for term, entry in facts["adverse_events"]["terms"].items():
        found += [str(term), *texts(entry)]
    for instrument in study.instruments.values():
        found += [instrument.name, instrument.label, *map(str, instrument.items)]
    own = [codelist for codelist in study.codelists.values() if "adamig" not in codelist.mark.file]
    found += [str(term) for codelist in own for term in codelist.terms]
    plain = re.compile(r"[A-Za-z][\w%+./' -]{2,}")
    return {text.upper() for text in found if plain.fullmatch(text) and not re.search(r"[(=<]|\bmissing\b", text)} - CONTROLLED - ENGLISH


def python_texts():
    """Constants, names and comments of the simulator, with file and line."""
    for path in sorted((ROOT / "adam" / "simulation").glob("*.py")):
        source = path.read_text()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.name}:{node.lineno}", node.value
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield f"{path.name}:{token.start[0]}", token.string


def test_the_simulated_items_are_those_of_the_instruments(study):
    """The codes in the simulation are the codes that the scoring of the study reads."""
    index = study.simulation["assessments"]["index"]
    codes = [f"{index['code']}{i:02d}" for i in range(1, len(index["regions"]) * (len(index["signs"]) + 1) + 1)]
    assert codes == [str(code) for code in study.instruments["EASI"].items]
    for name, block in zip(("DLQI", "CDLQI"), study.simulation["questionnaires"]["instruments"], strict=True):
        assert set(map(str, study.instruments[name].items)) <= {str(entry["code"]) for entry in block["tests"]}


def test_no_term_of_the_study_is_in_python(study):
    terms = study_terms(study)
    assert {"EASI", "DLQI", "IGA0101", "WEEK 8", "VEHICLE", "RUX 1.5%", "NASOPHARYNGITIS", "RUXOLITINIB CREAM", "LOST TO FOLLOW-UP"} <= terms
    pattern = re.compile("|".join(rf"(?<![\w.])(?:{re.escape(term)})(?![\w.])" for term in sorted(terms, key=len, reverse=True)))
    found = [(where, match.group()) for where, text in python_texts() for match in pattern.finditer(text.upper())]
    assert found == []


@pytest.mark.parametrize("word", ["iga", "easi", "bsa", "dlqi", "cdlqi", "itch", "vehicle", "cream", "flare", "face", "pandemic", "week8"])
def test_no_word_of_the_study_is_a_name(word):
    named = []
    for path in sorted((ROOT / "adam" / "simulation").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "id", None) or getattr(node, "name", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
            named += [f"{path.name}: {name}"] if isinstance(name, str) and word in name.lower().split("_") else []
    assert named == []


def test_arms_and_sites(sdtm):
    dm = sdtm["DM"]
    assert dm["ARM"].value_counts().to_dict() == {"KNEEPAIN 10 MG": 80, "PLACEBO": 40}
    assert set(dm["ARMCD"]) == {"PBO", "K10"} and set(dm["COUNTRY"]) == {"USA", "DEU"} and set(dm["RACE"]) == {"WHITE", "ASIAN"}
    assert dm["USUBJID"].str.fullmatch(r"KNEE1-[1-5]-\d{4}").all()
    assert dm["AGE"].between(44, 75).all()
    assert sdtm["TA"].groupby("ARMCD")["ETCD"].agg(list).to_dict() == {"PBO": ["SCR", "TRT", "FU"], "K10": ["SCR", "TRT", "FU"]}


def test_visits_are_those_of_the_study(sdtm):
    assert sdtm["TV"]["VISIT"].tolist() == ["SCREENING", "DAY 1", "WEEK 6", "WEEK 12", "FOLLOW-UP"]
    sv = sdtm["SV"].set_index(["USUBJID", "VISIT"])["SVSTDY"].unstack()
    assert (sv["DAY 1"] == 1).all() and (sv["WEEK 6"] == 43).all() and (sv["WEEK 12"].dropna() == 85).all()
    assert (sv["FOLLOW-UP"].dropna() == 113).all()


def test_treatment_is_that_of_the_arm(sdtm):
    ex = sdtm["EX"].merge(sdtm["DM"][["USUBJID", "ARM"]], on="USUBJID")
    assert set(zip(ex["ARM"], ex["EXTRT"], ex["EXDOSE"], strict=True)) == {("PLACEBO", "PLACEBO", 0.0), ("KNEEPAIN 10 MG", "KNEEPAIN", 10.0)}
    assert (ex["EXDOSU"] == "mg").all() and (ex["EPOCH"] == "TREATMENT").all()


def test_items_add_up_to_the_total(sdtm):
    qs = sdtm["QS"].pivot_table(index=["USUBJID", "VISIT"], columns="QSTESTCD", values="QSSTRESN")
    items = qs[[f"KPQ0{i}" for i in range(1, 6)]]
    assert (items.sum(axis=1) == qs["KPQTOT"]).all() and items.min().min() >= 0 and items.max().max() <= 4
    assert sdtm["QS"].loc[sdtm["QS"]["QSTESTCD"] == "KPQTOT", "QSDRVFL"].eq("Y").all()
    assert set(sdtm["QS"].loc[sdtm["QS"]["QSTESTCD"] == "KPQ01", "QSORRES"]) <= {"NONE", "MILD", "MODERATE", "SEVERE", "EXTREME"}


def test_exact_counts_are_those_of_the_yaml(knee):
    """Half of the pain at Week 12 in 10 of 40 and 50 of 80 subjects; nobody leaves before."""
    facts = dict(knee.simulation)
    steps = {name: [entry for entry in entries if "reason" not in entry] for name, entries in facts["steps"].items()}
    steps["visits"] = [{"reason": 0}, *steps["visits"]]
    everyone = frames(knee.model_copy(update={"simulation": {**facts, "steps": steps}}), exact=True)
    pain = everyone["QS"].query("QSTESTCD == 'KPQTOT'").pivot_table(index="USUBJID", columns="VISIT", values="QSSTRESN")
    responders = (pain["WEEK 12"] == pain["DAY 1"] // 2).groupby(everyone["DM"].set_index("USUBJID")["ARM"]).sum()
    assert responders.to_dict() == {"KNEEPAIN 10 MG": 50, "PLACEBO": 10}
    events = everyone["AE"].drop_duplicates("USUBJID").merge(everyone["DM"][["USUBJID", "ARM"]], on="USUBJID")["ARM"].value_counts()
    assert events.to_dict() == {"KNEEPAIN 10 MG": 24, "PLACEBO": 10}


def test_scores_have_their_terms_and_domains_without_facts_are_absent(sdtm):
    assert set(sdtm["RS"]["RSORRES"]) == {"NONE", "SLIGHT", "LARGE"} and set(sdtm["RS"]["RSTESTCD"]) == {"SWELL"}
    assert set(sdtm) == {"DM", "EX", "DS", "SE", "SV", "AE", "SUPPAE", "RS", "QS", "TA", "TE", "TV", "TS"}
    assert set(sdtm["AE"]["AETERM"]) <= {"Headache", "Feeling sick"}


@pytest.mark.parametrize(("before", "after", "message"), [
    ("score: noise()}\n      - responder", "}\n      - responder", "'simulation:' has no 'steps.courses.pain0.score'"),
    ("below(30)", "bellow(30)", "There is no function 'bellow'; did you mean 'below'"),
    ("45 + below(30)", "lucky + 45", "No earlier step gives 'lucky'; did you mean 'luck'"),
    ("floor(pain0 / 2)", "pain0 / 2", "must be written as floor"),
    ("visits: SCREENING, formula", "visits: SCRENING, formula", "'SCRENING' is not a visit of the study; did you mean 'SCREENING'"),
    ("      - female: happens(600)\n", "", "No step gives 'female'"),
    ("quantiles: pain.baseline", "quantiles: pain.base", "'simulation:' has no 'pain.base'; did you mean 'baseline'"),
    ("by: [arm], score: noise()}\n      - pain:", "by: [armm], score: noise()}\n      - pain:", "No earlier step gives 'armm'"),
    ("{share: response.week12, by", "{part: response.week12, by", "The step 'responder' has none of the keys levels, share"),
    ("at(pain, \"WEEK 12\")", "pain0 * 1.5", "1.5 is not a whole number"),
    ("share: response.week12, by: [arm]", "share: response.week12", "must give a list of 2 whole numbers for each cell of 'by'"),
    ("share: response.week12, by: [arm]", "share: response.week12, by: [arm + 1]", "'arm + 1' is 2 for some subjects"),
    ("share: response.week12, by: [arm]", "share: response.week12, by: [arm, 0, 0]", "The table has fewer levels than 'by' has formulas"),
    ("- region: 0", "- region", "A step must be 'name: formula'"),
    ("quantiles: pain.baseline", "quantiles: response.week12", "must give a table of quantiles"),
    ("sites: {USA: 3, DEU: 2}", "sites: {USA: 3, FRA: 2}", "'FRA' is not in 'simulation: countries:'"),
])  # fmt: skip
def test_an_error_names_the_place_and_the_cure(blocks, tmp_path, before, after, message):
    assert before in blocks[1]
    study = read_study(tmp_path, (blocks[0], blocks[1].replace(before, after)))
    with pytest.raises(SpecError) as error:
        list(simulate(study, subjects=20))
    assert message in str(error.value)
