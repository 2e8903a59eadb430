"""Signals that end a command: held back while folders change places, and what is in place when one came through."""

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
    """The process was asked to end (SIGTERM); it ends as after Ctrl-C, with its own exit code."""


def _terminated(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (as signal wants it)
    raise Terminated


@contextmanager
def terminable() -> Iterator[None]:
    """In this block SIGTERM ends the work as Ctrl-C does, and `state` speaks of this block alone."""
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
    """Hold SIGINT and SIGTERM back until the block ends: it is done whole or not at all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = {number: signal.signal(number, lambda given, frame: caught.append(given)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if caught:
            signal.raise_signal(caught[0])


def committed(path: Path) -> None:
    """Note that an output took its place, so that an interruption after it does not deny it."""
    _in_place.append(str(path))


def state() -> str:
    """Which output is in place, in one sentence."""
    if not _in_place:
        return "No output was changed: what was there before is in place."
    return f"{' and '.join(dict.fromkeys(_in_place))} holds the finished output of this run."
