"""The files of a specification as a submission can hold them: ASCII text files with names of lower-case letters, digits and hyphens."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from adam.core.ascii_text import to_ascii
from adam.core.errors import UsageError

INDEX = "specification.txt"
SIMULATION = "simulation"
TOP_KEY = re.compile(r"^([^\s#-][^:\n]*):", re.MULTILINE)
NOT_ASCII = re.compile("[0-9]?[^\x00-\x7f]+")
"""Characters that are not ASCII, with a digit before them: one half after a 1 becomes 1 1/2."""
HEAD = """\
The specification of the analysis datasets

adamsmith derived, checked and exported the datasets from these files. Each is a copy in ASCII text. To build the datasets
again, give the copies the names on the right, and run: adam build SPECIFICATION --sdtm FOLDER --out FOLDER
A copy in Base64 is that of a file that is no text, such as a workbook: decode it.

"""
REPLACED = """
These files have characters that are not ASCII. In the copies they are replaced as follows:

"""


def specification_texts(out: Path, names: Iterable[str]) -> dict[str, str]:
    """The text of each file by its new name, with an index that lists the original names and the replaced characters.

    A file that has only the facts of a simulation is left out.

    Args:
        out: the output of a run.
        names: the files of the specification in it, as `specs/<folder>/<file>`.

    Raises:
        UsageError: two files have the same name in lower-case letters, digits and hyphens.
    """
    texts: dict[str, str] = {}
    index, replaced = [], []
    for name in sorted(names):
        original, encoded = _content(out / name)
        place = name.partition("/")[2]
        if is_simulation(place, original):
            continue
        target = text_name(place)
        if target in texts:
            raise UsageError(f"Two files of the specification become {target}. Rename {place}")
        texts[target] = ascii_text(original)
        index.append(f"  {target}  <-  {place}{' (Base64)' if encoded else ''}\n")
        replaced += [f"  {target}: {each}\n" for each in _replacements(original)]
    return {**texts, INDEX: HEAD + "".join(index) + (REPLACED + "".join(replaced) if replaced else "")} if texts else {}


def _content(path: Path) -> tuple[str, bool]:
    """The text of a file; that of a table which is no text, such as a workbook, in Base64, and whether it is."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.encodebytes(raw).decode("ascii"), True


def text_name(place: str) -> str:
    """The name of the copy of a file; a file that is not YAML keeps its suffix in the name.

    >>> text_name("true_ad/study.yaml"), text_name("adamig/tables/CT_terms.csv")
    ('spec-true-ad-study.txt', 'spec-adamig-tables-ct-terms-csv.txt')
    """
    path = PurePosixPath(place)
    stem = path.with_suffix("") if path.suffix in (".yaml", ".yml") else path
    return f"spec-{re.sub('[^a-z0-9]+', '-', str(stem).lower()).strip('-')}.txt"


def ascii_text(text: str) -> str:
    r"""A text in ASCII: characters with an ASCII form become that form, others their escape.

    >>> print(ascii_text("  label: Größe ≥ 1½ 日"))
      label: Grosse >= 1 1/2 \u65e5
    """
    return NOT_ASCII.sub(lambda match: to_ascii(match[0]), text).encode("ascii", "backslashreplace").decode("ascii")


def is_simulation(place: str, text: str) -> bool:
    """Whether a YAML file has only the facts of a simulation."""
    keys = TOP_KEY.findall(text) if place.endswith((".yaml", ".yml")) else []
    return keys == [SIMULATION]


def _replacements(text: str) -> list[str]:
    """Which characters of a text are replaced, by what, and how often."""
    counts = Counter(sign for sign in text if not sign.isascii())
    return [f"U+{ord(sign):04X} by {ascii_text(sign).strip()} ({count})" for sign, count in sorted(counts.items())]
