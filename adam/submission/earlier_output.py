"""What an output folder holds that is ours, and what an earlier run put there: nothing else is ever replaced or removed."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from adam.core.errors import UsageError

MANIFEST = "manifest.json"
REJECTED = "rejected"
MADE_BY = {"m5": "adam package", "sdtm": "adam demo", "adam": "adam build"}
"""The command that made an output, by a folder in it; one with none of them is of `adam simulate`."""


@dataclass(frozen=True)
class EarlierOutput:
    """The output of an earlier run: its study, the command that made it, and its datasets."""

    study: str
    command: str
    datasets: tuple[str, ...]


def sibling(out: Path, what: str) -> Path:
    """The folder beside an output that is `new` or `old`."""
    return out.with_name(f".{out.name}.{what}")


def path_inside(folder: Path, name: str) -> Path:
    """The path of a file in a folder.

    Raises:
        UsageError: the name leads out of the folder.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        raise UsageError(f"'{name}' leads out of the output, so it is not written. Rename what it is made from")
    return folder / path


def require_own_files(out: Path) -> None:
    """Refuse a folder with files that no manifest of ours lists, in it or in its `rejected`.

    Raises:
        UsageError: there are such files, or it is no folder.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file; a folder is wanted")
    listed = {MANIFEST, f"{REJECTED}/{MANIFEST}", *_listed(out / MANIFEST), *(f"{REJECTED}/{name}" for name in _listed(out / REJECTED / MANIFEST))}
    unfinished = {sibling(out / REJECTED, what).name for what in ("new", "old")}
    strange = [name for name in list_files(out) if name not in listed and not ("/" in name and name.split("/")[0] in unfinished)]
    if strange:
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise UsageError(f"{out} holds {strange[0]}{more}, which no manifest of ours lists. Move it, or choose another folder for the output")


def read_earlier_output(out: Path) -> EarlierOutput | None:
    """What an earlier run left in an output; None if nothing.

    Raises:
        UsageError: its manifest is none of ours.
    """
    body = _body(out / MANIFEST)
    if body is None:
        return None
    outputs = [str(name) for name in body["outputs"]]
    tops = {name.split("/")[0] for name in outputs if "/" in name}
    command = next((command for top, command in MADE_BY.items() if top in tops), "adam simulate")
    datasets = [Path(name).stem.upper() for name in outputs if name.endswith(".xpt") and Path(name).parent.name in ("adam", "datasets")]
    return EarlierOutput(str(body.get("study", "")), command, tuple(dict.fromkeys(datasets)))


def require_replaceable(out: Path, study: str, command: str, datasets: Collection[str] | None = None) -> None:
    """Refuse an output whose earlier content this run would lose: of another study or command, or with datasets it does not make.

    Args:
        out: the output.
        study: the name of the study.
        command: what writes it now.
        datasets: those it writes, where they are less than the whole of the study; None where all are made anew.

    Raises:
        UsageError: it is such an output.
    """
    before = read_earlier_output(out)
    if before is None:
        return
    if before.command != command:
        raise UsageError(f"{out} holds what {before.command} made, and {command} would replace it. Choose another folder for the output")
    if before.study and before.study != study:
        raise UsageError(f"{out} holds the output of study {before.study}, not of {study}. Choose another folder for the output")
    lost = [name for name in before.datasets if datasets is not None and name not in datasets]
    if lost:
        made = ", ".join(datasets or ())
        raise UsageError(
            f"{out} holds {', '.join(lost)}, which this run would not write: it makes only {made}. "
            "Choose another folder for the output, or make all datasets"
        )


def list_files(out: Path) -> list[str]:
    """The relative names of all that is no folder; a link to a folder is a file."""
    found = []
    for folder, folders, files in os.walk(out):
        here = Path(folder)
        found += [(here / name).relative_to(out).as_posix() for name in [*files, *(name for name in folders if (here / name).is_symlink())]]
    return sorted(found)


def _listed(manifest: Path) -> set[str]:
    """The outputs a manifest lists; none without one."""
    body = _body(manifest)
    return set() if body is None else {str(name) for name in body["outputs"]}


def _body(manifest: Path) -> dict[str, Any] | None:
    if not manifest.is_file():
        return None
    try:
        body = json.loads(manifest.read_text(encoding="utf-8"))
        dict(body["outputs"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{manifest} is no manifest of ours; choose another folder or empty this one") from None
    return dict(body)
