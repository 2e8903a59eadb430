"""What every block of the YAML has in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from adam.core.located import as_text

AsWritten = Annotated[str, BeforeValidator(as_text)]
"""A text; a number is taken as it was written."""


class Block(BaseModel):
    """A block of the YAML: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
