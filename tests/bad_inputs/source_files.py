"""Source files that are damaged, or written as no file of their format is: bytes rather than values."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from tests.bad_inputs.formats import WRITERS, as_csv, as_xpt, columns, dataset_json, file_name, is_number, parquet
from tests.bad_inputs.mutation import Expected, Spoil, add, mutation
from tests.bad_inputs.study import Inputs

DOMAINS = ("DM", "EX", "VS", "AE", "DS")
CARD = 80


def raw(inputs: Inputs, domain: str, form: str) -> bytes:
    """The bytes of a domain in a format that it gets with this."""
    inputs.formats[domain] = form
    return WRITERS[form](inputs.tables[domain])


def given(inputs: Inputs, domain: str, content: bytes, what: str) -> str:
    """The file of a domain is what is given."""
    inputs.sdtm[file_name(inputs, domain)] = content
    return f"{file_name(inputs, domain)}: {what}"


@mutation("another format, the same values", "source", "same", 4)
def other_format(inputs: Inputs, draw: random.Random) -> str:
    for domain in (*DOMAINS, "SUPPDM", "SUPPAE"):
        inputs.formats[domain] = draw.choice(["csv", "xpt", "parquet", "json", "ndjson"])
    return str(inputs.formats)


@mutation("another format, the same values", "source", "same")
def version_8(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    inputs.formats[domain] = "xpt"
    return given(inputs, domain, as_xpt(inputs.tables[domain], 8), "version 8")


@mutation("another format, the same values", "source", "same")
def shuffled(inputs: Inputs, draw: random.Random) -> str:
    """Records and variables in another order."""
    domain = draw.choice(["VS", "EX", "AE"])
    rows = [dict(draw.sample(list(row.items()), len(row))) for row in inputs.tables[domain]]
    inputs.tables[domain] = draw.sample([{name: row[name] for name in rows[0]} for row in rows], len(rows))
    return f"{domain} shuffled"


@mutation("a file that is cut short", "source", "refused", 6)
def cut(inputs: Inputs, draw: random.Random) -> str:
    domain, form = draw.choice(DOMAINS), draw.choice(["xpt", "xpt", "parquet", "json"])
    content = raw(inputs, domain, form)
    size = draw.choice([draw.randrange(len(content)), len(content) - 1, len(content) - CARD, 1, 80, 240])
    return given(inputs, domain, content[:size], f"cut to {size} of {len(content)} bytes")


@mutation("a file that is cut short", "source", "refused", 2)
def cut_csv(inputs: Inputs, draw: random.Random) -> str:
    """A CSV file that ends within a record."""
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, "csv")
    line = content.rstrip().rindex(b"\n")
    size = draw.choice([line + 3, draw.randrange(line + 1, content.rindex(b",", 0, len(content)) - 1)])
    return given(inputs, domain, content[:size], f"cut to {size} of {len(content)} bytes, {content[size - 20 : size]!r}")


@mutation("a byte flipped in a header", "source", "unharmed", 8)
def flip_xpt(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "xpt"))
    return _flipped(inputs, domain, content, draw.randrange(bytes(content).index(b"HEADER RECORD*******OBS") + CARD), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 4)
def flip_parquet(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "parquet"))
    size = int.from_bytes(content[-8:-4], "little")
    return _flipped(inputs, domain, content, draw.choice([draw.randrange(len(content) - 8 - size, len(content)), draw.randrange(4)]), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 4)
def flip_json(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "json"))
    return _flipped(inputs, domain, content, draw.randrange(bytes(content).index(b'"rows"') + 8), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 3)
def flip_csv(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "csv"))
    return _flipped(inputs, domain, content, draw.randrange(content.index(b"\n")), draw)


def _flipped(inputs: Inputs, domain: str, content: bytearray, at: int, draw: random.Random) -> str:
    old = content[at]
    content[at] ^= 1 << draw.randrange(8)
    return given(inputs, domain, bytes(content), f"byte {at} of {len(content)}: {old:#04x} -> {content[at]:#04x}, within {bytes(content[max(0, at - 12) : at + 8])!r}")


def edited(domain: str, edit: Callable[[bytes], bytes], what: str) -> Spoil:
    """A CSV file whose bytes are edited."""
    return lambda inputs, _: given(inputs, domain, edit(raw(inputs, domain, "csv")), what)


def _line(number: int, edit: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number] = edit(lines[number])
        return b"\n".join(lines)

    return changed


CSV: tuple[tuple[Expected, str, Callable[[bytes], bytes], str], ...] = (
    ("refused", "AE", lambda b: b.replace(b"HEADACHE", b'"HEADACHE', 1), "a quote that is not closed"),
    ("refused", "AE", lambda b: b.rstrip() + b'"', "a quote at the end"),
    ("refused", "AE", lambda b: b.replace(b"HEADACHE", b'"HEAD"ACHE', 1), "a quote within a value"),
    ("unharmed", "AE", lambda b: b.replace(b"HEADACHE", b'HEAD"ACHE', 1).replace(b"RASH", b'RA"SH', 1), "two quotes in values without quotes"),
    ("refused", "EX", _line(2, lambda b: b + b",extra"), "a value too many"),
    ("refused", "EX", _line(2, lambda b: b.rsplit(b",", 1)[0]), "a value too few"),
    ("refused", "EX", _line(0, lambda b: b + b",EXSEQ"), "a name twice, values too few"),
    ("refused", "EX", lambda b: b"\n".join(line + (b",EXDOSE" if not n else b",99" if line else b"") for n, line in enumerate(b.split(b"\n"))), "a variable twice"),
    ("refused", "EX", lambda b: b"\n".join(line + (b",exdose" if not n else b",99" if line else b"") for n, line in enumerate(b.split(b"\n"))), "a variable twice but for case"),
    ("refused", "EX", lambda b: b"\n".join(line + b"," for line in b.split(b"\n")), "a comma at the end of every line"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[1], "no line of names"),
    ("refused", "EX", lambda b: b"", "empty"),
    ("refused", "EX", lambda b: b"\n", "a line feed"),
    ("refused", "EX", lambda b: b"\xef\xbb\xbf", "a byte order mark alone"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[0], "names alone, no line feed"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[0] + b"\n", "names alone"),
    ("refused", "EX", lambda b: b.replace(b",", b";"), "semicolons"),
    ("refused", "EX", lambda b: b.replace(b",", b"\t"), "tabs"),
    ("refused", "EX", lambda b: b.replace(b",", b"|"), "bars"),
    ("unharmed", "EX", lambda b: b.decode().encode("utf-16"), "UTF-16"),
    ("unharmed", "EX", lambda b: b.decode().encode("utf-16-le"), "UTF-16 without mark"),
    ("refused", "EX", lambda b: b.replace(b"STUDYID", b"STUDY ID", 1), "a name with a blank"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"", 1), "a name that is empty"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"EX\x00TRT", 1), "a name with NUL"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"E" * 5000, 1), "a name of 5,000 letters"),
    ("refused", "EX", lambda b: b"PK\x03\x04" + b[4:], "a ZIP file by its first bytes"),
    ("refused", "EX", lambda b: b"\x1f\x8b\x08" + b, "a gzip file by its first bytes"),
    ("refused", "EX", lambda b: b"<html><body>404</body></html>", "a page"),
    ("refused", "EX", lambda b: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n", "a pointer of Git LFS"),
    ("unharmed", "EX", lambda b: b"\n\n" + b, "blank lines first"),
    ("unharmed", "EX", lambda b: b + b"\n\n\n", "blank lines last"),
    ("unharmed", "EX", lambda b: b.replace(b"\n", b"\n\n"), "blank lines between"),
    ("unharmed", "EX", lambda b: b + b"\x1a", "the end mark of DOS"),
    ("unharmed", "EX", lambda b: b"sep=,\n" + b, "the line sep= of Excel"),
    ("unharmed", "EX", lambda b: b"# a comment\n" + b, "a comment first"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x00ACHE", 1), "NUL in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\nACHE", 1).replace(b"HEAD\nACHE", b'"HEAD\nACHE"'), "a line feed in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x1b[31mACHE", 1), "ESC in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xc4CHE", 1), "a byte of Windows-1252"),
    ("reported", "AE", lambda b: b"\xef\xbb\xbf" + b.replace(b"HEADACHE", b"HEAD\xc4CHE", 1), "a byte of Windows-1252 behind the mark of UTF-8"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x81CHE", 1), "a byte of no encoding"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "頭痛".encode("gb18030"), 1), "GB 18030"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "頭痛".encode("shift-jis"), 1), "Shift JIS"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "TÊTE".encode("cp850"), 1), "code page 850"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xed\xa0\x80ACHE", 1), "half a surrogate"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xe2\x80\xaeACHE", 1), "a mark that turns the direction of text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "HÊADACHE".encode(), 1), "an accent, as the policy is error"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"X" * 201, 1), "a text of 201 bytes"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"X" * 2_000_000, 1), "a text of two million bytes"),
    ("same", "EX", lambda b: b.replace(b"\n", b"\r\n"), "CRLF"),
    ("same", "EX", lambda b: b.replace(b"\n", b"\r"), "CR alone"),
    ("same", "EX", lambda b: b"\xef\xbb\xbf" + b, "a byte order mark"),
    ("same", "EX", lambda b: b.rstrip(), "no line feed at the end"),
    ("same", "EX", lambda b: b"\n".join(b",".join(b'"' + cell + b'"' for cell in line.split(b",")) if line else line for line in b.split(b"\n")), "everything in quotes"),
    ("same", "EX", lambda b: b.replace(b",PLACEBO,", b",PLACEBO  ,").replace(b",mg,", b", mg ,"), "blanks around texts"),
    ("same", "EX", _line(0, lambda b: b.lower()), "names in small letters"),
    ("same", "EX", _line(0, lambda b: b.replace(b",", b" , ")), "blanks around names"),
    ("same", "EX", lambda b: b.replace(b",10,", b",10.0,"), "10.0 for 10"),
    ("same", "EX", lambda b: b.replace(b",10,", b",1e1,"), "1e1 for 10"),
    ("same", "EX", lambda b: b.replace(b",10,", b", 10 ,"), "blanks around numbers"),
    ("same", "EX", lambda b: b.replace(b",10,", b",+10,"), "+10 for 10"),
)  # fmt: skip
for _expected, _domain, _edit, _what in CSV:
    _name = {"same": "a CSV file written another way", "reported": "text in a CSV file"}.get(_expected, "a CSV file that is none")
    add(_name, "source", _expected, edited(_domain, _edit, _what))


@mutation("an XPT file that is none", "source", "refused", 2)
def cport(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    inputs.formats[domain] = "xpt"
    content = b"**COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED********" + bytes(draw.randrange(256) for _ in range(800))
    return given(inputs, domain, content, "written by PROC CPORT")


@mutation("an XPT file that is none", "source", "refused", 4)
def not_xpt(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, "xpt")
    table = as_csv(inputs.tables[domain])
    member = content.index(b"HEADER RECORD*******MEM")
    what, made = draw.choice([
        ("empty", b""), ("NUL bytes", bytes(800)), ("blanks", b" " * 800), ("a CSV file", table), ("random bytes", bytes(draw.randrange(256) for _ in range(1600))), ("its header alone", content[:CARD]),
        ("two datasets", content + content[member:]), ("garbage at its end", content + b"x" * CARD), ("a Parquet file", WRITERS["parquet"](inputs.tables[domain])), ("twice itself", content + content),
    ])  # fmt: skip
    return given(inputs, domain, made, what)


@mutation("an XPT file that says something else", "source", "refused", 2)
def xpt_twice(inputs: Inputs, draw: random.Random) -> str:
    """A variable twice: another one gets its name."""
    domain, name, other = draw.choice([("DM", b"SUBJID  ", b"USUBJID "), ("EX", b"EXTRT   ", b"EXDOSU  "), ("VS", b"VSORRES ", b"VSSTRESC"), ("AE", b"AETERM  ", b"AEDECOD ")])
    return given(inputs, domain, raw(inputs, domain, "xpt").replace(name, other, 1), f"{name.decode()} is {other.decode()} too")


@mutation("an XPT file that says something else", "source", "reported", 3)
def xpt_special(inputs: Inputs, draw: random.Random) -> str:
    """A special missing value where a number was."""
    letter = draw.choice([b"A", b"Z", b"_", b"M"])
    number = b"\x42\x22\x00\x00\x00\x00\x00\x00"
    inputs.tables["DM"][0]["AGE"] = 34
    content = raw(inputs, "DM", "xpt")
    assert content.count(number) == 1
    return given(inputs, "DM", content.replace(number, letter + bytes(7)), f"AGE of the first is .{letter.decode()}")


@mutation("an XPT file that says something else", "source", "reported", 2)
def xpt_text(inputs: Inputs, draw: random.Random) -> str:
    bad = draw.choice([b"HEAD\x00CHE", b"HEAD\x1bCHE", b"HEAD\xc4CHE", b"HEAD\x81CHE", b"\x00EADACHE", b"\xb0\xa1\xb0\xa1\xb0\xa1\xb0\xa1"])
    return given(inputs, "AE", raw(inputs, "AE", "xpt").replace(b"HEADACHE", bad, 1), f"a text is {bad!r}")


@mutation("an XPT file that says something else", "source", "same")
def xpt_padded(inputs: Inputs, draw: random.Random) -> str:
    """The last card is padded with NUL bytes, as some writers do."""
    for domain in draw.sample(["DM", "EX", "VS", "AE", "DS"], 5):
        content = raw(inputs, domain, "xpt")
        stripped = content.rstrip(b" ")
        width = -(-len(stripped) // CARD) * CARD
        if width - len(stripped) > 0:
            return given(inputs, domain, stripped + bytes(len(content) - len(stripped)) if domain == "EX" else content, "padded with NUL")
    return "nothing"


JSON: tuple[tuple[Expected, str, Callable[[dict[str, Any]], Any]], ...] = (
    ("refused", "a list", lambda c: [c]), ("refused", "no records", lambda c: _without(c, "records")), ("refused", "no columns", lambda c: _without(c, "columns")), ("unharmed", "no name", lambda c: _without(c, "name")),
    ("refused", "no rows", lambda c: _without(c, "rows")), ("refused", "records off by one", lambda c: c | {"records": c["records"] + 1}), ("refused", "records 0", lambda c: c | {"records": 0}),
    ("refused", "records a text", lambda c: c | {"records": str(c["records"])}), ("refused", "records null", lambda c: c | {"records": None}), ("refused", "records true", lambda c: c | {"records": True}),
    ("refused", "records -1", lambda c: c | {"records": -1}), ("refused", "records 1e400", lambda c: c | {"records": 1e400}), ("refused", "rows null", lambda c: c | {"rows": None}), ("refused", "rows a block", lambda c: c | {"rows": {}}),
    ("refused", "rows of blocks", lambda c: c | {"rows": [dict(enumerate(row)) for row in c["rows"]]}), ("refused", "rows a text", lambda c: c | {"rows": "abc"}), ("refused", "a row too short", lambda c: c | {"rows": [c["rows"][0][:-1], *c["rows"][1:]]}),
    ("refused", "a row too long", lambda c: c | {"rows": [[*c["rows"][0], "x"], *c["rows"][1:]]}), ("refused", "a row null", lambda c: c | {"rows": [None, *c["rows"][1:]]}), ("refused", "a row a text", lambda c: c | {"rows": ["x" * len(c["columns"]), *c["rows"][1:]]}),
    ("refused", "columns null", lambda c: c | {"columns": None}), ("refused", "columns a block", lambda c: c | {"columns": {each["name"]: each for each in c["columns"]}}), ("refused", "columns a number", lambda c: c | {"columns": 5}),
    ("refused", "columns of texts", lambda c: c | {"columns": [each["name"] for each in c["columns"]]}), ("refused", "a column twice", lambda c: c | {"columns": [c["columns"][0], c["columns"][0], *c["columns"][2:]]}),
    ("refused", "a name a number", lambda c: _column(c, "AETERM", name=5)), ("refused", "a name null", lambda c: _column(c, "AETERM", name=None)), ("refused", "a name a list", lambda c: _column(c, "AETERM", name=["AETERM"])),
    ("unharmed", "a label null", lambda c: _column(c, "AETERM", label=None)), ("unharmed", "a label a number", lambda c: _column(c, "AETERM", label=5)), ("refused", "a type unknown", lambda c: _column(c, "AETERM", dataType="text")),
    ("refused", "a type null", lambda c: _column(c, "AETERM", dataType=None)), ("refused", "a type a list", lambda c: _column(c, "AETERM", dataType=["string"])), ("refused", "a type boolean", lambda c: _column(c, "AETERM", dataType="boolean")),
    ("refused", "text said to be integer", lambda c: _column(c, "AETERM", dataType="integer")), ("refused", "numbers said to be text", lambda c: _column(c, "AESEQ", dataType="string")), ("refused", "text said to be dates of SAS", lambda c: _column(c, "AETERM", dataType="date", targetDataType="integer")),
    ("refused", "a target unknown", lambda c: _column(c, "AESTDTC", dataType="date", targetDataType="float")), ("refused", "version 1.0", lambda c: c | {"datasetJSONVersion": "1.0.0"}), ("refused", "version a number", lambda c: c | {"datasetJSONVersion": 1}),
    ("refused", "version null", lambda c: c | {"datasetJSONVersion": None}), ("refused", "version 1.10", lambda c: c | {"datasetJSONVersion": "1.10.0"}), ("refused", "a number as text", lambda c: _cell(c, "AESEQ", "1")), ("refused", "a text as number", lambda c: _cell(c, "AETERM", 1)),
    ("refused", "a truth value", lambda c: _cell(c, "AETERM", True)), ("refused", "a number true", lambda c: _cell(c, "AESEQ", True)), ("refused", "a list in a cell", lambda c: _cell(c, "AETERM", ["HEADACHE"])), ("refused", "a block in a cell", lambda c: _cell(c, "AETERM", {"a": 1})),
    ("reported", "NaN", lambda c: _cell(c, "AESEQ", float("nan"))), ("reported", "Infinity", lambda c: _cell(c, "AESEQ", float("inf"))), ("reported", "2**53 + 1", lambda c: _cell(c, "AESEQ", 2**53 + 1)), ("reported", "10**400", lambda c: _cell(c, "AESEQ", 10**400)),
    ("reported", "a key that is null", lambda c: _cell(c, "AESEQ", None)), ("reported", "half a surrogate", lambda c: _cell(c, "AETERM", "a\ud800b")), ("reported", "NUL in a text", lambda c: _cell(c, "AETERM", "a\x00b")), ("reported", "ESC in a text", lambda c: _cell(c, "AETERM", "a\x1b[1mb")),
    ("reported", "another dataset by name", lambda c: c | {"name": "LB"}), ("refused", "rows as deep as 100,000", lambda c: c | {"rows": "DEEP"}), ("unharmed", "records 16.0", lambda c: c | {"records": float(c["records"])}), ("unharmed", "unknown keys", lambda c: c | {"more": [1, {"a": None}]}),
)  # fmt: skip


def _without(content: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != key}


def _column(content: dict[str, Any], name: str, /, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    return content | {"columns": [each | changed if each["name"] == name else each for each in content["columns"]]}


def _cell(content: dict[str, Any], name: str, value: Any) -> dict[str, Any]:  # noqa: ANN401
    at = [each["name"] for each in content["columns"]].index(name)
    first = list(content["rows"][0])
    first[at] = value
    return content | {"rows": [first, *content["rows"][1:]]}


def _spoilt_json(edit: Callable[[dict[str, Any]], Any], what: str) -> Spoil:
    def spoil(inputs: Inputs, _: random.Random) -> str:
        text = json.dumps(edit(dataset_json(inputs.tables["AE"]))).replace('"DEEP"', "[" * 100_000 + "]" * 100_000)
        inputs.formats["AE"] = "json"
        return given(inputs, "AE", text.encode("utf-8", "surrogatepass"), what)

    return spoil


for _expected, _what, _change in JSON:
    add("a Dataset-JSON file that is none", "source", _expected, _spoilt_json(_change, _what))


@mutation("a Dataset-JSON file that is none", "source", "refused", 2)
def json_text(inputs: Inputs, draw: random.Random) -> str:
    content = raw(inputs, "AE", "json")
    what, made = draw.choice([
        ("empty", b""), ("null", b"null"), ("a number", b"5"), ("a text", b'"abc"'), ("a comma at the end", content[:-1] + b",}"), ("more behind it", content + b"{}"), ("twice itself", content + content), ("NUL at its end", content + b"\x00"),
        ("rows twice", content[:-1] + b', "rows": []}'), ("records twice", content[:-1] + b', "records": 3}'), ("columns twice", content[:-1] + b', "columns": []}'), ("UTF-16", content.decode().encode("utf-16")), ("Latin-1", content.replace(b"HEADACHE", b"H\xc4")),
        ("quotes of Python", content.replace(b'"', b"'")), ("a CSV file", as_csv(inputs.tables["AE"])), ("5,000 digits", content.replace(b'"records": ', b'"records": ' + b"9" * 5000)),
    ])  # fmt: skip
    return given(inputs, "AE", made, what)


@mutation("a Dataset-JSON file that is none", "source", "refused", 2)
def ndjson_text(inputs: Inputs, draw: random.Random) -> str:
    content = raw(inputs, "AE", "ndjson")
    lines = content.split(b"\n")
    what, made = draw.choice([
        ("its first line alone", lines[0]), ("a line gone", b"\n".join(lines[:-1])), ("a line twice", b"\n".join([*lines, lines[-1]])), ("a line cut", content[:-5]), ("two records in a line", content.replace(b"]\n[", b"],[", 1)),
        ("the file of JSON", raw(inputs, "AE", "json")), ("no first line", b"\n".join(lines[1:])), ("a line that closes the list", b"\n".join([*lines[:-1], b"[]]", lines[-1]])), ("empty", b""),
    ])  # fmt: skip
    inputs.formats["AE"] = "ndjson"
    return given(inputs, "AE", made, what)


def _retyped(name: str, array: Callable[[list[Any]], Any]) -> Spoil:
    def spoil(inputs: Inputs, _: random.Random) -> str:
        found = columns(inputs.tables["VS"])
        inputs.formats["VS"] = "parquet"
        arrays = {own: pa.array(values, pa.float64() if is_number(values) else pa.string()) for own, values in found.items()} | {name: array(found[name])}
        return given(inputs, "VS", parquet(pa.table(arrays)), f"{name} is {arrays[name].type}")

    return spoil


PARQUET: tuple[tuple[Expected, str, Callable[[list[Any]], Any]], ...] = (
    ("refused", "VSDTC", lambda v: pa.array(v).cast(pa.timestamp("s"))), ("refused", "VSDTC", lambda v: pa.array(v).cast(pa.date32())), ("refused", "VSSTRESU", lambda v: pa.array([True] * len(v))), ("refused", "VSTESTCD", lambda v: pa.array([[each] for each in v])),
    ("refused", "VSTESTCD", lambda v: pa.array([{"a": each} for each in v])), ("refused", "VSTESTCD", lambda v: pa.array([each.encode() for each in v])), ("refused", "VSSTRESN", lambda v: pa.array([str(each) for each in v])), ("refused", "VSSEQ", lambda v: pa.array([2**60 + each for each in v])),
    ("refused", "VSSEQ", lambda v: pa.array([2**53 + 1, *v[1:-1], None], pa.int64())), ("refused", "VSSEQ", lambda v: pa.array([2**64 - 1, *v[1:]], pa.uint64())), ("refused", "VSTESTCD", lambda v: pa.array(range(len(v)))), ("refused", "VSTESTCD", lambda v: pa.nulls(len(v))),
    ("reported", "VSSTRESN", lambda v: pa.array([float("inf"), *map(float, v[1:])])), ("same", "VSTESTCD", lambda v: pa.array(v).dictionary_encode()), ("same", "VSTESTCD", lambda v: pa.array(v).cast(pa.large_string())), ("same", "VSSTAT", lambda v: pa.nulls(len(v))),
    ("same", "VSSEQ", lambda v: pa.array(v, pa.int8())), ("same", "VISITNUM", lambda v: pa.array([float(each) for each in v], pa.float32())), ("same", "VISITNUM", lambda v: pa.array([f"{each}.0" for each in v]).cast(pa.decimal128(10, 2))), ("same", "VSSEQ", lambda v: pa.array(v).dictionary_encode()),
    ("same", "VSSTAT", lambda v: pa.array([None] * len(v), pa.string()).dictionary_encode()), ("same", "VSSTRESU", lambda v: pa.array(v).cast(pa.string_view())),
)  # fmt: skip
for _expected, _name, _change_array in PARQUET:
    add("types of a Parquet file", "source", _expected, _retyped(_name, _change_array))


@mutation("a Parquet file that is none", "source", "refused", 2)
def not_parquet(inputs: Inputs, draw: random.Random) -> str:
    content = raw(inputs, "VS", "parquet")
    rows = inputs.tables["VS"]
    what, made = draw.choice([
        ("empty", b""), ("PAR1 alone", b"PAR1"), ("PAR1 twice", b"PAR1PAR1"), ("a CSV file", as_csv(rows)), ("random bytes", b"PAR1" + bytes(draw.randrange(256) for _ in range(400)) + b"PAR1"), ("no records", parquet(pa.table({name: pa.array([], pa.string()) for name in rows[0]}))),
        ("no columns", parquet(pa.table({}))), ("a column twice", parquet(pa.table([pa.array([row[name] for row in rows]) for name in ("STUDYID", "USUBJID", "VSDTC", "VSDTC")], names=["STUDYID", "USUBJID", "VSDTC", "VSDTC"]))), ("damaged pages", content[:200] + bytes(200) + content[400:]),
    ])  # fmt: skip
    return given(inputs, "VS", made, what)


@mutation("files of a source", "source", "refused", 4)
def domain_gone(inputs: Inputs, draw: random.Random) -> str:
    gone = draw.choice(["DM", "EX", "VS", "AE", "DS", "SUPPDM", "SUPPAE"])
    del inputs.tables[gone]
    return f"{gone} is gone"


@mutation("files of a source", "source", "refused", 2)
def domain_twice(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    other = draw.choice([form for form in WRITERS if form != inputs.formats[domain]])
    inputs.sdtm[f"{domain.lower()}.{other}"] = WRITERS[other](inputs.tables[domain])
    return f"{domain} as {other} too"


@mutation("files of a source", "source", "refused")
def wrong_file(inputs: Inputs, draw: random.Random) -> str:
    """The content of one domain under the name of another."""
    one, other = draw.sample(["DM", "EX", "VS", "AE", "DS"], 2)
    inputs.tables[one] = inputs.tables[other]
    return f"the file of {one} has the records of {other}"


@mutation("files of a source", "source", "refused")
def wrong_suffix(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, draw.choice(["csv", "json", "parquet", "xpt"]))
    was = inputs.formats[domain]
    inputs.formats[domain] = draw.choice([form for form in ("csv", "json", "ndjson", "parquet", "xpt", "sas7bdat") if form != was])
    return given(inputs, domain, content, f"is {was}")


@mutation("files of a source", "source", "unharmed")
def other_files(inputs: Inputs, draw: random.Random) -> str:
    name = draw.choice(["readme.txt", ".hidden.csv", "~$dm.xlsx", "dm.csv.bak", "Thumbs.db", "lb.xpt", "xx.csv", "ta.csv", "a b.csv", "dm-copy.csv"])
    inputs.sdtm[name] = b"nothing of use\n"
    return f"beside them {name}"
