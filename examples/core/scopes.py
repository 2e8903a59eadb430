"""Correct two defects of CORE up to 0.17.1 while it runs: without this, no rule with a `Scope` of ADaM is applied to a file.

The engine finds the structure of a dataset from data that only its own test program supplies, so every rule with `Data Structures` in its
scope ends with an error; it also searches for PARAMCD under another name. And it does not read `Scope: Subclasses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdisc_rules_engine.constants.data_structures import ADSL, BDS, OCCDS, OTHER
from cdisc_rules_engine.services.data_services.base_data_service import BaseDataService
from cdisc_rules_engine.utilities.rule_processor import RuleProcessor

OF_OCCURRENCES = ("TERM", "TRT", "DECOD")
SUBCLASSES = {
    "ADVERSE EVENT": lambda names: names & {"AETERM", "AEDECOD"},
    "TIME-TO-EVENT": lambda names: "CNSR" in names,
    "POPULATION PHARMACOKINETIC ANALYSIS": lambda names: names >= {"EVID", "MDV"},
    "NON-COMPARTMENTAL ANALYSIS": lambda names: names & {"PCRFTDT", "NRRLT"},
}


def _names(metadata: Any) -> set[str]:  # noqa: ANN401  (a class of the engine)
    """The variables of a dataset: the engine keeps its first record."""
    return {str(name).upper() for name in (metadata.first_record or {})}


def _structure(self: BaseDataService, metadata: Any) -> str:  # noqa: ANN401, ARG001
    """The structure of a dataset, by its name and variables."""
    names = _names(metadata)
    if metadata.name.upper() == "ADSL":
        return ADSL
    if names & {"PARAMCD", "PARAM"}:
        return BDS
    if any(name.endswith(OF_OCCURRENCES) for name in names):
        return OCCDS
    return BDS if names & {"AVAL", "AVALC"} else OTHER


def install(rules: Mapping[str, Mapping[str, Any]]) -> None:
    """Correct both in the engine, for these rules by their ids."""
    subclasses = {name: set(((rule.get("Scope") or {}).get("Subclasses") or {}).get("Include") or []) for name, rule in rules.items()}
    original = RuleProcessor.rule_applies_to_data_structure

    def applies(self: RuleProcessor, rule: Mapping[str, Any], metadata: Any) -> bool:  # noqa: ANN401
        own = subclasses.get(rule.get("core_id", ""), set())
        if own and "ALL" not in own and not any(name in own and has(_names(metadata)) for name, has in SUBCLASSES.items()):
            return False
        return bool(original(self, rule, metadata))

    BaseDataService.get_data_structure = _structure
    RuleProcessor.rule_applies_to_data_structure = applies
