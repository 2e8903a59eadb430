"""What a file looks like, by its first bytes: a file that is not what its suffix means is refused before a library guesses at it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from adam.core.errors import SourceError
from adam.sources.formats import readable

LONGEST_MAGIC = 80
XPT, SAS, PARQUET = ".xpt", ".sas7bdat", ".parquet"
MAGIC: Mapping[bytes, tuple[str, str]] = {
    b"HEADER RECORD*******LIBRARY": (XPT, "a SAS transport file"),
    b"HEADER RECORD*******LIBV8": (XPT, "a SAS transport file"),
    b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c": (SAS, "a SAS data file"),
    b"PAR1": (PARQUET, "a Parquet file"),
    b"**COMPRESSED**": ("", "a SAS file written by PROC CPORT; write it again with the XPORT engine (LIBNAME … XPORT)"),
    b"PK\x03\x04": ("", "a ZIP archive or an Excel workbook; save the data as CSV or as a SAS transport file"),
    b"\xd0\xcf\x11\xe0": ("", "an Excel 97 workbook; save the data as CSV or as a SAS transport file"),
    b"\x1f\x8b": ("", "a gzip archive; unpack it first"),
    b"%PDF": ("", "a PDF document; name a file of data"),
    b"$FL2": ("", "an SPSS data file; save the data as a SAS transport file"),
    b"<": ("", "XML or HTML; save the data as CSV or as a SAS transport file"),
    b"version https://git-lfs": ("", "a pointer of Git LFS; fetch the file itself (git lfs pull)"),
}
"""The first bytes of files: the suffix they have, and what they are with what to do where no reader takes them."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of UTF-16."""
TEXTS = (".csv", ".json", ".ndjson")


def check_file(path: Path, known: Mapping[str, str], encoding: str = "") -> None:
    """Refuse what cannot be a file of its suffix.

    Args:
        path: the file.
        known: what files of each suffix are called.
        encoding: the encoding the study gives the file, or nothing.

    Raises:
        SourceError: it is a folder, a pipe, empty, of another format, or text in UTF-16 of which the study says nothing.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not a regular file"
        raise SourceError(f"{path.name}: is {what}; a source file is expected. Move it elsewhere, or put the file in its place")
    suffix = path.suffix.lower()
    with readable(path), path.open("rb") as file:
        start = file.read(LONGEST_MAGIC)
    if not start:
        raise SourceError(f"{path.name}: is empty (0 bytes); export it again, or remove it")
    found = next((entry for magic, entry in MAGIC.items() if start.startswith(magic)), None)
    if found is not None and found[0] != suffix:
        own, what = found
        advice = f"; name it {path.stem}{own}" if own else ""
        raise SourceError(f"{path.name}: is not {known[suffix]}; it looks like {what}{advice}")
    if suffix in TEXTS and not encoding and (start.startswith(WIDE) or start.count(b"\0") * 3 > len(start)):
        cure = "save it as UTF-8" + (", or state its encoding (sources: DOMAIN: encoding: utf-16)" if suffix == ".csv" else "")
        raise SourceError(f"{path.name}: looks like text in UTF-16; {cure}")
    if suffix == XPT and found is None:
        raise SourceError(f"{path.name}: is not {known[suffix]}: it does not begin with a LIBRARY header record; export it with the XPORT engine")
