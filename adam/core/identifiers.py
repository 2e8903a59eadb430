"""Names, formats and texts a file of the output can hold: refused where they are written, not when the files are made."""

from __future__ import annotations

import re

DATASET = re.compile(r"[A-Z][A-Z0-9]{1,7}")
"""The name of a dataset, which is also that of its files."""
FORMAT = re.compile(r"(\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)([0-9]{0,5})(?:\.([0-9]{0,2}))?")
"""Name, width, decimals; a name does not end in a digit, so E8601DA. has no width and DATE9. the width 9."""
CLASSES = (
    "SUBJECT LEVEL ANALYSIS DATASET",
    "BASIC DATA STRUCTURE",
    "OCCURRENCE DATA STRUCTURE",
    "ADAM OTHER",
    "REFERENCE DATA STRUCTURE",
)
"""The classes of a dataset Define-XML 2.1 has."""
LONGEST = 200
"""Bytes of a text in a transport file of version 5."""
SHOWN = 40


def encodable(text: str) -> bool:
    """Whether a text can be written as UTF-8; the name of a file on disk can be any bytes."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def dataset_fault(name: str) -> str:
    """What is wrong with the name of a dataset; blank if nothing is.

    >>> dataset_fault("ADSL"), dataset_fault("adsl")
    ('', "'adsl' is not a valid dataset name. Use 2 to 8 capitals or digits, starting with a letter")
    """
    shown = name if len(name) <= SHOWN else f"{name[:SHOWN]}..."
    return "" if DATASET.fullmatch(name) else f"'{shown}' is not a valid dataset name. Use 2 to 8 capitals or digits, starting with a letter"


def format_fault(text: str, type_: str) -> str:
    """What is wrong with the SAS format of a variable; blank if nothing is, or there is none.

    >>> format_fault("DATE9.", "date"), format_fault("DATE9.", "text")
    ('', 'the format DATE9. is for numbers, and the variable is text')
    """
    if not text:
        return ""
    parts = FORMAT.fullmatch(text)
    if not parts or "." not in text or not (parts[1] or parts[2]) or len(parts[1]) > 8:
        return f"'{text}' is not a SAS format. Write a name of at most 8 capitals, a width and a point: DATE9., 8.2, $20."
    if (type_ == "text") != text.startswith("$"):
        of, instead = ("numbers", "text") if type_ == "text" else ("text", f"of type {type_}")
        return f"the format {text} is for {of}, and the variable is {instead}"
    return ""
