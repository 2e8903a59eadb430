"""Import a library without the modules that it imports and that we do not use: they load when the library first uses them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class LateModule(ModuleType):
    """Takes the place of a module, and imports it when one of its attributes is first needed, or a module of it (`__path__`)."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name != "__path__":  # the import system and `inspect` ask every module for these
            raise AttributeError(f"module {self.__name__!r} is not loaded yet, so it has no {name}")
        return getattr(self.loaded(), name)

    def loaded(self) -> ModuleType:
        """The module; it is imported now if it is not yet."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


class ModuleOfLateClasses(LateModule):
    """A late module of classes: `from module import name` does not import it, and gives a `LateClass`."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} is not loaded yet, so it has no {name}")
        return LateClass(self, name)


class LateClass:
    """Takes the place of a class of a late module. What is done with it (call, read an attribute, derive, isinstance) imports the module."""

    def __init__(self, module: LateModule, name: str) -> None:
        self._module, self._name = module, name

    def __getattr__(self, name: str) -> object:
        return getattr(self._loaded(), name)

    def __call__(self, *arguments: object, **options: object) -> object:
        return self._loaded()(*arguments, **options)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (self._loaded(),)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self._loaded())

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, self._loaded())

    def _loaded(self) -> Any:  # noqa: ANN401  (a class)
        return getattr(self._module.loaded(), self._name)


def load_classes(module: ModuleType) -> None:
    """Import the late classes of a module, and put each in its place."""
    for name, value in list(vars(module).items()):
        if type(value) is LateClass:  # isinstance(value, LateClass) is the same, but its `__class__` would import the class
            setattr(module, name, value._loaded())


@contextmanager
def late_modules(names: Iterable[str], of_classes: Iterable[str] = ()) -> Iterator[None]:
    """In this block an import of one of the modules gives a `LateModule`, unless it is loaded already. After the block imports are as before.

    Args:
        names: modules that are imported whole (`import module`).
        of_classes: modules whose classes are imported (`from module import name`).

    >>> sys.modules.pop("wave", None) and None
    >>> with late_modules(["wave"]):
    ...     import wave
    >>> "wave" in sys.modules, wave.WAVE_FORMAT_PCM, "wave" in sys.modules
    (False, 1, True)
    """
    late: dict[str, LateModule] = {name: LateModule(name) for name in names}
    late |= {name: ModuleOfLateClasses(name) for name in of_classes}
    placed = {name: module for name, module in late.items() if name not in sys.modules}
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name, module in placed.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
