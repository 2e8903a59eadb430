"""Make text from data safe to show: a terminal interprets control characters, and a spreadsheet runs text that looks like a formula."""

from __future__ import annotations

import re

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters except tab and line end, characters that change the direction of text, and halves of surrogate pairs."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""The characters that must not begin a cell: those a spreadsheet reads as a formula, also full-width, and the apostrophe that marks text."""
NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def visible(text: str, *, lines: bool = True) -> str:
    r"""A text with control characters escaped; without `lines` line ends too.

    >>> visible("\x1b[31mred"), visible("a\nb"), visible("a\nb", lines=False)
    ('\\u001b[31mred', 'a\nb', 'a\\u000ab')
    """
    shown = HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return shown if lines else shown.replace("\n", "\\u000a")


def cell(value: object) -> str:
    """A cell of a CSV file that a spreadsheet does not read as a formula: if it could be one, it gets an apostrophe in front.

    A text that begins with an apostrophe gets another one, so the original is the cell without its first character. A number is unchanged.

    >>> cell("=1+1"), cell("'quoted'"), cell("-1.5"), cell("-1+2")
    ("'=1+1", "''quoted'", '-1.5', "'-1+2")
    """
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
