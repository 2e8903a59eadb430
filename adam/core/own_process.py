"""Whether this process is that of a command or of its worker, which no other program uses: it may search less for garbage and import less."""

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


def claim_process() -> None:
    """From now on this process is that of a worker."""
    _running.append(None)


def is_own_process() -> bool:
    """Whether this process is that of a command or of its worker."""
    return bool(_running)
