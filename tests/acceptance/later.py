"""The command line as it is on another day: every clock Python has is 400 days, 5 hours and some seconds ahead.

Use: python later.py ARGUMENTS of adam ...
"""

import datetime
import sys
import time

# Compiled libraries want the real classes while they load.
import great_expectations  # noqa: F401
import pyreadstat  # noqa: F401

AHEAD = 400 * 86400 + 5 * 3600 + 42
REAL_TIME, REAL_TIME_NS = time.time, time.time_ns
REAL_LOCAL, REAL_GM, REAL_FORMAT = time.localtime, time.gmtime, time.strftime
REAL_DATE, REAL_DATETIME = datetime.date, datetime.datetime


class _Known(type):
    """The real dates are dates of the classes that stand for theirs."""

    def __instancecheck__(cls, value):
        return isinstance(value, REAL_DATETIME if issubclass(cls, REAL_DATETIME) else REAL_DATE)


class Date(REAL_DATE, metaclass=_Known):
    @classmethod
    def today(cls):
        return REAL_DATE.fromtimestamp(time.time())


class Datetime(REAL_DATETIME, metaclass=_Known):
    @classmethod
    def now(cls, tz=None):
        return REAL_DATETIME.fromtimestamp(time.time(), tz)

    @classmethod
    def today(cls):
        return REAL_DATETIME.fromtimestamp(time.time())

    @classmethod
    def utcnow(cls):
        return REAL_DATETIME.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)


def put_ahead():
    """Put the clocks ahead, of this process alone."""
    time.time = lambda: REAL_TIME() + AHEAD
    time.time_ns = lambda: REAL_TIME_NS() + AHEAD * 10**9
    time.localtime = lambda seconds=None: REAL_LOCAL(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: REAL_GM(time.time() if seconds is None else seconds)
    time.strftime = lambda form, moment=None: REAL_FORMAT(form, time.localtime() if moment is None else moment)
    datetime.date, datetime.datetime = Date, Datetime


if __name__ == "__main__":
    import importlib

    put_ahead()
    assert (datetime.datetime.now() - REAL_DATETIME.now()).days >= 399, "the clock is not ahead"
    importlib.import_module("adam.cli.commands").main(sys.argv[1:])
