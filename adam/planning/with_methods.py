"""Method texts of the values that no line of a variable defines: those of `PARAMETER`, of `WINDOW`, and of each parameter.

After the plan a parameter's `variables` are its value-level metadata: resolved, each with origin, method text and lineage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adam.catalog.prose import Prose
from adam.catalog.traceability import NamedRecord
from adam.expressions.tree import Literal, Missing, Name
from adam.planning.contracts import resolved_creation, resolved_derivation
from adam.planning.graph import Graph
from adam.planning.method import creation_text, method_text
from adam.planning.prepared import plain
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.values import ResolvedParameter, ResolvedSource, ResolvedVariable
from adam.planning.values.creations import RecordCreation
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Binding, Reference
from adam.specification.dictionary import entry_of
from adam.specification.models import Dataset, Origin, Parameter, SourceUse, Variable, Window

ASSIGNED = {
    "PARAM": "The label of the parameter.",
    "PARAMCD": "The code of the parameter.",
    "PARAMN": "The number of the parameter.",
    "PARCAT1": "The category of the parameter.",
    "PARCAT1N": "The number of the parameter's category.",
    "SRCDOM": "The domain or dataset the analysis value comes from.",
    "SRCVAR": "The variable of SRCDOM that holds the analysis value.",
    "DTYPE": "How the value of an imputed or computed record was derived; blank on records that are source records.",
}
BY_RECORD = {
    "AVAL": "By parameter; see the value-level metadata.",
    "AVALC": "The text of AVAL: by parameter, the term of its codelist whose number is AVAL; see the value-level metadata.",
    "SRCSEQ": "The sequence number (--SEQ) of the source record.",
}
WINDOWS = {
    "AVISIT": "The name of the first analysis window that contains the record; blank outside all windows.",
    "AVISITN": "The number of the analysis window of AVISIT.",
    "AWTARGET": "The target day of the analysis window.",
    "AWTDIFF": "The distance in days from the target day of the analysis window; there is no day 0.",
    "AWLO": "The first day of the analysis window, not before the day after the start of its period.",
    "AWHI": "The last day of the analysis window.",
    "AWU": "The unit of the analysis window.",
    "AWRANGE": "The first and the last day of the analysis window, as text.",
}


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


def with_methods(graph: Graph, dataset: Dataset, variables: Mapping[str, ResolvedVariable]) -> dict[str, ResolvedVariable]:
    """The variables of a dataset, those of `PARAMETER` and `WINDOW` with origin and method, each with what it reads."""
    found = {}
    for name, variable in variables.items():
        program = graph.programs.program(dataset.name, name)
        if program is None:
            found[name] = variable
            continue
        update: dict[str, object] = {
            "derivation": resolved_derivation(program),
            "lineage": sources(graph, dataset.name, program.refs),
            "imputed": program.imputes,
        }
        if program.elsewhere:
            own = dataset.variables[name]
            update["origin"] = own.origin or ("Assigned" if name in ASSIGNED or _is_criterion(graph, dataset, name) else "Derived")
            update["method"] = own.method or _special(graph, dataset, name)
        found[name] = variable.model_copy(update=update)
    return found


def temporary_methods(graph: Graph, owner: str, variables: Mapping[str, Variable]) -> dict[str, ResolvedVariable]:
    """Temporaries of a dataset, or variables prepared in a domain, with method and lineage: method texts name them."""
    found = {}
    for name, variable in variables.items():
        program = graph.programs.program(owner, name)
        if program is None:
            found[name] = _as_resolved(variable)
            continue
        method = variable.method or method_text(program, graph.catalogue)
        found[name] = _as_resolved(variable, method=method, lineage=sources(graph, owner, program.refs), derivation=resolved_derivation(program))
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
    added = tuple(creation_text(making, graph.catalogue) for making in makings if making.context.added)
    return ResolvedParameter(**{**written, "variables": found, "formulas": formulas, "creations": creations, "added_records": added})


def _own_formula(graph: Graph, dataset: Dataset, parameter: Parameter, variable: Variable) -> ResolvedVariable:
    """A variable with the formula that a parameter's own block has for it."""
    declared = graph.catalogue.variable(dataset.name, variable.name)
    program = graph.parameters.of(dataset, declared, parameter) if declared is not None else None
    return _as_resolved(variable, derivation=resolved_derivation(program))


def _value(
    graph: Graph, dataset: Dataset, parameter: Parameter, variable: ResolvedVariable, program: ResolvedFormula | None
) -> ResolvedVariable | None:
    own = parameter.variables.get(variable.name)
    stated = {key: getattr(own, key) for key in ("method", "origin", "comment", "codelist", "format") if own and getattr(own, key)}
    lineage: tuple[str, ...] = ()
    origin: Origin = "Derived"
    if program is None:
        return None
    if program.source is ValueSource.RULE:
        if variable.name == "AVAL":
            makings = _makings(graph, dataset, parameter)
            method, origin, lineage = _made(graph, makings)
            if parameter.subjects is not None and origin == "Derived":
                method += f" Only for subjects where {Prose(graph.catalogue.study.constants).condition(parameter.subjects)}."
        else:
            method = "Set when the record is created; see AVAL."
    elif isinstance(getattr(program.expr, "root", None), Missing):
        return None
    else:
        root = program.expr.root if program.expr is not None else None
        method = str(root.value) if isinstance(root, Literal) else method_text(program, graph.catalogue)
        origin, lineage = "Assigned" if isinstance(root, Literal) else "Derived", sources(graph, dataset.name, program.refs)
    update: dict[str, object] = {
        "method": method,
        "origin": origin,
        "lineage": lineage,
        "comment": "",
        "predecessor": "",
        **stated,
        "imputed": program.imputes,
    }
    marks = {key: mark for key, mark in variable.marks.items() if key != "method"}
    update["marks"] = {**marks, "method": own.marks.get("method", own.mark)} if own and own.method else marks
    if variable.name in ("AVAL", "AVALC"):
        update["codelist"] = parameter.codelist or update.get("codelist", variable.codelist)
    if variable.name == "AVAL" and parameter.integer:
        update |= {"type": "integer", "format": "8."}
    return variable.model_copy(update=update)


def _makings(graph: Graph, dataset: Dataset, parameter: Parameter) -> list[RecordCreation]:
    return [creation for records in graph.of_parameter(dataset.name, parameter.name) for creation in graph.created(records)]


def _made(graph: Graph, makings: list[RecordCreation]) -> tuple[str, Origin, tuple[str, ...]]:
    """How the records of a parameter are created: a plain result of one domain is a predecessor."""
    results = tuple(dict.fromkeys(_result(graph, making) for making in makings))
    if all(results):
        return ", ".join(results), "Predecessor", results
    return _creations(graph, makings), "Derived", tuple(result for result in results if result)


def _creations(graph: Graph, makings: list[RecordCreation]) -> str:
    """The texts of all entries; an assessment takes the first entry of `records:` that has it."""
    own = [creation_text(making, graph.catalogue) for making in makings if not making.context.added]
    added = [creation_text(making, graph.catalogue) for making in makings if making.context.added]
    return " ".join([" For assessments without such a record: ".join(own), *added])


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


def _special(graph: Graph, dataset: Dataset, name: str) -> str:
    if name in WINDOWS and dataset.windows is not None:
        use, study = dataset.windows, graph.catalogue.study
        table = study.windows.get(use.use, {})
        listed = "; ".join(_windows(table.values(), Prose(study.constants)))
        days = f" Windows, in days from {use.reference} (day 1) to {use.date} without a day 0: {listed}."
        return WINDOWS[name] + (days if name == "AVISIT" else "")
    return ASSIGNED.get(name) or BY_RECORD.get(name) or "By parameter; see the value-level metadata."


def _days(window: Window) -> str:
    """The days of a window as a range; a bound that is absent is open.

    >>> _days(Window(name="Week 2", number=2, low=2, high=22))
    'days 2 to 22'
    """
    low = "from the day after the start of its period" if window.low == "period" else f"days {window.low}"
    if window.low is None:
        return "any day" if window.high is None else f"up to day {window.high}"
    if window.high is None:
        return low.replace("days", "from day")
    return f"{low} to {'day ' if window.low == 'period' else ''}{window.high}"


def _windows(table: Iterable[Window], prose: Prose) -> list[str]:
    found = []
    for window in table:
        days = f"where {prose.condition(window.where)}" if window.where is not None else _days(window)
        found.append(f"{window.name}: {days}" + (f" (target day {window.target})" if window.target is not None else ""))
    return found
