"""Source data: a folder of files becomes headers, and records with only the variables that are read."""

import importlib
import pkgutil

from adam.sources.source import Header, Source
from adam.sources.source_folder import file_names, open_source

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["Header", "Source", "file_names", "open_source"]
