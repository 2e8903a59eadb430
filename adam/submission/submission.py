"""The files of a submission that describe its datasets: define.xml, the guide, programs, the specification. The pipeline adds the report."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from adam.core.errors import Finding
from adam.core.output_kinds import KINDS, REPORT
from adam.core.stored import StoredRecords
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.planning.values.reads import DatasetReads
from adam.submission.data_profile import DataProfile, merge_profiles, profile_dataset
from adam.submission.dataset_files import ADAM
from adam.submission.define.document import define_xml, stylesheet
from adam.submission.define.elements import STYLESHEET
from adam.submission.define.page import PAGE, define_page
from adam.submission.displays_page import PAGE as DISPLAYS
from adam.submission.displays_page import Number, displays_page
from adam.submission.document import Link, to_html, to_markdown
from adam.submission.earlier_output import path_inside
from adam.submission.fitted_attributes import fitted_datasets
from adam.submission.guide.document import reviewers_guide
from adam.submission.guide.facts import GuideFacts, Tool
from adam.submission.guide.populations import count_populations
from adam.submission.programs.write import write_programs

PROGRAMS, SPECS = "programs", "specs"
LINKS = (
    Link("Reviewer's guide as a page", "adrg.html"),
    Link("Report on the checks and results", "../report/index.html"),
    Link("Lineage of the variables", "../report/lineage.html"),
)
"""Files of an output that define.html links to, besides those that define.xml names."""


def write_documents(
    folder: Path,
    study: ResolvedStudy,
    datasets: Mapping[str, ResolvedDataset],
    records: Mapping[str, StoredRecords],
    findings: Sequence[Finding],
    created: datetime.datetime,
    *,
    reads: Mapping[str, DatasetReads],
    parts: Mapping[str, Sequence[str]],
    tools: Sequence[Tool] = (),
    notation: Mapping[str, str] = MappingProxyType({}),
    kinds: Collection[str] = tuple(KINDS),
    profiles: Mapping[str, DataProfile] | None = None,
    numbers: Sequence[Number] = (),
) -> None:
    """Write the documents of `adam/`, and `programs/`.

    Args:
        folder: the empty staging folder.
        study: its names, standards, codelists and export policies.
        datasets: the resolved datasets.
        records: those of each dataset, as `adam.submission.write` describes them.
        findings: those of the run, for the guide.
        created: the creation time in every file.
        reads: what each dataset reads, for the guide.
        parts: the names of the parts of the transport file of each dataset, for the guide.
        tools: the tools that checked the datasets, for the guide.
        notation: the meaning of the functions and derivations that formal expressions name, for the guide.
        kinds: the kinds of files of the output; without the report nothing links to it.
        profiles: those of the records, if they are known.
        numbers: those of the displays, for their page.
    """
    if profiles is None:
        profiles = {name: merge_profiles(profile_dataset(part, datasets[name]) for part in own.parts()) for name, own in records.items()}
    datasets = fitted_datasets(study, datasets, profiles)
    adam = folder / ADAM
    adam.mkdir(exist_ok=True)
    write_programs(folder / PROGRAMS, study, datasets)
    define = define_xml(study, datasets, profiles, created)
    (adam / "define.xml").write_bytes(define)
    (adam / STYLESHEET).write_bytes(stylesheet())
    displays = displays_page(study, datasets, numbers)
    if displays:
        (adam / DISPLAYS).write_text(to_html(displays), encoding="utf-8", newline="\n")
    populations = count_populations(records, datasets)
    facts = GuideFacts(study, datasets, profiles, findings, parts, reads, populations, tools, _programs(folder), notation)
    _write_pages(adam, facts, define, created, LINKS if REPORT in kinds else LINKS[:1])


def copy_specification(study: ResolvedStudy, folder: Path) -> None:
    """Write `specs/`: the files of the specification as they were read."""
    for file, path in study.files:
        target = path_inside(folder / SPECS, file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def _write_pages(adam: Path, facts: GuideFacts, define: bytes, created: datetime.datetime, links: Sequence[Link]) -> None:
    """Write the guide as HTML, Markdown and PDF, and define.xml as HTML."""
    from adam.submission.pdf.document import to_pdf  # noqa: PLC0415  (slow to import)

    guide = reviewers_guide(facts)
    texts = {PAGE: define_page(define, links), "adrg.html": to_html(guide), "adrg.md": to_markdown(guide)}
    for file, text in texts.items():
        (adam / file).write_text(text, encoding="utf-8", newline="\n")
    (adam / "adrg.pdf").write_bytes(to_pdf(guide, created))


def _programs(folder: Path) -> tuple[str, ...]:
    """The programs of an output, relative to the folder of the guide."""
    return tuple(f"../{path.relative_to(folder).as_posix()}" for path in sorted((folder / PROGRAMS).rglob("*")) if path.is_file())
