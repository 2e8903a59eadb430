"""The programs of an output: SAS as far as it can be checked without SAS, and R run on the transport files of the example study."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from adam.expressions.to_sas import sas_literal
from adam.pipeline.build import build_study
from adam.pipeline.planning import plan_with_source
from adam.submission.define.codelists import codelist_of
from adam.submission.programs.formats import formats_of, formats_sas
from adam.submission.programs.sas_display import sas_code
from adam.submission.programs.write import programs
from tests.submission.example_datasets import DATASETS
from tests.submission.sas_syntax import problems
from tests.submission.test_define_results import RESULTS, with_results

ROOT = Path(__file__).parents[2]
STUDY = Path(__file__).parents[1] / "study"
MORE = {
    "TITLE": {"title": "Women & men: 50%; it's 'é' */", "dataset": "ADX", "value": 'percent(SEX == "F")', "by": "SEX"},
    "CURVE": {"title": "Curve", "dataset": "ADY", "value": "median(AVAL)", "by": "AVISIT", "over": "AVISITN", "where": "AVAL < 3 or AVAL > 5"},
    "SHARE": {"title": "Share", "dataset": "ADX", "value": "percent", "by": "SEX", "of": {"dataset": "ADX", "where": "DOSE > 1"}},
    "TOTAL": {"title": "Share", "dataset": "ADY", "value": "percent", "by": "AVISIT", "over": "AVISITN", "of": {"dataset": "ADX"}},
    "LOW": {"title": "Lowest", "dataset": "ADY", "value": "min(-AVAL)", "published": ["0.25"]},
}
needs_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on PATH: the programs in R are NOT tested")


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    return programs(with_results(**RESULTS, **MORE), DATASETS)


def test_the_files(example: dict[str, str]) -> None:
    assert sorted(example) == ["alone.r", "alone.sas", "formats.sas", "read-adam.r", "read-adam.sas", "table-1.r", "table-1.sas"]


@pytest.mark.parametrize("name", ["alone.sas", "formats.sas", "read-adam.sas", "table-1.sas"])
def test_the_syntax_of_sas(example: dict[str, str], name: str) -> None:
    assert problems(example[name]) == []


def test_the_syntax_of_sas_of_the_demo() -> None:
    plan, _ = plan_with_source(ROOT / "specs" / "true_ad")
    found = {name: text for name, text in programs(plan.study, plan.datasets).items() if name.endswith(".sas")}
    assert len(found) == 11 + 2  # the displays of the posters, formats and read-adam
    assert {name: problems(text) for name, text in found.items() if problems(text)} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data a;\n  set b;\n", ["data is not ended"]),
        ("data a;\n  set b\nrun;", ["data is not ended"]),
        ("title 'a;\nrun;", ["a quote or a comment is not closed"]),
        ("/* a", ["a quote or a comment is not closed"]),
        ("data a;\n  where (x = 1;\nrun;", ["brackets: where (x = 1"]),
        ("proc format;\n  value AGEGR1 1 = 'a';\nrun;", ["not a name of a format: AGEGR1"]),
        ("proc format;\n  value A 1 = 'a' 2 'b';\nrun;", ["pairs of A"]),
        ("title 'it''s';", []),
    ],
)
def test_the_check_of_the_syntax_finds_faults(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_a_count_in_sas() -> None:
    study = with_results(**RESULTS)
    (count,) = [each for each in study.displays["TABLE_1"].results if each.result.name == "R2"]
    assert sas_code(study, count).splitlines() == [
        "title 'R2: Women';",
        "data _records;",
        "  set adx;",
        "  where SEX = 'F' or DOSE > 1;",
        "run;",
        "proc sql;",
        "  select 'Total' as level length=200, count(*) as records",
        "    from _records;",
        "quit;",
    ]


def test_a_statistic_in_sas() -> None:
    study = with_results(**MORE)
    (curve,) = [each for each in study.displays["TABLE_1"].results if each.result.name == "CURVE"]
    assert sas_code(study, curve).splitlines() == [
        "title 'CURVE: Curve';",
        "data _records;",
        "  set ady;",
        "  where ((not missing(AVAL) and AVAL < 3) or AVAL > 5) and not missing(AVISITN);",
        "run;",
        "proc means data=_records n median maxdec=1 missing;",
        "  class AVISIT AVISITN;",
        "  types AVISITN AVISIT*AVISITN;",
        "  var AVAL;",
        "run;",
    ]


def test_the_formats_have_every_term_of_every_codelist() -> None:
    plan, _ = plan_with_source(ROOT / "specs" / "true_ad")
    formats = formats_of(plan.study, plan.datasets)
    text = formats_sas(formats)
    assert len(formats.codelists) > 30
    for dataset in plan.datasets.values():
        for variable in dataset.variables.values():
            codelist = codelist_of(plan.study, dataset, variable)
            if codelist is None or not codelist.terms:
                continue
            name = formats.variables[dataset.name, variable.name]
            assert name.startswith("$") == (variable.type == "text")
            (block,) = re.findall(rf"^  value {re.escape(name)}  /\*.*?^  ;$", text, flags=re.MULTILINE | re.DOTALL)
            for term in codelist.terms:
                left = sas_literal(term.value) if variable.type == "text" else term.value
                assert f"\n    {left} = {sas_literal(term.decode or term.value)}\n" in block


def test_the_two_kinds_of_formats_by_hand(example: dict[str, str]) -> None:
    assert "  value $SEX_F  /* SEX */\n    'F' = " in example["formats.sas"]
    assert "\n    1 = '<65'\n    2 = '>=65'\n  ;\n" in example["formats.sas"]
    assert "format SEX $SEX_F. AGEGR1 $AGEGR1_F. AGEGR1N " in " ".join(example["read-adam.sas"].split())


@needs_r
def test_read_adam_in_r_has_labels_and_levels_in_the_order_of_the_codelist(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert build_study(STUDY / "specs", STUDY / "sdtm", out).exported
    lines = [
        f'setwd("{out / "programs"}"); source("read-adam.r"); adam <- read_adam("../adam")',
        "x <- adam$ADSL",
        'cat(names(adam), nrow(x), sep = "|"); cat("\\n")',
        'cat(levels(x$AGEGR1), attr(x$AGEGR1, "label"), sep = "|"); cat("\\n")',
        'cat(levels(x$TRT01P), attr(x$TRT01P, "label"), sep = "|"); cat("\\n")',
        'cat(class(x$AGE), attr(x$AGE, "label"), sep = "|"); cat("\\n")',
        'y <- with_codelist(structure(c("b", "", "z", "a"), label = "L"), c("c", "b", "a"))',
        'cat(levels(y), sum(is.na(y)), attr(y, "label"), sep = "|")',
    ]
    (tmp_path / "check.R").write_text("\n".join(lines), encoding="utf-8")
    run = subprocess.run(["Rscript", str(tmp_path / "check.R")], capture_output=True, text=True, check=False)
    if "haven" in run.stderr:
        pytest.skip("R has no package haven: read-adam.r is NOT tested")
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "ADSL|ADITCH|ADAE|12",
        "<65|>=65|Pooled Age Group 1",
        "Vehicle|Active|Planned Treatment for Period 01",
        "numeric|Age",
        "c|b|a|z|1|L",
    ]
