"""The manifest of a run: what went in, what came out, by which versions. No time, no place, no host."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from adam import __version__
from adam.spec.models import Study

PACKAGES = ("pandas", "pyarrow", "pyreadstat", "pydantic", "pyyaml", "great_expectations")


def digest(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, study: Study, inputs: Mapping[str, str], specs: Mapping[str, Path], counts: Mapping[str, int]) -> None:
    """Write `manifest.json` for everything that stands in a folder, as stable JSON."""
    outputs = {path.relative_to(folder).as_posix(): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    body = {
        "study": study.name,
        "as_of": study.as_of.isoformat() if study.as_of else None,
        "versions": {"adamsmith": __version__, "python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "inputs": dict(inputs),
        "specs": {name: digest(path) for name, path in specs.items()},
        "outputs": outputs,
        "counts": dict(counts),
    }
    (folder / "manifest.json").write_text(json.dumps(body, indent=2, sort_keys=True) + "\n", encoding="utf-8")
