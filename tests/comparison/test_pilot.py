"""ADSL of the CDISC pilot study compared with the published one: the known value, and the attributes that differ."""

from pathlib import Path

import pytest

import adam
from adam.comparison.text import as_text

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "cdiscpilot01"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")

LENGTHS = {"RFSTDTC": (10, 20), "RFENDTC": (10, 20)}
"""Those of the values, and those of the published file."""
WHOLE = ("TRT01PN", "TRT01AN", "TRTDUR", "CUMDOSE", "AGE", "AGEGR1N", "RACEN", "EDUCLVL", "VISNUMEN", "MMSETOT")
DECIMAL = ("AVGDD", "BMIBL", "DURDIS", "HEIGHTBL", "WEIGHTBL")
"""The published file has no format for these numbers; ours is the one that shows every value."""


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
        *((name, "format", "8.", "none") for name in WHOLE),
        *((name, "format", "8.1", "none") for name in DECIMAL),
    }
    assert as_text(result).endswith("\n\nDifferent: 18 attributes, 1 value.")
