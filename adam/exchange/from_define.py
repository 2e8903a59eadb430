"""The metadata of a define.xml (Define-XML 2.0 and 2.1) as tables."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from adam.core.errors import UsageError
from adam.exchange import metadata as tables
from adam.exchange.metadata import Metadata, Row

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
VERSIONS = ("{http://www.cdisc.org/ns/def/v2.1}", "{http://www.cdisc.org/ns/def/v2.0}")
XLINK = "{http://www.w3.org/1999/xlink}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def from_define(raw: bytes, name: str = "define.xml") -> Metadata:
    """The metadata of a define.xml.

    Args:
        raw: the content of the file.
        name: the file, for messages.

    Raises:
        UsageError: the file is not XML, or has no metadata of Define-XML 2.
    """
    try:
        root = ET.fromstring(raw)
    except ET.ParseError as error:
        raise UsageError(f"{name} is not valid XML: {error}. Name a define.xml.") from None
    version = root.find(f"{ODM}Study/{ODM}MetaDataVersion")
    namespace = next((each for each in VERSIONS if version is not None and version.get(f"{each}DefineVersion")), None)
    if version is None or namespace is None:
        raise UsageError(f"{name} is not Define-XML 2.0 or 2.1. Name a define.xml of analysis datasets.")
    return _Reader(root, version, namespace).metadata()


class _Reader:
    """Reads the elements of one file; `of` is the namespace of Define-XML."""

    def __init__(self, root: ET.Element, version: ET.Element, of: str) -> None:
        self.root, self.version, self.of = root, version, of
        self.items = {each.get("OID", ""): each for each in version.findall(f"{ODM}ItemDef")}
        self.owners: dict[str, str] = {}
        self.standards = {each.get("OID", ""): f"{each.get('Name', '')} {each.get('Version', '')}".strip() for each in version.iter(f"{of}Standard")}

    def metadata(self) -> Metadata:
        """The rows of all sheets."""
        groups = self.version.findall(f"{ODM}ItemGroupDef")
        for group in groups:
            for ref in group.findall(f"{ODM}ItemRef"):
                self.owners[ref.get("ItemOID", "")] = group.get("Name", "")
        found = {
            tables.STUDY: self.study(),
            tables.DATASETS: map(self.dataset, groups),
            tables.VARIABLES: (self.variable(group, ref, place) for group in groups for place, ref in enumerate(group.findall(f"{ODM}ItemRef"), 1)),
            tables.VALUES: self.values(),
            tables.CLAUSES: self.clauses(),
            tables.CODELISTS: self.codelists(),
            tables.DICTIONARIES: self.dictionaries(),
            tables.METHODS: self.methods(),
            tables.COMMENTS: self.comments(),
            tables.DOCUMENTS: self.documents(),
        }
        return {sheet: tuple(rows) for sheet, rows in found.items()}

    def study(self) -> Iterator[Row]:
        """The names of the study and its standards."""
        for name in ("StudyName", "StudyDescription", "ProtocolName"):
            yield {"Attribute": name, "Value": _inner(self.root.find(f"{ODM}Study/{ODM}GlobalVariables/{ODM}{name}"))}
        for each in self.version.iter(f"{self.of}Standard"):
            parts = [each.get("Name", ""), each.get("PublishingSet", ""), each.get("Version", "")]
            yield {"Attribute": "Standard", "Value": " ".join(part for part in parts if part)}

    def dataset(self, group: ET.Element) -> Row:
        """The row of a dataset."""
        refs = [ref for ref in group.findall(f"{ODM}ItemRef") if ref.get("KeySequence")]
        keys = sorted(refs, key=lambda ref: _number(ref.get("KeySequence", "")))
        own = group.find(f"{self.of}Class")
        subclass = own.find(f"{self.of}SubClass") if own is not None else None
        return {
            "Dataset": group.get("Name", ""),
            "Label": _text(group),
            "Class": own.get("Name", "") if own is not None else group.get(f"{self.of}Class", ""),
            "SubClass": subclass.get("Name", "") if subclass is not None else "",
            "Structure": group.get(f"{self.of}Structure", ""),
            "Key Variables": ", ".join(self.name(ref.get("ItemOID", "")) for ref in keys),
            "Standard": self.standards.get(group.get(f"{self.of}StandardOID", ""), ""),
            "Has No Data": group.get(f"{self.of}HasNoData", ""),
            "Repeating": group.get("Repeating", ""),
            "Reference Data": group.get("IsReferenceData", ""),
            "Comment": group.get(f"{self.of}CommentOID", ""),
        }

    def name(self, oid: str) -> str:
        """The name of a variable."""
        item = self.items.get(oid)
        return item.get("Name", "") if item is not None else ""

    def variable(self, group: ET.Element, ref: ET.Element, place: int) -> Row:
        """The row of a variable."""
        return {"Order": str(place), "Dataset": group.get("Name", ""), **self.item(ref)}

    def item(self, ref: ET.Element) -> Row:
        """The cells that variables and value-level items share."""
        oid = ref.get("ItemOID", "")
        item = self.items.get(oid)
        if item is None:
            return {"Variable": ""}
        origin = item.find(f"{self.of}Origin")
        codelist = item.find(f"{ODM}CodeListRef")
        kind = origin.get("Type", "") if origin is not None else ""
        return {
            "Variable": item.get("Name", ""),
            "Label": _text(item),
            "Data Type": item.get("DataType", ""),
            "Length": item.get("Length", ""),
            "Significant Digits": item.get("SignificantDigits", ""),
            "Format": item.get(f"{self.of}DisplayFormat", ""),
            "Mandatory": ref.get("Mandatory", ""),
            "Codelist": codelist.get("CodeListOID", "").removeprefix("CL.") if codelist is not None else "",
            "Origin": kind,
            "Source": origin.get("Source", "") if origin is not None else "",
            "Method": ref.get("MethodOID", "").removeprefix("MT."),
            "Predecessor": _text(origin) if origin is not None and kind == "Predecessor" else "",
            "Comment": item.get(f"{self.of}CommentOID", "").removeprefix("COM."),
        }

    def values(self) -> Iterator[Row]:
        """The rows of value-level metadata, by variable."""
        for oid, item in self.items.items():
            reference = item.find(f"{self.of}ValueListRef")
            if reference is None:
                continue
            found = [each for each in self.version.iter(f"{self.of}ValueListDef") if each.get("OID") == reference.get("ValueListOID")]
            for place, ref in enumerate((ref for each in found for ref in each.findall(f"{ODM}ItemRef")), 1):
                clauses = ", ".join(each.get("WhereClauseOID", "").removeprefix("WC.") for each in ref.findall(f"{self.of}WhereClauseRef"))
                own = {"Order": str(place), "Dataset": self.owners.get(oid, ""), "Variable": item.get("Name", ""), "Where Clause": clauses}
                yield {**self.item(ref), **own}

    def clauses(self) -> Iterator[Row]:
        """One row for each comparison of a where clause."""
        for clause in self.version.findall(f"{self.of}WhereClauseDef"):
            for check in clause.findall(f"{ODM}RangeCheck"):
                oid = check.get(f"{self.of}ItemOID", "")
                yield {
                    "ID": clause.get("OID", "").removeprefix("WC."),
                    "Dataset": self.owners.get(oid, ""),
                    "Variable": self.name(oid),
                    "Comparator": check.get("Comparator", ""),
                    "Value": tables.SEPARATOR.join(_inner(value) for value in check.findall(f"{ODM}CheckValue")),
                }

    def codelists(self) -> Iterator[Row]:
        """One row for each term."""
        for codelist in self.version.findall(f"{ODM}CodeList"):
            head = {
                "ID": codelist.get("OID", "").removeprefix("CL."),
                "Name": codelist.get("Name", ""),
                "NCI Codelist Code": _alias(codelist),
                "Data Type": codelist.get("DataType", ""),
                "Terminology": self.standards.get(codelist.get(f"{self.of}StandardOID", ""), ""),
            }
            terms = [*codelist.findall(f"{ODM}CodeListItem"), *codelist.findall(f"{ODM}EnumeratedItem")]
            for place, term in enumerate(terms, 1):
                decode = term.find(f"{ODM}Decode")
                yield {
                    **head,
                    "Order": str(place),
                    "Term": term.get("CodedValue", ""),
                    "NCI Term Code": _alias(term),
                    "Decoded Value": _inner(decode.find(f"{ODM}TranslatedText")) if decode is not None else "",
                    "Extended": term.get(f"{self.of}ExtendedValue", ""),
                }

    def dictionaries(self) -> Iterator[Row]:
        """One row for each dictionary."""
        for codelist in self.version.findall(f"{ODM}CodeList"):
            external = codelist.find(f"{ODM}ExternalCodeList")
            if external is not None:
                yield {
                    "ID": codelist.get("OID", "").removeprefix("CL."),
                    "Name": codelist.get("Name", ""),
                    "Data Type": codelist.get("DataType", ""),
                    "Dictionary": external.get("Dictionary", ""),
                    "Version": external.get("Version", ""),
                }

    def methods(self) -> Iterator[Row]:
        """One row for each method."""
        for method in self.version.findall(f"{ODM}MethodDef"):
            formal = method.find(f"{ODM}FormalExpression")
            yield {
                "ID": method.get("OID", "").removeprefix("MT."),
                "Name": method.get("Name", ""),
                "Type": method.get("Type", ""),
                "Description": _text(method),
                "Expression Context": formal.get("Context", "") if formal is not None else "",
                "Expression Code": _inner(formal),
                "Document": self.document(method),
            }

    def comments(self) -> Iterator[Row]:
        """One row for each comment."""
        for comment in self.version.findall(f"{self.of}CommentDef"):
            yield {"ID": comment.get("OID", "").removeprefix("COM."), "Description": _text(comment), "Document": self.document(comment)}

    def documents(self) -> Iterator[Row]:
        """One row for each document outside the datasets."""
        for leaf in self.version.findall(f"{self.of}leaf"):
            title = leaf.find(f"{self.of}title")
            yield {"ID": leaf.get("ID", "").removeprefix("LF."), "Title": _inner(title), "Href": leaf.get(f"{XLINK}href", "")}

    def document(self, node: ET.Element) -> str:
        """The documents that an element refers to."""
        return ", ".join(each.get("leafID", "").removeprefix("LF.") for each in node.findall(f"{self.of}DocumentRef"))


def _number(text: str) -> float:
    """The place in a key; what is no number comes last."""
    return float(text) if text.strip().isdecimal() else float("inf")


def _inner(node: ET.Element | None) -> str:
    return (node.text or "").strip() if node is not None else ""


def _text(node: ET.Element) -> str:
    """The description of an element, in English where there are several languages."""
    found = node.findall(f"{ODM}Description/{ODM}TranslatedText")
    english = [each for each in found if each.get(LANGUAGE, "en").startswith("en")]
    return _inner(next(iter(english or found), None))


def _alias(node: ET.Element) -> str:
    alias = node.find(f"{ODM}Alias")
    return alias.get("Name", "") if alias is not None else ""
