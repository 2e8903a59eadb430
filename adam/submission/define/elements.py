"""XML elements with prefixed names, written as they are: no namespace registry, and the same bytes each time."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from adam.core.errors import ExportError

NAMESPACES = {
    "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
    "xmlns:def": "http://www.cdisc.org/ns/def/v2.1",
    "xmlns:arm": "http://www.cdisc.org/ns/arm/v1.0",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
STYLESHEET = "adamsmith-define.xsl"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{STYLESHEET}"?>\n'


def element(name: str, /, *children: ET.Element, text: str = "", **attributes: str) -> ET.Element:
    """An element. `def__X` and `xlink__X` are attributes with a prefix; blank attributes are left out.

    >>> ET.tostring(element("def:leaf", element("def:title", text="a < b"), ID="LF.A", xlink__href="a.xpt", Nothing=""))
    b'<def:leaf ID="LF.A" xlink:href="a.xpt"><def:title>a &lt; b</def:title></def:leaf>'
    """
    result = ET.Element(name, {key.replace("__", ":"): value for key, value in attributes.items() if value})
    result.text = text or None
    result.extend(children)
    return result


def description(text: str) -> ET.Element:
    """A description in English."""
    return element("Description", element("TranslatedText", text=text, xml__lang="en"))


def range_check(item_oid: str, comparator: str, values: tuple[str, ...]) -> ET.Element:
    """One comparison of a where clause."""
    return element(
        "RangeCheck", *(element("CheckValue", text=value) for value in values), Comparator=comparator, SoftHard="Soft", def__ItemOID=item_oid
    )


def serialize(root: ET.Element) -> bytes:
    """The whole file, indented, with a reference to its stylesheet.

    Raises:
        ExportError: an identifier is defined twice, or is used without a definition.
    """
    _require_definitions(root)
    ET.indent(root)
    return (HEAD + ET.tostring(root, encoding="unicode") + "\n").encode("utf-8")


def _require_definitions(root: ET.Element) -> None:
    """Check the references between definitions, which the XML schema does not check."""
    defined: set[str] = set()
    for each in root.iter():
        oid = each.get("OID") or (each.get("ID") if each.tag == "def:leaf" else None)
        if oid in defined:
            raise ExportError(f"define.xml: {oid} is defined twice")
        defined |= {oid} if oid else set()
    for each in root.iter():
        for name, value in each.attrib.items():
            is_reference = name in ("leafID", "def:ArchiveLocationID", "ItemGroupOID") or (name.endswith("OID") and name not in ("OID", "FileOID"))
            if is_reference and value not in defined:
                raise ExportError(f"define.xml: {each.tag} refers to {value}, which is not defined")
