"""The derivations: columns in, a column out. One decorated function is a derivation; nothing else has to know of it."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
