"""The releases of CDISC terminology: those that the codelists in use have, and those that the study names."""

from __future__ import annotations

from collections.abc import Iterator

from adam.core.errors import Finding, Mark, Severity
from adam.planning.values import ResolvedStudy


def other_releases(study: ResolvedStudy) -> Iterator[Finding]:
    """Yield a warning for each terminology under `standards:` whose release differs from that of the codelists in use."""
    for standard in study.standards:
        in_use = {each.release for each in study.codelists.values() if each.published == standard.package and each.release}
        if standard.terminology and in_use and standard.version not in in_use:
            latest = f"{standard.package} CT {max(in_use)}"
            message = (
                f"standards: names {standard.package} CT {standard.version}, but the codelists in use are of {latest}. "
                f"Name {latest}, or add the terms of {standard.version} with terminology: in codelists.yaml."
            )
            yield Finding("spec-standard", Severity.WARNING, "", message, mark=Mark(str(study.folder / "study.yaml")))
