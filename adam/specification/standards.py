"""The standards of a study: `standards:` of study.yaml, with the names of Define-XML 2.1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

GUIDES = {
    "ADaMIG": "ADaMIG",
    "ADaMIG-MD": "ADaMIG-MD",
    "ADaMIG-NCA": "ADaMIG-NCA",
    "ADaMIG-popPK": "ADaMIG-popPK",
    "ADaM OCCDS": "ADaM-OCCDSIG",
    "ADaM-OCCDSIG": "ADaM-OCCDSIG",
    "SDTMIG": "SDTMIG",
    "SDTMIG-MD": "SDTMIG-MD",
}
TERMINOLOGY = re.compile(r"(SDTM|ADaM|CDASH|SEND) CT (\d{4}-\d\d-\d\d)")
GUIDE = re.compile(r"(\S.*?) v?(\d+(?:\.\d+)*)")


@dataclass(frozen=True)
class Named:
    """A standard: its name and version. Terminology has the name CDISC/NCI, its package (SDTM, ADaM), and its date as version."""

    name: str
    version: str
    package: str = ""

    @property
    def terminology(self) -> bool:
        """Whether it is controlled terminology and not an implementation guide."""
        return bool(self.package)


def named(text: object) -> Named:
    """A standard from its text: `ADaMIG 1.3`, `ADaM OCCDS 1.1`, `SDTM CT 2025-03-28`.

    Raises:
        ValueError: Define-XML 2.1 has no such standard.

    >>> named("ADaM OCCDS 1.1")
    Named(name='ADaM-OCCDSIG', version='1.1', package='')
    >>> named("SDTM CT 2025-03-28")
    Named(name='CDISC/NCI', version='2025-03-28', package='SDTM')
    """
    if isinstance(text, Named):
        return text
    terminology = TERMINOLOGY.fullmatch(str(text))
    if terminology:
        return Named("CDISC/NCI", terminology[2], terminology[1])
    guide = GUIDE.fullmatch(str(text))
    if guide is None or guide[1] not in GUIDES:
        raise ValueError(
            f"'{text}' is not a known standard. Write a name and a version, ADaMIG 1.3 or SDTM CT 2025-03-28. The names are {', '.join(GUIDES)}."
        )
    return Named(GUIDES[guide[1]], guide[2])


Standard = Annotated[Named, BeforeValidator(named)]
