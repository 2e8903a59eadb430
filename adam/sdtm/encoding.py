"""Text that is not UTF-8: real files carry Windows-1252, sometimes beside UTF-8 in one file (DESIGN §6).

The readers take such a file as ISO-8859-1, where every byte is a character, and each value is decoded here by itself.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from adam.errors import SourceError


def decoded_text(text: str) -> str:
    r"""A text whose characters are bytes: as UTF-8 if it is that, else as Windows-1252.

    >>> decoded_text("FiÃ¨vre"), decoded_text("Z\xfcrich")
    ('Fièvre', 'Zürich')

    Raises:
        UnicodeDecodeError: it is neither.
    """
    raw = text.encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252")


def _is_utf8(text: str) -> bool:
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decoded(frame: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """The frame with its text decoded, and for each variable the records that were Windows-1252.

    Raises:
        SourceError: a value is neither UTF-8 nor Windows-1252.
    """
    result, found = frame.copy(), {}
    for name in frame.columns[[dtype == "str" for dtype in frame.dtypes]]:
        column = frame[name]
        odd = ~column.str.isascii().to_numpy(dtype=bool, na_value=True)
        known: dict[str, str] = {}
        for value in column[odd].unique():
            try:
                known[value] = decoded_text(value)
            except UnicodeDecodeError as error:
                record = int(np.argmax((column == value).to_numpy())) + 1
                byte = error.object[error.start]
                raise SourceError(f"{path.name}: record {record}: {name} holds the byte 0x{byte:02X}, neither UTF-8 nor Windows-1252") from None
        if known:
            result[name] = column.replace(known).astype("str")
            guessed = column.isin([value for value in known if not _is_utf8(value)]).to_numpy()
            if guessed.any():
                found[str(name)] = guessed
    return result, found
