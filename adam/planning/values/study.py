"""A study with nothing left open: what holds for all of its datasets."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Literal

from adam.core.errors import NOWHERE, Mark
from adam.core.reference_table import ReferenceTable
from adam.expressions.tree import Expr
from adam.planning.values.dataset import ResolvedDataset, ResolvedVariable
from adam.planning.values.resolved import Resolved
from adam.planning.values.results import ResolvedDisplay
from adam.specification.guide import Guide
from adam.specification.models import Attributes, Check, Codelist, Window
from adam.specification.results import Result
from adam.specification.standards import Named
from adam.specification.study import Waiver


class ResolvedSource(Resolved):
    """How a domain is read: which records, the variables prepared in it (with their methods), what may be missing, what is warned of."""

    name: str
    where: Expr | None = None
    variables: dict[str, ResolvedVariable] = {}
    optional: tuple[str, ...] = ()
    dates: Literal["error", "warning"] = "error"
    issues: dict[str, Expr] = {}
    encoding: str = ""
    allow_empty: bool = False
    mark: Mark = NOWHERE

    @property
    def may_be_absent(self) -> bool:
        """Whether the study runs without a file of the domain."""
        return self.name in self.optional


class ResolvedStudy(Resolved):
    """A study as checks, export, results and report read it.

    `datasets` are all of the study, also those a run does not make, with all parameters, also those that only serve others.
    `dictionary` is that of the standard with the study's own over it, `standard` that of the standard alone (None: `dictionary` is it),
    `dictionaries` are the dictionaries of coded terms (MedDRA) with their versions. `unlisted` are the check ids of datasets in the folder
    that the study does not list. `files` are the YAML files with their digests.
    """

    name: str
    folder: Path
    ids: tuple[str, ...]
    label: str = ""
    files: tuple[tuple[str, Path], ...] = ()
    digests: dict[str, str] = {}
    standards: tuple[Named, ...] = ()
    as_of: datetime.date | None = None
    waivers: tuple[Waiver, ...] = ()
    non_ascii: Literal["error", "transliterate", "keep"] = "error"
    lengths: Literal["declared", "longest"] = "longest"
    conformance: Literal["off", "warning", "error"] = "warning"
    split_over: int = 5_000_000_000
    constants: dict[str, Any] = {}
    dictionaries: dict[str, str] = {}
    treatments: dict[str, float] = {}
    periods: dict[int, str] = {}
    phases: dict[int, str] = {}
    windows: dict[str, dict[str, Window]] = {}
    sources: dict[str, ResolvedSource] = {}
    datasets: dict[str, ResolvedDataset] = {}
    dictionary: dict[str, dict[str, Attributes]] = {}
    standard: dict[str, dict[str, Attributes]] | None = None
    unlisted: dict[str, tuple[str, ...]] = {}
    codelists: dict[str, Codelist] = {}
    checks: tuple[Check, ...] = ()
    instruments: dict[str, Any] = {}
    tables: dict[str, ReferenceTable] = {}
    results: dict[str, Result] = {}
    guide: Guide = Guide()
    core_variables: tuple[tuple[str, Mark], ...] = ()
    displays: dict[str, ResolvedDisplay] = {}
