"""Transliteration of text to ASCII: accents are removed and known signs are written out. Other characters stay; the export refuses them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import compute

from adam.core.errors import Finding, Severity
from adam.core.ordering import by_subject
from adam.submission.xpt_limits import display_value

if TYPE_CHECKING:
    import pandas as pd

    from adam.planning.values import ResolvedDataset

FIRST, EXAMPLES = 10, 3
"""Records and values that a finding shows."""
SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **{"\u2044": "/", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~", "±": "+/-", "×": "x", "÷": "/", "·": ".", "•": "*"},
        **{"µ": "u", "μ": "u", "°": " deg ", "€": "EUR", "£": "GBP", "®": "(R)", "™": "(TM)", "©": "(C)"},
        **{"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O"},
        **{"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"},
    }
)
SUPERSCRIPT = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u207b]+")
"""Superscript digits and signs: 10 with a superscript 2 becomes 10^2, not 102."""
FRACTION = re.compile("(?P<before>[0-9]?)(?P<sign>[\u00bc-\u00be\u2150-\u215e])")
"""Fractions: one half after a 1 becomes 1 1/2, not 11/2."""
SAME_MEANING = ("<noBreak>", "<compat>", "<wide>", "<narrow>", "<sub>", "<square>")
"""Kinds of characters whose Unicode decomposition has the same meaning: spaces, ligatures, wide letters, subscript digits."""


def to_ascii(text: str) -> str:
    """A text in ASCII; a character without an ASCII form stays.

    >>> to_ascii("Café “Müller” ≥ 5 µg"), to_ascii("Łódź 1½"), to_ascii("10⁻²"), to_ascii("日本")
    ('Cafe "Muller" >= 5 ug', 'Lodz 1 1/2', '10^-2', '日本')
    """
    known = SUPERSCRIPT.sub(lambda match: f"^{unicodedata.normalize('NFKC', match[0])}", unicodedata.normalize("NFC", text))
    known = FRACTION.sub(lambda match: f"{match['before']}{' ' if match['before'] else ''}{unicodedata.normalize('NFKC', match['sign'])}", known)
    return "".join(_letter(sign) for sign in known.translate(SIGNS)).strip()


def _letter(sign: str) -> str:
    kind = unicodedata.decomposition(sign).split(" ")[0]
    if sign.isascii() or (kind.startswith("<") and kind not in SAME_MEANING):
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare.isascii() else sign


@dataclass(frozen=True)
class ChangedText:
    """The records of a dataset whose text of a variable changed: their number, the keys of the first, and examples of old and new text."""

    dataset: str
    variable: str
    count: int
    keys: tuple[dict[str, str], ...]
    examples: Mapping[str, str]


def transliterate(frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset]) -> tuple[dict[str, pd.DataFrame], list[ChangedText]]:
    """Records of datasets with their text in ASCII, and what changed of each variable.

    A character without an ASCII form stays, so that the export refuses it and names the records.

    Args:
        frames: the records, as `adam.submission.write` describes them.
        datasets: the resolved datasets.
    """
    changes: list[ChangedText] = []
    result = {}
    for name, frame in frames.items():
        changed = {}
        for variable in datasets[name].variables.values():
            if variable.type != "text":
                continue
            is_ascii = compute.string_is_ascii(pa.array(frame[variable.name], type=pa.large_string(), from_pandas=True)).fill_null(True)
            rows = ~is_ascii.to_numpy(zero_copy_only=False)
            if not rows.any():
                continue
            values = {value: to_ascii(value) for value in frame.loc[rows, variable.name].unique()}
            column = frame[variable.name].replace(values).astype("str")
            rows = (column != frame[variable.name]).to_numpy()
            changed[variable.name] = column
            if rows.any():
                changes.append(_changed(by_subject(frame[rows]), datasets[name], variable.name, values))
        result[name] = frame.assign(**changed) if changed else frame
    return result, changes


def transliteration_findings(parts: Iterable[Sequence[ChangedText]], datasets: Mapping[str, ResolvedDataset]) -> list[Finding]:
    """A warning for each variable whose text changed, in the order of the datasets and their variables.

    Args:
        parts: the changes of each part of the records, in order.
        datasets: the resolved datasets.
    """
    found: dict[tuple[str, str], list[ChangedText]] = {}
    for each in (each for part in parts for each in part):
        found.setdefault((each.dataset, each.variable), []).append(each)
    order = [(name, variable) for name, dataset in datasets.items() for variable in dataset.variables]
    return [_finding(found[key]) for key in order if key in found]


def _changed(frame: pd.DataFrame, dataset: ResolvedDataset, name: str, values: Mapping[str, str]) -> ChangedText:
    """What changed of a variable on some records, which are in the order of their subjects."""
    key = [each for each in dataset.key if each in frame]
    first = tuple({str(each): display_value(value) for each, value in row.items()} for row in frame[key].head(FIRST).to_dict("records"))
    examples = {old: values[old] for old in frame[name].drop_duplicates().head(EXAMPLES)}
    return ChangedText(dataset.name, name, len(frame), first, examples)


def _finding(parts: Sequence[ChangedText]) -> Finding:
    """The finding of one variable: the first records and examples of all parts."""
    examples = {old: new for part in parts for old, new in part.examples.items()}
    shown = ", ".join(f"'{old}' as '{new}'" for old, new in islice(examples.items(), EXAMPLES))
    keys = tuple(islice((key for part in parts for key in part.keys), FIRST))
    message = f"Text that is not ASCII is exported in ASCII: {shown}"
    return Finding("transliterated", Severity.WARNING, parts[0].dataset, message, sum(part.count for part in parts), keys, variable=parts[0].variable)
