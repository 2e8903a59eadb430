"""What every block of the YAML has in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, PlainValidator
from pydantic_core import CoreSchema, core_schema

from adam.core.located import as_text

AsWritten = Annotated[str, BeforeValidator(as_text)]
"""A text; a number is taken as it was written."""


class ReadBy(PlainValidator):
    """Validates a value with a function of one argument. Pydantic would also build a serializer of the type, which takes longer and is not used."""

    def __get_pydantic_core_schema__(self, source_type: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401, ARG002
        written = handler.generate_schema(self.json_schema_input_type)
        return core_schema.no_info_plain_validator_function(self.func, json_schema_input_schema=written)  # type: ignore[arg-type]


class Block(BaseModel):
    """A block of the YAML: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
