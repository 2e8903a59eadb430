"""Text that is not ASCII as ASCII: accents go, known signs are written out, what has no plain form stays and is refused later."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import compute

from adam.core.errors import Finding, Severity
from adam.submission.xpt_limits import display_value

if TYPE_CHECKING:
    import pandas as pd

    from adam.plan.values import ResolvedDataset

FIRST, EXAMPLES = 10, 3
"""Records and values a finding shows."""
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


RAISED = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u207b]+")
"""Raised digits and signs: 10 raised to 2 is 10^2 and not 102."""
FRACTION = re.compile("(?P<before>[0-9]?)(?P<sign>[\u00bc-\u00be\u2150-\u215e])")
"""One half after a 1 is 1 1/2 and not 11/2."""
KEPT = ("<noBreak>", "<compat>", "<wide>", "<narrow>", "<sub>", "<square>")
"""The kinds of characters that mean the same as the plain ones Unicode makes of them: spaces, ligatures, wide letters, lowered digits."""


def to_ascii(text: str) -> str:
    """A text in ASCII as far as it has a plain form.

    >>> to_ascii("Café “Müller” ≥ 5 µg"), to_ascii("Łódź 1½"), to_ascii("10⁻²"), to_ascii("日本")
    ('Cafe "Muller" >= 5 ug', 'Lodz 1 1/2', '10^-2', '日本')
    """
    known = RAISED.sub(lambda found: f"^{unicodedata.normalize('NFKC', found[0])}", unicodedata.normalize("NFC", text))
    known = FRACTION.sub(lambda found: f"{found['before']}{' ' if found['before'] else ''}{unicodedata.normalize('NFKC', found['sign'])}", known)
    return "".join(_letter(sign) for sign in known.translate(SIGNS)).strip()


def _letter(sign: str) -> str:
    kind = unicodedata.decomposition(sign).split(" ")[0]
    if sign.isascii() or (kind.startswith("<") and kind not in KEPT):
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare.isascii() else sign


def transliterate(frames: Mapping[str, pd.DataFrame], datasets: Mapping[str, ResolvedDataset]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Datasets with their text in ASCII, and a warning for each variable that changed, with the records' keys.

    Args:
        frames: the records, as `adam.submission.write` describes them.
        datasets: resolved.

    A character without a plain form stays, so that the export refuses it with the records it is in (DOMAIN §3, ruling 60).
    """
    found: list[Finding] = []
    plain_frames = {}
    for name, frame in frames.items():
        changed = {}
        for variable in datasets[name].variables.values():
            if variable.type != "text":
                continue
            ascii_only = compute.string_is_ascii(pa.array(frame[variable.name], type=pa.large_string(), from_pandas=True)).fill_null(True)
            rows = ~ascii_only.to_numpy(zero_copy_only=False)
            if not rows.any():
                continue
            values = {value: to_ascii(value) for value in frame.loc[rows, variable.name].unique()}
            column = frame[variable.name].replace(values).astype("str")
            rows = (column != frame[variable.name]).to_numpy()
            changed[variable.name] = column
            if rows.any():
                found.append(_told(frame, rows, datasets[name], variable.name, values))
        plain_frames[name] = frame.assign(**changed) if changed else frame
    return plain_frames, found


def _told(frame: pd.DataFrame, rows: np.ndarray, dataset: ResolvedDataset, name: str, values: Mapping[str, str]) -> Finding:
    shown = ", ".join(f"'{old}' as '{new}'" for old, new in [(old, new) for old, new in values.items() if old != new][:EXAMPLES])
    message = f"text that is not ASCII is written in ASCII: {shown}"
    key = [each for each in dataset.key if each in frame]
    first = tuple({each: display_value(value) for each, value in row.items()} for row in frame.loc[rows, key].head(FIRST).to_dict("records"))
    return Finding("transliterated", Severity.WARNING, dataset.name, message, int(rows.sum()), first, variable=name)
