"""Facts about SDTM that rooms share, from `sdtm.yaml`: which variables are numbers, and which domains have results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

_FACTS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sdtm.yaml").read_text(encoding="utf-8"))
NUMERIC = frozenset(_FACTS["numeric"])
"""The variables that are numbers; `--` is the two letters of a domain."""
WITHOUT_DOMAIN = frozenset(_FACTS["without_domain"])
"""The variables of every domain whose name does not begin with the domain, such as VISITNUM."""
DEMOGRAPHICS = frozenset(_FACTS["demographics"])
"""The variables of DM whose name does not begin with the domain."""
FINDINGS = frozenset(_FACTS["findings"])
"""The domains of the class Findings."""

FILE = re.compile(r"[A-Z][A-Z0-9]|(?!AD)[A-Z][A-Z0-9]{2,3}|SUPP[A-Z0-9]{1,4}|RELREC|RELSUB|RELSPEC|POOLDEF")


def is_file(name: str) -> bool:
    """Whether SDTM can have a file of this name: a domain, a part of one, its supplemental qualifiers, or a dataset of relationships.

    >>> is_file("AE"), is_file("QSPH"), is_file("SUPPAE"), is_file("ADAE"), is_file("NOSUCH")
    (True, True, True, False, False)
    """
    return FILE.fullmatch(name) is not None


def may_have(domain: str, variable: str) -> bool:
    """Whether a domain can have a variable by its name, while its header is not known.

    >>> may_have("AE", "AEDECOD"), may_have("AE", "VISIT"), may_have("AE", "AGE"), may_have("DM", "AGE")
    (True, True, False, True)
    """
    if domain == "DM" and variable in DEMOGRAPHICS:
        return True
    common = variable in WITHOUT_DOMAIN or variable in ("STUDYID", "DOMAIN", "USUBJID")
    return common or (variable.startswith(domain[:2]) and len(variable) > 2)


def is_numeric(variable: str) -> bool:
    """Whether SDTM defines a variable as a number.

    >>> is_numeric("AESEQ"), is_numeric("AEPTCD"), is_numeric("QSTESTCD"), is_numeric("SITEID")
    (True, True, False, False)
    """
    return variable in NUMERIC or (variable[:2].isalpha() and f"--{variable[2:]}" in NUMERIC)
