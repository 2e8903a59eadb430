"""The version of the specification language of a study: `language: 1` of study.yaml."""

from __future__ import annotations

from adam.core.errors import Problem
from adam.core.located import LocatedMap, as_text, key_of, mark_of

LANGUAGE = 1
"""The version this release reads."""
CODE = "spec-language"


def language_problem(study: LocatedMap) -> Problem | None:
    """The one problem of a study without `language:`, or with a version this release does not read; None if it is right."""
    mark = key_of(study, "study")
    if "language" not in study:
        message = f"study.yaml has no 'language:'. Write 'language: {LANGUAGE}' as its first line; docs/language.md describes that version."
        return Problem(mark, "", message, CODE)
    stated = study["language"]
    if stated == LANGUAGE and not isinstance(stated, bool):
        return None
    mark = mark_of(stated, mark_of(next(key for key in study if key == "language"), mark))
    if isinstance(stated, int) and stated > LANGUAGE:
        cure = "Install a later adamsmith, or write the study in that language."
        return Problem(mark, "", f"This study is written in language {stated}, and this release reads language {LANGUAGE}. {cure}", CODE)
    return Problem(mark, "", f"language must be {LANGUAGE}, not '{as_text(stated)}'.", CODE)
