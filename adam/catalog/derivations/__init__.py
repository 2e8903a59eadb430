"""The derivations: columns in, a column out. Every module here is imported, so a new file with a decorated function is a derivation."""

import importlib
import pkgutil

from adam.catalog.derivation import DERIVATIONS

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["DERIVATIONS"]
