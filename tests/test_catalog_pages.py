"""The pages of the catalog are generated: `python -m adam.catalog.pages docs` writes them."""

import inspect
from pathlib import Path

import pytest
import yaml

from adam.catalog.derivations import DERIVATIONS
from adam.catalog.pages import derivations_page, record_rules_page
from adam.catalog.record_rules import RECORD_RULES
from adam.core.kinds import ValueKind
from adam.core.reference_table import ReferenceTable

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize(("name", "page"), [("derivations.md", derivations_page), ("record_rules.md", record_rules_page)])
def test_a_generated_page_is_current(name: str, page: object) -> None:
    assert callable(page)
    assert (DOCS / name).read_text(encoding="utf-8") == page(), "python -m adam.catalog.pages docs"


FREQUENCIES = ReferenceTable(
    "DOSE_FREQUENCY",
    "doses.csv",
    {"FREQUENCY": ("QD",), "UNIT": ("DAY",), "EVERY": (1.0,), "DOSES": (1.0,)},
    {"FREQUENCY": ValueKind.TEXT, "UNIT": ValueKind.TEXT, "EVERY": ValueKind.NUMBER, "DOSES": ValueKind.NUMBER},
)


@pytest.mark.parametrize("name", sorted(RECORD_RULES))
def test_the_example_of_a_record_rule_is_valid(name: str) -> None:
    rule = RECORD_RULES[name]
    text = inspect.getdoc(rule) or ""
    assert all(part in text for part in ("Missing:", "Source:", "YAML:"))
    (block,) = yaml.safe_load(text.split("YAML:")[1]).values()
    block = block[0] if isinstance(block, list) else block
    arguments = block if name in block and not isinstance(block[name], dict) else block[name]
    assert rule.model.model_validate(arguments, context={"tables": {"DOSE_FREQUENCY": FREQUENCIES}})


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
def test_the_first_line_of_a_derivation_is_its_result(name: str) -> None:
    assert DERIVATIONS[name].summary.startswith("Return ")
    assert DERIVATIONS[name].summary.endswith(".")
