"""The creation date that every file of a build states."""

from __future__ import annotations

import datetime
import os
import re
from typing import TYPE_CHECKING

from adam.core.errors import UsageError

if TYPE_CHECKING:
    from adam.submission.manifest import ManifestStudy

LAST_SECOND = 253_402_300_799
"""The last second of the year 9999."""


def creation_moment(study: ManifestStudy) -> datetime.datetime:
    """The creation date of every file of a build: SOURCE_DATE_EPOCH, else the study's `as_of`, else 1 January 1960.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is not a whole number of seconds of the years 1970 to 9999.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        if not re.fullmatch("[0-9]{1,12}", epoch) or int(epoch) > LAST_SECOND:
            shown = ascii(epoch[:40])
            raise UsageError(
                f"SOURCE_DATE_EPOCH is {shown}; it must be a whole number of seconds since 1970-01-01, at most {LAST_SECOND}. Correct or unset it."
            )
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).replace(tzinfo=None)
    day = study.as_of or datetime.date(1960, 1, 1)
    return datetime.datetime(day.year, day.month, day.day)
