"""Whether a command runs in this process, which no other program then uses: it may search less for garbage and import less of a library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_running: list[None] = []


@contextmanager
def own_process() -> Iterator[None]:
    """In this block a command runs.

    >>> with own_process():
    ...     is_own_process()
    True
    >>> is_own_process()
    False
    """
    _running.append(None)
    try:
        yield
    finally:
        _running.pop()


def is_own_process() -> bool:
    """Whether a command runs in this process."""
    return bool(_running)
