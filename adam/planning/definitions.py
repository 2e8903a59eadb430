"""Definitions of what a method text names and the data do not have: temporary and prepared variables, parameters that are not kept.

A reviewer has only define.xml, so each such name is defined after the text that uses it, once, in the order of use, to any depth.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from adam.expressions.tree import Name
from adam.planning.as_text import argument, written
from adam.planning.graph import Graph
from adam.planning.method import Citation, MethodTexts, Refs, refs_of
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.creations import RecordCreation
from adam.planning.values.record_sets import RecordSet
from adam.planning.values.references import Binding, Reference
from adam.specification.models import Parameter, SourceUse

CONSTANT = re.compile(r"STUDY\.([A-Za-z0-9_]+)")


class Described(NamedTuple):
    """A method text, its definitions, and the exact expression with those of its definitions."""

    text: str
    definitions: tuple[str, ...]
    expression: str


@dataclass
class _Part:
    """A sentence, what it reads, and its expression."""

    text: str
    refs: list[tuple[Name, Reference]] = field(default_factory=list)
    expression: str = ""
    owner: str = ""
    domains: tuple[str, ...] | None = None


class Definitions:
    """Describes formulas and record rules completely: with the definition of every intermediate that the text names."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.catalogue = graph, graph.catalogue
        self.texts = MethodTexts(graph.programs)

    def formula(self, formula: ResolvedFormula | None, parameter: str = "", domains: tuple[str, ...] | None = None) -> Described:
        """The description of a formula, for the records of a parameter if one is named; the text of `method:` is used as it is."""
        if formula is None or formula.elsewhere:
            return Described("", (), "")
        home, variable = formula.context.owner, formula.variable
        read = self._followed(formula)
        text = variable.method or self.texts.of(read, home, domains)
        refs = [*formula.refs.items(), *(read.refs.items() if read is not formula else ())]
        part = _Part(text, refs, written(variable.formula, formula.where) or str(formula.expr), read.context.owner, domains)
        return self.complete(part, home, parameter)

    def _followed(self, formula: ResolvedFormula, seen: tuple[ResolvedFormula, ...] = ()) -> ResolvedFormula:
        """The formula of the intermediate that a formula is a mere copy of, which needs no name of its own in a text."""
        name = formula.expr.bare if formula.expr is not None and formula.where is None and not formula.variable.method else None
        ref = formula.refs.get(name) if name is not None else None
        if name is None or ref is None or ref.binding is Binding.SRC:
            return formula
        each = self.texts.cite(ref.owner, ref.variable, raw=ref.raw)
        inner = self.graph.programs.program(each.owner, each.variable) if each.intermediate else None
        ends = inner is None or inner.elsewhere or inner in (*seen, formula)
        return formula if ends or inner is None else self._followed(inner, (*seen, formula))

    def creations(self, text: str, creations: Iterable[RecordCreation], home: str, parameter: str = "", also: Refs | None = None) -> Described:
        """The description of the entries that create the records of a parameter."""
        entries = list(creations)
        expression = "; ".join(f"{each.rule.name}: {argument(each.arguments)}" for each in entries)
        refs = [pair for each in entries for given in each.inputs.values() for pair in given.references.items()]
        return self.complete(_Part(text, [*refs, *(also or {}).items()], expression, home), home, parameter)

    def of(self, text: str, refs: Refs, home: str, expression: str = "") -> Described:
        """The description of a text that is not of one formula, such as that of the analysis windows."""
        return self.complete(_Part(text, list(refs.items()), expression, home), home, "")

    def complete(self, part: _Part, home: str, parameter: str) -> Described:
        """A text with the definitions it needs, and its expression with those of everything it reads."""
        named = self._closure(part, home, parameter, in_text=True)
        read = self._closure(part, home, parameter, in_text=False) if part.expression else {}
        expressions = [part.expression, *(f"{shown} = {each.expression}" for shown, each in {**named, **read}.items() if each.expression)]
        text = "; ".join(filter(None, expressions))
        used = (name for name in dict.fromkeys(CONSTANT.findall(text)) if name in self.catalogue.study.constants)
        constants = [f"STUDY.{name} = {argument(self.catalogue.study.constants[name])}" for name in used]
        return Described(part.text, tuple(each.text for each in named.values()), "; ".join([text, *constants]) if text else "")

    def _closure(self, part: _Part, home: str, parameter: str, in_text: bool) -> dict[str, _Part]:
        """The intermediates that a text names, or that a formula reads, and those of their definitions, in the order of use."""
        found: dict[str, _Part] = {}
        queue = [part]
        while queue:
            for shown, inner in self._needed(queue.pop(0), home, parameter, found, in_text):
                found[shown] = inner
                queue.append(inner)
        return found

    def _needed(self, part: _Part, home: str, parameter: str, known: Container[str], in_text: bool) -> list[tuple[str, _Part]]:
        """The intermediates of a sentence that are not defined yet, in the order of the sentence."""
        found: dict[str, tuple[int, _Part]] = {}
        for name, ref in part.refs:
            for each in self.texts.cited(name, ref, part.owner, home, part.domains):
                if not each.intermediate or each.text in known or each.text in found:
                    continue
                place = position(each.text, part.text)
                if place >= 0 or not in_text:
                    found[each.text] = place, self._variable(each, home, parameter)
            use = self.catalogue.use(ref.owner)
            shown = f"{ref.owner} records"
            if use.where is not None and shown not in known and (ref.owner in part.text or not in_text):
                found[shown] = len(part.text), self._selection(use)
        for code, helper in self._helpers(home):
            place = position(code, part.text)
            if place >= 0 and code not in known and code != parameter:
                found[code] = place, self._parameter(helper, home)
        ordered = sorted(found.items(), key=lambda item: item[1][0])
        return [(shown, inner) for shown, (_, inner) in ordered]

    def _helpers(self, home: str) -> Iterator[tuple[str, Parameter]]:
        """The parameters of a dataset that only serve others."""
        if self.catalogue.is_dataset(home):
            yield from ((code, each) for code, each in self.graph.dataset(home).parameters.items() if not each.kept)

    def _selection(self, use: SourceUse) -> _Part:
        """Which records of a domain are read at all."""
        bound, _ = self.graph.programs.source(use)
        refs = bound.references if bound is not None else {}
        condition = self.texts.condition(use.where, refs, "") if use.where is not None else ""
        return _Part(f"Only {use.name} records where {condition} are used.", [], f"where {use.where}", use.name)

    def _variable(self, cited: Citation, home: str, parameter: str) -> _Part:
        """The definition of a temporary or a prepared variable."""
        formula = self.graph.programs.program(cited.owner, cited.variable)
        if formula is not None and formula.elsewhere and parameter and cited.owner == home:
            formula = self.graph.formula(RecordSet(home, parameter), cited.variable)
        if formula is None or formula.elsewhere:
            return _Part(f"{cited.text} is set by parameter when the records are created.")
        read = self._followed(formula)
        text = read.variable.method or self.texts.of(read, home)
        refs = [*formula.refs.items(), *(read.refs.items() if read is not formula else ())]
        expression = written(formula.variable.formula, formula.where)
        return _Part(f"{cited.text} is {lowered(text.removeprefix('Equal to '))}", refs, expression, read.context.owner)

    def _parameter(self, parameter: Parameter, home: str) -> _Part:
        """The definition of a parameter that is not kept in the dataset."""
        entries = [each for records in self.graph.of_parameter(home, parameter.name) for each in self.graph.created(records)]
        text = " ".join(self.texts.created(each) for each in entries)
        expression = "; ".join(f"{each.rule.name}: {argument(each.arguments)}" for each in entries)
        what = f'{parameter.name} is the parameter "{parameter.label}", which is not kept in {home}; its AVAL is made as follows.'
        return _Part(f"{what} {text}", list(refs_of(entries).items()), expression, home)


def position(name: str, text: str) -> int:
    """Where a text names a variable; -1 if it does not.

    >>> position("AP", "APX is AP."), position("EX.STDT", "EX.STDTM")
    (7, -1)
    """
    found = re.search(rf"(?<![\w.])(?<!the collected ){re.escape(name)}(?!\w|\.\w)", text)
    return found.start() if found else -1


def lowered(text: str) -> str:
    """A sentence as the end of another one: `The date of X.` becomes `the date of X.`; names stay as they are.

    >>> lowered("The date of X."), lowered("AVAL - BASE."), lowered("A copy.")
    ('the date of X.', 'AVAL - BASE.', 'a copy.')
    """
    word = text.split(" ")[0]
    return text[:1].lower() + text[1:] if word[1:].islower() or word == "A" else text
