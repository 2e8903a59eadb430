"""The manifest of an output: its inputs, its files and the versions that made it. It has no time, path or host name."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Protocol

from adam import __version__
from adam.core.errors import SourceError, UsageError
from adam.core.output_kinds import KINDS
from adam.core.versions import versions_of

MANIFEST = "manifest.json"
PACKAGES = ("click", "great_expectations", "jinja2", "matplotlib", "numpy", "pandas", "pyarrow", "pydantic", "pyreadstat", "pyyaml")


class ManifestStudy(Protocol):
    """What a manifest states of a study: its name, its date, and the digests of the files it was read from."""

    @property
    def name(self) -> str: ...
    @property
    def as_of(self) -> datetime.date | None: ...
    @property
    def digests(self) -> Mapping[str, str]: ...


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def leaves_folder(name: str) -> bool:
    """Whether a relative path, with `/`, is absolute or leads out of its folder.

    >>> leaves_folder("adam/adsl.xpt"), leaves_folder("../adsl.xpt")
    (False, True)
    """
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts


def write_manifest(
    folder: Path,
    study: ManifestStudy,
    inputs: Mapping[str, str],
    specs: Mapping[str, Path],
    counts: Mapping[str, int],
    findings: Mapping[str, int] | None = None,
    *,
    written: Mapping[str, str] = MappingProxyType({}),
    left_out: Sequence[str] = (),
) -> None:
    """Write `manifest.json` for all files in a folder, as stable JSON.

    Args:
        folder: the output.
        study: its name and date.
        inputs: the sha256 of each source file that was read.
        specs: the files of the specification and of its layers, by unique names.
        counts: the records of each dataset.
        findings: the number of findings of each severity, and of explained ones; left out if nothing was checked.
        written: the sha256 of the files that were hashed when they were written, by their names in the folder.
        left_out: the kinds of files that the output does not have.

    Raises:
        SourceError: a file of the specification changed after it was read.
    """
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    outputs = {name: written.get(name) or sha256_of(path) for name, path in files.items()}
    body = {
        "study": study.name,
        "as_of": study.as_of.isoformat() if study.as_of else None,
        "versions": {"adamsmith": __version__, **versions_of(*PACKAGES)},
        "inputs": dict(inputs),
        "specs": {name: _unchanged_sha256(study, path) for name, path in specs.items()},
        "outputs": outputs,
        "counts": dict(counts),
        **({"findings": dict(findings)} if findings is not None else {}),
        **({"left_out": list(left_out)} if left_out else {}),
    }
    save_manifest(folder, body)


def save_manifest(folder: Path, body: Mapping[str, Any]) -> None:
    """Write a manifest with sorted keys."""
    (folder / MANIFEST).write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None if it has none.

    Raises:
        UsageError: the file is not a manifest of adamsmith: it has no outputs with their sha256, or a name that leads out of the folder.
    """
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        outputs = dict(body["outputs"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path} is not a manifest of adamsmith. Choose another folder, or empty this one") from None
    for name, sha in outputs.items():
        if leaves_folder(name) or not isinstance(sha, str):
            raise UsageError(f"{path} is not a manifest of adamsmith: '{name}' is not a file of the folder with its sha256. Choose another folder")
    return {**body, "outputs": outputs}


def kinds_left_out(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of files that an output does not have, by its manifest."""
    return tuple(kind for kind in KINDS if kind in body.get("left_out", ()))


def _unchanged_sha256(study: ManifestStudy, path: Path) -> str:
    """The sha256 of a file of the specification.

    Raises:
        SourceError: it is not the sha256 of the bytes that the run read.
    """
    actual = sha256_of(path)
    if study.digests.get(str(path), actual) != actual:
        raise SourceError(f"{path}: the file changed during the run, so the datasets do not match it. Run the command again")
    return actual
