"""The versions of the packages that made an output."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import MappingProxyType


@cache
def versions_of(*packages: str) -> Mapping[str, str]:
    """The versions of Python and of `packages` by name. They are read from files, so a process reads them once."""
    return MappingProxyType({"python": platform.python_version(), **{name: version(name) for name in packages}})
