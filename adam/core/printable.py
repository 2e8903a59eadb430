"""Text of others where it could do harm: a terminal obeys control characters, a spreadsheet runs what begins like a formula."""

from __future__ import annotations

import re

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters but for tab and line end, signs that turn the direction of text, and halves of characters."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""What a cell may not begin with: the signs a spreadsheet takes for a formula, wide ones too, and the mark that keeps them text."""
NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def visible(text: str, *, lines: bool = True) -> str:
    r"""A text with the characters a terminal obeys written out; without `lines` the ends of lines too.

    >>> visible("\x1b[31mred"), visible("a\nb"), visible("a\nb", lines=False)
    ('\\u001b[31mred', 'a\nb', 'a\\u000ab')
    """
    shown = HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return shown if lines else shown.replace("\n", "\\u000a")


def cell(value: object) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula: where it could be one, an apostrophe stands before it.

    A text that begins with an apostrophe gets another, so that without the first character of such a cell all is as it was. A number
    stays a number.

    >>> cell("=1+1"), cell("'quoted'"), cell("-1.5"), cell("-1+2")
    ("'=1+1", "''quoted'", '-1.5', "'-1+2")
    """
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
