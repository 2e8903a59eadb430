"""The base of the resolved values."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Resolved(BaseModel):
    """What all resolved values have in common: frozen, and no field beside their own."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
