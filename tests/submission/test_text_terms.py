"""Text as `str`, as categories and as codes: the same terms, and the same comparison with texts that were read."""

import numpy as np
import pandas as pd
import pytest

from adam.core.coded_text import as_codes, is_coded
from adam.submission.text_terms import distinct_texts, is_text, same_texts, text_array, text_terms

VALUES = ["b", "", "a é", "b"] * 20


def column(form: str, values: list[str | None] = VALUES) -> pd.Series:
    plain = pd.Series(values, dtype="str")
    return {"str": plain, "category": plain.astype("category"), "codes": as_codes(plain)}[form]


@pytest.mark.parametrize("form", ["str", "category", "codes"])
def test_the_texts_of_a_column(form: str) -> None:
    own = column(form)
    assert is_coded(own) == (form == "codes")
    assert is_text(own)
    for each in (own, own.iloc[60:63], own.iloc[:0]):
        terms = text_terms(each)
        assert text_array(each).to_pylist() == terms.dictionary.take(terms.indices).to_pylist() == each.tolist()


@pytest.mark.parametrize("form", ["str", "category", "codes"])
def test_a_missing_text_is_null(form: str) -> None:
    assert text_terms(column(form, [None, *VALUES])).indices.to_pylist()[0] is None
    assert text_array(column(form, [None, *VALUES])).to_pylist()[:2] == [None, "b"]


@pytest.mark.parametrize("form", ["str", "category", "codes"])
def test_the_distinct_texts_of_a_column(form: str) -> None:
    for each in (column(form), column(form).iloc[60:63]):
        texts, codes = distinct_texts(each)
        assert texts[codes].tolist() == each.tolist()
    assert distinct_texts(column(form, [None, *VALUES]))[1][0] == -1


@pytest.mark.parametrize("form", ["str", "category", "codes"])
def test_texts_are_compared(form: str) -> None:
    """The first two texts are equal; the column begins b, "", "a é", b."""
    texts, codes = ["b", "b", "a é", ""], np.array([0, 3, 2, 1] * 20)
    assert same_texts(texts, codes, column(form))
    for place, code in ((0, 2), (1, 0), (79, 3), (2, 3)):
        other = codes.copy()
        other[place] = code
        assert not same_texts(texts, other, column(form))
    for place, text in enumerate(("x", None, "a e", " ")):
        assert not same_texts([*texts[:place], text, *texts[place + 1 :]], codes, column(form))
    missing = column(form, [None, *VALUES[1:]])
    assert not same_texts(texts, codes, missing)
    assert not same_texts([*texts, "b"], np.append(4, codes[1:]), missing)


def test_many_categories_of_few_records() -> None:
    few = pd.Series([f"{number}" for number in range(100)], dtype="str").astype("category").iloc[98:]
    assert text_terms(few).dictionary.to_pylist() == ["98", "99"]
    assert not is_text(pd.Series([1, 2]).astype("category"))
