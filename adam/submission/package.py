"""The m5 folders of a submission, from a verified output: `m5/datasets/<study>/analysis/adam/{datasets,programs}`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from adam.core.errors import UsageError
from adam.submission.earlier_output import MANIFEST, require_replaceable
from adam.submission.folder import stage_output
from adam.submission.manifest import sha256_of
from adam.submission.submission import ADAM, SPECS
from adam.submission.verify import Difference, manifest_of, verify

FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""What an eCTD allows as the name of a folder."""
PLACES = {ADAM: "datasets", SPECS: "programs"}


def package(out: Path, to: Path) -> list[Difference]:
    """Copy datasets, define.xml, guide and specification of an output into the folders of module 5; the manifest goes along.

    Args:
        out: the output of a run.
        to: where `m5` goes; what an earlier package left there is replaced whole.

    Returns:
        How the output differs from its manifest; with any difference nothing is packaged.

    Raises:
        UsageError: the output has no manifest or no datasets, the name of the study is no name of a folder, or `to` holds files of others.
    """
    body = manifest_of(out)
    study = str(body.get("study", "")).lower()
    if not FOLDER.fullmatch(study):
        raise UsageError(f"the study '{study}' cannot name a folder of module 5: at most 64 small letters, digits, - and _")
    if to.resolve().is_relative_to(out.resolve()) or out.resolve().is_relative_to(to.resolve()):
        raise UsageError(f"{to} and {out} lie in each other; package to a folder beside the output")
    differences = verify(out)
    if differences:
        return differences
    wanted = {name: PLACES[name.split("/")[0]] for name in body["outputs"] if name.split("/")[0] in PLACES}
    if "datasets" not in wanted.values():
        raise UsageError(f"{out} has no datasets; name the output of adam build")
    require_replaceable(to, str(body.get("study", "")), "adam package", [Path(name).stem.upper() for name in wanted if name.endswith(".xpt")])
    root = Path("m5") / "datasets" / study / "analysis" / "adam"
    with stage_output(to) as staging:
        outputs = {}
        for name, place in sorted(wanted.items()):
            target = root / place / name.split("/", 1)[1]
            (staging / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(out / name, staging / target)
            outputs[target.as_posix()] = sha256_of(staging / target)
            if outputs[target.as_posix()] != body["outputs"][name]:
                raise UsageError(f"{name} changed while it was packaged; run it again")
        text = json.dumps({**body, "outputs": outputs}, indent=2, sort_keys=True) + "\n"
        (staging / MANIFEST).write_text(text, encoding="utf-8")
    return []
