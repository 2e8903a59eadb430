"""Texts as scalars of YAML, for the rooms that write it."""

from __future__ import annotations

import json
import re

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .%_/()+<=>-]*[A-Za-z0-9.%_/()+-]|[A-Za-z]")
"""A text that YAML reads as it is, without quotation marks."""
RESERVED = ("true", "false", "null", "yes", "no", "on", "off")
"""Texts that some readers of YAML take for something else."""


def quoted(text: str) -> str:
    """A text as a scalar of YAML.

    >>> quoted("Week 2"), quoted("NO"), quoted("it's: so")
    ('Week 2', "'NO'", "'it''s: so'")
    """
    if PLAIN.fullmatch(text) and text.lower() not in RESERVED:
        return text
    if not text.isprintable():
        return json.dumps(text)
    return "'" + text.replace("'", "''") + "'"
