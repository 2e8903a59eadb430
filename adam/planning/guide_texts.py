"""The texts that the reviewer's guide requires of the author of a study and does not have."""

from __future__ import annotations

from collections.abc import Iterator

from adam.core.errors import Finding, Severity
from adam.specification.study import Study


def missing_texts(study: Study) -> Iterator[Finding]:
    """A warning for each required text that a study with `guide:` does not state; the guide shows that it is not stated."""
    if not study.guide.mark.file:
        return
    for path in study.guide.missing:
        message = f"The reviewer's guide requires a text that is not stated. Write guide: {path}: in study.yaml or in another file of the study."
        yield Finding("guide-text", Severity.WARNING, "", message, mark=study.guide.mark)
