"""Specifications whose files are spoilt: letters, lines, brackets, encodings, and files that are missing or too many."""

from __future__ import annotations

import json
import random
import re

from tests.bad_inputs.mutation import Spoil, add, mutation
from tests.bad_inputs.study import Inputs


def _prefixed(raw: bytes) -> Spoil:
    return lambda inputs, _: _as_bytes(inputs, "adsl", raw + inputs.texts["adsl"].encode(), repr(raw))


def _as_bytes(inputs: Inputs, file: str, raw: bytes, what: str) -> str:
    inputs.specs[f"{file}.yaml"] = raw
    return f"{file}: {what}"


def _recoded(encoding: str, text: str = "") -> Spoil:
    return lambda inputs, _: _as_bytes(inputs, "adsl", (inputs.texts["adsl"] + text).encode(encoding), encoding)


for _encoding in ("utf-16", "utf-16-le", "utf-32"):
    add("encoding of a specification", "specification", "unharmed", _recoded(_encoding))
for _encoding in ("latin-1", "cp1252", "shift-jis"):
    add("encoding of a specification", "specification", "refused", _recoded(_encoding, "# \u00d7\n" if _encoding == "shift-jis" else "# \u00fc\n"))
for _raw in (b"\x00", b"\xff\xfe", b"\x1b[31m", b"\xed\xa0\x80", b"\x7f", b"\xef\xbf\xbe"):
    add("encoding of a specification", "specification", "refused", _prefixed(_raw))
add("harmless change of a specification", "specification", "same", _prefixed(b"\xef\xbb\xbf"))
add("harmless change of a specification", "specification", "same", _recoded("utf-8", "# \u00fc\n"))


@mutation("harmless change of a specification", "specification", "same")
def windows_lines(inputs: Inputs, draw: random.Random) -> str:
    file = draw.choice(sorted(inputs.texts))
    return _as_bytes(inputs, file, inputs.texts[file].replace("\n", "\r\n").encode(), "CRLF")


@mutation("harmless change of a specification", "specification", "same")
def mac_lines(inputs: Inputs, draw: random.Random) -> str:
    file = draw.choice(sorted(inputs.texts))
    return _as_bytes(inputs, file, inputs.texts[file].replace("\n", "\r").encode(), "CR alone")


@mutation("harmless change of a specification", "specification", "same", 2)
def comments_and_blanks(inputs: Inputs, draw: random.Random) -> str:
    file = draw.choice(sorted(inputs.texts))
    lines = inputs.texts[file].split("\n")
    for _ in range(4):
        lines.insert(draw.randrange(len(lines)), draw.choice(["", "# a comment: {with, signs}", "   ", "      # \u00e9"]))
    inputs.texts[file] = "\n".join(line + draw.choice(["", "  ", "   # said"]) if line.endswith(("}", "]")) else line for line in lines)
    return f"{file}: comments and blank lines"


@mutation("a letter of an expression", "specification", "unharmed", 10)
def letter(inputs: Inputs, draw: random.Random) -> str:
    """One letter of the specification becomes another, within a name that is of this study or the standard."""
    file = draw.choice(["adsl", "advs", "adae"])
    text = inputs.texts[file]
    words = re.finditer(r"(?<![\w\"<>=-])[A-Za-z_][A-Za-z0-9_]{2,}(?=[ ,:)}\]\n.])", text)
    found = [word for word in words if "label" not in text[text.rfind("\n", 0, word.start()) : word.start()]]
    place = draw.choice(found)
    at = draw.randrange(place.start(), place.end())
    other = draw.choice([c for c in ("ABCDEFGHIJKLMNOPQRSTUVWXYZ" if text[at].isupper() else "abcdefghijklmnopqrstuvwxyz") if c != text[at]])
    inputs.texts[file] = text[:at] + other + text[at + 1 :]
    return f"{file}: line {text[:at].count(chr(10)) + 1}: {place.group()} -> {inputs.texts[file][place.start() : place.end()]}"


@mutation("a line of a specification", "specification", "unharmed", 8)
def indented(inputs: Inputs, draw: random.Random) -> str:
    """A line stands one level deeper, or one higher."""
    file = draw.choice(["study", "codelists", "adsl", "advs", "adae"])
    lines = inputs.texts[file].split("\n")
    at = draw.choice([number for number, line in enumerate(lines) if line.strip() and number > 1])
    old = lines[at]
    lines[at] = draw.choice([f"  {old}", old.removeprefix("  "), f" {old}", f"    {old}"])
    inputs.texts[file] = "\n".join(lines)
    return f"{file}: line {at + 1} moved: {lines[at]!r}"


@mutation("a line of a specification", "specification", "refused", 4)
def twice(inputs: Inputs, draw: random.Random) -> str:
    """A line with a key stands there twice."""
    file = draw.choice(["study", "codelists", "adsl", "advs", "adae"])
    lines = inputs.texts[file].split("\n")
    at = draw.choice([number for number, line in enumerate(lines) if re.match(r" *[\w, -]+: \S", line) and not line.lstrip().startswith("- ")])
    lines.insert(at, lines[at])
    inputs.texts[file] = "\n".join(lines)
    return f"{file}: line {at + 1} twice: {lines[at]!r}"


@mutation("a line of a specification", "specification", "refused", 6)
def bracket_lost(inputs: Inputs, draw: random.Random) -> str:
    """A bracket, brace or quote is gone."""
    file = draw.choice(["study", "codelists", "adsl", "advs", "adae"])
    text = inputs.texts[file]
    at = draw.choice([place for place, sign in enumerate(text) if sign in '[]{}"'])
    inputs.texts[file] = text[:at] + text[at + 1 :]
    return f"{file}: line {text[:at].count(chr(10)) + 1}: {text[at]} is gone"


@mutation("files of a specification", "specification", "refused")
def file_gone(inputs: Inputs, draw: random.Random) -> str:
    gone = draw.choice(sorted(inputs.texts))
    del inputs.texts[gone]
    return f"{gone} is gone"


@mutation("files of a specification", "specification", "refused")
def file_empty(inputs: Inputs, draw: random.Random) -> str:
    content = draw.choice([b"", b"\n", b"# nothing\n", b"---\n", b"{}\n", b"[]\n", b"text\n", b"\xef\xbb\xbf"])
    return _as_bytes(inputs, draw.choice(sorted(inputs.texts)), content, repr(content))


@mutation("files of a specification", "specification", "refused")
def file_cut(inputs: Inputs, draw: random.Random) -> str:
    file = draw.choice(sorted(inputs.texts))
    text = inputs.texts[file]
    opened = draw.choice([place for place, sign in enumerate(text) if sign in "{["])
    return _as_bytes(inputs, file, text[: opened + 2].encode(), f"cut after {text[max(0, opened - 30) : opened + 2]!r}")


@mutation("files of a specification", "specification", "refused")
def file_copied(inputs: Inputs, draw: random.Random) -> str:
    file = draw.choice(["study", "adsl", "advs", "adae"])
    inputs.texts[f"{file}_copy"] = inputs.texts[file]
    return f"{file} is there twice"


@mutation("files of a specification", "specification", "refused")
def file_unknown(inputs: Inputs, draw: random.Random) -> str:
    contents = ["nonsense: 1\n", "codelist:\n  X: {terms: [a]}\n", "Dataset: ADXX\n", "dataset: ADXX\n", "study: OTHER\n", "check: {}\n"]
    inputs.texts["more"] = draw.choice(contents)
    return f"another file: {inputs.texts['more']!r}"


SUITES: tuple[tuple[str, dict[str, object]], ...] = (
    ("no_such", {}),
    ("expect_column_values_to_be_in_set", {"column": "NOSUCH", "value_set": ["F"]}),
    ("expect_column_values_to_be_in_set", {"column": "SEX", "value_set": {"$PARAMETER": "x"}}),
    ("expect_column_values_to_not_be_null", {"column": "SEX", "row_condition": "@print(1)", "condition_parser": "pandas"}),
    ("unexpected_rows_expectation", {"unexpected_rows_query": "SELECT 1"}),
    ("expect_column_values_to_match_json_schema", {"column": "SEX", "json_schema": {"$ref": "http://localhost:1/x"}}),
    ("expect_column_values_to_match_regex", {"column": "SEX", "regex": "("}),
    ("expect_column_values_to_be_between", {"column": "SEX", "min_value": 1}),
    ("expect_column_values_to_be_between", {"column": "AGE", "min_value": 9, "max_value": 1}),
)


def _suite(expectation: tuple[str, dict[str, object]]) -> str:
    return json.dumps({"expectations": [{"type": expectation[0], "kwargs": expectation[1]}]})


@mutation("files of a specification", "specification", "refused", 4)
def suite(inputs: Inputs, draw: random.Random) -> str:
    """A suite that is none, or that runs or opens something."""
    content = draw.choice(["", "[]", "{", '{"expectations": []}', '{"expectations": [{"type": 3}]}', "\ud800", *map(_suite, SUITES)])
    inputs.texts["expectations/ADSL.json"] = content
    return f"expectations/ADSL.json: {content[:140]!r}"


@mutation("arguments and environment", "specification", "refused")
def only(inputs: Inputs, draw: random.Random) -> str:
    inputs.options = ["--only", draw.choice(["ADXX", "", ",", "ADSL,,ADAE", "adsl", "ADSL.AGE", "../ADSL", "ADSL;ADAE", "\x1b[31m", "ADSL," * 3])]
    return str(inputs.options)


@mutation("arguments and environment", "specification", "refused")
def epoch(inputs: Inputs, draw: random.Random) -> str:
    inputs.environment = {"SOURCE_DATE_EPOCH": draw.choice(["abc", "1e9", "-99999999999999", "9" * 30, "12.5", " ", "0x10", "253402300800"])}
    return str(inputs.environment)
