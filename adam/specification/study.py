"""The model of a study as it is written, and the defaults of its classes and the explanations of its findings."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from adam.core.block import AsWritten, Block
from adam.core.errors import NOWHERE, Mark
from adam.core.reference_table import ReferenceTable
from adam.specification.guide import Guide
from adam.specification.models import Check, Codelist, Dataset, DictionaryEntry, SourceUse, Window
from adam.specification.standards import Standard


class ClassUse(Block):
    """The defaults of the datasets of a class."""

    structure: AsWritten = ""
    key: tuple[AsWritten, ...] = ()
    parameters: Literal["required"] | None = None
    subclasses: tuple[AsWritten, ...] = ()


class Waiver(Block):
    """The reason for the findings of a check, on the records with the values of `keys` (all records without it)."""

    check: AsWritten
    reason: AsWritten
    keys: dict[str, Any] = {}
    mark: Mark = NOWHERE


class Study(Block):
    """A study as it is written in its folder and the layers it extends.

    `lengths` is the length of text in the files: as declared, or that of the longest value of the variable in all datasets. A file of more
    than `split_over` bytes is also written in parts. `standard` is the dictionary of the standard alone; None if `dictionary` is the
    standard. `dictionaries` are the dictionaries of coded terms (MedDRA) with their versions.
    `unlisted` are the check ids of datasets in the folder that `datasets:` does not list, `unused_formulas` the formulas of its own that no
    line takes. `conformance` is the severity of
    the ADaM conformance rules that are not checks of every dataset; `off` skips them.
    """

    name: str
    folder: Path
    files: tuple[tuple[str, Path], ...] = ()
    digests: dict[str, str] = {}
    label: AsWritten = ""
    ids: tuple[AsWritten, ...]
    standards: tuple[Standard, ...] = ()
    as_of: datetime.date | None = None
    waivers: tuple[Waiver, ...] = ()
    non_ascii: Literal["error", "transliterate", "keep"] = "error"
    lengths: Literal["declared", "longest"] = "longest"
    conformance: Literal["off", "warning", "error"] = "warning"
    split_over: Annotated[int, Field(ge=1_000_000)] = 5_000_000_000
    constants: dict[str, Any] = {}
    dictionaries: dict[str, AsWritten] = {}
    treatments: dict[str, float] = {}
    periods: dict[int, str] = {}
    phases: dict[int, str] = {}
    windows: dict[str, dict[str, Window]] = {}
    sources: dict[str, SourceUse] = {}
    datasets: dict[str, Dataset] = {}
    dictionary: dict[str, dict[str, DictionaryEntry]] = {}
    standard: dict[str, dict[str, DictionaryEntry]] | None = None
    unlisted: dict[str, tuple[str, ...]] = {}
    unused_formulas: dict[str, Mark] = {}
    core_variables: tuple[tuple[str, Mark], ...] = ()
    mentioned: frozenset[str] = frozenset()
    classes: dict[str, ClassUse] = {}
    codelists: dict[str, Codelist] = {}
    checks: tuple[Check, ...] = ()
    instruments: dict[str, Any] = {}
    tables: dict[str, ReferenceTable] = {}
    displays: dict[str, Any] = {}
    results: dict[str, Any] = {}
    guide: Guide = Guide()
    simulation: dict[str, Any] = {}
