"""The conformance rules of ADaM: `rules.yaml` binds each rule to a general check; no rule has a function of its own."""

import importlib
import pkgutil

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
