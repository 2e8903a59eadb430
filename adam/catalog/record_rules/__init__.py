"""The record rules: how the records of a parameter are created. Every module here is imported, so a new file with a decorated class is a rule."""

import importlib
import pkgutil

from adam.catalog.record_rule import DATASET_RECORD_RULES, RECORD_RULES

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["DATASET_RECORD_RULES", "RECORD_RULES"]
