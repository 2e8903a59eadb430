"""What datasets read, up to collected variables and other datasets, and what their formal expressions name."""

from pathlib import Path

import pytest

from adam.pipeline.planning import plan_study
from adam.planning.dataset_reads import dataset_reads
from adam.planning.notation import notation
from adam.planning.values.reads import DatasetReads

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "tests" / "study"


@pytest.fixture(scope="module")
def reads() -> dict[str, DatasetReads]:
    return dict(dataset_reads(plan_study(STUDY / "specs", STUDY / "sdtm")))


def test_a_prepared_variable_stands_for_what_was_collected(reads: dict[str, DatasetReads]) -> None:
    assert reads["ADSL"].domains == {
        "DM": ("AGE", "AGEU", "ARM", "RACE", "SEX", "SITEID", "STUDYID", "SUBJID", "USUBJID"),
        "EX": ("EXENDTC", "EXSTDTC", "EXTRT"),
    }


def test_records_of_a_domain_are_read_even_if_no_variable_is(reads: dict[str, DatasetReads]) -> None:
    assert reads["ADAE"].domains["DM"] == ()
    assert reads["ADITCH"].domains["QS"] == ("QSDTC", "QSSEQ", "QSSTAT", "QSSTRESC", "QSSTRESN", "QSTESTCD")


def test_datasets_that_read_each_other(reads: dict[str, DatasetReads]) -> None:
    assert (reads["ADSL"].datasets, reads["ADSL"].readers) == ({"ADITCH": ("ABLFL", "AVAL")}, {"ADITCH": ("ITCHBL",)})
    assert reads["ADITCH"].datasets == {"ADSL": ("SAFFL", "STUDYID", "TRT01A", "TRTSDT", "USUBJID")}
    assert set(reads["ADITCH"].readers["ADSL"]) == {"", "STUDYID", "USUBJID", "TRTA", "TRTSDT"}


def test_a_variable_reads_another_dataset_through_a_temporary_one() -> None:
    """W8IGAFL of the study of atopic dermatitis reads W8IGA, a temporary variable that is the Week 8 value of a parameter."""
    reads = dataset_reads(plan_study(ROOT / "specs" / "true_ad"))
    assert {"IGABL", "W8IGAFL", "NIGATSFL"} <= set(reads["ADSL"].readers["ADEFF"])
    assert {"MH", "SE", "SV"} <= set(reads["ADSL"].domains)  # only temporary variables read these
    assert reads["ADSL"].domains["MH"] == ("MHCAT", "MHSTDTC")


def test_the_functions_and_derivations_that_expressions_name() -> None:
    """A key that is also a function, such as `day:` of imputed_date, is not a function that is called; text in quotes names nothing."""
    found = notation(plan_study(STUDY / "specs", STUDY / "sdtm").datasets.values())
    assert {"date(x)", "missing(x)", "codelist_number(variable)", "last_date(x)"} <= set(found)
    assert {"cut", "flag_yn", "majority", "imputed_date", "treatment_emergent", "single"} <= set(found)
    assert not {"day(x)", "month(x)", "studyday"} & set(found)
    assert found["flag_yn"] == "Y where the condition is true, N where it is false or unknown."
