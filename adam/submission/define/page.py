"""define.html: the content of define.xml as a page for any browser, because browsers do not apply the stylesheet of a local file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adam.core.templates import render
from adam.submission.define.contents import DEF, ODM, DefineReader
from adam.submission.define.displays import displays
from adam.submission.document import Link

PAGE = "define.html"
FILE = "define.xml"
TEMPLATE = Path(__file__).with_name("page.html.jinja")


def define_page(raw: bytes, links: Sequence[Link] = ()) -> str:
    """The page of a define.xml: standards, datasets, variables, value level, analysis results, codelists, methods, comments.

    It loads no other file and has no script.

    Args:
        raw: the file, as `define_xml` returns it.
        links: further files to link to, such as the report. The supplemental documents of define.xml are linked as well.
    """
    reader = DefineReader(raw)
    root = reader.root
    define = {
        "study": next(root.iter(f"{ODM}StudyName")).text,
        "description": reader.version.get("Description", ""),
        "version": reader.version.get(f"{DEF}DefineVersion"),
        "created": root.get("CreationDateTime"),
        "program": f"{root.get('SourceSystem')} {root.get('SourceSystemVersion')}",
        "standards": reader.standards(),
        "datasets": list(reader.datasets()),
        "displays": list(displays(reader)),
        "codelists": list(reader.codelists()),
        "methods": reader.explanations(f"{ODM}MethodDef"),
        "comments": reader.explanations(f"{DEF}CommentDef"),
    }
    return render(TEMPLATE, define=define, links=[*reader.guides(), *links, Link(FILE, FILE)]) + "\n"
