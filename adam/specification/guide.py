"""The texts of the reviewer's guide that only the author of a study knows: the protocol, acronyms, and free text for any section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from adam.core.block import AsWritten, Block
from adam.core.errors import NOWHERE, Mark, did_you_mean
from adam.core.located import as_text, mark_of
from adam.core.problems import Problems


def _paragraphs(value: object) -> object:
    """A text as one paragraph; a list has one paragraph each."""
    return tuple(as_text(each) for each in value) if isinstance(value, list) else value if value is None else (as_text(value),)


Paragraphs = Annotated[tuple[str, ...], BeforeValidator(_paragraphs)]
"""A text, or a list of texts with one paragraph each."""


class Protocol(Block):
    """The protocol of the study: number, title, versions with their amendments, and the design as far as it explains the datasets."""

    number: AsWritten = ""
    title: AsWritten = ""
    version: Paragraphs = ()
    design: Paragraphs = ()


class GuideTexts(Block):
    """Text by section of the guide, shown before what the specification gives."""

    purpose: Paragraphs = ()
    standards: Paragraphs = ()
    source_data: Paragraphs = ()
    core_variables: Paragraphs = ()
    treatment_variables: Paragraphs = ()
    subject_issues: Paragraphs = ()
    visits: Paragraphs = ()
    imputation: Paragraphs = ()
    split_datasets: Paragraphs = ()
    data_dependencies: Paragraphs = ()
    intermediate_datasets: Paragraphs = ()
    overview: Paragraphs = ()
    conformance: Paragraphs = ()
    issues: Paragraphs = ()
    programs: Paragraphs = ()
    adam_programs: Paragraphs = ()
    output_programs: Paragraphs = ()
    macro_programs: Paragraphs = ()
    appendix: Paragraphs = ()


class Guide(Block):
    """What a study adds to its reviewer's guide; `datasets` has text for the description of each dataset."""

    protocol: Protocol = Protocol()
    acronyms: dict[str, AsWritten] = {}
    text: GuideTexts = GuideTexts()
    datasets: dict[str, Paragraphs] = {}
    mark: Mark = NOWHERE

    @property
    def missing(self) -> tuple[str, ...]:
        """The required texts that are not stated, each as a path of keys."""
        stated = {f"protocol: {key}": getattr(self.protocol, key) for key in Protocol.model_fields}
        stated["text: subject_issues"] = self.text.subject_issues
        return tuple(path for path, text in stated.items() if not text)


def read_guide(raw: Mapping[str, Any], datasets: Mapping[str, object], problems: Problems) -> Guide:
    """The guide of all layers; a text of a dataset that the study does not have is reported."""
    if not raw:
        return Guide()
    guide = problems.model(Guide, raw, "guide", mark=mark_of(next(iter(raw)))) or Guide()
    for name in guide.datasets:
        if name not in datasets:
            message = f"The study has no dataset {name}{did_you_mean(name, datasets)}"
            key = next(each for each in raw["datasets"] if each == name)
            problems.add(mark_of(key), "guide", message, "spec-unknown-dataset")
    return guide
