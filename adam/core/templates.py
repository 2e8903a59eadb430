"""HTML pages from Jinja templates: every value is escaped, and an unknown name in a template is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2


def render(template: Path, **values: object) -> str:
    """The page that a template makes of some values.

    The filter `count` writes a whole number with thousands separators.

    Args:
        template: the file of the template; it may include files of its folder.
        values: the names that the template uses.
    """
    return _environment(template.parent).get_template(template.name).render(values)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """The templates of a folder. Each is compiled once in a process, because that takes longer than its pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment
