"""Signals that end a command: they are delayed while an output is replaced, and the message states which output is in place."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_in_place: list[str] = []


class Terminated(KeyboardInterrupt):
    """The process received SIGTERM. It ends like after Ctrl-C, with its own exit code."""


def _terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the signature of a signal handler)
    raise Terminated


@contextmanager
def terminable() -> Iterator[None]:
    """In this block SIGTERM ends the work like Ctrl-C, and `state` is about this block only."""
    _in_place.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)


@contextmanager
def deferred() -> Iterator[None]:
    """Delay SIGINT and SIGTERM until the block ends, so that it is done completely or not at all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = {number: signal.signal(number, lambda received, frame: caught.append(received)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if caught:
            signal.raise_signal(caught[0])


def committed(path: Path) -> None:
    """Record that an output is in place, so that the message of a later interruption includes it."""
    _in_place.append(str(path))


def state() -> str:
    """Which output is in place, in one sentence."""
    if not _in_place:
        return "No output was changed; the previous output is in place."
    return f"{' and '.join(dict.fromkeys(_in_place))} has the complete output of this run."
