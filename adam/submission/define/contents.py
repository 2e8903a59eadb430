"""The content of a define.xml as values that a page shows: every reference is resolved to the text or the link it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from adam.submission.document import Link

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
COMPARATORS = {"EQ": "=", "NE": "≠", "LT": "<", "LE": "≤", "GT": ">", "GE": "≥", "IN": "in", "NOTIN": "not in"}


@dataclass(frozen=True)
class Explanation:
    """A method or a comment. `formal` has the context and the code of each formal expression."""

    oid: str
    name: str
    type: str
    text: str
    formal: tuple[tuple[str, str], ...]
    documents: tuple[Link, ...]


@dataclass(frozen=True)
class Item:
    """A variable, or its value under the condition `where`; `values` is the value-level metadata of a variable."""

    oid: str
    name: str
    label: str
    key: str
    type: str
    length: str
    format: str
    codelist: Link | None
    origin: str
    predecessor: str
    documents: tuple[Link, ...]
    method: Explanation | None
    comment: Explanation | None
    where: str
    values: tuple[Item, ...]


@dataclass(frozen=True)
class DefinedDataset:
    """A dataset with its variables. `file` is a link to the data."""

    oid: str
    name: str
    label: str
    class_: str
    structure: str
    keys: str
    standard: str
    file: Link | None
    empty: bool
    comment: Explanation | None
    variables: tuple[Item, ...]


@dataclass(frozen=True)
class DefinedCodelist:
    """A codelist: its terms, or the text that names an external dictionary."""

    oid: str
    name: str
    code: str
    sponsor: bool
    dictionary: str
    comment: Explanation | None
    terms: tuple[tuple[str, str, str], ...]


class DefineReader:
    """Reads a define.xml, as `define_xml` returns it."""

    def __init__(self, raw: bytes) -> None:
        self.root = ET.fromstring(raw)
        self.version = next(self.root.iter(f"{ODM}MetaDataVersion"))
        self.definitions = {each.attrib["OID"]: each for each in self.root.iter() if "OID" in each.attrib}
        self.leaves = {each.get("ID", ""): Link(text(each), each.get(HREF, "")) for each in self.root.iter(f"{DEF}leaf")}

    def guides(self) -> tuple[Link, ...]:
        """The supplemental documents, such as the reviewer's guide."""
        return tuple(link for each in self.version.iter(f"{DEF}SupplementalDoc") for link in self.documents(each))

    def documents(self, node: ET.Element | None) -> tuple[Link, ...]:
        """The documents that an element refers to."""
        references = [] if node is None else node.findall(f"{DEF}DocumentRef")
        return tuple(self.leaves[each.get("leafID", "")] for each in references)

    def standards(self) -> list[list[str]]:
        """Name, type, version and status of each standard."""
        rows = []
        for each in self.version.iter(f"{DEF}Standard"):
            name = f"{each.get('Name')} {each.get('PublishingSet', '')}".strip()
            rows.append([name, each.get("Type", ""), each.get("Version", ""), each.get("Status", "")])
        return rows

    def datasets(self) -> Iterator[DefinedDataset]:
        """The datasets, in the order of the file."""
        for group in self.version.findall(f"{ODM}ItemGroupDef"):
            refs = group.findall(f"{ODM}ItemRef")
            keys = sorted((ref for ref in refs if ref.get("KeySequence")), key=lambda ref: int(ref.get("KeySequence", "0")))
            standard = self.definitions.get(group.get(f"{DEF}StandardOID", ""))
            yield DefinedDataset(
                oid=group.get("OID", ""),
                name=group.get("Name", ""),
                label=text(group.find(f"{ODM}Description")),
                class_=" / ".join(each.get("Name", "") for tag in ("Class", "SubClass") for each in group.iter(f"{DEF}{tag}")),
                structure=group.get(f"{DEF}Structure", ""),
                keys=", ".join(self.definitions[ref.get("ItemOID", "")].get("Name", "") for ref in keys),
                standard="" if standard is None else f"{standard.get('Name')} {standard.get('Version')}",
                file=self.leaves.get(group.get(f"{DEF}ArchiveLocationID", "")),
                empty=group.get(f"{DEF}HasNoData") == "Yes",
                comment=self.explanation(group.get(f"{DEF}CommentOID")),
                variables=tuple(self.item(ref) for ref in refs),
            )

    def item(self, ref: ET.Element) -> Item:
        """A variable, or one entry of value-level metadata."""
        item = self.definitions[ref.get("ItemOID", "")]
        codelist = item.find(f"{ODM}CodeListRef")
        oid = "" if codelist is None else codelist.get("CodeListOID", "")
        origin = item.find(f"{DEF}Origin")
        values = item.find(f"{DEF}ValueListRef")
        listed = [] if values is None else self.definitions[values.get("ValueListOID", "")].findall(f"{ODM}ItemRef")
        digits = item.get("SignificantDigits", "0")
        return Item(
            oid=item.get("OID", ""),
            name=item.get("Name", ""),
            label=text(item.find(f"{ODM}Description")),
            key=ref.get("KeySequence", ""),
            type=item.get("DataType", ""),
            length=item.get("Length", "") + (f".{digits}" if digits != "0" else ""),
            format=item.get(f"{DEF}DisplayFormat", ""),
            codelist=Link(self.definitions[oid].get("Name", ""), f"#{oid}") if oid else None,
            origin="" if origin is None else " ".join(part for part in (origin.get("Type"), _source(origin)) if part),
            predecessor="" if origin is None else text(origin.find(f"{ODM}Description")),
            documents=self.documents(origin),
            method=self.explanation(ref.get("MethodOID")),
            comment=self.explanation(item.get(f"{DEF}CommentOID")),
            where=self.where(ref),
            values=tuple(self.item(each) for each in listed),
        )

    def where(self, ref: ET.Element) -> str:
        """The where clauses of an element as text: one of several must hold."""
        clauses = [self.definitions[each.get("WhereClauseOID", "")] for each in ref.findall(f"{DEF}WhereClauseRef")]
        shown = [" and ".join(self.comparison(check) for check in clause.findall(f"{ODM}RangeCheck")) for clause in clauses]
        return " or ".join(f"({each})" if len(shown) > 1 else each for each in shown)

    def comparison(self, check: ET.Element) -> str:
        """One comparison of a where clause."""
        name = self.definitions[check.get(f"{DEF}ItemOID", "")].get("Name")
        comparator = check.get("Comparator", "")
        values = ", ".join(text(value) or '""' for value in check.findall(f"{ODM}CheckValue"))
        return f"{name} {COMPARATORS.get(comparator, comparator)} {f'({values})' if comparator.endswith('IN') else values}"

    def explanation(self, oid: str | None) -> Explanation | None:
        """The method or the comment with an identifier; None without one."""
        if not oid:
            return None
        node = self.definitions[oid]
        formal = tuple((each.get("Context", ""), "".join(each.itertext()).strip()) for each in node.findall(f"{ODM}FormalExpression"))
        name = node.get("Name") or oid.partition(".")[2]
        return Explanation(oid, name, node.get("Type", ""), lines(node.find(f"{ODM}Description")), formal, self.documents(node))

    def explanations(self, tag: str) -> list[Explanation]:
        """All methods, or all comments."""
        return [each for node in self.version.findall(tag) if (each := self.explanation(node.get("OID"))) is not None]

    def codelists(self) -> Iterator[DefinedCodelist]:
        """The codelists, in the order of the file."""
        for codelist in self.version.findall(f"{ODM}CodeList"):
            code = codelist.find(f"{ODM}Alias")
            external = codelist.find(f"{ODM}ExternalCodeList")
            yield DefinedCodelist(
                oid=codelist.get("OID", ""),
                name=codelist.get("Name", ""),
                code="" if code is None else code.get("Name", ""),
                sponsor=codelist.get(f"{DEF}IsNonStandard") == "Yes",
                dictionary="" if external is None else f"{external.get('Dictionary')} {external.get('Version', '')}".strip(),
                comment=self.explanation(codelist.get(f"{DEF}CommentOID")),
                terms=tuple(_term(entry) for entry in codelist if "CodedValue" in entry.attrib),
            )


def text(node: ET.Element | None) -> str:
    """The text of an element in one line; blank without one."""
    return "" if node is None else " ".join("".join(node.itertext()).split())


def lines(node: ET.Element | None) -> str:
    """The text of an element, line by line: a method has a line for each definition."""
    return "" if node is None else "\n".join(filter(None, (" ".join(line.split()) for line in "".join(node.itertext()).splitlines())))


def _source(origin: ET.Element) -> str:
    """Who a collected or assigned value comes from."""
    return f"({origin.get('Source')})" if origin.get("Source") else ""


def _term(entry: ET.Element) -> tuple[str, str, str]:
    alias = entry.find(f"{ODM}Alias")
    extended = " *" if entry.get(f"{DEF}ExtendedValue") else ""
    return entry.attrib["CodedValue"] + extended, text(entry.find(f"{ODM}Decode")), "" if alias is None else alias.get("Name", "")
