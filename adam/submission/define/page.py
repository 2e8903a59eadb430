"""define.html: the content of define.xml as a page for any browser. Many browsers do not apply a stylesheet to a local file."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
VARIABLES = ("Variable", "Label", "Key", "Type", "Length", "Format", "Codelist", "Origin", "Method or comment")
Row = list[Cell]


def define_blocks(raw: bytes) -> list[Block]:
    """The content of a define.xml: standards, datasets, variables with their value-level metadata, analysis results, codelists.

    Args:
        raw: the file, as `define_xml` returns it.
    """
    return list(_DefineReader(ET.fromstring(raw)).blocks())


class _DefineReader:
    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.version = next(root.iter(f"{ODM}MetaDataVersion"))
        self.definitions = {each.attrib["OID"]: each for each in root.iter() if "OID" in each.attrib}

    def blocks(self) -> Iterator[Block]:
        root, groups = self.root, self.version.findall(f"{ODM}ItemGroupDef")
        program = f"{root.get('SourceSystem')} {root.get('SourceSystemVersion')}"
        yield Heading(self.version.get("Description", ""), 1)
        yield Paragraph(
            f"Define-XML {self.version.get(f'{DEF}DefineVersion')}, created {root.get('CreationDateTime')} by {program}. "
            "This page shows the content of define.xml, which is the file of record."
        )
        standards = [[each.get(key, "") for key in ("Name", "PublishingSet", "Version", "Status")] for each in self.version.iter(f"{DEF}Standard")]
        yield Table(("Standard", "Package", "Version", "Status"), standards, "The study names no standards.")
        yield Heading("Datasets")
        yield Table(("Dataset", "Description", "Class", "Structure", "Keys", "File"), [self.dataset(each) for each in groups])
        for group in groups:
            yield Heading(f"{group.get('Name')}: {_text(group.find(f'{ODM}Description'))}", 2, group.get("OID", ""))
            yield Table(VARIABLES, [row for ref in group.findall(f"{ODM}ItemRef") for row in self.variable(ref)])
        results = list(self.version.iter(f"{ARM}AnalysisResult"))
        if results:
            yield Heading("Analysis results")
            yield Table(("Result", "Reason", "Purpose", "Documentation"), [_result(each) for each in results])
        yield Heading("Codelists")
        for codelist in self.version.findall(f"{ODM}CodeList"):
            yield from _codelist(codelist)

    def dataset(self, group: ET.Element) -> Row:
        refs = [ref for ref in group.findall(f"{ODM}ItemRef") if ref.get("KeySequence")]
        keys = [self.definitions[ref.get("ItemOID", "")].get("Name", "") for ref in sorted(refs, key=lambda ref: int(ref.get("KeySequence", "0")))]
        classes = " / ".join(each.get("Name", "") for tag in ("Class", "SubClass") for each in group.iter(f"{DEF}{tag}"))
        leaf = next(group.iter(f"{DEF}leaf"))
        name = Link(group.get("Name", ""), f"#{group.get('OID')}")
        file = Link(_text(leaf), leaf.get(HREF, ""))
        return [name, _text(group.find(f"{ODM}Description")), classes, group.get(f"{DEF}Structure", ""), ", ".join(keys), file]

    def variable(self, ref: ET.Element) -> Iterator[Row]:
        """The row of a variable, then a row for each parameter in its value-level metadata."""
        item = self.definitions[ref.get("ItemOID", "")]
        yield self.item(ref, item, item.get("Name", ""))
        values = item.find(f"{DEF}ValueListRef")
        for value in self.definitions[values.get("ValueListOID", "")].findall(f"{ODM}ItemRef") if values is not None else ():
            yield self.item(value, self.definitions[value.get("ItemOID", "")], f"{item.get('Name')} where {self.where(value)}")

    def item(self, ref: ET.Element, item: ET.Element, name: str) -> Row:
        codelist = item.find(f"{ODM}CodeListRef")
        oid = codelist.get("CodeListOID", "") if codelist is not None else ""
        origin = item.find(f"{DEF}Origin")
        origins = [origin.get("Type", ""), _text(origin)] if origin is not None else []
        texts = [_text(self.definitions.get(each)) for each in (ref.get("MethodOID", ""), item.get(f"{DEF}CommentOID", ""))]
        digits = item.get("SignificantDigits")
        return [
            name,
            _text(item.find(f"{ODM}Description")),
            ref.get("KeySequence", ""),
            item.get("DataType", ""),
            item.get("Length", "") + (f".{digits}" if digits else ""),
            item.get(f"{DEF}DisplayFormat", ""),
            Link(self.definitions[oid].get("Name", ""), f"#{oid}") if oid else "",
            ": ".join(part for part in origins if part),
            " ".join(part for part in texts if part),
        ]

    def where(self, ref: ET.Element) -> str:
        """The where clauses of a value as text."""
        oids = [each.get("WhereClauseOID", "") for each in ref.findall(f"{DEF}WhereClauseRef")]
        checks = [check for oid in oids for check in self.definitions[oid].findall(f"{ODM}RangeCheck")]
        return " and ".join(
            f"{self.definitions[check.get(f'{DEF}ItemOID', '')].get('Name')} {check.get('Comparator')} {', '.join(_text(value) for value in check)}"
            for check in checks
        )


def _text(node: ET.Element | None) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _result(result: ET.Element) -> Row:
    return [
        _text(result.find(f"{ODM}Description")),
        result.get("AnalysisReason", ""),
        result.get("AnalysisPurpose", ""),
        _text(result.find(f"{ARM}Documentation")),
    ]


def _codelist(codelist: ET.Element) -> Iterator[Block]:
    code = codelist.find(f"{ODM}Alias")
    sponsor = " (sponsor)" if codelist.get(f"{DEF}IsNonStandard") else ""
    name = codelist.get("Name", "") + (f" [{code.get('Name')}]" if code is not None else "") + sponsor
    yield Heading(name, 3, codelist.get("OID", ""))
    rows: list[Row] = []
    for entry in codelist:
        if "CodedValue" in entry.attrib:
            alias = entry.find(f"{ODM}Alias")
            extended = " *" if entry.get(f"{DEF}ExtendedValue") else ""
            rows.append([entry.attrib["CodedValue"] + extended, _text(entry.find(f"{ODM}Decode")), "" if alias is None else alias.get("Name", "")])
    yield Table(("Value", "Decode", "NCI code"), rows)
