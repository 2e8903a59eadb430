"""A comparison as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from adam.comparison.result import Comparison


def as_json(result: Comparison) -> dict[str, Any]:
    """The comparison as plain values: the fields of the result, `equal`, and per dataset `equal` and the return code of PROC COMPARE."""
    content = asdict(result)
    pairs = zip(result.datasets, content["datasets"], strict=True)
    datasets = [{"name": each.name, "equal": each.equal, "sysinfo": each.sysinfo, **plain} for each, plain in pairs]
    return {"equal": result.equal, **content, "datasets": datasets}
