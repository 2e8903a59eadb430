"""Whatever stands in a file that ends in .yaml, the command ends with exit 2 and names the file and the line; never with a traceback."""

import time
from pathlib import Path

import pytest

from adam.planning.plan import plan
from adam.specification.read import attempt
from tests.right_or_refused.small_study import ADSL, small_study

FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "adsl.yaml:1:1: The file is empty"),
    "only a comment": (b"# nothing\n", "adsl.yaml:1:1: The file is empty"),
    "a list": (b"- a\n- b\n", "adsl.yaml:1:1: "),
    "a text": (b"dataset", "adsl.yaml:1:1: "),
    "not UTF-8": (ADSL.encode() + b"  X: \xff\n", "adsl.yaml:9:6: Byte 0xFF is not UTF-8"),
    "UTF-16": (ADSL.encode("utf-16"), "adsl.yaml:1:1: Byte 0xFF is not UTF-8"),
    "NUL": (ADSL.encode() + b"  X: a\x00b\n", "adsl.yaml:9:7: The character U+0000 is not allowed"),
    "an escaped NUL": (ADSL.encode() + b'  X: {label: "a\\0b", value: AGE}\n', "adsl.yaml:9:14: The text has the character U+0000"),
    "half a pair": (ADSL.encode() + b'  X: {label: "a\\ud800b", value: AGE}\n', "adsl.yaml:9:"),
    "a lone surrogate in bytes": (ADSL.encode() + b"  X: \xed\xa0\x80\n", "adsl.yaml:9:6: Byte 0xED is not UTF-8"),
    "a control character in a key": (ADSL.encode() + b'  "X\\x01": AGE\n', "adsl.yaml:9:3: The text has the character U+0001"),
    "5,000 digits": (ADSL.encode() + b"  X: {label: X, length: " + b"9" * 5000 + b", value: AGE}\n", "adsl.yaml:9:25: 9999"),
    "a huge exponent": (ADSL.encode() + b"  X: {label: X, value: 1e999}\n", "adsl.yaml:9:24: 1e999 is too large or too long for a number"),
    "5,000 digits in an expression": (ADSL.encode() + b"  X: {label: X, value: AGE + " + b"9" * 5000 + b"}\n", "(5000 characters) is too large"),
    "deep brackets": (ADSL.encode() + b"  X: " + b"[" * 5000 + b"]" * 5000 + b"\n", "Blocks are nested more than 40 levels deep"),
    "deep blocks": (b"".join(b" " * i + b"a:\n" for i in range(300)), "Blocks are nested more than 40 levels deep"),
    "brackets that stay open": (b"a: " + b"[" * 3000, "adsl.yaml:1:"),
    "a deep expression": (ADSL.encode() + b"  X: {label: X, value: AGE" + b"+AGE" * 3000 + b"}\n", "The expression nests more than 100 operators"),
    "deep parentheses": (ADSL.encode() + b"  X: {label: X, value: " + b"(" * 3000 + b"AGE" + b")" * 3000 + b"}\n", "adsl.yaml:9:"),
    "many minus signs": (ADSL.encode() + b"  X: {label: X, value: A" + b"-" * 9000 + b"AGE}\n", "adsl.yaml:9:"),
    "an over-long name": (ADSL.encode() + b"  " + b"X" * 900 + b": AGE\n", "is not a valid variable name"),
    "an over-long key": (ADSL.encode() + b"  " + b"X" * 2000 + b": AGE\n", "adsl.yaml:"),
    "a tab": (ADSL.encode() + b"\tX: AGE\n", "Indent with spaces, not tabs"),
    "an anchor": (ADSL.encode() + b"  X: &a AGE\n", "adsl.yaml:9:6: A YAML anchor (&) is not allowed"),
    "an alias": (b"a: &a 1\nb: *a\n", "adsl.yaml:2:4: A YAML alias (*) is not allowed"),
    "a tag": (ADSL.encode() + b"  X: !!python/object:os.system AGE\n", "adsl.yaml:9:6: A YAML tag (!) is not allowed"),
    "a merge of itself": (b"a: &a [*a]\n", "is not allowed"),
    "a key twice": (ADSL.encode() + b"label: Again\n", "adsl.yaml:9:1: Key 'label' is repeated; it is first on line 4"),
    "a key that is a list": (ADSL.encode() + b"  ? [A, B]\n  : AGE\n", "A key must be a text"),
    "two documents": (ADSL.encode() + b"---\nb: 1\n", "adsl.yaml:"),
    "a directive": (b"%YAML 9.9\n---\na: 1\n", "adsl.yaml:"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_refused_at_its_place(what: str, tmp_path: Path) -> None:
    content, message = FILES[what]
    made = small_study(tmp_path)
    (made.specs / "adsl.yaml").write_bytes(content)
    ran = made.check()
    assert (ran.exit_code, message in ran.text) == (2, True), ran.text[:600]
    assert "Traceback" not in ran.text


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    made = small_study(tmp_path)
    (made.specs / "adsl.yaml").write_bytes(b"\xef\xbb\xbf" + ADSL.encode())
    assert made.check().exit_code == 0


def test_a_folder_that_is_called_like_a_file_is_refused(tmp_path: Path) -> None:
    made = small_study(tmp_path)
    (made.specs / "adae.yaml").mkdir()
    ran = made.check()
    assert (ran.exit_code, "adae.yaml: This is not a file" in ran.text) == (2, True), ran.text


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    made = small_study(tmp_path)
    ran = made.run("check", str(made.specs / "study.yaml"))
    assert ran.exit_code == 2, ran.text
    assert "Traceback" not in ran.text


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    made = small_study(tmp_path)
    with (made.specs / "huge.yaml").open("wb") as file:
        file.truncate(30_000_000)
    ran = made.check()
    assert (ran.exit_code, "huge.yaml:1:1: The file has more than 20,000,000 bytes" in ran.text) == (2, True), ran.text


def seconds(folder: Path, terms: int) -> float:
    """The time of the processor for reading and planning a codelist of so many terms, the better of two."""
    made = small_study(folder, {"adsl": f"{ADSL}  X: {{label: X, codelist: BIG, value: DM.SEX}}\n"})
    listed = "".join(f"      T{i}: {i}\n" for i in range(terms))
    (made.specs / "codelists.yaml").write_text(f"codelists:\n  BIG:\n    terms:\n{listed}", encoding="utf-8")
    times = []
    for _ in range(2):
        start = time.process_time()
        study, problems = attempt(made.specs)
        assert study is not None
        plan(study, None, (), problems)
        times.append(time.process_time() - start)
    return min(times)


def test_the_terms_of_a_codelist_are_read_in_proportion_to_their_number(tmp_path: Path) -> None:
    """Sixteen times the terms take about eight times as long, as the standard is read too; with a walk over all for each it was over fifty."""
    assert seconds(tmp_path / "many", 8000) < 20 * seconds(tmp_path / "few", 500)
