"""The JSON Schema of the YAML, for editors."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from adam.pipeline.planning import read_study
from adam.specification.language import LANGUAGE

LAYERS = "[safety, dermatology]"
"""The layers of the package whose names are offered if no study is named."""


def schema_of(specs: str | Path | None = None) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the YAML files of a specification.

    Args:
        specs: a study, whose codelists and classes are offered besides those of its layers; by default the layers of the package.

    Raises:
        SpecError: the study cannot be read.
        UsageError: there is no study in the folder.

    >>> schema_of()["title"]
    'Specification of ADaM datasets (adamsmith)'
    """
    from adam.editor.files import json_schema  # noqa: PLC0415

    if specs is not None:
        return json_schema(read_study(specs))
    with tempfile.TemporaryDirectory() as folder:
        text = f"language: {LANGUAGE}\nstudy: ANY\nids: [ANY]\nextends: {LAYERS}\n"
        Path(folder, "study.yaml").write_text(text, encoding="utf-8")
        return json_schema(read_study(folder))
