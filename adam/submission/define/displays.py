"""The analysis results of a define.xml as values that a page shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from adam.submission.define.contents import ARM, ODM, DefineReader, text
from adam.submission.document import Link


@dataclass(frozen=True)
class AnalysisData:
    """A dataset of a result: the variables it uses and the condition on its records."""

    dataset: Link
    variables: str
    where: str


@dataclass(frozen=True)
class ShownResult:
    """An analysis result. `code` is the program text in the file, `programs` are links to program files."""

    oid: str
    title: str
    reason: str
    purpose: str
    data: tuple[AnalysisData, ...]
    documentation: str
    documents: tuple[Link, ...]
    context: str
    code: str
    programs: tuple[Link, ...]


@dataclass(frozen=True)
class Display:
    """A table or figure with its results."""

    oid: str
    name: str
    title: str
    documents: tuple[Link, ...]
    results: tuple[ShownResult, ...]


def displays(reader: DefineReader) -> Iterator[Display]:
    """The displays of a define.xml, in the order of the file."""
    for node in reader.version.iter(f"{ARM}ResultDisplay"):
        results = tuple(_result(reader, each) for each in node.findall(f"{ARM}AnalysisResult"))
        title = text(node.find(f"{ODM}Description"))
        yield Display(node.get("OID", ""), node.get("Name", ""), title, reader.documents(node), results)


def _result(reader: DefineReader, node: ET.Element) -> ShownResult:
    documentation, programming = node.find(f"{ARM}Documentation"), node.find(f"{ARM}ProgrammingCode")
    code = None if programming is None else programming.find(f"{ARM}Code")
    return ShownResult(
        oid=node.get("OID", ""),
        title=text(node.find(f"{ODM}Description")),
        reason=node.get("AnalysisReason", ""),
        purpose=node.get("AnalysisPurpose", ""),
        data=tuple(_data(reader, each) for each in node.iter(f"{ARM}AnalysisDataset")),
        documentation=text(None if documentation is None else documentation.find(f"{ODM}Description")),
        documents=reader.documents(documentation),
        context="" if programming is None else programming.get("Context", ""),
        code="" if code is None else "".join(code.itertext()).strip(),
        programs=reader.documents(programming),
    )


def _data(reader: DefineReader, node: ET.Element) -> AnalysisData:
    oid = node.get("ItemGroupOID", "")
    names = [reader.definitions[each.get("ItemOID", "")].get("Name", "") for each in node.findall(f"{ARM}AnalysisVariable")]
    return AnalysisData(Link(reader.definitions[oid].get("Name", ""), f"#{oid}"), ", ".join(names), reader.where(node))
