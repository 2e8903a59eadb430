"""Print variables drawn from define.xml files, each with its origin and how it is made, from the XML alone.

    python -m tests.submission.define_sample adam/define.xml other/define.xml --seed 1 --count 60

What it prints is all that a reviewer of the files has: no specification, no data.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"


@dataclass(frozen=True)
class DefinedItem:
    """A variable, or its values on the records of a parameter, as a define.xml describes it."""

    name: str
    origin: str
    method: str = ""
    comment: str = ""
    expression: str = ""
    predecessor: str = ""
    has_values: bool = False

    def __str__(self) -> str:
        """Name, origin, and what the file says, each on lines of its own."""
        origin = f"{self.origin}: {self.predecessor}" if self.predecessor else self.origin
        lines = [f"{self.name} ({origin})"]
        for what, text in (("method", self.method), ("comment", self.comment)):
            lines += [f"  {what}: {line}" for line in text.splitlines()]
        return "\n".join(lines)


def items(root: ET.Element) -> list[DefinedItem]:
    """Every variable and every value-level item of a define.xml, in the order of the file."""
    defined = {each.attrib["OID"]: each for each in root.iter(f"{ODM}ItemDef")}
    texts = {each.attrib["OID"]: _text(each.find(f"{ODM}Description")) for tag in (f"{ODM}MethodDef", f"{DEF}CommentDef") for each in root.iter(tag)}
    formal = {each.attrib["OID"]: each.findtext(f"{ODM}FormalExpression", "") for each in root.iter(f"{ODM}MethodDef")}
    found = []
    for ref in root.iter(f"{ODM}ItemRef"):
        item, method = defined[ref.attrib["ItemOID"]], ref.get("MethodOID", "")
        origin = item.find(f"{DEF}Origin")
        assert origin is not None, f"{item.attrib['OID']} has no origin"
        found.append(
            DefinedItem(
                name=item.attrib["OID"].removeprefix("IT."),
                origin=origin.attrib["Type"],
                method=texts.get(method, ""),
                comment=texts.get(item.get(f"{DEF}CommentOID", ""), ""),
                expression=formal.get(method, ""),
                predecessor=_text(origin.find(f"{ODM}Description")),
                has_values=item.find(f"{DEF}ValueListRef") is not None,
            )
        )
    return found


def sample(paths: Iterable[Path], seed: int, count: int) -> list[DefinedItem]:
    """Items drawn from all files together; the same ones for the same seed."""
    found = sorted({str(each): each for path in paths for each in items(ET.parse(path).getroot())}.items())
    return [each for _, each in random.Random(seed).sample(found, min(count, len(found)))]


def _text(node: ET.Element | None) -> str:
    return "" if node is None else "".join(node.itertext()).strip()


def main() -> None:
    """Print the sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="define.xml")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    given = parser.parse_args()
    print("\n\n".join(map(str, sample(given.files, given.seed, given.count))))


if __name__ == "__main__":
    main()
