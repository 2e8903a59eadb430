"""Where Arrow takes the memory of text columns from."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def system_memory() -> Iterator[None]:
    """With the allocator of the system, which keeps freed memory until the end: that of Arrow returns it at once, and it is needed again."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)
        release_memory()


def release_memory() -> None:
    """Free the records of a part and return their memory to the system, where its allocator can, so that the next part does not need more.

    Some records are in cycles of references, which only a search for garbage frees.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
