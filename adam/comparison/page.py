"""A comparison as one HTML page: it loads no other file, and every value in it is escaped."""

from __future__ import annotations

from pathlib import Path

from adam.comparison.result import Comparison
from adam.comparison.sentences import counted, key_text, outcome, value_summary
from adam.core.templates import render

TEMPLATE = Path(__file__).with_name("page.html.jinja")


def as_html(result: Comparison) -> str:
    """The comparison as a page."""
    return render(TEMPLATE, result=result, outcome=outcome(result), counted=counted, key_text=key_text, value_summary=value_summary)
