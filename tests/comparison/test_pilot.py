"""ADSL of the CDISC pilot study compared with the published one: the known value, and the attributes that differ."""

from pathlib import Path

import pytest

import adam
from adam.comparison.text import as_text

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "cdiscpilot01"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")

LENGTHS = {
    "STUDYID": (20, 12), "USUBJID": (30, 11), "SUBJID": (12, 4), "SITEID": (8, 3), "SITEGR1": (8, 3), "ARM": (60, 20), "TRT01P": (30, 20),
    "TRT01A": (30, 20), "AGEU": (6, 5), "RACE": (60, 32), "SEX": (8, 1), "ETHNIC": (25, 22), "DCDECOD": (45, 27),
}  # fmt: skip
"""Those of the specification, and those of the published file."""
FORMATS = ("TRT01PN", "TRT01AN", "TRTDUR", "AGE", "AGEGR1N", "RACEN", "EDUCLVL", "VISNUMEN", "MMSETOT")
"""The published file has no format for these numbers; the specification has 8."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = adam.build(ROOT / "specs" / "cdiscpilot01", DATA / "sdtm", tmp_path_factory.mktemp("pilot") / "out", ["ADSL"])
    assert result.exported
    return result.folder / "adsl.xpt"


def test_the_known_value_and_the_attributes(built: Path) -> None:
    result = adam.compare(built, DATA / "adam" / "adsl.xpt")
    (found,) = result.datasets
    assert (found.key.variables, found.matched) == (("USUBJID",), 254)
    assert (found.only_base.count, found.only_compare.count, found.only_base_variables, found.only_compare_variables) == (0, 0, (), ())
    (value,) = found.values
    assert (value.variable, value.records) == ("BMIBLGR1", 1)
    assert [(dict(each.key), each.base, each.compare) for each in value.first] == [({"USUBJID": "01-702-1082"}, '""', '"<25"')]
    assert {(each.variable, each.attribute, each.base, each.compare) for each in found.attributes} == {
        ("", "label", '"Subject-Level Analysis"', '""'),
        *((name, "length", str(own), str(other)) for name, (own, other) in LENGTHS.items()),
        *((name, "format", "8.", "none") for name in FORMATS),
    }
    assert as_text(result).endswith("\n\nDifferent: 23 attributes, 1 value.")
