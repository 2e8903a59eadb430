"""The keys of datasets in a define.xml: the variables with a KeySequence."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from adam.core.errors import SourceError
from adam.sources.formats import readable

FILE = "define.xml"
ENTITIES = b"<!ENTITY"


def define_keys(path: Path) -> dict[str, tuple[str, ...]]:
    """The key variables of each dataset of a define.xml, version 1 or 2; a dataset without a key is left out.

    Raises:
        SourceError: the file is not XML, or declares entities, which define.xml does not need and which can make it endless.
    """
    with readable(path, ET.ParseError, ValueError):
        text = path.read_bytes()
        if ENTITIES in text:
            raise SourceError(f"{path}: The file declares XML entities, which are not read. Remove them, or use --key.")
        root = ET.fromstring(text)
        items = {item.get("OID", ""): item.get("Name", "").upper() for item in _all(root, "ItemDef")}
        found = {group.get("Name", "").upper(): _key(group, items) for group in _all(root, "ItemGroupDef")}
    return {name: key for name, key in found.items() if key}


def _all(root: ET.Element, tag: str) -> list[ET.Element]:
    """The elements of a tag, in any namespace."""
    return [each for each in root.iter() if each.tag == tag or each.tag.endswith(f"}}{tag}")]


def _key(group: ET.Element, items: dict[str, str]) -> tuple[str, ...]:
    """The key of a dataset: by KeySequence, or DomainKeys of version 1."""
    refs = [each for each in _all(group, "ItemRef") if each.get("KeySequence")]
    key = [items.get(each.get("ItemOID", ""), "") for each in sorted(refs, key=lambda each: int(each.get("KeySequence", "0")))]
    if key:
        return tuple(name for name in key if name)
    listed = next((value for name, value in group.attrib.items() if name.endswith("}DomainKeys")), "")
    return tuple(name.strip().upper() for name in listed.split(",") if name.strip())
