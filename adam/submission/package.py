"""The m5 folders of a submission, from a verified output: `m5/datasets/<study>/analysis/adam/{datasets,programs}`.

The layout and the file names are those of FDA's Study Data Technical Conformance Guide (section on the folder structure of study data) and
of the eCTD: lower-case letters, digits and hyphens, at most 64 characters. The two folders have the same relative position in an output, so
the links of define.xml to the programs hold in both.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from adam.core.errors import UsageError
from adam.core.output_kinds import DOCUMENTS, JSON, require_kind
from adam.submission.dataset_files import ADAM, DATASET_JSON
from adam.submission.define.page import FILE, PAGE, define_page
from adam.submission.earlier_output import require_replaceable
from adam.submission.folder import stage_output
from adam.submission.json import DEFINE
from adam.submission.manifest import kinds_left_out, save_manifest, sha256_of
from adam.submission.specification_texts import specification_texts
from adam.submission.submission import PROGRAMS, SPECS
from adam.submission.verify import Difference, require_manifest, verify

DATASETS = "datasets"
STUDY_FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
NAME = re.compile(r"(?=.{1,64}$)[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)?")
"""A folder or file name that an eCTD allows."""
LEFT_OUT = (f"{ADAM}/adrg.html", f"{ADAM}/adrg.md")
"""Other forms of the guide: a submission has adrg.pdf."""


def package(out: Path, to: Path, *, dataset_json: bool = False) -> list[Difference]:
    """Copy the datasets, define.xml, the guide, the programs and the specification of an output into the folders of module 5.

    The manifest goes with them. Files of the specification become ASCII text; those with nothing but a simulation are left out.

    Args:
        out: the output of a run.
        to: the folder for `m5`; an earlier package in it is replaced.
        dataset_json: package the Dataset-JSON files instead of the transport files.

    Returns:
        The differences between the output and its manifest; if there are any, nothing is packaged.

    Raises:
        UsageError: the output has no manifest or no datasets, a name is not valid in module 5, or `to` has files that adamsmith did not
            write.
    """
    body = require_manifest(out)
    study = str(body.get("study", ""))
    folder = study.lower().replace("_", "-")
    if not STUDY_FOLDER.fullmatch(folder):
        raise UsageError(
            f"The study '{folder}' cannot name a folder of module 5. Use a study name of at most 64 letters, digits, - and _ in study.yaml"
        )
    if to.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(to.resolve()):
        raise UsageError(f"{to} and {out} are inside each other. Name a folder outside the output for --to")
    differences = verify(out)
    if differences:
        return differences
    for kind in (DOCUMENTS, *([JSON] if dataset_json else [])):
        require_kind(kind, kinds_left_out(body), out)
    places = _places(body["outputs"], dataset_json)
    data = [Path(name).stem.upper() for name in places if name.endswith((".xpt", ".json", ".ndjson"))]
    if not data:
        raise UsageError(f"{out} has no datasets. Name the output of adam build")
    texts = specification_texts(out, [name for name in body["outputs"] if name.startswith(f"{SPECS}/")])
    _require_names([*places.values(), *(f"{PROGRAMS}/{name}" for name in texts)])
    require_replaceable(to, study, "adam package", data)
    root = Path("m5") / "datasets" / folder / "analysis" / "adam"
    with stage_output(to) as staging:
        for name, place in places.items():
            _copy(out / name, staging / root / place, name, body["outputs"][name])
        for name, text in texts.items():
            _write(staging / root / PROGRAMS / name, text.encode("ascii"))
        _adapt(staging / root / DATASETS, dataset_json)
        outputs = {path.relative_to(staging).as_posix(): sha256_of(path) for path in sorted(staging.rglob("*")) if path.is_file()}
        save_manifest(staging, {**body, "outputs": outputs})
    return []


def _places(outputs: Mapping[str, str], dataset_json: bool) -> dict[str, str]:
    """The place in the package of each file that is copied: without the other format of the datasets, and with one form of the guide."""
    places = {}
    for name in sorted(outputs):
        top, _, rest = name.partition("/")
        is_data = name.endswith((".xpt", ".json", ".ndjson"))
        if (top == ADAM and name not in LEFT_OUT and not (dataset_json and is_data)) or (top == DATASET_JSON and dataset_json):
            places[name] = f"{DATASETS}/{rest}"
        elif top == PROGRAMS:
            places[name] = f"{PROGRAMS}/{rest}"
    return places


def _require_names(places: Iterable[str]) -> None:
    """Refuse a package with names that module 5 does not allow.

    Raises:
        UsageError: there is such a name.
    """
    for place in places:
        if not all(NAME.fullmatch(part) for part in PurePosixPath(place).parts):
            raise UsageError(
                f"'{place}' is not a valid name in module 5. Use names of at most 64 lower-case letters, digits and hyphens with one suffix"
            )


def _copy(source: Path, target: Path, name: str, sha256: str) -> None:
    """Copy a file.

    Raises:
        UsageError: the copy does not have the expected sha256.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if sha256_of(target) != sha256:
        raise UsageError(f"{name} changed while it was packaged. Run the command again")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _adapt(folder: Path, dataset_json: bool) -> None:
    """Let the links of the packaged files lead to files of the package: define.html has no report, Dataset-JSON is next to define.xml."""
    define = (folder / FILE).read_bytes()
    if dataset_json:
        for path in sorted(path for path in folder.iterdir() if path.suffix in (".json", ".ndjson")):
            define = define.replace(f'href="{path.stem}.xpt"'.encode(), f'href="{path.name}"'.encode())
            define = define.replace(f"<def:title>{path.stem}.xpt<".encode(), f"<def:title>{path.name}<".encode())
            _name_define(path)
        (folder / FILE).write_bytes(define)
    (folder / PAGE).write_text(define_page(define), encoding="utf-8", newline="\n")


def _name_define(path: Path) -> None:
    """Replace the path of define.xml in the metadata of a Dataset-JSON file, which is before its records."""
    changed = path.with_name(f"{path.name}.tmp")
    with path.open("rb") as source, changed.open("wb") as target:
        for line in source:
            target.write(line.replace(f'"{DEFINE}"'.encode(), f'"{FILE}"'.encode(), 1))
            if DEFINE.encode() in line:
                break
        shutil.copyfileobj(source, target)
    changed.replace(path)
