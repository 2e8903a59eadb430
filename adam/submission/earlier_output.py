"""The output of an earlier run in a folder: which files it wrote. Only those files are ever replaced or removed."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from adam.core.errors import UsageError
from adam.core.output_kinds import KINDS
from adam.submission.manifest import MANIFEST, kinds_left_out, leaves_folder, read_manifest

REJECTED = "rejected"
DATA = (".xpt", ".json", ".ndjson")
"""The suffixes of datasets in the folders `adam` and `datasets`."""
COMMANDS = {"m5": "adam package", "sdtm": "adam demo", "adam": "adam build"}
"""The command that wrote an output, by a folder that only it writes; an output without these folders is from `adam simulate`."""


@dataclass(frozen=True)
class EarlierOutput:
    """The output of an earlier run: its study, the command that wrote it, its datasets, and the kinds of files that it does not have."""

    study: str
    command: str
    datasets: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def sibling(out: Path, suffix: str) -> Path:
    """The hidden folder next to an output that ends with `new` or `old`."""
    return out.with_name(f".{out.name}.{suffix}")


def path_inside(folder: Path, name: str) -> Path:
    """The path of a file in a folder.

    Raises:
        UsageError: the name leads out of the folder.
    """
    if not PurePosixPath(name).parts or "\\" in name or leaves_folder(name):
        raise UsageError(f"The file name '{name}' leads out of the output folder, so it is not written. Rename the source of this file")
    return folder / name


def require_own_files(out: Path) -> None:
    """Refuse a folder with files that adamsmith did not write, in it or in its folder `rejected`.

    Raises:
        UsageError: there are such files, or `out` is not a folder.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file. Name a folder")
    rejected = out / REJECTED
    listed = {MANIFEST, f"{REJECTED}/{MANIFEST}", *_outputs(out), *(f"{REJECTED}/{name}" for name in _outputs(rejected))}
    unfinished = {sibling(rejected, suffix).name for suffix in ("new", "old")}
    foreign = [name for name in list_files(out) if name not in listed and not ("/" in name and name.split("/")[0] in unfinished)]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(f"{out} holds {foreign[0]}{more}, which no manifest of adamsmith lists. Move it, or choose another folder for the output")


def read_earlier_output(out: Path) -> EarlierOutput | None:
    """The output of an earlier run; None if the folder has none.

    Raises:
        UsageError: the folder has a manifest that is not from adamsmith.
    """
    body = read_manifest(out)
    if body is None:
        return None
    names = list(body["outputs"])
    folders = {name.split("/")[0] for name in names if "/" in name}
    command = next((command for folder, command in COMMANDS.items() if folder in folders), "adam simulate")
    datasets = [Path(name).stem.upper() for name in names if Path(name).suffix in DATA and Path(name).parent.name in ("adam", "datasets")]
    return EarlierOutput(str(body.get("study", "")), command, tuple(dict.fromkeys(datasets)), kinds_left_out(body))


def require_replaceable(out: Path, study: str, command: str, datasets: Collection[str] | None = None, kinds: Collection[str] = tuple(KINDS)) -> None:
    """Refuse an output whose replacement would lose files: of another study or command, or with datasets or kinds that this run does not make.

    Args:
        out: the output.
        study: the name of the study.
        command: the command that writes the output now.
        datasets: the datasets it writes, if it does not make all datasets of the study.
        kinds: the kinds of files it writes.

    Raises:
        UsageError: the replacement would lose data.
    """
    earlier = read_earlier_output(out)
    if earlier is None:
        return
    if earlier.command != command:
        raise UsageError(f"{out} holds the output of {earlier.command}, and {command} would replace it. Choose another folder for the output")
    if earlier.study and earlier.study != study:
        raise UsageError(f"{out} holds the output of study {earlier.study}, not of {study}. Choose another folder for the output")
    lost = [name for name in earlier.datasets if datasets is not None and name not in datasets]
    if lost:
        raise UsageError(
            f"{out} holds {', '.join(lost)}, which this run would not write: it makes only {', '.join(datasets or ())}. "
            "Choose another folder for the output, or make all datasets"
        )
    _require_kinds(out, earlier, kinds)


def _require_kinds(out: Path, earlier: EarlierOutput, kinds: Collection[str]) -> None:
    """Refuse to replace an output by one without kinds of files that it has.

    Raises:
        UsageError: there is such a kind.
    """
    lost = [kind for kind in KINDS if kind not in kinds and kind not in earlier.left_out]
    if lost:
        raise UsageError(
            f"{out} holds {KINDS[lost[0]]}, which this run would not write: its outputs are {', '.join(kinds)}. "
            "Choose another folder for the output, or leave --outputs out"
        )


def list_files(out: Path) -> list[str]:
    """The relative paths of all files in a folder; a link to a folder counts as a file."""
    names = []
    for folder, folders, files in os.walk(out):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        names += [(here / name).relative_to(out).as_posix() for name in [*files, *links]]
    return sorted(names)


def _outputs(folder: Path) -> set[str]:
    """The files that the manifest of a folder lists; none if it has no manifest."""
    body = read_manifest(folder)
    return set() if body is None else set(body["outputs"])
