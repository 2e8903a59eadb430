"""Text in ASCII: accents are removed and known signs are written out. Other characters stay."""

from __future__ import annotations

import re
import unicodedata

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
