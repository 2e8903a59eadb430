"""Plan a study: models and headers in, ordered steps and resolved datasets out, or every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from adam.core.collector import without_collector
from adam.core.errors import Finding, Problem, Severity, SpecError, UsageError, did_you_mean
from adam.core.problems import Problems
from adam.planning.bind_steps import StepBinder, bound_sources, layouts
from adam.planning.contracts import resolved_creation
from adam.planning.displays import resolved_displays
from adam.planning.formulas import Formulas
from adam.planning.graph import Graph
from adam.planning.groups import with_groups
from adam.planning.guide_texts import missing_texts
from adam.planning.inherited import Inherited
from adam.planning.metadata import Metadata
from adam.planning.names import SourceHeader, StudyNames
from adam.planning.nodes import Node
from adam.planning.optional_names import without_absent_names
from adam.planning.order import Reads, ordered, report
from adam.planning.prepared import with_prepared
from adam.planning.record_sets import RecordCreations
from adam.planning.releases import other_releases
from adam.planning.terms import check_terms
from adam.planning.unused import check_unused, unused_blocks, unused_entries, unused_preparations
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.planning.values.plan import Plan
from adam.planning.values.record_sets import RecordSet, collected
from adam.planning.values.references import SUBJECTS
from adam.planning.with_methods import resolved_source, temporary_methods, value_level_metadata, with_methods
from adam.specification.models import Codelist, CodelistTerm, Dataset
from adam.specification.parameters import check_parameters
from adam.specification.results import check_results
from adam.specification.study import Study


def with_codelists(study: Study) -> Study:
    """The study with the codelists its treatments, periods and phases make: TRT, APERIODC and APHASE."""
    made = {
        "TRT": dict(study.treatments),
        "APERIODC": {name: float(number) for number, name in study.periods.items()},
        "APHASE": {name: float(number) for number, name in study.phases.items()},
    }
    codelists = {
        name: Codelist(name=name, terms={term: CodelistTerm(number=number) for term, number in terms.items()})
        for name, terms in made.items()
        if terms
    }
    return study.model_copy(update={"codelists": {**codelists, **study.codelists}})


Also = Callable[[ResolvedStudy, Mapping[str, ResolvedDataset]], Iterable[Problem]]
"""Finds the problems of the checks of a study with its resolved datasets."""


@without_collector()
def plan(
    study: Study,
    headers: Mapping[str, SourceHeader] | None = None,
    only: Iterable[str] = (),
    before: Problems | None = None,
    also: Also | None = None,
    files: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> Plan:
    """The plan of a study.

    Args:
        study: as read.
        headers: the headers of its sources; without them what hangs on the data is left open.
        only: the datasets wanted; all if none is named.
        before: the problems of reading the files, reported with those of the plan.
        also: finds the problems of the checks, so that all are reported at once.
        files: the variables of analysis datasets that exist; `all:` of a domain stands for them where no headers are known.

    Raises:
        SpecError: every fault that can be known without data.
        UsageError: a dataset is wanted that the study does not make.
    """
    problems, notes = before or Problems(), list[Finding]()
    study = without_absent_names(with_groups(with_prepared(with_codelists(study)), headers, problems, notes, files))
    wanted = tuple(only) or tuple(study.datasets)
    for name in wanted:
        if name not in study.datasets:
            known = ", ".join(study.datasets)
            raise UsageError(f"The study has no dataset {name}{did_you_mean(name, study.datasets)} Its datasets are {known}.")
    catalogue = StudyNames(study, headers)
    metadata = Metadata(catalogue, problems)
    programs = Formulas(catalogue, metadata.attributes, problems)
    metadata.inherited = Inherited(catalogue, programs.program)
    graph = Graph(catalogue, programs, RecordCreations(catalogue, programs, problems))
    faults(graph, metadata)
    check_unused(graph, problems)
    targets = [node for name in wanted for node in nodes_of(graph, name)]
    reads = everything(graph, targets)
    report(reads, graph, problems)
    resolved = {name: resolve(graph, metadata, name) for name in study.datasets}
    check_results(study.model_copy(update={"datasets": {name: each.in_file for name, each in resolved.items()}}), problems)
    metadata.warnings += [*notes, *programs.warnings, *unused_blocks(graph), *unused_entries(study), *missing_texts(study)]
    metadata.warnings += unused_preparations(study, reads) if set(wanted) >= set(study.datasets) else ()
    for domain in graph.columns:
        metadata.warnings += present(graph, domain)
        by_subject(graph, reads, domain)
    whole = resolved_study(graph, study, resolved, faulty=bool(problems.found))
    metadata.warnings += other_releases(whole)
    if problems.found:
        problems.extend(also(whole, {name: resolved[name].in_file for name in wanted}) if also is not None else ())
        raise SpecError(problems.found)
    steps = tuple(StepBinder(graph).steps(ordered(reads, graph)))
    datasets = {name: resolved[name].in_file for name in wanted}
    return Plan(whole, datasets, bound_sources(graph), steps, layouts(graph), tuple(metadata.warnings))


def everything(graph: Graph, targets: list[Node]) -> Reads:
    """Every node the targets need, with what each reads, and what selecting and checking the records of each domain needs.

    An issue may read a variable of another domain, which has a selection and issues of its own; so until no domain is new.
    """
    reads, known = graph.reach(targets), 0
    while known != len(graph.columns):
        known = len(graph.columns)
        reads = graph.reach([*targets, *source_warning_nodes(graph)], reads)
    return reads


def source_warning_nodes(graph: Graph) -> list[Node]:
    """What the selection and the issues of the domains that are read need."""
    found: dict[Node, None] = {}
    for domain in list(graph.columns):
        condition, warnings = graph.programs.source(graph.catalogue.use(domain))
        for each in (*([condition] if condition else []), *warnings.values()):
            for ref in each.references.values():
                found |= dict.fromkeys(graph.reference_reads(ref, collected(domain)))
    return list(found)


def nodes_of(graph: Graph, name: str) -> list[Node]:
    """The nodes a dataset is made of: its records and kept variables on every kept part."""
    dataset = graph.dataset(name)
    kept: tuple[RecordSet, ...] = graph.kept[name]
    found = {Node("", (records,)): None for records in kept}
    for variable in dataset.variables:
        found |= {graph.node(records, variable): None for records in kept}
    return list(found)


def faults(graph: Graph, metadata: Metadata) -> None:  # noqa: C901  (one loop a block)
    """Look at every formula of the study once, whether it is wanted or not, so that all faults are found."""
    study, problems = graph.catalogue.study, metadata.problems
    for domain, use in study.sources.items():
        for name in use.variables:
            graph.programs.program(domain, name)
        graph.programs.source(use)
    for name, dataset in study.datasets.items():
        check_parameters(name, dataset.parameters, study.codelists, problems)
        for variable in (*dataset.variables, *dataset.temporary):
            graph.programs.program(name, variable)
        for records in graph.kept[name]:
            graph.created(records)
        graph.windows.of(dataset)
        for key in (*dataset.key, *dataset.sort):
            if key not in dataset.variables:
                mark = dataset.marks.get("key" if key in dataset.key else "sort", dataset.mark)
                problems.add(mark, name, f"Key variable {key} is not in the dataset{did_you_mean(key, dataset.variables)}", "spec-key")
        for carried in dataset.copied:
            if graph.catalogue.variable(name, carried) is None:
                mark = dataset.marks.get("copy", dataset.mark)
                problems.add(mark, name, f"Variable {carried} of copy: is not in the dataset{did_you_mean(carried, dataset.variables)}", "spec-key")


def resolved_study(graph: Graph, study: Study, datasets: Mapping[str, ResolvedDataset], faulty: bool) -> ResolvedStudy:
    """The study with its resolved sources and datasets; without displays if it has errors, because a result may read a name that is unknown."""
    written = {name: getattr(study, name) for name in Study.model_fields if name in ResolvedStudy.model_fields}
    sources = {domain: resolved_source(graph, use) for domain, use in study.sources.items()}
    used = _used_codelists(datasets)
    codelists = {name: each for name, each in study.codelists.items() if name in used or not each.of_table}
    whole = ResolvedStudy(**{**written, "sources": sources, "datasets": dict(datasets), "codelists": codelists, "displays": {}})
    return whole if faulty else whole.model_copy(update={"displays": resolved_displays(study.displays, whole)})


def _used_codelists(datasets: Mapping[str, ResolvedDataset]) -> set[str]:
    """The names of the codelists that a variable or a parameter has: all that a reader of the plan needs of CDISC terminology."""
    found: set[str] = set()
    for dataset in datasets.values():
        blocks = [dataset.variables, dataset.temporary, *(parameter.variables for parameter in dataset.parameters.values())]
        found |= {variable.codelist for block in blocks for variable in block.values()}
        found |= {parameter.codelist for parameter in dataset.parameters.values()}
    return found


def resolve(graph: Graph, metadata: Metadata, name: str) -> ResolvedDataset:
    """A dataset with nothing left open."""
    dataset = graph.dataset(name)
    programs = graph.programs
    variables = {key: metadata.resolved(dataset, variable, programs.program(name, key), programs) for key, variable in dataset.variables.items()}
    for key, variable in variables.items():
        check_terms(graph.catalogue.study, dataset, variable, graph.programs.program(name, key), metadata.problems)
    variables = with_methods(graph, dataset, variables)
    parameters = {code: value_level_metadata(graph, dataset, variables, parameter) for code, parameter in dataset.parameters.items()}
    temporary = temporary_methods(graph, name, dataset.temporary)
    written = {key: getattr(dataset, key) for key in Dataset.model_fields if key not in ("events", "groups", "sources")}
    created = graph.creations.of(dataset, RecordSet(name)) if not dataset.parameters else ()
    creation = resolved_creation(created[0]) if created else None
    return ResolvedDataset(**{**written, "variables": variables, "temporary": temporary, "parameters": parameters, "creation": creation})


def present(graph: Graph, domain: str) -> list[Finding]:
    """Report a domain that is needed and not in the data; it is a warning where the study lets it be absent."""
    catalogue = graph.catalogue
    if catalogue.headers is None or domain in catalogue.headers:
        return []
    mark = catalogue.use(domain).mark
    if catalogue.use(domain).may_be_absent:
        return [
            Finding(
                "source-absent",
                Severity.WARNING,
                domain,
                f"there is no domain {domain} in the data; it is read as if it had no records",
                mark=mark,
            )
        ]
    needed = f"; the study needs it{' for its subjects' if domain == SUBJECTS else ''}"
    graph.programs.problems.add(mark, domain, f"There is no domain {domain} in the data{needed}.", "source-no-domain")
    return []


def by_subject(graph: Graph, reads: Reads, domain: str) -> None:
    """Refuse a domain whose records are of no subject: derivations look at the records of one."""
    header = (graph.catalogue.headers or {}).get(domain)
    lacking = [name for name in ("STUDYID", "USUBJID") if header is not None and header.kind(name) is None]
    if not lacking:
        return
    mark, subject = graph.catalogue.use(domain).mark, domain
    for node in reads:
        program = graph.shown(node, node.records[0]) if node.variable else None
        if program is not None and any(ref.owner == domain for ref in program.refs.values()):
            mark, subject = program.variable.mark, program.subject
            break
    message = f"Domain {domain} has no {' and no '.join(lacking)}, so its records belong to no subject. Derivations read records of a subject."
    graph.programs.problems.add(mark, subject, message, "source-no-subject")
