"""How long the text of a variable can be, as far as its terms and the variables it copies say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from adam.catalog.derivations import DERIVATIONS
from adam.core.kinds import ValueKind
from adam.expressions.functions import FUNCTIONS
from adam.expressions.tree import Call, Literal, Missing, Name, Node
from adam.planning.arguments import expressions
from adam.planning.formulas import Formulas
from adam.planning.possible_values import terms_of
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.terms import possible_terms
from adam.planning.values.references import Binding, Reference
from adam.specification.models import Dataset, Derivation, Formula, Term, Value, Variable
from adam.specification.study import Study

WRITTEN = {"text": len("2024-03-05"), "datetime_text": len("2024-03-05T10:30:00"), "time_text": len("10:30:00")}
"""The length of a date, a datetime and a time as text."""


class Lengths:
    """Computes the longest text of a variable in bytes. `open` is True if it depends on collected values, which only the data show."""

    def __init__(self, programs: Formulas) -> None:
        self.programs, self.catalogue, self.study = programs, programs.catalogue, programs.catalogue.study
        self.active: set[tuple[str, str]] = set()
        self.open = False

    def longest(self, owner: str, variable: Variable, program: ResolvedFormula | None) -> int | None:
        """The longest text of a variable; None if it is not known."""
        self.open = program is None  # its formula has a fault, which is enough to say
        return self._of(owner, variable, program)

    def _of(self, owner: str, variable: Variable, program: ResolvedFormula | None) -> int | None:
        known = self.programs.attributes(owner, variable)
        if known.length is not None:
            if variable.length is not None:
                return known.length
            return max(known.length, self._written(owner, variable, program), self._of_rules(owner, variable.name))
        codelist = self.study.codelists.get(known.codelist)
        if codelist is not None:
            return max((len(term.encode()) for term in codelist.terms), default=1)
        if program is None or (owner, variable.name) in self.active:
            return None
        self.active.add((owner, variable.name))
        found = self._program(owner, variable, program)
        self.active.discard((owner, variable.name))
        return None if found is None else max(found, self._of_rules(owner, variable.name), 1)

    def _written(self, owner: str, variable: Variable, program: ResolvedFormula | None) -> int:
        """The longest term or literal that a formula writes, or one that it copies from: a length of the dictionary does not cut it."""
        if program is None or (owner, variable.name) in self.active:
            return 0
        if program.elsewhere:
            return 0
        self.active.add((owner, variable.name))
        nodes, sizes = [] if program.expr is None else [program.expr.root], [0]
        if program.expr is None:
            assert program.arguments is not None
            terms = possible_terms(program)
            sizes += [len(text.encode()) for text in terms.texts] if terms is not None else []
            if terms is None or not terms.complete:
                nodes += [argument.expr.root for argument in expressions(program.arguments) if argument.role is ValueKind.ANY]
        found = max(*sizes, *(self._literal(node, program) for node in nodes), 0)
        self.active.discard((owner, variable.name))
        return found

    def _of_rules(self, owner: str, name: str) -> int:
        """The longest text that the record rules of a dataset write: `dtype`, and texts of `set`."""
        parameters = self.study.datasets[owner].parameters.values() if owner in self.study.datasets else ()
        blocks = [rule.arguments for each in parameters for rule in (*each.records, *each.add) if isinstance(rule.arguments, Mapping)]
        written = [block.get("set") for block in blocks]
        texts = [block.get("dtype") for block in blocks if name == "DTYPE"]
        texts += [block.get(name) for block in written if isinstance(block, Mapping)]
        return max((len(text.encode()) for text in texts if isinstance(text, str) and "(" not in text), default=0)

    def _literal(self, node: Node, program: ResolvedFormula) -> int:
        match node:
            case Literal(value=str(text)):
                return len(text.encode())
            case Call(function="if_else", arguments=(_, *chosen)) | Call(function="coalesce", arguments=chosen):
                return max((self._literal(each, program) for each in chosen), default=0)
            case Name():
                ref = program.refs.get(node)
                variable = self.catalogue.variable(ref.owner, ref.variable) if ref is not None and not ref.raw else None
                if ref is not None and variable is not None:
                    return self._written(ref.owner, variable, self.programs.program(ref.owner, ref.variable))
        return 0

    def _program(self, owner: str, variable: Variable, program: ResolvedFormula) -> int | None:
        if program.elsewhere:
            dataset = self.study.datasets.get(owner)
            return self._elsewhere(dataset, variable, program.source) if dataset is not None else None
        if program.expr is not None:
            return self._node(program.expr.root, program)
        return self._derivation(program)

    def _elsewhere(self, dataset: Dataset, variable: Variable, source: ValueSource) -> int | None:
        """What `PARAMETER` gives for the parameters of a dataset, or `WINDOW` for its windows."""
        table = self.study.windows.get(dataset.windows.use, {}) if dataset.windows else {}
        if source is ValueSource.WINDOW:
            return _widest(table) if variable.name == "AVISIT" else len("DAYS") if variable.name == "AWU" else None
        sizes = [_of_parameter(variable.name, dataset, code, self.study) for code in dataset.parameters if dataset.parameters[code].kept]
        return None if not sizes or None in sizes else max(size for size in sizes if size is not None)

    def _derivation(self, program: ResolvedFormula) -> int | None:
        assert program.arguments is not None
        known = DERIVATIONS[program.derivation]
        if (known.contract.gives(program.arguments) or known.gives) not in (None, ValueKind.TEXT):
            return None
        contract, terms = DERIVATIONS[program.derivation].contract, possible_terms(program)
        if contract.text_length is not None:
            return contract.text_length(program.arguments, lambda expr: self._node(expr.root, program))
        sizes: list[int | None] = [0, *(len(text.encode()) for text in terms.texts)] if terms is not None else []
        for argument in expressions(program.arguments) if terms is None or not terms.complete else ():
            if argument.path in program.families:
                sizes += [self._node(name, program) for name in program.families[argument.path].values()]
            elif argument.role is ValueKind.ANY:
                sizes.append(self._node(argument.expr.root, program))
        return None if not sizes or None in sizes else max(size for size in sizes if size is not None)

    def _node(self, node: Node, program: ResolvedFormula) -> int | None:
        match node:
            case Literal(value=str(text)):
                return len(text.encode())
            case Missing():
                return 0
            case Name():
                ref = program.refs.get(node)
                return self._ref(ref) if ref is not None else None
            case Call(function="if_else", arguments=(_, *chosen)):
                return self._several(chosen, program, joined=False)
            case Call(function="coalesce", arguments=chosen):
                return self._several(list(chosen), program, joined=False)
            case Call(function="concat", arguments=parts):
                return self._several(list(parts), program, joined=True)
            case Call():
                return self._call(node, program)
        return None

    def _call(self, call: Call, program: ResolvedFormula) -> int | None:
        """The longest text of a function: by its own rule, or of a date or datetime as ISO text."""
        function = FUNCTIONS.get(call.function)
        first = call.arguments[0] if call.arguments else None
        if call.function in WRITTEN and (call.function != "text" or self._is_date(first, program)):
            return WRITTEN[call.function]
        size = self._node(first, program) if function is not None and function.longest is not None and first is not None else None
        if function is None or function.longest is None or size is None:
            return None
        return function.longest(size, tuple(each.value if isinstance(each, Literal) else None for each in call.arguments[1:]))

    def _is_date(self, node: Node | None, program: ResolvedFormula) -> bool:
        """Whether a part is a date: a date variable, or a function that gives dates."""
        if isinstance(node, Name) and node in program.refs:
            return self.programs.kind_of_ref(program.refs[node], program.context) is ValueKind.DATE
        return isinstance(node, Call) and node.function in FUNCTIONS and FUNCTIONS[node.function].returns is ValueKind.DATE

    def _several(self, nodes: list[Node], program: ResolvedFormula, *, joined: bool) -> int | None:
        sizes = [self._node(node, program) for node in nodes]
        known = [size for size in sizes if size is not None]
        return None if len(known) < len(sizes) else sum(known) if joined else max(known, default=0)

    def _ref(self, ref: Reference) -> int | None:
        if ref.binding is Binding.CONSTANT:
            value = self.study.constants[ref.variable]
            return len(value.encode()) if isinstance(value, str) else None
        variable = self.catalogue.variable(ref.owner, ref.variable) if not ref.raw else None
        if variable is None:
            header = (self.catalogue.headers or {}).get(ref.owner) if ref.raw else None
            length = header.lengths.get(ref.variable) or None if header is not None else None  # 0 where the file does not say it
            self.open = self.open or length is None
            return length
        return self._of(ref.owner, variable, self.programs.program(ref.owner, ref.variable))


def longest_term(program: ResolvedFormula | None) -> str:
    """The longest of the texts that a derivation gives by its contract; nothing if they are not known."""
    terms = possible_terms(program)
    return max(terms.texts, key=lambda text: len(text.encode()), default="") if terms is not None else ""


def _widest(texts: Iterable[str]) -> int:
    return max((len(text.encode()) for text in texts), default=1)


def _of_parameter(name: str, dataset: Dataset, code: str, study: Study) -> int | None:
    """The longest text a parameter gives for a variable; 0 where it gives none."""
    parameter = dataset.parameters[code]
    own = parameter.variables.get(name)
    if own is not None:
        if own.length is not None:
            return own.length
        texts = _literal_terms(own.formula, study)
        root = own.formula.expr.root if isinstance(own.formula, Value) else None
        texts = (root.value,) if isinstance(root, Literal) and isinstance(root.value, str) else texts
        return max((len(text.encode()) for text in texts), default=None) if texts else None
    criterion = next((each.text for number, each in parameter.criteria.items() if name == f"CRIT{number}"), "")
    literals = {"PARAM": parameter.label, "PARAMCD": parameter.name, "PARCAT1": parameter.category}
    return None if name in ("AVALC", "DTYPE", "SRCDOM", "SRCVAR") else len(literals.get(name, criterion).encode())


def _literal_terms(formula: Formula | None, study: Study) -> tuple[str, ...]:
    if isinstance(formula, Term):
        return (formula.text,)
    return terms_of(formula, study) if isinstance(formula, Derivation) else ()
