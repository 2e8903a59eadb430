"""The analysis data reviewer's guide by the template of PHUSE, from the specification, the plan, the findings and `guide:`."""

from __future__ import annotations

from adam.submission.document import Block, Contents, Heading
from adam.submission.guide.conformance import conformance
from adam.submission.guide.considerations import considerations
from adam.submission.guide.datasets import descriptions
from adam.submission.guide.facts import GuideFacts
from adam.submission.guide.introduction import introduction, protocol
from adam.submission.guide.processing import processing
from adam.submission.guide.programs import appendix, programs


def reviewers_guide(facts: GuideFacts) -> list[Block]:
    """The guide as a document: every section of the template, in its order."""
    return [
        Heading(f"Analysis Data Reviewer's Guide: {facts.study.name}", 1),
        Contents(),
        *introduction(facts),
        *protocol(facts),
        *considerations(facts),
        *processing(facts),
        *descriptions(facts),
        *conformance(facts),
        *programs(facts),
        *appendix(facts),
    ]
