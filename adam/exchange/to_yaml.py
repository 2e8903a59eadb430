"""The YAML of a study from metadata: attributes, codelists and copies; what a method describes is left to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from adam.core.errors import UsageError
from adam.core.identifiers import CLASSES
from adam.core.yaml_text import quoted
from adam.exchange import metadata as tables
from adam.exchange.metadata import Metadata, Row
from adam.specification.language import LANGUAGE

NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
PREDECESSOR = re.compile(r"([A-Z][A-Z0-9_]{1,7})\.([A-Z][A-Z0-9_]{0,7})")
VALID_STANDARD = re.compile(r"(ADaMIG|ADaM-OCCDSIG|SDTMIG|CDISC/NCI (?:SDTM|ADaM)) (\S+)")
NAMES = {"ADaM-OCCDSIG": "ADaM OCCDS", "CDISC/NCI SDTM": "SDTM CT", "CDISC/NCI ADaM": "ADaM CT"}
MOMENTS = (("date", ("DATE", "YYMMDD", "E8601DA", "DDMMYY", "MMDDYY")), ("time", ("TIME", "E8601TM")), ("datetime", ("DATETIME", "E8601DT")))
SUBJECT_LEVEL = "SUBJECT LEVEL ANALYSIS DATASET"
CODE, OF_PARAMETER = "PARAMCD", ("PARAMCD", "PARAM", "PARAMN", "AVAL")


def to_yaml(metadata: Metadata) -> dict[str, str]:
    """The files of a study, by name.

    A predecessor becomes a copy. Any other variable is `value: missing`, with its method as a comment `# TODO:` above it, so that the
    study can be checked from the first day and every formula that is still to be written is found by searching for TODO.

    Raises:
        UsageError: the name of a dataset is not valid, which could also be that of a file elsewhere, or is there twice.
    """
    names = [row["Dataset"] for row in metadata[tables.DATASETS]]
    for place, name in enumerate(names):
        if not NAME.fullmatch(name):
            raise UsageError(f"{name!r} is not a valid name of a dataset. Use up to 8 capitals, digits or underscores, starting with a letter: ADSL.")
        if name in names[:place]:
            raise UsageError(f"The dataset {name} is there twice. Delete one of them.")
    files = {"study.yaml": _study(metadata, names), "codelists.yaml": _codelists(metadata)}
    return {**files, **{f"{row['Dataset'].lower()}.yaml": _dataset(row, metadata) for row in metadata[tables.DATASETS]}}


def count_todo(files: Mapping[str, str]) -> int:
    """How many formulas are still to be written."""
    return sum(text.count("# TODO:") for text in files.values())


def _study(metadata: Metadata, names: Sequence[str]) -> str:
    facts = [(row["Attribute"], row.get("Value", "")) for row in metadata[tables.STUDY]]
    named = dict(reversed(facts))
    name = named.get("StudyName") or "STUDY"
    standards = [
        f"{NAMES.get(match[1], match[1])} {match[2]}" for key, text in facts if key == "Standard" and (match := VALID_STANDARD.fullmatch(text))
    ]
    lines = [f"language: {LANGUAGE}", f"study: {_scalar(name)}", "extends: adamig"]
    lines += [f"label: {_scalar(named['StudyDescription'])}"] if named.get("StudyDescription") else []
    lines += [f"ids: [{_scalar(name)}]  # TODO: the values of STUDYID in the data"]
    lines += [f"standards: [{', '.join(standards)}]"] if standards else []
    return "\n".join([*lines, f"datasets: [{', '.join(names)}]"]) + "\n"


def _codelists(metadata: Metadata) -> str:
    """The codelists of text; those of numbers are the numbers of their terms, those of PARAMCD and PARAM are parameters."""
    found: dict[str, list[Row]] = {}
    for row in metadata[tables.CODELISTS]:
        found.setdefault(row["ID"], []).append(row)
    numbers = {
        name: {row.get("Decoded Value", ""): row["Term"] for row in rows} for name, rows in found.items() if rows[0].get("Data Type") != "text"
    }
    lines = ["codelists:"]
    for name in sorted(_used(metadata) & set(found)):
        rows = found[name]
        nci = f"    nci: {rows[0]['NCI Codelist Code']}" if rows[0].get("NCI Codelist Code") else ""
        lines += [f"  {_valid(name)}:", *([nci] if nci else [])]
        lines += ["    extensible: true"] if any(row.get("Extended") for row in rows) else []
        lines += ["    terms:", *(f"      {_term(row, numbers.get(f'{name}.N', {}))}" for row in rows if row["Term"])]
    return "\n".join(lines) + "\n" if len(lines) > 1 else "codelists: {}\n"


def _used(metadata: Metadata) -> set[str]:
    """The codelists of text variables, but those of parameters."""
    texts = [row for row in metadata[tables.VARIABLES] if row.get("Data Type") == "text" and row["Variable"] not in OF_PARAMETER]
    return {row["Codelist"] for row in texts if row.get("Codelist")}


def _term(row: Row, numbers: Mapping[str, str]) -> str:
    facts = []
    if row["Term"] in numbers:
        facts.append(f"number: {numbers[row['Term']]}")
    if row.get("Decoded Value") and row["Decoded Value"] != row["Term"]:
        facts.append(f"decode: {_scalar(row['Decoded Value'])}")
    if row.get("NCI Term Code"):
        facts.append(f"nci: {row['NCI Term Code']}")
    return f"{_scalar(row['Term'])}: {{{', '.join(facts)}}}"


def _dataset(dataset: Row, metadata: Metadata) -> str:
    name = dataset["Dataset"]
    own = [row for row in metadata[tables.VARIABLES] if row["Dataset"] == name]
    lines = [f"dataset: {name}"]
    class_ = dataset.get("Class", "").upper()
    lines.append(f"class: {class_ if class_ in CLASSES else 'BASIC DATA STRUCTURE'}")
    lines += [f"subclass: {dataset['SubClass'].upper()}"] if dataset.get("SubClass") else []
    lines += [f"label: {_scalar(dataset.get('Label', ''))}"] if dataset.get("Label") else []
    lines += [f"structure: {_scalar(dataset['Structure'])}"] if dataset.get("Structure") else []
    lines += [f"key: [{', '.join(re.split(r'[,; ]+', dataset['Key Variables'].strip()))}]"] if dataset.get("Key Variables") else []
    domain = _domain(name, own, class_)
    if class_ == "BASIC DATA STRUCTURE":
        lines += ["", "parameters:", *_parameters(name, domain, own, metadata)]
    else:
        lines.append(f"records: {{from: {domain}}}")
    methods = {row["ID"]: row.get("Description", "") for row in metadata[tables.METHODS]}
    comments = {row["ID"]: row.get("Description", "") for row in metadata[tables.COMMENTS]}
    lines += ["", "variables:"]
    known = {row["ID"] for row in metadata[tables.CODELISTS] if row["Term"]}
    for row in own:
        listed = {**row, "Codelist": row.get("Codelist", "") if row.get("Codelist") in known else ""}
        lines += _variable(listed, methods, comments, class_ == "BASIC DATA STRUCTURE")
    return "\n".join(lines) + "\n"


def _domain(name: str, own: Sequence[Row], class_: str) -> str:
    """The domain that most copied variables come from; without one that of the name, and DM for one record per subject."""
    owners = [match[1] for row in own if (match := PREDECESSOR.fullmatch(row.get("Predecessor", "")))]
    domains = [owner for owner in owners if not owner.startswith("AD")]
    if domains:
        return max(sorted(set(domains)), key=domains.count)
    return "DM" if class_ == SUBJECT_LEVEL else name.removeprefix("AD")[:2]


def _parameters(name: str, domain: str, own: Sequence[Row], metadata: Metadata) -> Iterator[str]:
    """The parameters that the codelist of PARAMCD lists, each with the method of its AVAL to be written."""
    code = next((row for row in own if row["Variable"] == CODE), None)
    codelist = code.get("Codelist", "") if code is not None else ""
    methods = {row["ID"]: row.get("Description", "") for row in metadata[tables.METHODS]}
    values = {row.get("Where Clause", ""): row for row in metadata[tables.VALUES] if row["Dataset"] == name and row["Variable"] == "AVAL"}
    clauses = {(row["ID"]): row.get("Value", "") for row in metadata[tables.CLAUSES] if row["Variable"] == CODE}
    of_code = {clauses.get(clause, ""): methods.get(row.get("Method", ""), "") for clause, row in values.items()}
    terms = [row for row in metadata[tables.CODELISTS] if row["ID"] == codelist and row["Term"]]
    if not terms:
        yield f"  # TODO: the parameters; the codelist of {CODE} lists none"
        yield f"  ANY: {{label: Any, records: {{from: {domain}}}}}"
    for term in terms:
        text = of_code.get(term["Term"], "")
        yield f"  # TODO: {_one_line(text) or 'which records belong to the parameter'}"
        yield f"  {term['Term']}: {{label: {_scalar(term.get('Decoded Value') or term['Term'])}, records: {{from: {domain}}}}}"


def _variable(row: Row, methods: Mapping[str, str], comments: Mapping[str, str], parameters: bool) -> Iterator[str]:
    name = row["Variable"]
    match = PREDECESSOR.fullmatch(row.get("Predecessor", ""))
    facts = [f"label: {_scalar(row['Label'])}"] if row.get("Label") else []
    facts += [f"type: {_type(row)}"]
    facts += [f"length: {row['Length']}"] if row.get("Length") and _type(row) == "text" else []
    facts += [f"format: {row['Format']}"] if row.get("Format") else []
    codelist = row.get("Codelist", "")
    facts += [f"codelist: {_valid(codelist)}"] if codelist and _type(row) == "text" and name not in OF_PARAMETER else []
    facts += [f"comment: {_scalar(comments[row['Comment']])}"] if row.get("Comment") in comments else []
    if parameters and name in OF_PARAMETER:
        yield f"  {name}: {{{', '.join([*facts, 'value: PARAMETER'])}}}"
    elif match is not None:
        yield f"  {name}: {{{', '.join([*facts, f'value: {match[0]}'])}}}"
    else:
        yield f"  # TODO: {_one_line(methods.get(row.get('Method', ''), '')) or row.get('Predecessor') or 'its formula'}"
        yield f"  {name}: {{{', '.join([*facts, 'value: missing'])}}}"


def _type(row: Row) -> str:
    kind, format_ = row.get("Data Type", ""), row.get("Format", "").upper()
    if kind in ("text", "date", "datetime", "time", "partialDate", "partialDatetime", "incompleteDatetime", "durationDatetime"):
        return "text"
    found = [moment for moment, starts in MOMENTS if format_.startswith(starts)]
    return found[-1] if found else "float" if kind == "float" else "integer"


def _valid(name: str) -> str:
    """The name of a codelist without characters that a name cannot have."""
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _scalar(text: str) -> str:
    """A text, on one line, as a scalar of YAML."""
    return quoted(_one_line(text))
