"""Sections 1 and 2 of the guide: purpose, acronyms, standards, source data, and the protocol."""

from __future__ import annotations

from collections.abc import Iterator

from adam import __version__
from adam.planning.values import ResolvedDataset, ResolvedVariable
from adam.submission.define.document import SUBJECT_LEVEL
from adam.submission.define.page import PAGE
from adam.submission.document import Block, Cell, Heading, Link, Paragraph, Table
from adam.submission.guide.facts import DEFINE, NOT_STATED, GuideFacts, definition

ACRONYMS = {
    "ADaM": "Analysis Data Model",
    "ADRG": "Analysis Data Reviewer's Guide",
    "CDISC": "Clinical Data Interchange Standards Consortium",
    "CT": "Controlled Terminology",
    "SDTM": "Study Data Tabulation Model",
    "XPT": "SAS Version 5 transport file",
}
CLASS_ACRONYMS = {
    "BASIC DATA STRUCTURE": ("BDS", "Basic Data Structure"),
    "OCCURRENCE DATA STRUCTURE": ("OCCDS", "Occurrence Data Structure"),
}
DICTIONARIES = ("Medications dictionary", "Medical events dictionary")


def introduction(facts: GuideFacts) -> Iterator[Block]:
    """Section 1."""
    study = facts.study
    yield Heading("1. Introduction", 2, "introduction")
    yield from facts.section("purpose")
    ids = f" Study identifiers: {', '.join(study.ids)}." if study.ids else ""
    as_of = f" The data are as of {study.as_of}." if study.as_of else ""
    yield Paragraph(f"{study.label or study.name}.{ids}{as_of}")
    yield Paragraph(
        (
            "This document describes the analysis datasets of the study and what a reviewer should know before using them. It supplements ",
            Link(DEFINE, DEFINE),
            ", which defines all variables, parameters, codelists and methods, and it summarizes the findings of the conformance checks. ",
            "Most browsers do not display define.xml; ",
            Link(PAGE, PAGE),
            " has the same content.",
        )
    )
    yield from facts.section("acronyms")
    classes = dict(CLASS_ACRONYMS[each.class_] for each in facts.datasets.values() if each.class_ in CLASS_ACRONYMS)
    acronyms = {**ACRONYMS, **classes, **study.guide.acronyms}
    yield Table(("Acronym", "Translation"), [[name, acronyms[name]] for name in sorted(acronyms, key=str.casefold)])
    yield from facts.section("standards")
    yield Table(("Standard or dictionary", "Package", "Version"), list(_standards(facts)))
    yield from facts.section("source_data")
    yield from _source_data(facts)


def _standards(facts: GuideFacts) -> Iterator[list[str]]:
    standards = [[standard.name, standard.package, standard.version] for standard in facts.study.standards]
    yield from standards or [["Analysis data standard", "", NOT_STATED]]
    yield ["Define-XML", "", "2.1"]
    if facts.study.results:
        yield ["Analysis Results Metadata for Define-XML", "", "1.0"]
    dictionaries = facts.study.dictionaries
    yield from ([name, "", version or NOT_STATED] for name, version in dictionaries.items())
    if not dictionaries:
        yield from ([name, "", NOT_STATED] for name in DICTIONARIES)


def _source_data(facts: GuideFacts) -> Iterator[Block]:
    yield Paragraph(
        "This table lists all source domains, also those that only intermediate values read. A qualifier of a SUPP-- dataset counts as a variable "
        "of its parent domain."
    )
    rows: list[list[Cell]] = []
    for domain in sorted({domain for reads in facts.reads.values() for domain in reads.domains}):
        readers = [name for name, reads in facts.reads.items() if domain in reads.domains]
        variables = sorted({variable for name in readers for variable in facts.reads[name].domains[domain]})
        source = facts.study.sources.get(domain)
        records = f"Only records where {facts.prose.condition(source.where)}." if source is not None and source.where is not None else "All records."
        rows.append([domain, ", ".join(variables) or "Only the existence of records", ", ".join(readers), records])
    yield Table(("Domain", "Variables", "Datasets", "Records"), rows, "The datasets read no source domain.")
    if facts.study.tables:
        tables = [[name, str(len(table)), ", ".join(table.columns)] for name, table in facts.study.tables.items()]
        yield Paragraph("The specification also has these reference tables:")
        yield Table(("Table", "Rows", "Columns"), tables)


def protocol(facts: GuideFacts) -> Iterator[Block]:
    """Section 2."""
    stated = facts.study.guide.protocol
    yield Heading("2. Protocol Description", 2, "protocol_description")
    yield from facts.section("protocol")
    rows = [
        ["Protocol number", stated.number or NOT_STATED],
        ["Protocol title", stated.title or NOT_STATED],
        *([f"Protocol version {number}" if stated.version[1:] else "Protocol version", text] for number, text in enumerate(stated.version, 1)),
        *([] if stated.version else [["Protocol version", NOT_STATED]]),
    ]
    yield Table(("Item", "Text"), rows)
    yield from facts.section("design")
    for text in stated.design or (NOT_STATED,):
        yield Paragraph(text)
    yield from _concepts(facts)
    yield from _populations(facts)


def _concepts(facts: GuideFacts) -> Iterator[Block]:
    """Treatments, periods and phases as ADaM has them."""
    study = facts.study
    if study.treatments:
        yield Paragraph("The treatments and their numeric codes in the treatment variables:")
        yield Table(("Treatment", "Number"), [[name, f"{number:g}"] for name, number in study.treatments.items()])
    for what, names, columns in (("periods", study.periods, ("APERIOD", "APERIODC")), ("phases", study.phases, ("APHASEN", "APHASE"))):
        if names:
            yield Paragraph(f"The analysis {what}:")
            yield Table(columns, [[str(number), name] for number, name in names.items()])


def population_flags(dataset: ResolvedDataset) -> list[ResolvedVariable]:
    """The population flags of a subject-level dataset."""
    flags = [each for each in dataset.variables.values() if each.name.endswith("FL") and "opulation" in each.label]
    return flags if dataset.class_ == SUBJECT_LEVEL else []


def _populations(facts: GuideFacts) -> Iterator[Block]:
    yield Heading("Analysis populations", 4)
    rows = [
        [each.name, each.label, definition(each), str(facts.populations.get(each.name, ""))]
        for dataset in facts.datasets.values()
        for each in population_flags(dataset)
    ]
    if rows and "" in facts.populations:
        yield Paragraph(f"The number of subjects counts those with the value Y, of {facts.populations['']} subjects in all.")
    yield Table(("Flag", "Population", "Definition", "Subjects"), rows, "The datasets have no population flags.")


def made_by() -> str:
    """The program that made the datasets."""
    return f"adamsmith {__version__}"
