"""The plan's values: what the rooms after the plan read. Nothing here resolves a name or reads YAML."""

from adam.catalog.contract import ExpectedCase, PossibleTerms, Selection
from adam.catalog.derivation import OrderKey, Reach
from adam.catalog.prose import Prose
from adam.catalog.traceability import NamedRecord, OnePerGroup, OnePerRecord, Traceability
from adam.expressions.instruments import Instrument, InstrumentScope
from adam.planning.values.contracts import ResolvedCreation, ResolvedDerivation
from adam.planning.values.dataset import ResolvedDataset, ResolvedParameter, ResolvedVariable
from adam.planning.values.results import DisplayedResult, RecordSelection, ResolvedDisplay
from adam.planning.values.study import ResolvedSource, ResolvedStudy
from adam.specification.codelists import closed
from adam.specification.guide import Guide, GuideTexts, Protocol
from adam.specification.models import (
    Attributes,
    Check,
    Codelist,
    CodelistTerm,
    Core,
    Criterion,
    Derivation,
    Formula,
    Origin,
    Records,
    Term,
    Value,
    VariableType,
    Window,
    WindowUse,
)
from adam.specification.results import TOTAL, Denominator, Measure, Result
from adam.specification.standards import Named
from adam.specification.study import Waiver

__all__ = [
    "ExpectedCase",
    "PossibleTerms",
    "Selection",
    "OrderKey",
    "Reach",
    "NamedRecord",
    "OnePerGroup",
    "OnePerRecord",
    "Traceability",
    "ResolvedCreation",
    "ResolvedDerivation",
    "TOTAL",
    "InstrumentScope",
    "Attributes",
    "Check",
    "Codelist",
    "CodelistTerm",
    "Core",
    "Criterion",
    "Denominator",
    "Derivation",
    "Formula",
    "Guide",
    "GuideTexts",
    "Instrument",
    "Measure",
    "Named",
    "Origin",
    "Prose",
    "Protocol",
    "Records",
    "ResolvedDataset",
    "ResolvedParameter",
    "ResolvedSource",
    "ResolvedStudy",
    "ResolvedVariable",
    "DisplayedResult",
    "RecordSelection",
    "ResolvedDisplay",
    "Result",
    "Term",
    "Value",
    "VariableType",
    "Waiver",
    "Window",
    "WindowUse",
    "closed",
]
