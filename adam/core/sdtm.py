"""Facts about SDTM that rooms share, from `sdtm.yaml`: which variables are numbers, and which domains have results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_FACTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sdtm.yaml").read_text(encoding="utf-8"))
NUMERIC = frozenset(_FACTS["numeric"])
"""The variables that are numbers; `--` is the two letters of a domain."""
WITHOUT_DOMAIN = frozenset(_FACTS["without_domain"])
"""The variables of every domain whose name does not begin with the domain, such as VISITNUM."""
FINDINGS = frozenset(_FACTS["findings"])
"""The domains of the class Findings."""


def is_numeric(variable: str) -> bool:
    """Whether SDTM defines a variable as a number.

    >>> is_numeric("AESEQ"), is_numeric("AEPTCD"), is_numeric("QSTESTCD"), is_numeric("SITEID")
    (True, True, False, False)
    """
    return variable in NUMERIC or (variable[:2].isalpha() and f"--{variable[2:]}" in NUMERIC)
