"""How records of a parameter come about (LANGUAGE §5): one class is a kind; nothing else has to know of it."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
