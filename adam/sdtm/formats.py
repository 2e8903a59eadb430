"""The file formats of source data, by suffix: the variables of a file, and its records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from adam.errors import SourceError

NUMERIC = re.compile(r"(..)?(SEQ|STRESN|DY|STDY|ENDY|DOSE|STNRLO|STNRHI)|AGE|VISITNUM|VISITDY|TAETORD|..(LLT|PT|HLT|HLGT|BDSY|SOC)CD")


@dataclass(frozen=True)
class Format:
    """How a kind of file is read: `header` gives names and kinds, `read` the columns asked for and the encoding used."""

    header: Callable[[Path], dict[str, str]]
    read: Callable[[Path, Sequence[str]], tuple[pd.DataFrame, str]]


def _pyreadstat(path: Path, **options: Any) -> tuple[pd.DataFrame, Any, str]:  # noqa: ANN401
    """Read as UTF-8, else as Windows-1252."""
    read = pyreadstat.read_sas7bdat if path.suffix.lower() == ".sas7bdat" else pyreadstat.read_xport
    failed: Exception | None = None
    for encoding in ("utf-8", "windows-1252"):
        try:
            frame, meta = read(str(path), encoding=encoding, disable_datetime_conversion=True, **options)
        except (UnicodeDecodeError, pyreadstat.ReadstatError) as error:
            failed = error
            continue
        return frame, meta, encoding
    raise SourceError(f"{path.name}: cannot be read: {failed}")


def _sas_header(path: Path) -> dict[str, str]:
    _, meta, _ = _pyreadstat(path, metadataonly=True)
    kinds = meta.readstat_variable_types
    return {name.upper(): "text" if kinds[name] == "string" else "number" for name in meta.column_names}


def _sas_read(path: Path, columns: Sequence[str]) -> tuple[pd.DataFrame, str]:
    _, meta, _ = _pyreadstat(path, metadataonly=True)
    own = {name.upper(): name for name in meta.column_names}
    frame, _, encoding = _pyreadstat(path, usecols=[own[name] for name in columns])
    return frame.rename(columns=str.upper), encoding


def _csv_header(path: Path) -> dict[str, str]:
    names, _ = _csv(path, nrows=0)
    return {name: "number" if NUMERIC.fullmatch(name) else "text" for name in names.columns}


def _csv(path: Path, **options: Any) -> tuple[pd.DataFrame, str]:  # noqa: ANN401
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding=encoding, **options)
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise SourceError(f"{path.name}: cannot be read: {error}") from None
        return frame.rename(columns=lambda name: str(name).strip().upper()), "utf-8" if encoding == "utf-8-sig" else encoding
    raise SourceError(f"{path.name}: cannot be decoded")


def _csv_read(path: Path, columns: Sequence[str]) -> tuple[pd.DataFrame, str]:
    wanted = set(columns)
    frame, encoding = _csv(path, usecols=lambda name: str(name).strip().upper() in wanted)
    for name in frame.columns:
        if NUMERIC.fullmatch(name):
            text = frame[name].str.strip()
            numbers = pd.to_numeric(text.where(text != "", None), errors="coerce")
            bad = numbers.isna() & (text != "")
            if bad.any():
                row = int(bad.to_numpy().argmax())
                raise SourceError(f"{path.name}: record {row + 1}: {name} is a number; '{text.iloc[row]}' is none")
            frame[name] = numbers.astype("float64")
    return frame, encoding


def _parquet_header(path: Path) -> dict[str, str]:
    schema = pq.read_schema(path)
    return {field.name.upper(): "number" if pa.types.is_floating(field.type) or pa.types.is_integer(field.type) else "text" for field in schema}


def _parquet_read(path: Path, columns: Sequence[str]) -> tuple[pd.DataFrame, str]:
    own = {field.name.upper(): field.name for field in pq.read_schema(path)}
    frame = pq.read_table(path, columns=[own[name] for name in columns]).to_pandas()
    return frame.rename(columns=str.upper), "utf-8"


FORMATS = {
    ".xpt": Format(_sas_header, _sas_read),
    ".sas7bdat": Format(_sas_header, _sas_read),
    ".csv": Format(_csv_header, _csv_read),
    ".parquet": Format(_parquet_header, _parquet_read),
}
