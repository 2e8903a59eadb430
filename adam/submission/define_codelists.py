"""The codelists of variables: those the study says, and those its parameters, windows and numbered terms make."""

from __future__ import annotations

from dataclasses import dataclass, field

from adam.plan.values import Codelist, ResolvedDataset, ResolvedStudy, ResolvedVariable


@dataclass(frozen=True)
class DefineTerm:
    """One value of a codelist, with its decode and its code in CDISC terminology where they are known."""

    value: str
    decode: str = ""
    nci: str = ""


@dataclass(frozen=True)
class DefineCodelist:
    """A codelist as documents show it: identifier, name, type of its values, entries; `package` is blank for one of the sponsor."""

    oid: str
    name: str
    type: str
    entries: tuple[DefineTerm, ...]
    nci: str = ""
    package: str = ""
    extensible: bool = field(default=False)


def codelist_of(study: ResolvedStudy, dataset: ResolvedDataset, variable: ResolvedVariable) -> DefineCodelist | None:
    """The codelist of a variable, or of its value-level metadata; None without one.

    A variable xxxN of numbers takes the numbers of the codelist of xxx, PARAM, PARAMCD and PARAMN the parameters of the dataset,
    AVISIT and AVISITN its windows.
    """
    if variable.codelist in study.codelists:
        return _said(study.codelists[variable.codelist], variable)
    made = _of_parameters(dataset, variable.name) or _of_windows(study, dataset, variable.name)
    if made is not None:
        return made
    text = dataset.variables.get(variable.name[:-1]) if variable.name.endswith("N") else None
    if text is not None and variable.type != "text" and text.codelist in study.codelists and study.codelists[text.codelist].numbers:
        return _numbers(study.codelists[text.codelist])
    return None


def _said(codelist: Codelist, variable: ResolvedVariable) -> DefineCodelist | None:
    if variable.type != "text":
        return _numbers(codelist) if codelist.numbers else None
    entries = tuple(DefineTerm(term, entry.decode, entry.nci) for term, entry in codelist.terms.items())
    package = codelist.published if codelist.nci else ""
    return DefineCodelist(f"CL.{codelist.name}", codelist.name, "text", entries, codelist.nci, package, codelist.extensible)


def _numbers(codelist: Codelist) -> DefineCodelist:
    """The numbers of the terms; the terms are their decodes."""
    entries = tuple(DefineTerm(f"{number:.15g}", term) for term, number in codelist.numbers.items())
    whole = all(number.is_integer() for number in codelist.numbers.values())
    return DefineCodelist(f"CL.{codelist.name}.N", f"{codelist.name} (N)", "integer" if whole else "float", entries)


def _of_parameters(dataset: ResolvedDataset, name: str) -> DefineCodelist | None:
    parameters = dataset.parameters.values()
    entries: dict[str, list[DefineTerm]] = {
        "PARAMCD": [DefineTerm(each.name, each.label) for each in parameters],
        "PARAM": [DefineTerm(each.label) for each in parameters],
        "PARAMN": [DefineTerm(f"{each.number:.15g}", each.label) for each in parameters if each.number is not None],
    }
    if not entries.get(name):
        return None
    return DefineCodelist(f"CL.{dataset.name}.{name}", f"{dataset.name} {name}", "integer" if name == "PARAMN" else "text", tuple(entries[name]))


def _of_windows(study: ResolvedStudy, dataset: ResolvedDataset, name: str) -> DefineCodelist | None:
    table = study.windows.get(dataset.windows.use, {}) if dataset.windows else {}
    if name not in ("AVISIT", "AVISITN") or not table:
        return None
    oid = f"CL.{dataset.windows.use if dataset.windows else ''}.{name}"
    if name == "AVISIT":
        return DefineCodelist(oid, f"{name} of {oid.split('.')[1]}", "text", tuple(DefineTerm(visit) for visit in table))
    whole = all(window.number.is_integer() for window in table.values())
    entries = tuple(DefineTerm(f"{window.number:.15g}", visit) for visit, window in table.items())
    return DefineCodelist(oid, f"{name} of {oid.split('.')[1]}", "integer" if whole else "float", entries)
