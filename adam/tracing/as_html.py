"""A trace as a page that opens without a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adam.tracing.as_text import place_of
from adam.tracing.values import TracedValue


def to_html(dataset: str, record: str, values: Sequence[TracedValue]) -> str:
    """The page of a trace: each value can be opened to what it was made from."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("trace.html.jinja").render(dataset=dataset, record=record, values=values, place_of=place_of) + "\n"
