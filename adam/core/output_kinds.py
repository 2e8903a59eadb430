"""The kinds of files that a build writes besides the copy of the specification and the manifest, which every output has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from adam.core.errors import UsageError

XPT, JSON, DOCUMENTS, REPORT = "xpt", "json", "documents", "report"
KINDS = {
    XPT: "the transport files",
    JSON: "the Dataset-JSON files",
    DOCUMENTS: "define.xml, the reviewer's guide, the displays and the programs",
    REPORT: "the report of the checks and results",
}


def chosen_kinds(names: Iterable[str]) -> tuple[str, ...]:
    """The kinds of files of a build; all without names. The transport files are part of every output.

    >>> chosen_kinds(["json", "xpt"]), chosen_kinds([])
    (('xpt', 'json'), ('xpt', 'json', 'documents', 'report'))

    Raises:
        UsageError: a name is not a kind, or `xpt` is not one of them.
    """
    chosen = list(names)
    wrong = [name for name in chosen if name not in KINDS]
    if wrong:
        raise UsageError(f"'{wrong[0]}' is not a kind of output. Use {', '.join(KINDS)}")
    if chosen and XPT not in chosen:
        raise UsageError(f"The outputs are {', '.join(chosen)}, without {XPT}. Add {XPT}: every output has the transport files")
    return tuple(kind for kind in KINDS if not chosen or kind in chosen)


def require_kind(kind: str, left_out: Collection[str], folder: object) -> None:
    """Refuse an output without files that are required.

    Args:
        kind: the kind of files.
        left_out: the kinds that the output does not have.
        folder: the output.

    Raises:
        UsageError: the kind is left out.
    """
    if kind in left_out:
        raise UsageError(f"{folder} was built without {KINDS[kind]}. Build it again with --outputs that include {kind}, or without --outputs")
