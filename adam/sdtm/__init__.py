"""Source data: a folder of files becomes headers, and frames of only the variables that are asked for."""

from adam.sdtm.source import Header, Source, open_source

__all__ = ["Header", "Source", "open_source"]
