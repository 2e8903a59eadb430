"""HTML pages from Jinja templates: every value is escaped, and an unknown name in a template is an error."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from uuid import uuid4

import jinja2
from jinja2.bccache import Bucket

DIGEST = hashlib.sha256().digest_size
"""The bytes at the start of a file of code that are the sha256 of the others."""


def render(template: Path, **values: object) -> str:
    """The page that a template makes of some values.

    The filter `count` writes a whole number with thousands separators.

    Args:
        template: the file of the template; it may include files of its folder.
        values: the names that the template uses.
    """
    return _environment(template.parent).get_template(template.name).render(values)


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """The templates of a folder. Each is compiled once, because that takes longer than its pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=CompiledTemplates(),
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps the code of templates where Python keeps the code of modules (`__pycache__`), and if it does; a template is never stale."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of the code of a template."""
        return f"{cache_from_source(filename or name)}.template"

    def get_source_checksum(self, source: str) -> str:
        """A checksum of a template and of everything that decides what its code is."""
        return super().get_source_checksum("\n".join((source, version("jinja2"), _own_source())))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read the code of a template, if a whole file has it; Jinja ignores that of another checksum."""
        with suppress(OSError):
            raw = Path(bucket.key).read_bytes()
            if raw[:DIGEST] == hashlib.sha256(raw[DIGEST:]).digest():  # a damaged file would raise any error, or make another page
                bucket.bytecode_from_string(raw[DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the code of a template, unless Python writes none or the folder cannot be written."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            file = Path(bucket.key)
            file.parent.mkdir(parents=True, exist_ok=True)
            new = file.with_name(f"{file.name}.{uuid4().hex}")  # a file of `tempfile` could not be read by other users
            code = bucket.bytecode_to_string()
            try:
                new.write_bytes(hashlib.sha256(code).digest() + code)
                new.replace(file)
            finally:
                new.unlink(missing_ok=True)


@cache
def _own_source() -> str:
    """The text of this module, which has the options of the environment."""
    return Path(__file__).read_text(encoding="utf-8")
