"""formats.sas: PROC FORMAT for every codelist of the datasets, and the format of each variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adam.expressions.to_sas import sas_literal
from adam.planning.values import ResolvedDataset, ResolvedStudy
from adam.submission.define.codelists import DefineCodelist, codelist_of
from adam.submission.programs.text import ascii_text

LONGEST = 32
"""The largest length of the name of a format in SAS, the $ included."""
HEAD = """\
/* The codelists of the analysis datasets as formats. read-adam.sas includes this file.
   A format shows the decode of a value; a value that is not in the codelist is shown as it is. */
proc format;"""


@dataclass(frozen=True)
class Formats:
    """The codelists of the datasets of a run, by name of their format, and the format of each variable by dataset and variable."""

    codelists: Mapping[str, DefineCodelist]
    variables: Mapping[tuple[str, str], str]


def formats_of(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset]) -> Formats:
    """The formats of all variables with a codelist, also of those that have it for one parameter only."""
    named: dict[str, str] = {}
    codelists: dict[str, DefineCodelist] = {}
    variables: dict[tuple[str, str], str] = {}
    for dataset in datasets.values():
        by_parameter = [variable for parameter in dataset.parameters.values() for variable in parameter.variables.values()]
        for place, variable in enumerate([*dataset.variables.values(), *by_parameter]):
            codelist = codelist_of(study, dataset, variable)
            if codelist is None or not codelist.terms:
                continue
            if codelist.oid not in named:
                named[codelist.oid] = format_name(codelist, codelists)
                codelists[named[codelist.oid]] = codelist
            if place < len(dataset.variables):
                variables[dataset.name, variable.name] = named[codelist.oid]
    return Formats(codelists, variables)


def format_name(codelist: DefineCodelist, taken: Mapping[str, object]) -> str:
    """The name of a format: that of the codelist with _F, so that it does not end in a digit and is no format of SAS.

    >>> from adam.submission.define.codelists import DefineCodelist
    >>> format_name(DefineCodelist("CL.AGEGR1", "AGEGR1", "text", ()), {})
    '$AGEGR1_F'
    >>> format_name(DefineCodelist("CL.AGEGR1N", "A name (number)", "integer", ()), {"AGEGR1N_F": None})
    'AGEGR1N_2_F'
    """
    dollar = "$" if codelist.type == "text" else ""
    stem = re.sub(r"[^A-Z0-9_]+", "_", codelist.oid.removeprefix("CL.").upper())
    stem = stem if stem[:1].isalpha() else f"_{stem}"
    for number in ["", *(f"_{count}" for count in range(2, 1000))]:
        name = f"{dollar}{stem[: LONGEST - 3 - len(number)]}{number}_F"
        if name not in taken:
            return name
    raise AssertionError("fewer than 1000 codelists have names that begin with the same 26 letters")


def formats_sas(formats: Formats) -> str:
    """The content of formats.sas."""
    lines = [HEAD]
    for name, codelist in formats.codelists.items():
        lines.append(f"  value {name}  /* {ascii_text(codelist.name).replace('*/', '* /')} */")
        text = codelist.type == "text"
        lines += [f"    {_value(term.value, text)} = {sas_literal(ascii_text(term.decode or term.value))}" for term in codelist.terms]
        lines.append("  ;")
    return "\n".join([*lines, "run;", ""]) if formats.codelists else "/* The analysis datasets have no codelists. */\n"


def _value(value: str, text: bool) -> str:
    return sas_literal(ascii_text(value)) if text else value
