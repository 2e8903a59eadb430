"""Rows as the bytes of a source file."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from tests.bad_inputs.study import Inputs, Rows


def columns(rows: Rows) -> dict[str, list[Any]]:
    """The values of each variable."""
    return {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}


def is_number(values: list[Any]) -> bool:
    """Whether a variable is one of numbers."""
    return any(isinstance(value, int | float) for value in values)


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    found = columns(rows)
    writer.writerow(found)
    writer.writerows(zip(*found.values(), strict=True))
    return text.getvalue().encode("utf-8")


def as_xpt(rows: Rows, version: int = 5) -> bytes:
    frame = pd.DataFrame({name: pd.Series(values, dtype="float64" if is_number(values) else object) for name, values in columns(rows).items()})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.xpt"
        pyreadstat.write_xport(frame, str(path), file_format_version=version, table_name="MADE")
        return path.read_bytes()


def as_parquet(rows: Rows) -> bytes:
    arrays = {name: pa.array(values, pa.float64() if is_number(values) else pa.string()) for name, values in columns(rows).items()}
    return parquet(pa.table(arrays))


def parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def dataset_json(rows: Rows) -> dict[str, Any]:
    """The content of a Dataset-JSON file, to be spoilt before it is written."""
    found = columns(rows)
    described = [
        {"itemOID": f"IT.{name}", "name": name, "label": name.title(), "dataType": "double" if is_number(values) else "string"}
        for name, values in found.items()
    ]
    return {
        "datasetJSONCreationDateTime": "2024-06-30T12:00:00",
        "datasetJSONVersion": "1.1.0",
        "itemGroupOID": "IG.MADE",
        "name": "MADE",
        "label": "Made Up",
        "records": len(rows),
        "columns": described,
        "rows": [list(row) for row in zip(*found.values(), strict=True)],
    }


def as_json(rows: Rows) -> bytes:
    return json.dumps(dataset_json(rows)).encode()


def as_ndjson(rows: Rows) -> bytes:
    content = dataset_json(rows)
    lines = content.pop("rows")
    return "\n".join(json.dumps(each) for each in [content, *lines]).encode()


WRITERS = {"csv": as_csv, "xpt": as_xpt, "parquet": as_parquet, "json": as_json, "ndjson": as_ndjson}


def file_name(inputs: Inputs, domain: str) -> str:
    return f"{domain.lower()}.{inputs.formats[domain]}"


def files(inputs: Inputs) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of the specification and of the source, by name."""
    specs = {name if "." in name else f"{name}.yaml": text.encode("utf-8", "surrogatepass") for name, text in inputs.texts.items()}
    sdtm = {}
    for domain, rows in inputs.tables.items():
        name = file_name(inputs, domain)
        sdtm[name] = inputs.sdtm[name] if name in inputs.sdtm else WRITERS[inputs.formats[domain]](rows)
    return specs | inputs.specs, sdtm | inputs.sdtm
