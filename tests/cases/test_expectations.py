"""What the cases say of themselves (`expect:` in the study's YAML) is what a run makes of them."""

from functools import cache

import pytest
import yaml

from tests.cases.built import SPECS

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def cases():
    edge = yaml.load((SPECS / "edge_cases.yaml").read_text(encoding="utf-8"), LOADER)["simulation"]["edge_cases"]["cases"]
    rulings = yaml.load((SPECS / "ruling_cases.yaml").read_text(encoding="utf-8"), LOADER)["simulation"]["ruling_cases"]
    return {key: case for key, case in (edge | rulings).items() if not case.get("refused")}


def name(key):
    digits = key.rstrip("abcdefgh")
    return f"{int(digits):03d}{key[len(digits) :].upper()}"


def same(value, text):
    """A value of a dataset as the YAML writes it."""
    return value == text if isinstance(value, str) or text == "" else value == float(text)


@pytest.mark.parametrize("key", list(cases()))
def test_case_as_it_is_described(messy, key):
    for expect in cases()[key]["expect"]:
        wanted, where = expect["values"], expect.get("where", {})
        found = messy.every(expect["dataset"], name(key), " ".join([*where, *wanted]))
        for column, texts in enumerate(where.values()):
            allowed = texts if isinstance(texts, list) else [texts]
            found = [row for row in found if any(same(row[column], text) for text in allowed)]
        assert found, f"no record of {expect['dataset']} with {where}"
        for row in found:
            values = dict(zip(wanted, row[len(where) :], strict=True))
            assert [variable for variable, text in wanted.items() if not same(values[variable], text)] == [], values
