"""Where Arrow takes the memory of text columns from."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""The parameters of `mallopt`: from how many free bytes on memory is returned, and from which size on an array has memory of its own."""
KEPT, LARGEST = 2**30, 2**25
"""Their values; the second is the largest one that is valid."""


@contextmanager
def system_memory() -> Iterator[None]:
    """With the allocator of the system, which keeps freed memory until the end: that of Arrow returns it at once, and it is needed again."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def keep_freed_memory() -> None:
    """Keep what is freed until `release_memory`, where the allocator of the system can.

    Memory that is returned to the system costs time again: the system clears each page of it for the next array.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(TRIM_THRESHOLD, KEPT)
        mallopt(MMAP_THRESHOLD, LARGEST)


def release_memory() -> None:
    """Free the records of a part and return their memory to the system, where its allocator can, so that the next part does not need more.

    Some records are in cycles of references, which only a search for garbage frees.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
