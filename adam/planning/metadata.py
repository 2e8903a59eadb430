"""What is known of a variable besides its formula: dictionary, class, predecessor and line, merged."""

from __future__ import annotations

from collections.abc import Mapping

from adam.core.errors import Finding, Severity, did_you_mean
from adam.core.identifiers import LONGEST, format_fault
from adam.core.kinds import ValueKind
from adam.core.problems import Problems
from adam.expressions.tree import Literal, Name
from adam.planning.formulas import Formulas
from adam.planning.inherited import Inherited
from adam.planning.lengths import Lengths, longest_term
from adam.planning.names import StudyNames
from adam.planning.resolved_formula import ResolvedFormula, ValueSource
from adam.planning.values import ResolvedVariable
from adam.planning.values.references import Binding, Reference
from adam.specification.codelists import DICTIONARIES
from adam.specification.dictionary import entry_of, label_of_sdtm
from adam.specification.models import Attributes, Dataset, Derivation, DictionaryEntry, Origin, Value, Variable
from adam.specification.variables import label_problem

FORMATS = {"integer": "8.", "date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}
TYPES = {
    ValueKind.TEXT: "text",
    ValueKind.NUMBER: "float",
    ValueKind.DATE: "date",
    ValueKind.DATETIME: "datetime",
    ValueKind.TIME: "time",
    ValueKind.CONDITION: "text",
    ValueKind.ANY: "text",
}
INHERITED = ("label", "type", "length", "format", "codelist", "core")


class Metadata:
    """The attributes of every variable of a study, each merged once; `warnings` gathers deviations from the standard."""

    def __init__(self, catalogue: StudyNames, problems: Problems) -> None:
        self.catalogue, self.problems = catalogue, problems
        self.merged: dict[tuple[str, str], Variable] = {}
        self.active: set[tuple[str, str]] = set()
        self.warnings: list[Finding] = []
        self.inherited: Inherited | None = None

    def known(self, dataset: Dataset, name: str) -> DictionaryEntry | None:
        """The entry of a name in the dictionary of the study: that of the standard, with the entries of the study and its layers over it."""
        return entry_of(self.catalogue.study.dictionary, dataset.class_, name, dataset.subclass)

    def standard(self, dataset: Dataset, name: str) -> DictionaryEntry | None:
        """The entry of a name in the standard alone; a study's own dictionary is not the standard."""
        study = self.catalogue.study
        return entry_of(study.dictionary if study.standard is None else study.standard, dataset.class_, name, dataset.subclass)

    def predecessor(self, dataset: Dataset, variable: Variable) -> str:
        """The dataset a variable is a plain copy from (`SEX: ADSL`), or nothing."""
        if not isinstance(variable.formula, Value):
            return ""
        name = variable.formula.expr.bare
        if name is None or len(name.parts) > 1 or self.catalogue.variable(dataset.name, name.last) is not None:
            return ""
        return name.last if self.catalogue.is_dataset(name.last) else ""

    def attributes(self, owner: str, variable: Variable) -> Variable:
        """A variable with everything the layers, its predecessor and its line say of it."""
        dataset = self.catalogue.study.datasets.get(owner)
        if dataset is None or variable.temporary or dataset.variables.get(variable.name) is not variable:
            return variable
        key = (owner, variable.name)
        if key not in self.merged:
            if key in self.active:
                return variable
            self.active.add(key)
            self.merged[key] = self._merge(dataset, variable)
            self.active.discard(key)
        return self.merged[key]

    def _merge(self, dataset: Dataset, variable: Variable) -> Variable:
        dictionary = self.known(dataset, variable.name)
        layers: list[Attributes] = [dictionary] if dictionary else []
        source = self.predecessor(dataset, variable)
        before = self.catalogue.study.datasets[source].variables.get(variable.name) if source else None
        if before is not None:
            layers.append(self.attributes(source, before))
        found: dict[str, object] = {}
        for layer in layers:
            found |= {key: getattr(layer, key) for key in INHERITED if getattr(layer, key) not in (None, "")}
        self._deviates(dataset, variable, dictionary)
        found["codelist"] = self._codelist(dataset, variable, str(found.get("codelist", "")))
        found |= {key: getattr(variable, key) for key in INHERITED if key != "codelist" and getattr(variable, key) not in (None, "")}
        return variable.model_copy(update=found)

    def _codelist(self, dataset: Dataset, variable: Variable, standard: str) -> str:
        """The codelist of a variable, or the dictionary that it is coded with: of its line, of the standard, or the one of its name."""
        study = self.catalogue.study
        own = study.codelists.get(variable.name)
        by_name = variable.name if own is not None and not own.of_table else ""
        if standard in DICTIONARIES and (by_name or standard not in study.dictionaries):
            standard = ""
        codelist = variable.codelist or standard or by_name
        if codelist and codelist not in study.codelists and codelist not in study.dictionaries and codelist != "TRT":
            mark = variable.marks.get("codelist", variable.mark)
            message = f"There is no codelist '{codelist}'{did_you_mean(codelist, [*study.codelists, *study.dictionaries])}"
            self.problems.add(mark, f"{dataset.name}.{variable.name}", message, "spec-unknown-codelist")
        return codelist

    def _deviates(self, dataset: Dataset, variable: Variable, dictionary: DictionaryEntry | None) -> None:
        """Warn where the line, or without one the dictionary of the study, gives another label or type than the standard."""
        standard = self.standard(dataset, variable.name)
        for key in ("label", "type"):
            own, theirs = getattr(variable, key), getattr(standard, key, None)
            whose, stated = ("", own) if own else (" of the study's dictionary", getattr(dictionary, key, None))
            if stated and theirs and stated != theirs:
                message = f"The {key} '{stated}'{whose} differs from the standard's '{theirs}'."
                mark = variable.marks.get(key, variable.mark)
                self.warnings.append(Finding("spec-standard", Severity.WARNING, dataset.name, message, mark=mark, variable=variable.name))

    def resolved(self, dataset: Dataset, variable: Variable, program: ResolvedFormula | None, programs: Formulas | None = None) -> ResolvedVariable:
        """A variable with nothing left open: type, length, format, core, origin, method and lineage.

        A length that is not declared is derived from the formulas of all variables, `programs`.
        """
        known = self.attributes(dataset.name, variable)
        subject = f"{dataset.name}.{variable.name}"
        header = self.inherited.attributes(program) if self.inherited is not None else {}
        label = known.label or str(header.get("label", "")) or label_of_sdtm(self.catalogue.study.dictionary, variable.name)
        if not label and not self.awaits(variable, program):
            message = "The variable has no label, and the standard does not define one. Write label: in its line."
            self.problems.add(variable.mark, subject, message, "spec-no-label")
        predecessor = self.predecessor(dataset, variable)
        entry = self.known(dataset, variable.name)
        if variable.formula is None:
            return _resolved(known, {"predecessor": predecessor})
        kind = program.kind if program else ValueKind.ANY
        if program is not None and program.source is ValueSource.PARAMETER and self._is_unknown(dataset, known, kind):
            message = "The type of the variable is not known: the dictionary does not have it, and no formula of a parameter shows it."
            self.problems.add(variable.mark, subject, f"{message} Write type: in its line.", "spec-no-type")
        type_ = known.type or TYPES[kind]
        length = known.length if type_ == "text" else None
        if type_ == "text" and variable.length is None:
            lengths = Lengths(programs) if programs is not None else None
            length = lengths.longest(dataset.name, variable, program) if lengths is not None else length
            length = length or int(header.get("length", 0)) or None
            if lengths is not None and program is not None and length is None and (self.catalogue.headers is not None or not lengths.open):
                self.problems.add(variable.mark, subject, "The length of the text is not known. Write length: (bytes) in its line.", "spec-no-length")
        format_ = known.format or FORMATS.get(type_, "") or (str(header.get("format", "")) if type_ == "float" else "")
        self.exportable(subject, variable, label, length, format_, type_, longest_term(program))
        update = {
            "label": label,
            "type": type_,
            "length": length,
            "format": format_,
            "core": known.core or "Perm",
            "origin": variable.origin or self.origin(variable, program),
            "lineage": tuple(str(name) for name in program.refs) if program else (),
            "predecessor": predecessor,
            "never_blank": entry is not None and entry.never_blank,
        }
        return _resolved(known, update)

    def _is_unknown(self, dataset: Dataset, known: Variable, kind: ValueKind) -> bool:
        """Whether nothing shows the type of a variable of `PARAMETER`; without headers it can still come from a source."""
        declared = known.type or known.length or known.codelist
        named = any(known.name in parameter.variables for parameter in dataset.parameters.values())
        return not declared and kind is ValueKind.ANY and (self.catalogue.headers is not None or not named)

    def awaits(self, variable: Variable, program: ResolvedFormula | None) -> bool:
        """Whether the header of a source may give a copied variable what its line does not, as far as is known yet."""
        if program is None:
            return isinstance(variable.formula, Value) and variable.formula.expr.bare is not None
        return self.inherited is not None and self.inherited.is_open(program)

    def exportable(self, subject: str, variable: Variable, label: str, length: int | None, format_: str, type_: str, term: str) -> None:
        """Note what no transport file can hold, before any data are read."""
        label_problem(label, variable.marks.get("label", variable.mark), subject, self.problems)
        if length is not None and length > LONGEST:
            message = f"A term has {length} bytes; a text of a transport file has at most {LONGEST}. Shorten it."
            self.problems.add(variable.mark, subject, message, "spec-out-of-range")
        if variable.length is not None and len(term.encode()) > variable.length:
            message = f"'{term}' has {len(term.encode())} bytes, but length: is {variable.length}. Delete length:, which follows from the terms."
            self.problems.add(variable.mark, subject, message, "spec-wrong-value")
        if fault := format_fault(format_, type_):
            self.problems.add(variable.marks.get("format", variable.mark), subject, fault, "spec-format")

    def origin(self, variable: Variable, program: ResolvedFormula | None) -> Origin:
        """Where the values come from: a plain copy is a predecessor, a literal is assigned, else derived."""
        if program is None or isinstance(variable.formula, Derivation) or program.expr is None:
            return "Derived"
        root = program.expr.root
        if isinstance(root, Literal):
            return "Assigned"
        ref = program.refs.get(root) if isinstance(root, Name) else None
        copies = ref is not None and ref.binding is not Binding.OWN and not self._is_made(ref, program)
        return "Predecessor" if copies and program.where is None else "Derived"

    def _is_made(self, ref: Reference, program: ResolvedFormula) -> bool:
        """Whether a name is not in the data a reviewer has: a temporary variable, or one that the study prepares in a source."""
        names = self.catalogue
        if names.is_dataset(ref.owner):
            return ref.variable in names.study.datasets[ref.owner].temporary
        if ref.binding is not Binding.SRC:
            return not ref.raw
        owner = program.context.owner
        domains = names.domains_of(names.study.datasets[owner])
        return any(names.src_variable(domain, ref.variable, owner) in names.use(domain).variables for domain in domains)


def _resolved(variable: Variable, update: Mapping[str, object]) -> ResolvedVariable:
    """A variable as it is written, with what the plan knows of it."""
    return ResolvedVariable(**{**{name: getattr(variable, name) for name in Variable.model_fields}, **update})
