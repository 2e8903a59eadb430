"""An argument that is the name of a reference table of the study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo

from adam.core.errors import did_you_mean
from adam.core.reference_table import ReferenceTable


def _table(name: object, info: ValidationInfo) -> object:
    tables: Mapping[str, ReferenceTable] = (info.context or {}).get("tables", {})
    if isinstance(name, ReferenceTable):
        return name
    if not isinstance(name, str) or name not in tables:
        known = f"The tables are {', '.join(tables)}." if tables else "The study has no tables; add it to tables: in study.yaml."
        raise ValueError(f"There is no table '{name}'{did_you_mean(str(name), tables)} {known}")
    return tables[name]


TableName = Annotated[Any, PlainValidator(_table, json_schema_input_type=str)]
