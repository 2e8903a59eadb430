"""Define-XML 2.1: the metadata of the datasets that a reviewer reads before the data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from importlib.resources import files
from xml.etree import ElementTree as ET

from adam import __version__
from adam.core.errors import ExportError
from adam.core.identifiers import CLASSES
from adam.planning.values import Named, ResolvedDataset, ResolvedStudy
from adam.submission.data_profile import DataProfile
from adam.submission.define.codelists import codelist_element
from adam.submission.define.elements import NAMESPACES, STYLESHEET, description, element, serialize
from adam.submission.define.results import AnalysisResults
from adam.submission.define.variables import VariableDefinitions

VERSION = "2.1.7"
SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
OCCURRENCE = "OCCURRENCE DATA STRUCTURE"
GUIDE = "adrg.pdf"


def define_xml(
    study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], profiles: Mapping[str, DataProfile], created: datetime.datetime
) -> bytes:
    """The define.xml of a study: standards, datasets, variables, value-level metadata, codelists, methods, comments, results.

    Args:
        study: its names, standards and codelists.
        datasets: the resolved datasets, in the order of the file.
        profiles: what only the records show: decimals of numbers, datasets without records.
        created: the creation time in the file.

    Raises:
        ExportError: a dataset has a class that Define-XML does not have, or an identifier is not defined.
    """
    variables = VariableDefinitions(study, profiles)
    groups = [_group(study, dataset, variables, profiles[name].records == 0) for name, dataset in datasets.items()]
    results = AnalysisResults(study, datasets)
    standards = {standard_oid(standard): standard for standard in study.standards}
    version = element(
        "MetaDataVersion",
        *([element("def:Standards", *(_standard(oid, standard) for oid, standard in standards.items()))] if standards else []),
        element("def:SupplementalDoc", element("def:DocumentRef", leafID="LF.ADRG")),
        *variables.lists,
        *variables.clauses.values(),
        *results.clauses.values(),
        *groups,
        *variables.items,
        *(codelist_element(study, codelist) for codelist in variables.codelists.values()),
        *variables.methods,
        *variables.comments,
        *results.comments,
        _leaf("LF.ADRG", GUIDE, "Analysis Data Reviewer's Guide"),
        *results.leaves,
        *results.elements(),
        OID=metadata_oid(study),
        Name=f"{study.name} ADaM",
        Description=f"Analysis datasets of {study.label or study.name}",
        def__DefineVersion=VERSION,
    )
    return serialize(_root(study, version, created))


def stylesheet() -> bytes:
    """The stylesheet that shows a define.xml in a program that applies XSLT, with the appearance of define.html."""
    folder = files("adam.submission.define")
    return folder.joinpath(STYLESHEET).read_bytes().replace(b"@STYLE@", folder.joinpath("define.css").read_bytes())


def study_oid(study: ResolvedStudy) -> str:
    """The identifier of the study."""
    return f"ST.{study.name}"


def metadata_oid(study: ResolvedStudy) -> str:
    """The identifier of the metadata."""
    return f"MDV.{study.name}"


def standard_oid(standard: Named) -> str:
    """The identifier of a standard.

    >>> standard_oid(Named("CDISC/NCI", "2025-03-28", "SDTM"))
    'STD.CT.SDTM'
    """
    return f"STD.CT.{standard.package}" if standard.terminology else f"STD.{standard.name}"


def _root(study: ResolvedStudy, version: ET.Element, created: datetime.datetime) -> ET.Element:
    names = {"StudyName": study.name, "StudyDescription": study.label or study.name, "ProtocolName": study.name}
    variables = element("GlobalVariables", *(element(name, text=text) for name, text in names.items()))
    root = element(
        "ODM",
        element("Study", variables, version, OID=study_oid(study)),
        ODMVersion="1.3.2",
        FileOID=f"DEF.{study.name}",
        FileType="Snapshot",
        CreationDateTime=created.isoformat(timespec="seconds"),
        Originator="adamsmith",
        SourceSystem="adamsmith",
        SourceSystemVersion=__version__,
        def__Context="Submission",
    )
    root.attrib = {**NAMESPACES, **root.attrib}
    return root


def _standard(oid: str, standard: Named) -> ET.Element:
    kind = "CT" if standard.terminology else "IG"
    return element("def:Standard", OID=oid, Name=standard.name, Type=kind, PublishingSet=standard.package, Version=standard.version, Status="Final")


def _leaf(oid: str, href: str, title: str) -> ET.Element:
    return element("def:leaf", element("def:title", text=title), ID=oid, xlink__href=href)


def _guide_of(study: ResolvedStudy, dataset: ResolvedDataset) -> str:
    """The implementation guide of a dataset: for occurrence data OCCDS if the study names it, else ADaMIG; blank if it names neither."""
    named = [standard.name for standard in study.standards]
    guides = ["ADaM-OCCDSIG", "ADaMIG"] if dataset.class_ == OCCURRENCE else ["ADaMIG"]
    return next((f"STD.{name}" for name in guides if name in named), "")


def _sort_order(dataset: ResolvedDataset) -> str:
    """A sentence on the order of the records, where it is not that of the key; otherwise nothing."""
    *first, last = dataset.order
    return f"Records are sorted by {', '.join(first)} and {last}." if first and dataset.order != dataset.key else ""


def _group(study: ResolvedStudy, dataset: ResolvedDataset, variables: VariableDefinitions, empty: bool) -> ET.Element:
    if dataset.class_ not in CLASSES:
        raise ExportError(f"{dataset.name}: '{dataset.class_}' is not a class of Define-XML. Use one of {', '.join(CLASSES)}")
    name, standard = dataset.name, _guide_of(study, dataset)
    subclass = [element("def:SubClass", Name=dataset.subclass)] if dataset.subclass else []
    return element(
        "ItemGroupDef",
        description(dataset.label),
        *variables.references(dataset),
        element("def:Class", *subclass, Name=dataset.class_),
        _leaf(f"LF.{name}", f"{name.lower()}.xpt", f"{name.lower()}.xpt"),
        OID=f"IG.{name}",
        Name=name,
        Repeating="No" if dataset.class_ == SUBJECT_LEVEL else "Yes",
        IsReferenceData="No",
        SASDatasetName=name,
        Purpose="Analysis",
        def__Structure=dataset.structure,
        def__ArchiveLocationID=f"LF.{name}",
        def__StandardOID=standard,
        def__IsNonStandard="" if standard else "Yes",
        def__HasNoData="Yes" if empty else "",
        def__CommentOID=variables.comment(f"IG.{name}", _sort_order(dataset)),
    )
