"""Method texts of the values that no line of a variable defines: those of `PARAMETER`, of `WINDOW`, and of each parameter.

After the plan a parameter's `variables` are its value-level metadata: resolved, each with origin, method text and lineage.
"""

from __future__ import annotations

from collections.abc import Mapping

from adam.catalog.prose import Prose
from adam.catalog.traceability import NamedRecord
from adam.expressions.tree import Literal, Missing, Name
from adam.planning.context import Context
from adam.planning.contracts import resolved_creation, resolved_derivation
from adam.planning.definitions import Definitions, Described, lowered
from adam.planning.fixed_texts import ASSIGNED, BY_PARAMETER, BY_RECORD, WINDOWS, window_texts
from adam.planning.graph import Graph
from adam.planning.prepared import plain
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.values import ResolvedParameter, ResolvedSource, ResolvedVariable
from adam.planning.values.creations import RecordCreation
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Binding, Reference
from adam.specification.dictionary import entry_of
from adam.specification.models import Dataset, Origin, Parameter, SourceUse, Variable


def sources(graph: Graph, owner: str, refs: Mapping[Name, Reference]) -> tuple[str, ...]:
    """The names that a formula reads, with SRC.X as the variable of each domain that the records come from."""
    found: list[str] = []
    for name, ref in refs.items():
        if ref.binding is Binding.SRC and graph.catalogue.is_dataset(owner):
            domains = graph.catalogue.domains_of(graph.dataset(owner))
            variables = [(domain, graph.catalogue.src_variable(domain, ref.variable, owner)) for domain in domains]
            found += [f"{domain}.{plain(variable)}" for domain, variable in variables]
        else:
            found.append(str(name))
    return tuple(dict.fromkeys(found))


def cited(definitions: Definitions, owner: str, refs: Mapping[Name, Reference]) -> tuple[str, ...]:
    """The variables of `sources` as a reviewer knows them: a qualifier is the value of its record in SUPP--."""
    texts = definitions.texts
    found = (each.text for name, ref in refs.items() for each in texts.cited(name, ref, owner, ""))
    return tuple(dict.fromkeys(text.removeprefix("the collected ") for text in found))


def with_methods(graph: Graph, dataset: Dataset, variables: Mapping[str, ResolvedVariable]) -> dict[str, ResolvedVariable]:
    """The variables of a dataset, each with its method and what it reads; those of `PARAMETER` and `WINDOW` also with their origin."""
    found, definitions = {}, Definitions(graph)
    for name, variable in variables.items():
        program = graph.programs.program(dataset.name, name)
        if program is None:
            found[name] = variable
            continue
        update: dict[str, object] = {
            "derivation": resolved_derivation(program),
            "lineage": sources(graph, dataset.name, program.refs),
            "cited": cited(definitions, dataset.name, program.refs),
            "imputed": program.imputes,
            "conditional": _is_conditional(program),
        }
        described = definitions.formula(program)
        if program.elsewhere:
            own = dataset.variables[name]
            update["origin"] = own.origin or ("Assigned" if name in ASSIGNED or _is_criterion(graph, dataset, name) else "Derived")
            described = _special(definitions, dataset, name)
        found[name] = variable.model_copy(update=update | _fields(described))
    return found


def _is_conditional(program: ResolvedFormula) -> bool:
    """Whether a formula is a rule: a derivation, or a value on some of the records."""
    return bool(program.derivation) or program.where is not None


def _fields(described: Described) -> dict[str, object]:
    return {"method": described.text, "definitions": described.definitions, "expression": described.expression}


def temporary_methods(graph: Graph, owner: str, variables: Mapping[str, Variable]) -> dict[str, ResolvedVariable]:
    """Temporaries of a dataset, or variables prepared in a domain, with method and lineage: method texts name them."""
    found, texts = {}, Definitions(graph).texts
    for name, variable in variables.items():
        program = graph.programs.program(owner, name)
        if program is None:
            found[name] = _as_resolved(variable)
            continue
        known = {"method": variable.method or texts.of(program), "derivation": resolved_derivation(program), "imputed": program.imputes}
        found[name] = _as_resolved(variable, lineage=sources(graph, owner, program.refs), **known)
    return found


def _as_resolved(variable: Variable, **known: object) -> ResolvedVariable:
    return ResolvedVariable(**{**{key: getattr(variable, key) for key in Variable.model_fields}, **known})


def resolved_source(graph: Graph, use: SourceUse) -> ResolvedSource:
    """A source with the methods of the variables prepared in it.

    One that is prepared for one dataset has its plain name, so that checks never take it for the collected variable.
    """
    written = {name: getattr(use, name) for name in SourceUse.model_fields}
    variables: dict[str, ResolvedVariable] = {}
    for name, variable in temporary_methods(graph, use.name, use.variables).items():
        own = plain(name)
        variables[name if own in use.variables or own in variables else own] = variable
    return ResolvedSource(**{**written, "variables": variables})


def value_level_metadata(graph: Graph, dataset: Dataset, variables: Mapping[str, ResolvedVariable], parameter: Parameter) -> ResolvedParameter:
    """A parameter with its value-level metadata: what each variable of `PARAMETER` is on its records; none of one that is not kept."""
    found = {}
    for name, variable in variables.items() if parameter.kept else ():
        program = graph.programs.program(dataset.name, name)
        if program is None or program.source is not ValueSource.PARAMETER or name in ("SRCSEQ", *ASSIGNED):
            continue
        value = _value(graph, dataset, parameter, variable, graph.formula(RecordSet(dataset.name, parameter.name), name))
        if value is not None:
            found[name] = value
    written = {name: getattr(parameter, name) for name in Parameter.model_fields if name not in ("family", "unmatched", "of_data")}
    formulas = {name: _own_formula(graph, dataset, parameter, each) for name, each in parameter.variables.items()}
    makings = _makings(graph, dataset, parameter)
    creations = tuple(resolved_creation(making) for making in makings)
    texts = Definitions(graph).texts
    added = tuple(texts.created(making) for making in makings if making.context.added)
    return ResolvedParameter(**{**written, "variables": found, "formulas": formulas, "creations": creations, "added_records": added})


def _own_formula(graph: Graph, dataset: Dataset, parameter: Parameter, variable: Variable) -> ResolvedVariable:
    """A variable with the formula that a parameter's own block has for it."""
    declared = graph.catalogue.variable(dataset.name, variable.name)
    program = graph.parameters.of(dataset, declared, parameter) if declared is not None else None
    return _as_resolved(variable, derivation=resolved_derivation(program))


def _value(
    graph: Graph, dataset: Dataset, parameter: Parameter, variable: ResolvedVariable, program: ResolvedFormula | None
) -> ResolvedVariable | None:
    """A variable on the records of a parameter; None if it is blank there."""
    own = parameter.variables.get(variable.name)
    stated = {key: getattr(own, key) for key in ("origin", "comment", "codelist", "format") if own and getattr(own, key)}
    if program is None or (program.source is not ValueSource.RULE and isinstance(getattr(program.expr, "root", None), Missing)):
        return None
    created = program.source is ValueSource.RULE
    found = _of_rule(graph, dataset, parameter, variable.name) if created else _of_formula(graph, dataset, parameter, program)
    update = {"comment": "", "predecessor": "", "conditional": created, **found, **stated, "imputed": program.imputes}
    if own and own.method:
        update["method"] = own.method
    marks = {key: mark for key, mark in variable.marks.items() if key != "method"}
    update["marks"] = {**marks, "method": own.marks.get("method", own.mark)} if own and own.method else marks
    if variable.name in ("AVAL", "AVALC"):
        update["codelist"] = parameter.codelist or update.get("codelist", variable.codelist)
    if variable.name == "AVAL" and parameter.integer:
        update |= {"type": "integer", "format": "8."}
    return variable.model_copy(update=update)


def _of_formula(graph: Graph, dataset: Dataset, parameter: Parameter, program: ResolvedFormula) -> dict[str, object]:
    """Origin, method and lineage of a variable that a formula gives on the records of a parameter."""
    definitions = Definitions(graph)
    domains = tuple(dict.fromkeys(making.domain for making in _makings(graph, dataset, parameter) if making.domain))
    assigned = isinstance(getattr(program.expr, "root", None), Literal)
    return {
        "origin": "Assigned" if assigned else "Derived",
        "lineage": sources(graph, dataset.name, program.refs),
        "cited": cited(definitions, dataset.name, program.refs),
        "conditional": _is_conditional(program),
        **_fields(definitions.formula(program, parameter.name, domains or None)),
    }


def _of_rule(graph: Graph, dataset: Dataset, parameter: Parameter, name: str) -> dict[str, object]:
    """Origin, method and lineage of a variable that the record rules of a parameter set."""
    definitions, makings = Definitions(graph), _makings(graph, dataset, parameter)
    if name != "AVAL":
        texts = (making.rule.variable_text(name, making.arguments, making.context) for making in makings if name in making.variables)
        text = " ".join(dict.fromkeys(texts)) or "Taken over from the record that the record is a copy of."
        return {"origin": "Derived", "lineage": (), "cited": (), **_fields(definitions.of(text, {}, dataset.name))}
    text, origin, lineage = _made(graph, makings)
    refs: dict[Name, Reference] = {}
    if parameter.subjects is not None:
        bound = graph.creations.subjects(dataset, parameter.name)
        refs = dict(bound.references) if bound is not None else {}
        text += f" Only for subjects where {definitions.texts.condition(parameter.subjects, refs, dataset.name)}."
    shown = tuple(definitions.texts.cite(domain, variable).text for domain, _, variable in (each.partition(".") for each in lineage))
    described = definitions.creations(text, makings, dataset.name, parameter.name, refs)
    return {"origin": origin, "lineage": lineage, "cited": shown, **_fields(described)}


def _makings(graph: Graph, dataset: Dataset, parameter: Parameter) -> list[RecordCreation]:
    return [creation for records in graph.of_parameter(dataset.name, parameter.name) for creation in graph.created(records)]


def _made(graph: Graph, makings: list[RecordCreation]) -> tuple[str, Origin, tuple[str, ...]]:
    """How the records of a parameter are created: a plain result of one domain is a predecessor."""
    results = tuple(dict.fromkeys(_result(graph, making) for making in makings))
    origin: Origin = "Predecessor" if all(results) else "Derived"
    return _creations(graph, makings), origin, tuple(result for result in results if result)


def _creations(graph: Graph, makings: list[RecordCreation]) -> str:
    """The texts of all entries; an assessment takes the first entry of `records:` that has it."""
    texts = Definitions(graph).texts
    own = [texts.created(making) for making in makings if not making.context.added]
    added = [texts.created(making) for making in makings if making.context.added]
    return " ".join([" For assessments without such a record: ".join([*own[:1], *map(lowered, own[1:])]), *added])


def _result(graph: Graph, making: RecordCreation) -> str:
    """The variable a record's value is a plain copy of, or nothing."""
    traced = making.rule.traceability(making.arguments, making.context)
    if not all(each.is_result and each.named is NamedRecord.ALWAYS for each in traced):
        return ""
    column = "STRESC" if "STRESN" in making.absent else "STRESN"
    return f"{making.domain}.{graph.catalogue.src_variable(making.domain, column, making.context.dataset)}"


def _is_criterion(graph: Graph, dataset: Dataset, name: str) -> bool:
    """Whether a variable holds the text of an analysis criterion."""
    entry = entry_of(graph.catalogue.study.dictionary, dataset.class_, name, dataset.subclass)
    return entry is not None and entry.criterion == "text"


def _special(definitions: Definitions, dataset: Dataset, name: str) -> Described:
    """The method of a variable of `PARAMETER` or `WINDOW`; that of `method:` if the line has one."""
    use, own = dataset.windows, dataset.variables[name].method
    text = own or WINDOWS.get(name, "") if use is not None else own
    bound = definitions.graph.windows.of(dataset) if use is not None else None
    if text and not own and name == "AVISIT" and use is not None and bound is not None:
        study, texts = definitions.catalogue.study, definitions.texts
        names, kinds = texts.names(bound.references, dataset.name, dataset.name), texts.kinds(bound.references, Context(dataset.name))
        prose = Prose(study.constants, names, kinds=kinds)
        listed = "; ".join(window_texts(study.windows.get(use.use, {}).values(), prose))
        text += f" Windows, in days from {prose.value(use.reference)} (day 1) to {prose.value(use.date)} without a day 0: {listed}."
        text += f" Only records where {prose.condition(use.where)} are assigned a window." if use.where is not None else ""
        return definitions.of(text, bound.references, dataset.name)
    return Described(text or ASSIGNED.get(name) or BY_RECORD.get(name) or BY_PARAMETER, (), "")
