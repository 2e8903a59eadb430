"""What a plain copy takes from the header of the file it is copied from, where dictionary and line are silent: label, length, format."""

from __future__ import annotations

import re
from collections.abc import Callable

from adam.expressions.tree import Name
from adam.planning.names import StudyNames
from adam.planning.prepared import plain
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
        self.active: set[tuple[str, str]] = set()

    def attributes(self, program: ResolvedFormula | None) -> dict[str, str | int]:
        """Label, length and format that the header of a file gives for a copied variable; what no header gives is left out."""
        found: dict[str, str | int] = {}
        for domain, variable, collected in self._copied(program):
            label, length, format_ = self._of_header(domain, variable) if collected else self._of_line(domain, variable)
            found.setdefault("label", label)
            if length:
                found["length"] = max(int(found.get("length", 0)), length)
            if PLAIN.fullmatch(format_):
                found.setdefault("format", format_)
        if int(found.get("length", 0)) > MOST:
            del found["length"]
        return {key: value for key, value in found.items() if value}

    def _of_header(self, domain: str, variable: str) -> tuple[str, int, str]:
        """Label, length and format of a collected variable; blank if there is none."""
        header = (self.catalogue.headers or {}).get(domain)
        if header is None or header.kind(variable) is None:
            return "", 0, ""
        return header.labels.get(variable, ""), header.lengths.get(variable, 0), header.formats.get(variable, "")

    def _of_line(self, domain: str, variable: str) -> tuple[str, int, str]:
        """Label, length and format of a prepared variable: of its line, or of what it copies. It keeps the label of one that it replaces."""
        place = (domain, variable)
        prepared = self.catalogue.use(domain).variables.get(variable)
        if prepared is None or place in self.active:
            return "", 0, ""
        self.active.add(place)
        copied = self.attributes(self.program(domain, variable))
        self.active.discard(place)
        label = prepared.label or str(copied.get("label", "")) or self._of_header(domain, plain(variable))[0]
        return label, prepared.length or int(copied.get("length", 0)), prepared.format or str(copied.get("format", ""))

    def is_open(self, program: ResolvedFormula | None) -> bool:
        """Whether a header may give what is silent, and no headers are known."""
        return self.catalogue.headers is None and bool(self._copied(program))

    def _copied(self, program: ResolvedFormula | None, seen: tuple[str, ...] = ()) -> list[tuple[str, str, bool]]:
        """The variables of domains that a formula copies, each with its domain, and whether it is collected: none if it computes anything."""
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
            owner = program.context.owner
            pairs = [(domain, self.catalogue.src_variable(domain, ref.variable, owner)) for domain in domains]
            return [(domain, name, name not in self.catalogue.use(domain).variables) for domain, name in pairs]
        return [(ref.owner, ref.variable, ref.raw)]
