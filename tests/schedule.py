"""How the tests are spread over processes: by file, and together where files share an expensive study.

With `-n`, each process makes the studies of a session for itself, so files that share one run in the same process.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadFileScheduling

TOGETHER = (
    ("tests/cases/",),
    ("tests/acceptance/",),
    ("tests/simulation/",),
    (
        "tests/validation/test_conformance_bites.py",
        "tests/validation/test_lawful.py",
        "tests/validation/test_rules_bite.py",
        "tests/validation/test_wording.py",
    ),
)
"""Files, or folders, that share the study of a session."""


class ByStudy(LoadFileScheduling):
    """One unit of work for each file, or for the files that share a study."""

    def __init__(self, config: Any, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return next((starts[0] for starts in TOGETHER if file.startswith(starts)), file)
