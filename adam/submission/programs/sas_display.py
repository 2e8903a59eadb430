"""The program of a display in SAS: it reads the transport files and prints a table for each result."""

from __future__ import annotations

from collections.abc import Iterable

from adam.expressions.to_sas import ToSas, sas_literal
from adam.expressions.tree import Expr, Name
from adam.planning.values import TOTAL, DisplayedResult, ResolvedDisplay, ResolvedStudy, Result
from adam.submission.programs.displays import decimals_of, groups_denominator, kinds_of, variables_read
from adam.submission.programs.text import ascii_text, file_name, wrapped

STATISTICS = {"mean": "mean", "sd": "std", "median": "median", "min": "min", "max": "max"}
TEXT = 200
"""The length of a column with the names of groups: no text of a transport file is longer."""


def sas_program(study: ResolvedStudy, display: ResolvedDisplay) -> str:
    """The program of a display; `displays_of` gives the display."""
    lines = [
        f"/* {_comment(display.title)}",
        f"   Display {display.name} of define.xml. Set the folder of the transport files, then run {file_name(display.name)}.sas. */",
        "%let folder = ../datasets;",
        "",
    ]
    for dataset, names in variables_read(study, display).items():
        kept = f" (keep={' '.join(names)})" if names else ""
        lines += read_dataset(dataset, [wrapped(f"  set source.{dataset.lower()}{kept};", "    ")])
    for each in display.results:
        lines += ["", f"/* {each.result.name}: {_comment(each.result.title)} */", sas_code(study, each)]
    return "\n".join([*lines, "title;", ""])


def read_dataset(dataset: str, statements: Iterable[str]) -> list[str]:
    """The lines that read a transport file into a dataset of the session with some statements."""
    name = dataset.lower()
    return [
        f'libname source xport "&folder/{name}.xpt" access=readonly;',
        f"data {name};",
        *statements,
        "run;",
        "libname source clear;",
    ]


def sas_code(study: ResolvedStudy, displayed: DisplayedResult) -> str:
    """The statements that compute one result from datasets of the session."""
    result = displayed.result
    lines = [
        f"title {sas_literal(ascii_text(f'{result.name}: {result.title}')[:TEXT])};",
        *_selected(study, "_records", result.dataset, result.where, result),
    ]
    if result.of is not None:
        lines += [*_selected(study, "_among", result.of.dataset, result.of.where), *_share(study, result)]
    elif result.value.name in STATISTICS:
        lines += _statistic(study, result)
    else:
        lines += _frequency(result)
    return "\n".join(lines)


def _comment(text: str) -> str:
    return ascii_text(text).replace("*/", "* /")


def _selected(study: ResolvedStudy, target: str, dataset: str, where: Expr | None, result: Result | None = None) -> list[str]:
    """A DATA step with the records of a selection; for a percentage `_hit` is 1 where the condition of the numerator is true."""
    translation = ToSas(kinds_of(study, dataset), study.constants)
    tests = [translation.condition(where.root)] if where is not None else []
    if result is not None and result.over:
        tests = [f"({test})" if " or " in test else test for test in tests] + [f"not missing({result.over})"]
    lines = [f"data {target};", f"  set {dataset.lower()};"]
    lines += [wrapped(f"  where {' and '.join(tests)};")] if tests else []
    if result is not None and result.value.name == "percent":
        condition = result.value.of
        lines.append(wrapped(f"  _hit = ({translation.condition(condition.root)});") if condition is not None else "  _hit = 1;")
    return [*lines, "run;"]


def _statistic(study: ResolvedStudy, result: Result) -> list[str]:
    """PROC MEANS by group and in total."""
    of = result.value.of
    assert of is not None, "the model requires a variable"
    lines, variable = [], str(of.root)
    if not isinstance(of.root, Name) or of.root.owner:
        value = ToSas(kinds_of(study, result.dataset), study.constants).value(of.root)
        lines, variable = ["data _records;", "  set _records;", f"  _value = {value};", "run;"], "_value"
    lines.append(f"proc means data=_records n {STATISTICS[result.value.name]} maxdec={decimals_of(result)} missing;")
    keys = [key for key in (result.by, result.over) if key]
    types = [result.over or "()", *(["*".join(keys)] if result.by else [])]
    if keys:
        lines += [f"  class {' '.join(keys)};", f"  types {' '.join(types)};"]
    return [*lines, f"  var {variable};", "run;"]


def _frequency(result: Result) -> list[str]:
    """Counts or percentages by group and in total."""
    hits = "coalesce(sum(_hit), 0) as records" if result.value.of is not None else "count(*) as records"
    numbers = [hits]
    if result.value.name == "percent":
        numbers += ["count(*) as among", f"100 * calculated records / calculated among as percent format=10.{decimals_of(result)}"]
    place = [result.over] if result.over else []
    lines = ["proc sql;"]
    if result.by:
        chosen = ", ".join([f"cats({result.by}) as level length={TEXT}", *place, *numbers])
        lines += [f"  select {chosen}", f"    from _records group by {', '.join([result.by, *place])}", "  union all"]
    chosen = ", ".join([f"'{TOTAL}' as level length={TEXT}", *place, *numbers])
    lines += [f"  select {chosen}", f"    from _records{f' group by {result.over}' if result.over else ''};", "quit;"]
    return [wrapped(line, "      ") for line in lines]


def _share(study: ResolvedStudy, result: Result) -> list[str]:
    """Percentages of the records of another dataset by group and in total."""
    place, grouped = [result.over] if result.over else [], groups_denominator(study, result)
    share = f"100 * calculated records / calculated among as percent format=10.{decimals_of(result)}"
    places = "".join(f"{each}, " for each in place)
    total = f" group by {result.over}" if place else ""
    lines = ["proc sql;"]
    if result.by:
        by = result.by
        keys = ", ".join([by, *place])
        lines.append(f"  create table _hits as select {keys}, sum(_hit) as hits from _records group by {keys};")
        if grouped:
            lines.append(f"  create table _base as select {by}, count(*) as size from _among group by {by};")
            value, joined = f"{_first(study, result)}(h.{by}, b.{by})", f"_hits as h full join _base as b on h.{by} = b.{by}"
        else:
            lines.append("  create table _base as select count(*) as size from _among;")
            value, joined = f"h.{by}", "_hits as h, _base as b"
        numbers = f"coalesce(h.hits, 0) as records, coalesce(b.size, 0) as among, {share}"
        lines += [f"  select cats({value}) as level length={TEXT}, {places}{numbers}", f"    from {joined}", "  union all"]
    lines += [
        f"  select '{TOTAL}' as level length={TEXT}, {places}coalesce(h.hits, 0) as records, b.size as among, {share}",
        f"    from (select {places}sum(_hit) as hits from _records{total}) as h, (select count(*) as size from _among) as b;",
        "quit;",
    ]
    return [wrapped(line, "      ") for line in lines]


def _first(study: ResolvedStudy, result: Result) -> str:
    """The function for the first value that is not missing."""
    return "coalescec" if study.datasets[result.dataset].variables[result.by].type == "text" else "coalesce"
