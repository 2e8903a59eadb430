"""Work with little garbage collection: most objects of a run are models, plans and modules, which are kept, and searching them takes time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from adam.core.own_process import is_own_process


@contextmanager
def without_collector() -> Iterator[None]:
    """Without garbage collection: reading and planning create many small objects, and nearly all of them are kept.

    A command has its process for itself, and so has its worker: what exists at the end is not searched later either.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if is_own_process():
                gc.freeze()
            gc.enable()


def collect_rarely() -> None:
    """Search for garbage after 10,000 new objects in place of 700: most records are freed without a search, because they are in no cycle."""
    gc.set_threshold(10_000, *gc.get_threshold()[1:])


@contextmanager
def rare_collector() -> Iterator[None]:
    """In this block `collect_rarely`. At the end, what `without_collector` excluded from the search is searched again."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
