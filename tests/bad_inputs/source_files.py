"""Source files that are damaged, or written as no file of their format is: bytes rather than values."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.bad_inputs.formats import WRITERS, as_csv, as_xpt, file_name
from tests.bad_inputs.mutation import Expected, Spoil, add, mutation
from tests.bad_inputs.study import Inputs

DOMAINS = ("DM", "EX", "VS", "AE", "DS")
CARD = 80


def raw(inputs: Inputs, domain: str, form: str) -> bytes:
    """The bytes of a domain in a format that it gets with this."""
    inputs.formats[domain] = form
    return WRITERS[form](inputs.tables[domain])


def given(inputs: Inputs, domain: str, content: bytes, what: str) -> str:
    """The file of a domain is what is given."""
    inputs.sdtm[file_name(inputs, domain)] = content
    return f"{file_name(inputs, domain)}: {what}"


@mutation("another format, the same values", "source", "same", 4)
def other_format(inputs: Inputs, draw: random.Random) -> str:
    for domain in (*DOMAINS, "SUPPDM", "SUPPAE"):
        inputs.formats[domain] = draw.choice(["csv", "xpt", "parquet", "json", "ndjson"])
    return str(inputs.formats)


@mutation("another format, the same values", "source", "same")
def version_8(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    inputs.formats[domain] = "xpt"
    return given(inputs, domain, as_xpt(inputs.tables[domain], 8), "version 8")


@mutation("another format, the same values", "source", "same")
def shuffled(inputs: Inputs, draw: random.Random) -> str:
    """Records and variables in another order."""
    domain = draw.choice(["VS", "EX", "AE"])
    rows = [dict(draw.sample(list(row.items()), len(row))) for row in inputs.tables[domain]]
    inputs.tables[domain] = draw.sample([{name: row[name] for name in rows[0]} for row in rows], len(rows))
    return f"{domain} shuffled"


@mutation("a file that is cut short", "source", "refused", 6)
def cut(inputs: Inputs, draw: random.Random) -> str:
    domain, form = draw.choice(DOMAINS), draw.choice(["xpt", "xpt", "parquet", "json"])
    content = raw(inputs, domain, form)
    size = draw.choice([draw.randrange(len(content)), len(content) - 1, len(content) - CARD, 1, 80, 240])
    return given(inputs, domain, content[:size], f"cut to {size} of {len(content)} bytes")


@mutation("a file that is cut short", "source", "refused", 2)
def cut_csv(inputs: Inputs, draw: random.Random) -> str:
    """A CSV file that ends within a record."""
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, "csv")
    line = content.rstrip().rindex(b"\n")
    size = draw.choice([line + 3, draw.randrange(line + 1, content.rindex(b",", 0, len(content)) - 1)])
    return given(inputs, domain, content[:size], f"cut to {size} of {len(content)} bytes, {content[size - 20 : size]!r}")


@mutation("a byte flipped in a header", "source", "unharmed", 8)
def flip_xpt(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "xpt"))
    return _flipped(inputs, domain, content, draw.randrange(bytes(content).index(b"HEADER RECORD*******OBS") + CARD), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 4)
def flip_parquet(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "parquet"))
    size = int.from_bytes(content[-8:-4], "little")
    return _flipped(inputs, domain, content, draw.choice([draw.randrange(len(content) - 8 - size, len(content)), draw.randrange(4)]), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 4)
def flip_json(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "json"))
    return _flipped(inputs, domain, content, draw.randrange(bytes(content).index(b'"rows"') + 8), draw)


@mutation("a byte flipped in a header", "source", "unharmed", 3)
def flip_csv(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = bytearray(raw(inputs, domain, "csv"))
    return _flipped(inputs, domain, content, draw.randrange(content.index(b"\n")), draw)


def _flipped(inputs: Inputs, domain: str, content: bytearray, at: int, draw: random.Random) -> str:
    old = content[at]
    content[at] ^= 1 << draw.randrange(8)
    around = bytes(content[max(0, at - 12) : at + 8])
    return given(inputs, domain, bytes(content), f"byte {at} of {len(content)}: {old:#04x} -> {content[at]:#04x}, within {around!r}")


def edited(domain: str, edit: Callable[[bytes], bytes], what: str) -> Spoil:
    """A CSV file whose bytes are edited."""
    return lambda inputs, _: given(inputs, domain, edit(raw(inputs, domain, "csv")), what)


def _line(number: int, edit: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number] = edit(lines[number])
        return b"\n".join(lines)

    return changed


def _column_more(name: bytes) -> Callable[[bytes], bytes]:
    """Another column of that name, 99 throughout."""
    return lambda content: b"\n".join(line + (b",99" if number else name) for number, line in enumerate(content.rstrip().split(b"\n"))) + b"\n"


CSV: tuple[tuple[Expected, str, Callable[[bytes], bytes], str], ...] = (
    ("refused", "AE", lambda b: b.replace(b"HEADACHE", b'"HEADACHE', 1), "a quote that is not closed"),
    ("refused", "AE", lambda b: b.rstrip() + b'"', "a quote at the end"),
    ("refused", "AE", lambda b: b.replace(b"HEADACHE", b'"HEAD"ACHE', 1), "a quote within a value"),
    ("refused", "EX", _line(2, lambda b: b + b",extra"), "a value too many"),
    ("refused", "EX", _line(2, lambda b: b.rsplit(b",", 1)[0]), "a value too few"),
    ("refused", "EX", _line(0, lambda b: b + b",EXSEQ"), "a name twice, values too few"),
    ("refused", "EX", _column_more(b",EXDOSE"), "a variable twice"),
    ("refused", "EX", _column_more(b",exdose"), "a variable twice but for case"),
    ("refused", "EX", lambda b: b"\n".join(line + b"," for line in b.split(b"\n")), "a comma at the end of every line"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[1], "no line of names"), ("refused", "EX", lambda b: b"", "empty"),
    ("refused", "EX", lambda b: b"\n", "a line feed"), ("refused", "EX", lambda b: b"\xef\xbb\xbf", "a byte order mark alone"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[0], "names alone, no line feed"),
    ("refused", "EX", lambda b: b.split(b"\n", 1)[0] + b"\n", "names alone"), ("refused", "EX", lambda b: b.replace(b",", b";"), "semicolons"),
    ("refused", "EX", lambda b: b.replace(b",", b"\t"), "tabs"), ("refused", "EX", lambda b: b.replace(b",", b"|"), "bars"),
    ("unharmed", "EX", lambda b: b.decode().encode("utf-16"), "UTF-16"),
    ("unharmed", "EX", lambda b: b.decode().encode("utf-16-le"), "UTF-16 without mark"),
    ("refused", "EX", lambda b: b.replace(b"STUDYID", b"STUDY ID", 1), "a name with a blank"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"", 1), "a name that is empty"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"EX\x00TRT", 1), "a name with NUL"),
    ("refused", "EX", lambda b: b.replace(b"EXTRT", b"E" * 5000, 1), "a name of 5,000 letters"),
    ("refused", "EX", lambda b: b"PK\x03\x04" + b[4:], "a ZIP file by its first bytes"),
    ("refused", "EX", lambda b: b"\x1f\x8b\x08" + b, "a gzip file by its first bytes"),
    ("refused", "EX", lambda b: b"<html><body>404</body></html>", "a page"),
    ("refused", "EX", lambda b: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n", "a pointer of Git LFS"),
    ("unharmed", "EX", lambda b: b"\n\n" + b, "blank lines first"), ("unharmed", "EX", lambda b: b + b"\n\n\n", "blank lines last"),
    ("unharmed", "EX", lambda b: b.replace(b"\n", b"\n\n"), "blank lines between"), ("unharmed", "EX", lambda b: b + b"\x1a", "the end mark of DOS"),
    ("unharmed", "EX", lambda b: b"sep=,\n" + b, "the line sep= of Excel"), ("unharmed", "EX", lambda b: b"# a comment\n" + b, "a comment first"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x00ACHE", 1), "NUL in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\nACHE", 1).replace(b"HEAD\nACHE", b'"HEAD\nACHE"'), "a line feed in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x1b[31mACHE", 1), "ESC in a text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xc4CHE", 1), "a byte of Windows-1252"),
    ("reported", "AE", lambda b: b"\xef\xbb\xbf" + b.replace(b"HEADACHE", b"HEAD\xc4CHE", 1), "a byte of Windows-1252 behind the mark of UTF-8"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\x81CHE", 1), "a byte of no encoding"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "頭痛".encode("gb18030"), 1), "GB 18030"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "頭痛".encode("shift-jis"), 1), "Shift JIS"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "TÊTE".encode("cp850"), 1), "code page 850"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xed\xa0\x80ACHE", 1), "half a surrogate"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"HEAD\xe2\x80\xaeACHE", 1), "a mark that turns the direction of text"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", "HÊADACHE".encode(), 1), "an accent, as the policy is error"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"X" * 201, 1), "a text of 201 bytes"),
    ("reported", "AE", lambda b: b.replace(b"HEADACHE", b"X" * 2_000_000, 1), "a text of two million bytes"),
    ("same", "EX", lambda b: b.replace(b"\n", b"\r\n"), "CRLF"), ("same", "EX", lambda b: b.replace(b"\n", b"\r"), "CR alone"),
    ("same", "EX", lambda b: b"\xef\xbb\xbf" + b, "a byte order mark"), ("same", "EX", lambda b: b.rstrip(), "no line feed at the end"),
    ("same", "EX", lambda b: b'"' + b.rstrip().replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n', "everything in quotes"),
    ("same", "EX", lambda b: b.replace(b",PLACEBO,", b",PLACEBO  ,").replace(b",mg,", b", mg ,"), "blanks around texts"),
    ("same", "EX", _line(0, lambda b: b.lower()), "names in small letters"),
    ("same", "EX", _line(0, lambda b: b.replace(b",", b" , ")), "blanks around names"),
    ("same", "EX", lambda b: b.replace(b",10,", b",10.0,"), "10.0 for 10"), ("same", "EX", lambda b: b.replace(b",10,", b",1e1,"), "1e1 for 10"),
    ("same", "EX", lambda b: b.replace(b",10,", b", 10 ,"), "blanks around numbers"),
    ("same", "EX", lambda b: b.replace(b",10,", b",+10,"), "+10 for 10"),
)  # fmt: skip
for _expected, _domain, _edit, _what in CSV:
    _name = {"same": "a CSV file written another way", "reported": "text in a CSV file"}.get(_expected, "a CSV file that is none")
    add(_name, "source", _expected, edited(_domain, _edit, _what))


@mutation("an XPT file that is none", "source", "refused", 2)
def cport(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    inputs.formats[domain] = "xpt"
    content = b"**COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED** **COMPRESSED********" + bytes(draw.randrange(256) for _ in range(800))
    return given(inputs, domain, content, "written by PROC CPORT")


@mutation("an XPT file that is none", "source", "refused", 4)
def not_xpt(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, "xpt")
    table = as_csv(inputs.tables[domain])
    member = content.index(b"HEADER RECORD*******MEM")
    what, made = draw.choice([
        ("empty", b""), ("NUL bytes", bytes(800)), ("blanks", b" " * 800), ("a CSV file", table),
        ("random bytes", bytes(draw.randrange(256) for _ in range(1600))), ("its header alone", content[:CARD]),
        ("two datasets", content + content[member:]), ("garbage at its end", content + b"x" * CARD),
        ("a Parquet file", WRITERS["parquet"](inputs.tables[domain])), ("twice itself", content + content),
    ])  # fmt: skip
    return given(inputs, domain, made, what)


@mutation("an XPT file that says something else", "source", "refused", 2)
def xpt_twice(inputs: Inputs, draw: random.Random) -> str:
    """A variable twice: another one gets its name."""
    domain, name, other = draw.choice([
        ("DM", b"SUBJID  ", b"USUBJID "), ("EX", b"EXTRT   ", b"EXDOSU  "), ("VS", b"VSORRES ", b"VSSTRESC"), ("AE", b"AETERM  ", b"AEDECOD "),
    ])  # fmt: skip
    return given(inputs, domain, raw(inputs, domain, "xpt").replace(name, other, 1), f"{name.decode()} is {other.decode()} too")


@mutation("an XPT file that says something else", "source", "reported", 3)
def xpt_special(inputs: Inputs, draw: random.Random) -> str:
    """A special missing value where a number was."""
    letter = draw.choice([b"A", b"Z", b"_", b"M"])
    number = b"\x42\x22\x00\x00\x00\x00\x00\x00"
    inputs.tables["DM"][0]["AGE"] = 34
    content = raw(inputs, "DM", "xpt")
    assert content.count(number) == 1
    return given(inputs, "DM", content.replace(number, letter + bytes(7)), f"AGE of the first is .{letter.decode()}")


@mutation("an XPT file that says something else", "source", "reported", 2)
def xpt_text(inputs: Inputs, draw: random.Random) -> str:
    bad = draw.choice([b"HEAD\x00CHE", b"HEAD\x1bCHE", b"HEAD\xc4CHE", b"HEAD\x81CHE", b"\x00EADACHE", b"\xb0\xa1\xb0\xa1\xb0\xa1\xb0\xa1"])
    return given(inputs, "AE", raw(inputs, "AE", "xpt").replace(b"HEADACHE", bad, 1), f"a text is {bad!r}")


@mutation("an XPT file that says something else", "source", "same")
def xpt_padded(inputs: Inputs, draw: random.Random) -> str:
    """The last card is padded with NUL bytes, as some writers do."""
    for domain in draw.sample(["DM", "EX", "VS", "AE", "DS"], 5):
        content = raw(inputs, domain, "xpt")
        stripped = content.rstrip(b" ")
        width = -(-len(stripped) // CARD) * CARD
        if width - len(stripped) > 0:
            return given(inputs, domain, stripped + bytes(len(content) - len(stripped)) if domain == "EX" else content, "padded with NUL")
    return "nothing"


@mutation("files of a source", "source", "refused", 4)
def domain_gone(inputs: Inputs, draw: random.Random) -> str:
    gone = draw.choice(["DM", "EX", "VS", "AE", "DS", "SUPPDM", "SUPPAE"])
    del inputs.tables[gone]
    return f"{gone} is gone"


@mutation("files of a source", "source", "refused", 2)
def domain_twice(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    other = draw.choice([form for form in WRITERS if form != inputs.formats[domain]])
    inputs.sdtm[f"{domain.lower()}.{other}"] = WRITERS[other](inputs.tables[domain])
    return f"{domain} as {other} too"


@mutation("files of a source", "source", "refused")
def wrong_file(inputs: Inputs, draw: random.Random) -> str:
    """The content of one domain under the name of another."""
    one, other = draw.sample(["DM", "EX", "VS", "AE", "DS"], 2)
    inputs.tables[one] = inputs.tables[other]
    return f"the file of {one} has the records of {other}"


@mutation("files of a source", "source", "refused")
def wrong_suffix(inputs: Inputs, draw: random.Random) -> str:
    domain = draw.choice(DOMAINS)
    content = raw(inputs, domain, draw.choice(["csv", "json", "parquet", "xpt"]))
    was = inputs.formats[domain]
    inputs.formats[domain] = draw.choice([form for form in ("csv", "json", "ndjson", "parquet", "xpt", "sas7bdat") if form != was])
    return given(inputs, domain, content, f"is {was}")


@mutation("files of a source", "source", "unharmed")
def other_files(inputs: Inputs, draw: random.Random) -> str:
    name = draw.choice(["readme.txt", ".hidden.csv", "~$dm.xlsx", "dm.csv.bak", "Thumbs.db", "lb.xpt", "xx.csv", "ta.csv", "a b.csv", "dm-copy.csv"])
    inputs.sdtm[name] = b"nothing of use\n"
    return f"beside them {name}"
