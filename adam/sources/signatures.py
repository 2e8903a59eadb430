"""The format of a file by its first bytes: a file that does not match its suffix is refused before a library guesses its format."""

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
    b"**COMPRESSED**": ("", "a SAS file of PROC CPORT. Write it with the XPORT engine (LIBNAME … XPORT)"),
    b"PK\x03\x04": ("", "a ZIP archive or an Excel workbook. Save the data as CSV or as a SAS transport file"),
    b"\xd0\xcf\x11\xe0": ("", "an Excel 97 workbook. Save the data as CSV or as a SAS transport file"),
    b"\x1f\x8b": ("", "a gzip archive. Unpack it first"),
    b"%PDF": ("", "a PDF document. Replace it with a file of data"),
    b"$FL2": ("", "an SPSS data file. Save the data as a SAS transport file"),
    b"<": ("", "XML or HTML. Save the data as CSV or as a SAS transport file"),
    b"version https://git-lfs": ("", "a pointer of Git LFS. Fetch the file itself (git lfs pull)"),
}
"""The first bytes of files: their suffix, and their format, with what to do if no reader supports it."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""The byte order marks of UTF-16."""
TEXTS = (".csv", ".json", ".ndjson")


def check_file(path: Path, known: Mapping[str, str], encoding: str = "") -> None:
    """Refuse a file whose content does not match its suffix.

    Args:
        path: the file.
        known: the name of the format of each suffix.
        encoding: the encoding that the study declares for the file, or blank.

    Raises:
        SourceError: it is a folder, a pipe, empty, of another format, or text in UTF-16 that the study does not declare.
    """
    if not path.is_file():
        what = "a folder" if path.is_dir() else "not a regular file"
        raise SourceError(f"{path.name}: A source file is expected, but this is {what}. Move it elsewhere, or replace it with the file.")
    suffix = path.suffix.lower()
    with readable(path), path.open("rb") as file:
        start = file.read(LONGEST_MAGIC)
    if not start:
        raise SourceError(f"{path.name}: The file is empty (0 bytes). Export it again, or remove it.")
    found = next((entry for magic, entry in MAGIC.items() if start.startswith(magic)), None)
    if found is not None and found[0] != suffix:
        own, what = found
        advice = f". Name it {path.stem}{own}" if own else ""
        raise SourceError(f"{path.name}: The file is not {known[suffix]}; its content is {what}{advice}.")
    if suffix in TEXTS and not encoding and (start.startswith(WIDE) or start.count(b"\0") * 3 > len(start)):
        cure = "Save it as UTF-8" + (", or declare its encoding (sources: DOMAIN: encoding: utf-16)" if suffix == ".csv" else "")
        raise SourceError(f"{path.name}: The text seems to be UTF-16. {cure}.")
    if suffix == XPT and found is None:
        raise SourceError(
            f"{path.name}: The file is not {known[suffix]}: it does not begin with a LIBRARY header record. Export it with the XPORT engine."
        )
