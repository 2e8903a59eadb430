"""Import a library without the modules that it imports and that we do not use: they load when the library first uses them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class LateModule(ModuleType):
    """Takes the place of a module, and imports it when one of its attributes is first needed."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # the import system and `inspect` ask every module for these
            raise AttributeError(f"module {self.__name__!r} is not loaded yet, so it has no {name}")
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


@contextmanager
def late_modules(names: Iterable[str]) -> Iterator[None]:
    """In this block an import of one of the modules gives a `LateModule`, unless it is loaded already. After the block imports are as before.

    >>> sys.modules.pop("wave", None) and None
    >>> with late_modules(["wave"]):
    ...     import wave
    >>> "wave" in sys.modules, wave.WAVE_FORMAT_PCM, "wave" in sys.modules
    (False, 1, True)
    """
    placed = {name: LateModule(name) for name in names if name not in sys.modules}
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name, module in placed.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
