"""The manifest of a run: what went in, what came out, by which versions. No time, no place, no host."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from adam import __version__
from adam.core.errors import SourceError

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


def write_manifest(
    folder: Path,
    study: ManifestStudy,
    inputs: Mapping[str, str],
    specs: Mapping[str, Path],
    counts: Mapping[str, int],
    findings: Mapping[str, int] | None = None,
) -> None:
    """Write `manifest.json` for everything that stands in a folder, as stable JSON.

    Args:
        folder: what is in it are the outputs.
        study: its name and date.
        inputs: the sha256 of each source file that was read.
        specs: the files of the specification and of its layers, by names that differ.
        counts: the records of each dataset.
        findings: how many there are of each severity, and of those that are explained; left out where nothing was checked.

    Raises:
        SourceError: a file of the specification is no longer what was read.
    """
    outputs = {path.relative_to(folder).as_posix(): sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    body = {
        "study": study.name,
        "as_of": study.as_of.isoformat() if study.as_of else None,
        "versions": {"adamsmith": __version__, "python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "inputs": dict(inputs),
        "specs": {name: _unchanged(study, path) for name, path in specs.items()},
        "outputs": outputs,
        "counts": dict(counts),
        **({"findings": dict(findings)} if findings is not None else {}),
    }
    (folder / "manifest.json").write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _unchanged(study: ManifestStudy, path: Path) -> str:
    """The sha256 of a file of the specification, which must be that of the bytes the run read.

    Raises:
        SourceError: it is not.
    """
    found = sha256_of(path)
    if study.digests.get(str(path), found) != found:
        raise SourceError(f"{path}: changed during the run, so the datasets are not of this specification; run the command again")
    return found
