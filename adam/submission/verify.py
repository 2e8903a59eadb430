"""Comparison of a folder with its manifest: files that are missing, changed or not listed."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adam.core.errors import UsageError
from adam.submission.earlier_output import REJECTED, list_files
from adam.submission.manifest import MANIFEST, read_manifest, sha256_of


@dataclass(frozen=True)
class Difference:
    """A file that differs from the manifest. `what` is `missing`, `changed`, `not listed`, `not a regular file` or `unreadable`."""

    what: str
    name: str

    def __str__(self) -> str:
        return f"{self.what}: {self.name}"


def require_manifest(out: Path) -> dict[str, Any]:
    """The manifest of a folder.

    Raises:
        UsageError: the folder has no manifest, or the file is not a manifest of adamsmith.
    """
    body = read_manifest(out)
    if body is None:
        raise UsageError(f"{out} has no {MANIFEST}. Name a folder that adam build, adam simulate or adam package wrote")
    return body


def verify(out: Path) -> list[Difference]:
    """The differences between a folder and its manifest, sorted by name; none if it is unchanged. The folder `rejected` is ignored.

    Raises:
        UsageError: the folder has no manifest of adamsmith.
    """
    outputs = require_manifest(out)["outputs"]
    files = {name for name in list_files(out) if name != MANIFEST and name.split("/")[0] != REJECTED}
    differences = [Difference("missing", name) for name in outputs if name not in files]
    differences += [Difference("not listed", name) for name in files if name not in outputs]
    differences += [Difference(what, name) for name, sha in outputs.items() if name in files and (what := _difference(out / name, sha))]
    return sorted(differences, key=lambda difference: (difference.name, difference.what))


def _difference(path: Path, sha: str) -> str:
    """How a file differs from the one with this sha256; blank if it is the same.

    Only regular files are opened: reading a pipe would wait for ever.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        return "not a regular file"
    try:
        return "" if sha256_of(path) == sha else "changed"
    except PermissionError:
        return "unreadable"
