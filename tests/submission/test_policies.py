"""The export policies of a study: text in ASCII, lengths as long as the data, parts of large files."""

import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner, Result

from adam.cli.commands import main
from adam.core.ascii_text import to_ascii
from adam.core.errors import ExportError
from adam.submission.data_profile import profile_dataset
from adam.submission.fitted_attributes import with_longest_lengths
from adam.submission.split import assign_parts, count_subjects, file_size, write_split
from adam.submission.transliterate import transliterate, transliteration_findings
from adam.submission.xpt import write
from tests.stored import in_parts
from tests.submission.example_datasets import DATASETS, FRAMES, PROFILES, SUBJECTS, WHEN, texts

STUDY = Path(__file__).parents[1] / "study"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ångström", "Angstrom"),
        ("e\u0301", "e"),  # an accent of its own
        ("Straße", "Strasse"),
        ("5\u00a0µg/mL", "5 ug/mL"),
        ("\u2265\u20094", ">= 4"),
        ("10\u207b\u00b2 m\u00b2", "10^-2 m^2"),
        ("1\u00bd or \u00bc", "1 1/2 or 1/4"),
        ("H\u2082O \u2026", "H2O ..."),
        ("\u2460", "\u2460"),  # a 1 in a circle is no 1
        ("\ufb01rst", "first"),
        ("\U0001f600", "\U0001f600"),
        ("", ""),
    ],
)
def test_the_plain_form_of_a_text(text: str, expected: str) -> None:
    assert to_ascii(text) == expected


def test_what_changed_is_reported_with_its_records() -> None:
    frame = FRAMES["ADX"].assign(SEX=texts("Café", "F"), IMPFL=texts("日", "D"))
    frames, changes = transliterate({"ADX": frame}, DATASETS)
    assert frames["ADX"]["SEX"].tolist() == ["Cafe", "F"]
    assert frames["ADX"]["SEX"].dtype == "str"
    assert frames["ADX"]["IMPFL"].tolist() == ["日", "D"]
    found = transliteration_findings([changes], DATASETS)
    assert [(each.variable, each.count, each.keys) for each in found] == [("SEX", 1, ({"USUBJID": "S-1-01"},))]
    assert "'Café' as 'Cafe'" in found[0].message
    assert frame["SEX"].tolist() == ["Café", "F"]
    with pytest.raises(ExportError, match=r"ADX\.IMPFL: text is not ASCII; 1 record; first: USUBJID=S-1-01"):
        write(
            frames["ADX"],
            with_longest_lengths({"ADX": SUBJECTS}, {"ADX": profile_dataset(frames["ADX"], SUBJECTS)})["ADX"],
            Path("adx.xpt"),
            WHEN,
            non_ascii="transliterate",
        )


def test_what_changed_in_the_parts_is_reported_together() -> None:
    frame = FRAMES["ADX"].assign(SEX=texts("Café", "Thé"))
    parts = [transliterate({"ADX": part}, DATASETS)[1] for part in (frame.iloc[:1], frame.iloc[1:])]
    (whole,) = transliteration_findings([transliterate({"ADX": frame}, DATASETS)[1]], DATASETS)
    assert (whole.count, len(whole.keys)) == (2, 2)
    assert whole.message.endswith("'Café' as 'Cafe', 'Thé' as 'The'")
    assert transliteration_findings(parts, DATASETS) == [whole]


def test_nothing_changes_where_all_is_ascii() -> None:
    frames, found = transliterate(FRAMES, DATASETS)
    assert found == []
    assert frames["ADX"] is FRAMES["ADX"]


def test_lengths_are_the_longest_of_all_datasets() -> None:
    known = {**PROFILES, "ADY": profile_dataset(FRAMES["ADY"].assign(USUBJID=texts("S-1-0001", "S")), DATASETS["ADY"])}
    found = with_longest_lengths(DATASETS, known)
    assert [found[name].variables["USUBJID"].length for name in ("ADX", "ADY")] == [8, 8]
    assert found["ADX"].variables["AGEGR1"].length == 4
    assert found["ADX"].variables["DOSE"].length is None
    empty = {name: profile_dataset(frame.iloc[:0], DATASETS[name]) for name, frame in FRAMES.items()}
    assert with_longest_lengths(DATASETS, empty)["ADX"].variables["SEX"].length == 1


@pytest.mark.parametrize(
    ("subjects", "most", "parts"),
    [("", 3, ""), ("AAB", 3, "000"), ("AABB", 3, "0011"), ("ABAC", 3, "0001"), ("ABC", 1, "012"), ("ABBA", 2, "0110")],
)
def test_a_subject_is_in_one_part(subjects: str, most: int, parts: str) -> None:
    counts = count_subjects(in_parts(pd.DataFrame({"USUBJID": texts(*subjects)}), 1))
    assert "".join(str(assign_parts(counts, most)[each]) for each in subjects) == parts


def test_a_subject_that_is_too_large() -> None:
    with pytest.raises(ExportError, match="the 3 records of B do not fit into one part of at most 2 records"):
        assign_parts({"A": 1, "B": 3}, 2)


def large(count: int) -> pd.DataFrame:
    one = FRAMES["ADX"].iloc[:1]
    frame = pd.concat([one] * count, ignore_index=True)
    return frame.assign(USUBJID=pd.Series([f"S-{number // 2:04d}" for number in range(count)], dtype="str"), DOSE=np.arange(float(count)))


@pytest.mark.parametrize("parts", [1, 3])
def test_parts_of_a_large_file_are_the_whole(tmp_path: Path, parts: int) -> None:
    frame, limit = large(1000), 20_000
    write(frame, SUBJECTS, tmp_path / "adx.xpt", WHEN)
    assert (tmp_path / "adx.xpt").stat().st_size == file_size(SUBJECTS, 1000)
    names = list(write_split(in_parts(frame, parts), SUBJECTS, tmp_path, WHEN, limit, non_ascii="error", others=DATASETS))
    files = [tmp_path / "split" / f"{name.lower()}.xpt" for name in names]
    assert sorted((tmp_path / "split").iterdir()) == files
    assert all(file.stat().st_size <= limit for file in files)
    read = [pyreadstat.read_xport(str(file)) for file in files]
    assert [meta.table_name for _, meta in read] == ["ADX1", "ADX2", "ADX3"]
    # a record has 42 bytes, the header 1760, the end at most 80: 432 records fit
    assert [len(part) for part, _ in read] == [432, 432, 136]
    assert [value for part, _ in read for value in part["DOSE"]] == list(range(1000))
    subjects = [set(part["USUBJID"]) for part, _ in read]
    assert sum(map(len, subjects)) == 500


def test_a_file_within_the_limit_has_no_parts(tmp_path: Path) -> None:
    frame = in_parts(large(10), 1)
    assert write_split(frame, SUBJECTS, tmp_path, WHEN, file_size(SUBJECTS, 10), non_ascii="error", others=()) == {}
    assert list(tmp_path.iterdir()) == []
    assert write_split(frame, SUBJECTS, tmp_path, WHEN, file_size(SUBJECTS, 10) - 1, non_ascii="error", others=()).keys() == {"ADX1", "ADX2"}


def test_a_part_does_not_take_the_name_of_a_dataset(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="its part ADX1 would have the name of another dataset"):
        write_split(in_parts(large(1000), 1), SUBJECTS, tmp_path, WHEN, 20_000, non_ascii="error", others=["ADX1"])


def study(folder: Path, *lines: str) -> Path:
    shutil.copytree(STUDY, folder / "study")
    path = folder / "study" / "specs" / "study.yaml"
    text = path.read_text().replace("../../../specs/adamig", "adamig").replace("as_of:", "\n".join([*lines, "as_of:"]))
    path.write_text(text)
    return folder / "study"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_study_with_policies(tmp_path: Path) -> None:
    folder = study(tmp_path, "non_ascii: transliterate", "lengths: longest")
    path = folder / "sdtm" / "ae.csv"
    lines = path.read_text().splitlines()
    column = lines[0].split(",").index("AETERM")
    cells = lines[1].split(",")
    cells[column] = "Prurit à la tête"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    result = run("build", folder / "specs", "--sdtm", folder / "sdtm", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "warning: transliterated ADAE.AETERM" in result.output
    frame, meta = pyreadstat.read_xport(str(tmp_path / "out" / "adam" / "adae.xpt"))
    assert "Prurit a la tete" in frame["AETERM"].tolist()
    widths = [pyreadstat.read_xport(str(tmp_path / "out" / "adam" / f"{name}.xpt"))[1].variable_storage_width for name in ("adsl", "aditch", "adae")]
    assert [each["USUBJID"] for each in widths] == [8, 8, 8]
    assert meta.variable_storage_width["AETERM"] == frame["AETERM"].str.len().max()
    root = ET.parse(tmp_path / "out" / "adam" / "define.xml").getroot()
    items = {each.get("OID"): each.get("Length") for each in root.iter("{http://www.cdisc.org/ns/odm/v1.3}ItemDef")}
    assert items["IT.ADAE.USUBJID"] == "8"
    assert "transliterated" in (tmp_path / "out" / "adam" / "adrg.md").read_text()
