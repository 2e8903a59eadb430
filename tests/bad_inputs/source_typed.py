"""Files of Dataset-JSON and Parquet whose content is not what the format, or SDTM, allows."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from tests.bad_inputs.formats import as_csv, columns, dataset_json, is_number, parquet
from tests.bad_inputs.mutation import Expected, Spoil, add, mutation
from tests.bad_inputs.source_files import given, raw
from tests.bad_inputs.study import Inputs

JSON: tuple[tuple[Expected, str, Callable[[dict[str, Any]], Any]], ...] = (
    ("refused", "a list", lambda c: [c]), ("refused", "no records", lambda c: _without(c, "records")),
    ("refused", "no columns", lambda c: _without(c, "columns")), ("unharmed", "no name", lambda c: _without(c, "name")),
    ("refused", "no rows", lambda c: _without(c, "rows")), ("refused", "records off by one", lambda c: c | {"records": c["records"] + 1}),
    ("refused", "records 0", lambda c: c | {"records": 0}), ("refused", "records a text", lambda c: c | {"records": str(c["records"])}),
    ("refused", "records null", lambda c: c | {"records": None}), ("refused", "records true", lambda c: c | {"records": True}),
    ("refused", "records -1", lambda c: c | {"records": -1}), ("refused", "records 1e400", lambda c: c | {"records": 1e400}),
    ("refused", "rows null", lambda c: c | {"rows": None}), ("refused", "rows a block", lambda c: c | {"rows": {}}),
    ("refused", "rows of blocks", lambda c: c | {"rows": [dict(enumerate(row)) for row in c["rows"]]}),
    ("refused", "rows a text", lambda c: c | {"rows": "abc"}),
    ("refused", "a row too short", lambda c: c | {"rows": [c["rows"][0][:-1], *c["rows"][1:]]}),
    ("refused", "a row too long", lambda c: c | {"rows": [[*c["rows"][0], "x"], *c["rows"][1:]]}),
    ("refused", "a row null", lambda c: c | {"rows": [None, *c["rows"][1:]]}),
    ("refused", "a row a text", lambda c: c | {"rows": ["x" * len(c["columns"]), *c["rows"][1:]]}),
    ("refused", "columns null", lambda c: c | {"columns": None}),
    ("refused", "columns a block", lambda c: c | {"columns": {each["name"]: each for each in c["columns"]}}),
    ("refused", "columns a number", lambda c: c | {"columns": 5}),
    ("refused", "columns of texts", lambda c: c | {"columns": [each["name"] for each in c["columns"]]}),
    ("refused", "a column twice", lambda c: c | {"columns": [c["columns"][0], c["columns"][0], *c["columns"][2:]]}),
    ("refused", "a name a number", lambda c: _column(c, "AETERM", name=5)), ("refused", "a name null", lambda c: _column(c, "AETERM", name=None)),
    ("refused", "a name a list", lambda c: _column(c, "AETERM", name=["AETERM"])),
    ("unharmed", "a label null", lambda c: _column(c, "AETERM", label=None)),
    ("unharmed", "a label a number", lambda c: _column(c, "AETERM", label=5)),
    ("refused", "a type unknown", lambda c: _column(c, "AETERM", dataType="text")),
    ("refused", "a type null", lambda c: _column(c, "AETERM", dataType=None)),
    ("refused", "a type a list", lambda c: _column(c, "AETERM", dataType=["string"])),
    ("refused", "a type boolean", lambda c: _column(c, "AETERM", dataType="boolean")),
    ("refused", "text said to be integer", lambda c: _column(c, "AETERM", dataType="integer")),
    ("refused", "numbers said to be text", lambda c: _column(c, "AESEQ", dataType="string")),
    ("refused", "text said to be dates of SAS", lambda c: _column(c, "AETERM", dataType="date", targetDataType="integer")),
    ("refused", "a target unknown", lambda c: _column(c, "AESTDTC", dataType="date", targetDataType="float")),
    ("refused", "version 1.0", lambda c: c | {"datasetJSONVersion": "1.0.0"}),
    ("refused", "version a number", lambda c: c | {"datasetJSONVersion": 1}),
    ("refused", "version null", lambda c: c | {"datasetJSONVersion": None}),
    ("refused", "version 1.10", lambda c: c | {"datasetJSONVersion": "1.10.0"}), ("refused", "a number as text", lambda c: _cell(c, "AESEQ", "1")),
    ("refused", "a text as number", lambda c: _cell(c, "AETERM", 1)), ("refused", "a truth value", lambda c: _cell(c, "AETERM", True)),
    ("refused", "a number true", lambda c: _cell(c, "AESEQ", True)), ("refused", "a list in a cell", lambda c: _cell(c, "AETERM", ["HEADACHE"])),
    ("refused", "a block in a cell", lambda c: _cell(c, "AETERM", {"a": 1})), ("reported", "NaN", lambda c: _cell(c, "AESEQ", float("nan"))),
    ("reported", "Infinity", lambda c: _cell(c, "AESEQ", float("inf"))), ("reported", "2**53 + 1", lambda c: _cell(c, "AESEQ", 2**53 + 1)),
    ("reported", "10**400", lambda c: _cell(c, "AESEQ", 10**400)), ("reported", "a key that is null", lambda c: _cell(c, "AESEQ", None)),
    ("reported", "half a surrogate", lambda c: _cell(c, "AETERM", "a\ud800b")),
    ("reported", "NUL in a text", lambda c: _cell(c, "AETERM", "a\x00b")), ("reported", "ESC in a text", lambda c: _cell(c, "AETERM", "a\x1b[1mb")),
    ("reported", "another dataset by name", lambda c: c | {"name": "LB"}), ("refused", "rows as deep as 100,000", lambda c: c | {"rows": "DEEP"}),
    ("unharmed", "records 16.0", lambda c: c | {"records": float(c["records"])}),
    ("unharmed", "unknown keys", lambda c: c | {"more": [1, {"a": None}]}),
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
        ("empty", b""), ("null", b"null"), ("a number", b"5"), ("a text", b'"abc"'), ("a comma at the end", content[:-1] + b",}"),
        ("more behind it", content + b"{}"), ("twice itself", content + content), ("NUL at its end", content + b"\x00"),
        ("rows twice", content[:-1] + b', "rows": []}'), ("records twice", content[:-1] + b', "records": 3}'),
        ("columns twice", content[:-1] + b', "columns": []}'), ("UTF-16", content.decode().encode("utf-16")),
        ("Latin-1", content.replace(b"HEADACHE", b"H\xc4")), ("quotes of Python", content.replace(b'"', b"'")),
        ("a CSV file", as_csv(inputs.tables["AE"])), ("5,000 digits", content.replace(b'"records": ', b'"records": ' + b"9" * 5000)),
    ])  # fmt: skip
    return given(inputs, "AE", made, what)


@mutation("a Dataset-JSON file that is none", "source", "refused", 2)
def ndjson_text(inputs: Inputs, draw: random.Random) -> str:
    content = raw(inputs, "AE", "ndjson")
    lines = content.split(b"\n")
    what, made = draw.choice([
        ("its first line alone", lines[0]), ("a line gone", b"\n".join(lines[:-1])), ("a line twice", b"\n".join([*lines, lines[-1]])),
        ("a line cut", content[:-5]), ("two records in a line", content.replace(b"]\n[", b"],[", 1)),
        ("the file of JSON", raw(inputs, "AE", "json")), ("no first line", b"\n".join(lines[1:])),
        ("a line that closes the list", b"\n".join([*lines[:-1], b"[]]", lines[-1]])), ("empty", b""),
    ])  # fmt: skip
    inputs.formats["AE"] = "ndjson"
    return given(inputs, "AE", made, what)


def _retyped(name: str, array: Callable[[list[Any]], Any]) -> Spoil:
    def spoil(inputs: Inputs, _: random.Random) -> str:
        found = columns(inputs.tables["VS"])
        inputs.formats["VS"] = "parquet"
        arrays = {own: pa.array(values, pa.float64() if is_number(values) else pa.string()) for own, values in found.items()}
        arrays[name] = array(found[name])
        return given(inputs, "VS", parquet(pa.table(arrays)), f"{name} is {arrays[name].type}")

    return spoil


PARQUET: tuple[tuple[Expected, str, Callable[[list[Any]], Any]], ...] = (
    ("refused", "VSDTC", lambda v: pa.array(v).cast(pa.timestamp("s"))), ("refused", "VSDTC", lambda v: pa.array(v).cast(pa.date32())),
    ("refused", "VSSTRESU", lambda v: pa.array([True] * len(v))), ("refused", "VSTESTCD", lambda v: pa.array([[each] for each in v])),
    ("refused", "VSTESTCD", lambda v: pa.array([{"a": each} for each in v])),
    ("refused", "VSTESTCD", lambda v: pa.array([each.encode() for each in v])),
    ("refused", "VSSTRESN", lambda v: pa.array([str(each) for each in v])), ("refused", "VSSEQ", lambda v: pa.array([2**60 + each for each in v])),
    ("refused", "VSSEQ", lambda v: pa.array([2**53 + 1, *v[1:-1], None], pa.int64())),
    ("refused", "VSSEQ", lambda v: pa.array([2**64 - 1, *v[1:]], pa.uint64())), ("refused", "VSTESTCD", lambda v: pa.array(range(len(v)))),
    ("refused", "VSTESTCD", lambda v: pa.nulls(len(v))), ("reported", "VSSTRESN", lambda v: pa.array([float("inf"), *map(float, v[1:])])),
    ("same", "VSTESTCD", lambda v: pa.array(v).dictionary_encode()), ("same", "VSTESTCD", lambda v: pa.array(v).cast(pa.large_string())),
    ("same", "VSSTAT", lambda v: pa.nulls(len(v))), ("same", "VSSEQ", lambda v: pa.array(v, pa.int8())),
    ("same", "VISITNUM", lambda v: pa.array([float(each) for each in v], pa.float32())),
    ("same", "VISITNUM", lambda v: pa.array([f"{each}.0" for each in v]).cast(pa.decimal128(10, 2))),
    ("same", "VSSEQ", lambda v: pa.array(v).dictionary_encode()),
    ("same", "VSSTAT", lambda v: pa.array([None] * len(v), pa.string()).dictionary_encode()),
    ("same", "VSSTRESU", lambda v: pa.array(v).cast(pa.string_view())),
)  # fmt: skip
for _expected, _name, _change_array in PARQUET:
    add("types of a Parquet file", "source", _expected, _retyped(_name, _change_array))


TWICE = ["STUDYID", "USUBJID", "VSTESTCD", "VSDTC", "VSDTC"]


@mutation("a Parquet file that is none", "source", "refused", 2)
def not_parquet(inputs: Inputs, draw: random.Random) -> str:
    content = raw(inputs, "VS", "parquet")
    rows = inputs.tables["VS"]
    what, made = draw.choice([
        ("empty", b""), ("PAR1 alone", b"PAR1"), ("PAR1 twice", b"PAR1PAR1"), ("a CSV file", as_csv(rows)),
        ("random bytes", b"PAR1" + bytes(draw.randrange(256) for _ in range(400)) + b"PAR1"),
        ("no records", parquet(pa.table({name: pa.array([], pa.string()) for name in rows[0]}))), ("no columns", parquet(pa.table({}))),
        ("a column twice", parquet(pa.table([pa.array([row[name] for row in rows]) for name in TWICE], names=TWICE))),
        ("damaged pages", content[:200] + bytes(200) + content[400:]),
    ])  # fmt: skip
    return given(inputs, "VS", made, what)
