"""The pages that are made from the code are as the code says."""

from pathlib import Path

import adam.derive  # noqa: F401  (registers the derivations)
from adam.derive.catalogue import page

ROOT = Path(__file__).parents[1]


def test_the_page_of_derivations_is_as_made() -> None:
    made = page()
    assert (ROOT / "docs" / "derivations.md").read_text(encoding="utf-8") == made, (
        'python -c "import adam.derive; from adam.derive.catalogue import page; print(page(), end=str())" > docs/derivations.md'
    )
