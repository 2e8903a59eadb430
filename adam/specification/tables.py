"""The reference tables of a study: `tables:`, each a file next to the YAML that names it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from adam.core.errors import SourceError
from adam.core.kinds import ValueKind
from adam.core.located import LocatedMap, LocatedStr, mark_of
from adam.core.problems import Problems
from adam.core.reference_table import Cell, ReferenceTable
from adam.sources.reference_table import read_reference_table
from adam.specification.layers import Layers
from adam.specification.variables import TEMPORARY


def reference_tables(layers: Layers, folder: Path, problems: Problems) -> dict[str, ReferenceTable]:
    """The tables of the study in a folder and of its layers, by name; their files are noted among those of the layers."""
    named = {name for block in (layers.study, layers.datasets, LocatedMap(layers.sections)) for name in _named(block)}
    found = {}
    for name, raw in layers.sections["tables"].items():
        table = _table(name, raw, layers, problems)
        if table is None:
            problems.unread.add(str(name))
        else:
            own = Path(table.mark.file).parent == folder
            found[str(name)] = replace(table, used=name in named or not own)
    return found


def _table(name: str, raw: object, layers: Layers, problems: Problems) -> ReferenceTable | None:
    mark = mark_of(raw, mark_of(name))
    if not isinstance(raw, LocatedStr) or not raw:
        problems.add(mark, "tables", f"{name} must be the path of a file. Write {name}: tables/{name.lower()}.csv.", "spec-wrong-type")
        return None
    if not TEMPORARY.fullmatch(name):
        message = f"'{name}' is not a valid name of a table. Use up to 16 capitals, digits or underscores, starting with a letter."
        problems.add(mark_of(name), "tables", message, "spec-name")
        return None
    if PurePosixPath(raw).is_absolute() or ".." in PurePosixPath(raw).parts or "\\" in raw:
        message = f"The file of table {name} must be in the folder of this YAML file or below it, with / between folders, not '{raw}'."
        problems.add(mark, "tables", message, "spec-table-file")
        return None
    path = Path(mark.file).parent / raw
    if not path.is_file():
        message = f"There is no file {raw} next to this YAML file, so table {name} cannot be read. Correct the path, or add the file."
        problems.add(mark, "tables", message, "spec-table-file")
        return None
    return _read(name, raw, path, layers, problems)


def _read(name: str, raw: LocatedStr, path: Path, layers: Layers, problems: Problems) -> ReferenceTable | None:
    layers.digests[str(path)] = digest = hashlib.sha256(path.read_bytes()).hexdigest()
    layers.tables[path] = Path(raw.mark.file)
    try:
        columns, kinds = _content(path, digest)
    except SourceError as error:
        problems.add(raw.mark, "tables", f"Table {name} cannot be read. {error}", "spec-table-file")
        return None
    table = ReferenceTable(str(name), str(raw), columns, kinds, raw.mark)
    if not len(table):
        message = f"Table {name} has no rows, so nothing can be looked up in it. Add rows to {raw}, or delete the table."
        problems.add(raw.mark, "tables", message, "spec-table-rows")
        return None
    return table


@lru_cache(maxsize=32)
def _content(path: Path, digest: str) -> tuple[Mapping[str, tuple[Cell, ...]], Mapping[str, ValueKind]]:
    """The columns of the table in a file whose bytes have this digest, and their kinds. A process reads a table once for all its studies."""
    return read_reference_table(path)


def _named(block: object) -> Iterator[str]:
    """The names of tables in a block: every value of a key `table`."""
    for key, value in block.items() if isinstance(block, Mapping) else ():
        if key == "table" and isinstance(value, str):
            yield str(value)
        yield from _named(value)
    for value in block if isinstance(block, list) else ():
        yield from _named(value)


def with_tables(files: Sequence[tuple[str, Path]], tables: Mapping[Path, Path]) -> tuple[tuple[str, Path], ...]:
    """The files of a study with those of its tables, each as far from the YAML file that names it as on disk.

    >>> with_tables([("specs/study.yaml", Path("x/specs/study.yaml"))], {Path("x/specs/t/a.csv"): Path("x/specs/study.yaml")})[1][0]
    'specs/t/a.csv'
    """
    names = {os.path.normpath(path): PurePosixPath(name).parent for name, path in files}
    found = [(str(names[os.path.normpath(yaml)] / path.relative_to(yaml.parent).as_posix()), path) for path, yaml in tables.items()]
    return (*files, *found)
