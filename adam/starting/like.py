"""A specification like that of another study: its files with the names of the new study."""

from __future__ import annotations

import re
from collections.abc import Mapping

from adam.core.yaml_text import quoted
from adam.starting.draft import Draft, listed
from adam.starting.inventory import Inventory

NAMED = re.compile(r"(study|ids|label|as_of):")
"""The keys of study.yaml that each study has for itself."""
WAIVERS = "waivers:"


def study_like(text: str, name: str, inventory: Inventory) -> Draft:
    """The study.yaml of another study for new data.

    The name and the identifiers are those of the new study. Its label, its date and its treatments are to be checked, and so are the
    waivers, which explain findings of the other study.

    Args:
        text: the content of study.yaml of the other study.
        name: of the new study.
        inventory: what the data of the new study have.
    """
    own: Mapping[str, tuple[str, str]] = {
        "study": (f"study: {quoted(name)}", ""),
        "ids": (f"ids: {listed(map(quoted, inventory.ids))}", ""),
        "label": (f"label: {quoted(name)}", "the title of the study"),
        "as_of": (f"as_of: {inventory.last_date}", "the date of the data; this is the last date in AE, EX, DS and SV"),
    }
    draft = Draft("study.yaml")
    for line in text.splitlines():
        match = NAMED.match(line)
        if match is None or (match[1] == "as_of" and not inventory.last_date):
            draft.add(line)
        else:
            draft.check(*own[match[1]]) if own[match[1]][1] else draft.add(own[match[1]][0])
        if line.startswith("treatments:"):
            draft.add(f"  # CHECK: the treatments are those of the other study; the data have {', '.join(inventory.arms) or 'no arms'}")
        if line.startswith(WAIVERS):
            draft.add("  # CHECK: these reasons are those of the other study")
    return draft
