"""Decode text that is not UTF-8: real files have Windows-1252, sometimes together with UTF-8 in one file.

The readers read such a file as ISO-8859-1, where every byte is a character, and each value is decoded here on its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from adam.core.coded_columns import is_bare
from adam.core.coded_text import text_column
from adam.core.errors import SourceError


def decoded_text(text: str, encoding: str = "") -> str:
    r"""Decode a text whose characters are bytes: with the encoding; without one as UTF-8 if it is valid, else as Windows-1252.

    >>> decoded_text("FiÃ¨vre"), decoded_text("Z\xfcrich")
    ('Fièvre', 'Zürich')

    Raises:
        UnicodeDecodeError: the text is neither, or not in the encoding.
    """
    raw = text.encode("latin-1")
    if encoding:
        return raw.decode(encoding)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252")


SCRIPTS = {
    "Latin": re.compile("[\u00a0-\u017f]"),
    "Greek": re.compile("[\u0384-\u03ce]"),
    "Cyrillic": re.compile("[\u0400-\u045f]"),
    "Hebrew": re.compile("[\u0590-\u05ff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
}
"""Characters of two bytes in UTF-8 that are common in text; punctuation and symbols of Latin-1 occur with any script."""
SYMBOLS = "".join(map(chr, range(0xA0, 0xC0))) + "×÷"
TWO_BYTES = re.compile("[\u0080-\u07ff]")


def _is_implausible(text: str) -> bool:
    r"""Whether text is valid UTF-8 by chance: it has very rare characters, or mixes scripts.

    Two bytes of a Chinese encoding are sometimes a valid character of UTF-8.

    >>> [_is_implausible(text) for text in ("café 5 µg", "β-блокатор", "\u0377\u0374", "éж")]
    [False, False, True, True]
    """
    found = [character for character in TWO_BYTES.findall(text) if character not in SYMBOLS]
    scripts = {next((name for name, known in SCRIPTS.items() if known.match(character)), "") for character in found}
    return "" in scripts or len(scripts - {"Greek"}) > 1  # Greek letters are symbols in text of any script


def implausible_text(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """For each text variable the records whose text is valid UTF-8 but probably in another encoding."""
    found = {}
    for name in frame.columns[[dtype == "str" for dtype in frame.dtypes]]:
        column = frame[name]
        wrong = [value for value in _not_ascii(column) if _is_implausible(value)]
        if wrong:
            found[str(name)] = column.isin(wrong).to_numpy(dtype=bool)
    return found


def _not_ascii(column: pd.Series) -> list[str]:
    """The distinct texts of a column that are not ASCII, in the order in which they appear."""
    if is_bare(column):
        return []
    distinct = pd.Series(column.unique(), dtype="str").dropna()
    return distinct[~distinct.str.isascii().to_numpy(dtype=bool)].tolist()


def _replaced(column: pd.Series, known: Mapping[str, str]) -> pd.Series:
    """The texts of a column with some of them replaced, each distinct one once."""
    places, distinct = pd.factorize(column)
    if (places < 0).any():
        return column.replace(known).astype("str")
    return text_column([known.get(text, text) for text in distinct], places, column.index)


def _is_utf8(text: str) -> bool:
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decode_frame(frame: pd.DataFrame, path: Path, encoding: str = "") -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Decode the text of a frame, and return for each variable the records that were Windows-1252.

    If the study declares an encoding, all text is decoded with it and nothing is guessed.

    Raises:
        SourceError: a value is neither UTF-8 nor Windows-1252, or not in the declared encoding.
    """
    result, found = frame.copy(), {}
    for name in frame.columns[[dtype == "str" for dtype in frame.dtypes]]:
        column = frame[name]
        known: dict[str, str] = {}
        for value in _not_ascii(column):
            try:
                known[value] = decoded_text(value, encoding)
            except UnicodeDecodeError as error:
                record = int(np.argmax((column == value).to_numpy())) + 1
                byte = error.object[error.start]
                what = f"which is not {encoding}" if encoding else "neither UTF-8 nor Windows-1252"
                cure = "Correct" if encoding else "Declare"
                message = f"{name} has the byte 0x{byte:02X}, {what}. {cure} the encoding (sources: DOMAIN: encoding: NAME)."
                raise SourceError(f"{path.name}: record {record}: {message}") from None
        if known:
            result[name] = _replaced(column, known)
            guessed = column.isin([value for value in known if not _is_utf8(value)]).to_numpy()
            if guessed.any() and not encoding:
                found[str(name)] = guessed
    return result, found
