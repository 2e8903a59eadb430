"""A matplotlib figure as an SVG element of a page: the same bytes on every run, text as text, no external references."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

import matplotlib
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

INK = "#1C2430"
FAINT = "#D5DBE1"
STYLE = {
    "axes.edgecolor": "#8A94A0",
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": INK,
    "ytick.color": INK,
}
SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
POINTS = 72
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@contextmanager
def picture_style(name: str) -> Iterator[None]:
    """The style of all pictures, independent of the user's matplotlib settings; the ids of a picture are made from `name`."""
    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # the font only measures the text here; the browser draws it
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**STYLE, "svg.hashsalt": name})
        yield


def printable(text: str) -> str:
    """A text with a replacement character for each character that XML does not allow."""
    return UNPRINTABLE.sub("\ufffd", text)


def legend(figure: Figure, handles: list[Line2D | Patch], labels: list[str]) -> None:
    """Add a legend at the bottom of a figure, one line for each group; the blank before a label shows those that begin with `_`."""
    box = Legend(
        figure,
        handles,
        [f" {label}" for label in labels],
        loc="lower left",
        bbox_to_anchor=(0, 0),
        frameon=False,
        borderpad=0.2,
        borderaxespad=0,
        handlelength=2.6,
        labelspacing=0.35,
    )
    figure.add_artist(box)


def as_svg(figure: Figure, title: str) -> str:
    """The figure as an `svg` element; the title describes it to screen readers."""
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    ET.register_namespace("", SVG)
    root = ET.fromstring(file.getvalue())
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}style" or child.tag.endswith("metadata"):  # a style element would apply to the whole page
                parent.remove(child)
    _remove_unused_ids(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update({"role": "img", "aria-label": printable(title), "stroke-linejoin": "round"})
    return ET.tostring(root, encoding="unicode")


def _remove_unused_ids(root: ET.Element) -> None:
    """Keep only the ids that are used, because the others would occur again in the next picture."""
    for element in root.iter():
        if XLINK in element.attrib:
            element.set("href", element.attrib.pop(XLINK))
    references = " ".join(value for element in root.iter() for value in element.attrib.values() if "#" in value)
    used = set(re.findall(r"#([\w-]+)", references))
    for element in root.iter():
        if element.get("id") is not None and element.get("id") not in used:
            del element.attrib["id"]
