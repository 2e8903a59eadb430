"""The place of each record's subject among known subjects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from adam.core.coded_text import distinct_of


def subject_places(frame: pd.DataFrame, subjects: pd.MultiIndex) -> np.ndarray:
    """The place of STUDYID and USUBJID of each record among subjects, which are unique; -1 if it is not one of them.

    Each pair that occurs is looked up once.

    >>> frame = pd.DataFrame({"STUDYID": ["A", "A", "B"], "USUBJID": ["1", "2", "2"]}, dtype="str")
    >>> subject_places(frame, pd.MultiIndex.from_frame(frame[1:2])).tolist()
    [-1, 0, -1]
    """
    codes, pairs = subject_codes(frame)
    return np.asarray(subjects.get_indexer(pairs))[codes]


def subject_codes(frame: pd.DataFrame) -> tuple[np.ndarray, pd.MultiIndex]:
    """The number of STUDYID and USUBJID of each record among pairs, and the pairs, each once: all that occur.

    >>> codes, pairs = subject_codes(pd.DataFrame({"STUDYID": ["A", "A", "B"], "USUBJID": ["1", "1", "2"]}, dtype="str"))
    >>> codes.tolist(), pairs.tolist()
    ([0, 0, 1], [('A', '1'), ('B', '2')])
    """
    (study, studies), (subject, ids) = (_codes(frame[name]) for name in ("STUDYID", "USUBJID"))
    of_subject = np.zeros(len(ids), dtype=study.dtype)
    of_subject[subject] = study
    if (of_subject.take(subject) == study).all():  # each USUBJID is of one study, as in nearly all data
        return subject, pd.MultiIndex.from_arrays([studies.take(of_subject), ids])
    size = max(len(ids), 1)
    pair, pairs = pd.factorize(study.astype("int64") * size + subject)
    return pair, pd.MultiIndex.from_arrays([studies.take(pairs // size), ids.take(pairs % size)])


def _codes(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """The number of each value among the distinct values, also of a missing one, and these values. A study may number its subjects."""
    if column.dtype != "str":
        return pd.factorize(column, use_na_sentinel=False)
    codes, texts, _ = distinct_of(column)
    if codes.min(initial=0) < 0:
        codes, texts = pd.factorize(column, use_na_sentinel=False)
    return codes, pd.Index(texts, dtype="str")
