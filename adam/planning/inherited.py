"""What a plain copy takes from the header of the file it is copied from, where dictionary and line are silent: label, length, format."""

from __future__ import annotations

import re
from collections.abc import Callable

from adam.expressions.tree import Name
from adam.planning.names import StudyNames
from adam.planning.resolved_formula import ResolvedFormula
from adam.planning.values.references import Binding

ATTRIBUTES = ("label", "length", "format")
MOST = 200
"""The longest text of a transport file; a longer one is not cut, so its length is left open."""
PLAIN = re.compile(r"[0-9]{1,2}\.[0-9]{0,2}")
"""A format that shows a number with so many decimals; any other describes what the number is, which the specification has to declare."""


class Inherited:
    """The headers of the source as copies inherit from them; `program` gives the program of a variable of a dataset."""

    def __init__(self, catalogue: StudyNames, program: Callable[[str, str], ResolvedFormula | None]) -> None:
        self.catalogue, self.program = catalogue, program

    def attributes(self, program: ResolvedFormula | None) -> dict[str, str | int]:
        """Label, length and format that the header of a file gives for a copied variable; what no header gives is left out."""
        found: dict[str, str | int] = {}
        copied = self._copied(program)
        for domain, variable in copied:
            header = (self.catalogue.headers or {}).get(domain)
            if header is None or header.kind(variable) is None:
                continue
            length, format_ = header.lengths.get(variable, 0), header.formats.get(variable, "")
            found.setdefault("label", header.labels.get(variable, ""))
            if length:
                found["length"] = max(int(found.get("length", 0)), length)
            if PLAIN.fullmatch(format_):
                found.setdefault("format", format_)
        if int(found.get("length", 0)) > MOST:
            del found["length"]
        return {key: value for key, value in found.items() if value}

    def is_open(self, program: ResolvedFormula | None) -> bool:
        """Whether a header may give what is silent, and no headers are known."""
        return self.catalogue.headers is None and bool(self._copied(program))

    def _copied(self, program: ResolvedFormula | None, seen: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The collected variables a formula copies, each with its domain: none if it computes anything."""
        root = program.expr.root if program is not None and program.expr is not None and not program.derivation else None
        ref = program.refs.get(root) if program is not None and isinstance(root, Name) else None
        if program is None or ref is None or ref.binding is Binding.CONSTANT or ref.parameter:
            return []
        if self.catalogue.is_dataset(ref.owner):
            place = f"{ref.owner}.{ref.variable}"
            return [] if place in seen else self._copied(self.program(ref.owner, ref.variable), (*seen, place))
        if ref.binding is Binding.SRC:
            dataset = self.catalogue.study.datasets.get(program.context.owner)
            domains = self.catalogue.domains_of(dataset) if dataset is not None else ()
            return [(domain, self.catalogue.src_variable(domain, ref.variable, program.context.owner)) for domain in domains]
        return [(ref.owner, ref.variable)] if ref.raw else []
