"""What the reviewer's guide is made from, and the sections of the template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adam.core.errors import Finding
from adam.planning.values import Prose, ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.planning.values.reads import DatasetReads
from adam.submission.data_profile import DataProfile
from adam.submission.document import Block, Heading, Paragraph

NOT_STATED = "Not stated in the specification."
DEFINE = "define.xml"
SECTIONS = {
    "purpose": "1.1 Purpose",
    "acronyms": "1.2 Acronyms",
    "standards": "1.3 Study Data Standards and Dictionary Inventory",
    "source_data": "1.4 Source Data Used for Analysis Dataset Creation",
    "protocol": "2.1 Protocol Number and Title",
    "design": "2.2 Protocol Design in Relation to ADaM Concepts",
    "core_variables": "3.1 Core Variables",
    "treatment_variables": "3.2 Treatment Variables",
    "subject_issues": "3.3 Subject Issues that Require Special Analysis Rules",
    "visits": "3.4 Use of Visit Windowing, Unscheduled Visits, and Record Selection",
    "imputation": "3.5 Imputation/Derivation Methods",
    "split_datasets": "4.1 Split Datasets",
    "data_dependencies": "4.2 Data Dependencies",
    "intermediate_datasets": "4.3 Intermediate Datasets",
    "overview": "5.1 Overview",
    "datasets": "5.2 Analysis Datasets",
    "conformance": "6.1 Conformance Inputs",
    "issues": "6.2 Issues Summary",
    "programs": "7.1 Description",
    "adam_programs": "7.2 ADaM Programs",
    "output_programs": "7.3 Analysis Output Programs",
    "macro_programs": "7.4 Macro Programs",
    "formal_expressions": "8.1 Formal Expressions in define.xml",
    "appendix": "8.2 Further Information",
}
"""The sections of the template of PHUSE (version of 2019-07-18) by key, and 8.1, which this package adds."""


class Tool(NamedTuple):
    """A tool that checked the datasets: its version, and the rules it applied."""

    name: str
    version: str
    rules: str


@dataclass(frozen=True)
class GuideFacts:
    """What the guide is made from.

    Attributes:
        study: its names, standards, treatments, windows and texts of the guide.
        datasets: the resolved datasets.
        profiles: the number of records of each dataset.
        findings: those of the run; `waived` is the explanation.
        parts: the names of the parts of each dataset that is also exported in parts.
        reads: what each dataset reads.
        populations: the number of subjects with each population flag, and under "" of all subjects.
        tools: the tools that checked the datasets.
        programs: the programs of the output, relative to the folder of the guide.
        notation: the meaning of the functions and derivations that formal expressions name.
    """

    study: ResolvedStudy
    datasets: Mapping[str, ResolvedDataset]
    profiles: Mapping[str, DataProfile]
    findings: Sequence[Finding] = ()
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reads: Mapping[str, DatasetReads] = field(default_factory=dict)
    populations: Mapping[str, int] = field(default_factory=dict)
    tools: Sequence[Tool] = ()
    programs: Sequence[str] = ()
    notation: Mapping[str, str] = field(default_factory=dict)

    @property
    def prose(self) -> Prose:
        """Renders conditions, with the constants of the study resolved."""
        return Prose(constants=self.study.constants)

    def section(self, key: str) -> Iterator[Block]:
        """The heading of a section, and the text that the study has for it."""
        yield Heading(SECTIONS[key], 3, key)
        for text in getattr(self.study.guide.text, key, ()):
            yield Paragraph(text)


def definition(variable: ResolvedVariable) -> str:
    """How a variable is made: its method, its comment, or what it is copied from."""
    return variable.description or variable.comment or ", ".join(variable.lineage)


def joined(texts: Sequence[str]) -> str:
    """Texts as `A, B and C`.

    >>> joined(["A", "B", "C"]), joined(["A"])
    ('A, B and C', 'A')
    """
    return " and ".join([*([", ".join(texts[:-1])] if texts[1:] else []), *texts[-1:]])
