"""XML elements with prefixed names as they are written: no registry of namespaces, the same bytes each time."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from adam.core.errors import ExportError

NAMESPACES = {
    "xmlns": "http://www.cdisc.org/ns/odm/v1.3",
    "xmlns:def": "http://www.cdisc.org/ns/def/v2.1",
    "xmlns:arm": "http://www.cdisc.org/ns/arm/v1.0",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
STYLESHEET = "define2-1.xsl"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{STYLESHEET}"?>\n'


def element(name: str, /, *children: ET.Element, text: str = "", **attributes: str) -> ET.Element:
    """An element; `def__X` and `xlink__X` are attributes with a prefix, blank attributes are left out.

    >>> ET.tostring(element("def:leaf", element("def:title", text="a < b"), ID="LF.A", xlink__href="a.xpt", Nothing=""))
    b'<def:leaf ID="LF.A" xlink:href="a.xpt"><def:title>a &lt; b</def:title></def:leaf>'
    """
    made = ET.Element(name, {key.replace("__", ":"): value for key, value in attributes.items() if value})
    made.text = text or None
    made.extend(children)
    return made


def description(text: str) -> ET.Element:
    """A description in English."""
    return element("Description", element("TranslatedText", text=text, xml__lang="en"))


def serialize(root: ET.Element) -> bytes:
    """The whole file, indented, with its stylesheet named; every reference has its definition.

    Raises:
        ExportError: something is defined twice, or referred to and not defined.
    """
    _referenced(root)
    ET.indent(root)
    return (HEAD + ET.tostring(root, encoding="unicode") + "\n").encode("utf-8")


def _referenced(root: ET.Element) -> None:
    """What the schema does not check: the references of one definition to another."""
    defined: set[str] = set()
    for each in root.iter():
        oid = each.get("OID") or (each.get("ID") if each.tag == "def:leaf" else None)
        if oid in defined:
            raise ExportError(f"define.xml: {oid} is defined twice")
        defined |= {oid} if oid else set()
    for each in root.iter():
        for name, value in each.attrib.items():
            refers = name in ("leafID", "def:ArchiveLocationID", "ItemGroupOID") or (name.endswith("OID") and name not in ("OID", "FileOID"))
            if refers and value not in defined:
                raise ExportError(f"define.xml: {each.tag} refers to {value}, which is not defined")
