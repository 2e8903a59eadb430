"""A folder against its manifest: what is missing, changed or too much."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from adam.core.errors import UsageError
from adam.submission.earlier_output import MANIFEST, REJECTED, list_files
from adam.submission.manifest import sha256_of


@dataclass(frozen=True)
class Difference:
    """One file that is not as the manifest has it; `what` is `missing`, `changed`, `not listed`, `not a regular file` or `unreadable`."""

    what: str
    name: str

    def __str__(self) -> str:
        return f"{self.what}: {self.name}"


def manifest_of(out: Path) -> dict[str, Any]:
    """The manifest of a folder.

    Raises:
        UsageError: there is none, or it is none of ours: no outputs, no sha256, or names that lead out of the folder.
    """
    path = out / MANIFEST
    if not path.is_file():
        raise UsageError(f"{out} has no {MANIFEST}; name a folder that adam build, adam simulate or adam package made")
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        outputs = dict(body["outputs"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is no manifest of ours") from None
    for name, sha in outputs.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or not isinstance(sha, str):
            raise UsageError(f"{path} is no manifest of ours: '{name}' is no file of the folder with its sha256")
    return {**body, "outputs": outputs}


def verify(out: Path) -> list[Difference]:
    """How a folder differs from its manifest, by name; nothing where it is as it was made. `rejected/` is not looked at.

    Raises:
        UsageError: it has no manifest of ours.
    """
    outputs = manifest_of(out)["outputs"]
    there = {name for name in list_files(out) if name != MANIFEST and name.split("/")[0] != REJECTED}
    found = [Difference("missing", name) for name in outputs if name not in there]
    found += [Difference("not listed", name) for name in there if name not in outputs]
    found += [Difference(what, name) for name, sha in outputs.items() if name in there and (what := _differs(out / name, sha))]
    return sorted(found, key=lambda difference: (difference.name, difference.what))


def _differs(path: Path, sha: str) -> str:
    """How a file differs from the one with this sha256; blank if it does not. What is no regular file is not opened: a pipe would be waited for."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return "not a regular file"
    try:
        return "" if sha256_of(path) == sha else "changed"
    except PermissionError:
        return "unreadable"
