"""The records of a window of a file in the form that derivations read: decoded, text stripped, numbers and dates; with notes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from adam.sources.cleaning import clean_columns, other_domains
from adam.sources.encoding import decode_frame, implausible_text
from adam.sources.finding_sums import NoteSums
from adam.sources.formats import Layout, Note, Records, format_of

DECLARE = "If it is in another encoding, declare it (sources: encoding:)"
DECODING, READING, DOUBTING, CLEANING, COMPARING = range(5)
"""The steps of reading that can have notes, in order."""


def clean_records(records: Records, path: Path, layout: Layout, kinds: Mapping[str, str], notes: NoteSums, start: int) -> pd.DataFrame:
    """The records of a window with the columns of `kinds`; its notes are added to those of the file.

    Args:
        records: the window.
        path: the file.
        layout: its layout, with the encoding that the study declares.
        kinds: the kind of each variable; one that the file does not have is blank or missing.
        notes: the notes on the records of the file.
        start: the place of the first record of the window in the file.

    Raises:
        SourceError: a text cannot be decoded.
    """
    frame, doubtful = records.frame, []
    if records.undecoded:
        frame, guessed = decode_frame(frame, path, layout.encoding)
        for name, mask in guessed.items():
            notes.add(DECODING, Note(name, f"The text of {name} is not UTF-8; it was read as windows-1252. {DECLARE}", mask), frame, start)
    elif format_of(path).encoded and not layout.encoding:
        what = f"The text is valid UTF-8 but has unlikely characters. {DECLARE}"
        doubtful = [Note(name, what, mask) for name, mask in implausible_text(frame).items()]
    frame, found = clean_columns(frame, kinds)
    every = ((READING, records.notes), (DOUBTING, doubtful), (CLEANING, found), (COMPARING, other_domains(frame, notes.domain)))
    for step, note in ((step, note) for step, each in every for note in each):
        notes.add(step, note, frame, start)
    return frame
