"""The order of the tests: the most expensive come first. What is left for the end must be short, or one process works while others wait."""

FIRST = (
    "tests/cases/",
    "tests/test_posters.py",
    "tests/validation/",
    "tests/simulation/",
    "tests/oracle/",
    "tests/acceptance/",
    "tests/test_",
    "tests/bad_inputs/",
    "tests/submission/",
    "tests/pharmaverse/",
    "tests/cookbook/",
    "tests/right_or_refused/test_outputs.py",
    "tests/right_or_refused/test_recomputed.py",
)
"""The beginnings of the paths of expensive tests, the most expensive first."""


def rank(nodeid: str) -> int:
    """The place of a test in the order."""
    return next((place for place, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))
