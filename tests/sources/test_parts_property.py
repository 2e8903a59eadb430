"""For any study, window and number of subjects in a part, the parts together are what the files have when each is read at once."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd
import pyreadstat
from hypothesis import given, settings
from hypothesis import strategies as st

from adam.core.errors import Finding, SourceError
from adam.core.stored import StoredRecords
from adam.sources import Source, open_source, source
from adam.sources.formats import FORMATS, Layout, Records
from adam.sources.keys import DEMOGRAPHY
from adam.sources.parts import split

FILES = {
    "dm": "STUDYID,USUBJID,ARM",
    "ae": "STUDYID,USUBJID,AESEQ,AETERM,AESPID",
    "suppae": "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL",
    "suppdm": "STUDYID,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL",
    "qsgi": "STUDYID,DOMAIN,USUBJID,QSSEQ,QSORRES,QSEVAL",
    "qsmm": "STUDYID,DOMAIN,USUBJID,QSSEQ,QSORRES",
    "sv": "STUDYID,USUBJID,VISIT,SVSTDTC",
    "relrec": "STUDYID,USUBJID,RELID",
    "ta": "STUDYID,ARM",
}
NEEDED = {
    "AE": ["AETERM", "AETRTEM", "AEACN"],
    "DM": ["ARM", "RACE1"],
    "QS": ["QSORRES", "QSEVAL", "QSSEQ"],
    "SV": ["VISIT"],
    "RELREC": ["RELID"],
    "TA": ["ARM"],
    "SUPPAE": ["QVAL"],
}
TEXTS = st.sampled_from(["", "a", "b", " c ", "d\t", "Fièvre", "1"])
SUBJECTS = st.sampled_from(["1", "2", "3", "4", "10"])


def record(name: str, known: bool) -> st.SearchStrategy[list[str]]:
    """A record of a file; of a subject that DM can lack only where it is not known."""
    own = {
        "STUDYID": st.just("S"),
        "DOMAIN": st.sampled_from(["QS", "QS", "QS", "AE"]),
        "USUBJID": SUBJECTS if known else st.sampled_from(["1", "2", "9", ""]),
        "AESEQ": st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        "QSSEQ": st.sampled_from(["1", "2", "3", "4", "0.1234567890123456789", ""]),
        "IDVAR": st.sampled_from(["AESEQ", "AESPID", ""]) if name == "suppae" else st.just(""),
        "SVSTDTC": st.sampled_from(["2021-01-01", ""]),
        "VISIT": st.sampled_from(["a", "b"]),
        "IDVARVAL": st.sampled_from(["", "1", "2", "3", "4.0"]),
        "QNAM": st.sampled_from(["AETRTEM", "AEACN", "OTHER", ""]) if name == "suppae" else st.sampled_from(["RACE1", "RACE2"]),
    }
    return st.tuples(*(own.get(each, TEXTS) for each in FILES[name].split(","))).map(list)


@st.composite
def studies(draw: st.DrawFn) -> dict[str, list[list[str]]]:
    subjects = draw(st.lists(SUBJECTS, min_size=1, max_size=5, unique=True))
    found = {"dm": [["S", subject, draw(TEXTS)] for subject in subjects]}
    for name in FILES:
        if name != "dm" and draw(st.integers(0, 3)):
            found[name] = draw(st.lists(record(name, draw(st.integers(0, 3)) > 0), max_size=8))
    if draw(st.integers(0, 4)):  # most studies are not refused
        keep = {"ae": ("AESEQ",), "suppae": ("IDVAR", "IDVARVAL", "QNAM"), "suppdm": ("QNAM",)}
        for name, names in keep.items():
            places = [FILES[name].split(",").index(each) for each in ("USUBJID", *names)]
            found[name] = list({tuple(row[place] for place in places): row for row in found.get(name, [])}.values())
        for name in ("ae", "qsgi", "qsmm", "sv"):
            place = FILES[name].split(",").index("USUBJID")
            found[name] = [row for row in found.get(name, []) if row[place] in subjects]
    return found


def write(folder: Path, study: dict[str, list[list[str]]], suffix: str, encoding: str) -> None:
    for name, rows in study.items():
        text = "\n".join([FILES[name], *(",".join(row) for row in rows)]) + "\n"
        path = folder / f"{name}{suffix}"
        if suffix == ".csv":
            path.write_bytes(text.encode(encoding))
            continue
        columns = FILES[name].split(",")
        frame = pd.DataFrame({each: pd.Series([row[place] for row in rows], dtype="str") for place, each in enumerate(columns)})
        frame = frame.assign(**{each: pd.to_numeric(frame[each]).astype("float64") for each in columns if each.endswith("SEQ")})
        WRITERS[suffix](frame, path)
        if encoding == "latin-1" and suffix == ".xpt":
            path.write_bytes(path.read_bytes().replace("è".encode(), b"\xe8 "))


def write_xpt(frame: pd.DataFrame, path: Path) -> None:
    pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name=path.stem.upper())


def write_json(frame: pd.DataFrame, path: Path) -> None:
    kinds = ["string" if dtype == "str" else "double" for dtype in frame.dtypes]
    columns = [{"itemOID": name, "name": name, "label": name, "dataType": kind} for name, kind in zip(frame, kinds, strict=True)]
    about = {"datasetJSONVersion": "1.1.0", "records": len(frame), "columns": columns}
    rows = [[None if value != value else value for value in row] for row in frame.to_numpy(dtype=object).tolist()]
    lines = [about, *rows] if path.suffix == ".ndjson" else [{**about, "rows": rows}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


WRITERS = {".xpt": write_xpt, ".ndjson": write_json, ".json": write_json, ".parquet": lambda frame, path: frame.to_parquet(path, index=False)}


def whole(opened: Source) -> tuple[dict[str, pd.DataFrame], list[Finding]] | str:
    """The records of each domain by subject and the findings, when files are read at once; or the error."""
    try:
        domains = [domain for domain in NEEDED if domain in opened.headers]
        names = {domain: sorted(set(NEEDED[domain]) & {*opened.headers[domain].variables, *opened.headers[domain].qualifiers}) for domain in domains}
        frames = {domain: opened.read(domain, names[domain]) for domain in domains}
        findings = [*opened.check(frames, ["S"]), *opened.findings]
    except SourceError as error:
        return str(error)
    order = {subject: place for place, subject in enumerate(sorted(frames[DEMOGRAPHY]["USUBJID"]))}
    for domain, frame in frames.items():
        if "USUBJID" in frame:
            places = frame["USUBJID"].map(lambda subject: order.get(subject, -1)).sort_values(kind="stable").index
            frames[domain] = frame.loc[places].reset_index(drop=True)
    return frames, findings


def parts(opened: Source, scratch: Path | None, size: int) -> tuple[dict[str, pd.DataFrame], list[Finding]] | str:
    """The same of a source in parts."""
    try:
        found = split(opened, NEEDED, scratch, size, ["S"])
    except SourceError as error:
        return str(error)
    frames = {domain: stored.read() for domain, stored in found.records.items()}
    loaded = [part.load() for part in found.parts]
    everyone = set(frames["DM"]["USUBJID"])
    for domain, frame in frames.items():
        pieces = [each[domain] for each in loaded]
        if "USUBJID" in frame:
            pd.testing.assert_frame_equal(StoredRecords.joined([StoredRecords.in_memory(piece) for piece in pieces]).read(), frame)
            for piece, each in zip(pieces, loaded, strict=True):
                assert set(piece["USUBJID"]) & everyone <= set(each["DM"]["USUBJID"])
        else:
            assert all(piece.equals(frame) for piece in pieces)
    assert [part.subjects for part in found.parts] == [len(each["DM"]) for each in loaded]
    return frames, list(found.findings)


def small_csv_windows(path: Path, layout: Layout, columns: Sequence[str], size: int) -> Iterator[Records]:
    """CSV files by windows of some records; the text is undecoded from the first window that has a text that is not ASCII."""
    every = FORMATS[".csv"].records(path, replace(layout, encoding=""), columns)
    for start in range(0, max(len(every.frame), 1), size):
        frame = every.frame[start : start + size].reset_index(drop=True)
        text = "".join(frame.select_dtypes("str").to_numpy().ravel().tolist())
        notes = tuple(
            replace(note, mask=note.mask[start : start + size], values=None if note.values is None else note.values[start : start + size])
            for note in every.notes
            if note.mask[start : start + size].any()
        )
        yield Records(frame, every.undecoded and not text.isascii(), notes)


SUFFIXES = st.sampled_from([".csv", ".csv", ".xpt", ".xpt", ".ndjson", ".json", ".parquet"])
ENCODINGS = st.sampled_from(["utf-8", "latin-1"])
SIZES = st.integers(1, 6)


@settings(max_examples=25, deadline=None)
@given(study=studies(), window=SIZES, size=SIZES, suffix=SUFFIXES, encoding=ENCODINGS, memory=st.booleans())
def test_parts_together_are_the_whole(study: dict[str, list[list[str]]], window: int, size: int, suffix: str, encoding: str, memory: bool) -> None:
    csv = replace(FORMATS[".csv"], windows=small_csv_windows)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scratch").mkdir()
        write(Path(folder), study, suffix, encoding)
        expected = whole(open_source(Path(folder)))
        with patch.object(source, "WINDOW", window), patch.dict(FORMATS, {".csv": csv}):
            found = parts(open_source(Path(folder)), None if memory else Path(folder) / "scratch", size)
    if isinstance(expected, str) or isinstance(found, str):
        assert found == expected
        return
    assert found[1] == expected[1]
    assert list(found[0]) == list(expected[0])
    for domain, frame in expected[0].items():
        pd.testing.assert_frame_equal(found[0][domain], frame)
