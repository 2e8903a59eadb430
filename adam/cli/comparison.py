"""The command `adam compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import adam
from adam.cli.console import write
from adam.cli.errors import run_command
from adam.cli.options import FILE, FOLDER, as_json_option, debug_option
from adam.cli.terminal import progress_line
from adam.core.interrupts import committed

FEW, MANY = 5, 50
"""How many records of a difference are shown: by default, and with --verbose."""


@click.command(epilog="Example: adam compare out/adam qc/adam --tolerance 1e-9 --html compare.html")
@click.argument("base", type=FOLDER)
@click.argument("compare", type=FOLDER)
@click.option("--key", multiple=True, help="The variables that identify a record: USUBJID,PARAMCD; for one dataset ADVS=USUBJID,PARAMCD.")
@click.option("--specs", type=FOLDER, help="Take the keys from the specification in this folder.")
@click.option("--tolerance", multiple=True, help="Numbers that differ by no more are equal: 0.001, relative:1e-8, AVAL=0.01. By default exact.")
@click.option("--variables", multiple=True, help="The variables to compare, separated by commas; by default all.")
@click.option("--map", "names", multiple=True, help="Variables with another name in COMPARE: AVAL=QCVAL, the name in BASE first.")
@click.option("--where", default="", help="Compare only the records for which a condition is true: 'PARAMCD == \"EASI\"'.")
@click.option("--ignore", multiple=True, help="Attributes that do not count: type, length, label, format, order.")
@click.option("--records", type=click.IntRange(min=0), help=f"How many records and values of a difference are shown; by default {FEW}.")
@click.option("--verbose", is_flag=True, help=f"Show up to {MANY} records, whole labels and values, and the variables that are equal.")
@click.option("--html", type=FILE, help="Write the result as a page to this new file, too.")
@click.option("--force", is_flag=True, help="Let --html replace an existing file.")
@as_json_option
@debug_option
def compare(
    base: Path,
    compare: Path,
    key: tuple[str, ...],
    specs: Path | None,
    tolerance: tuple[str, ...],
    variables: tuple[str, ...],
    names: tuple[str, ...],
    where: str,
    ignore: tuple[str, ...],
    records: int | None,
    verbose: bool,
    html: Path | None,
    force: bool,
    as_json: bool,
    debug: bool,
) -> None:
    """Compare two versions of datasets, files or folders. Exit code 0: equal; 1: different; 2: not comparable."""

    def work() -> int:
        from adam.cli.new_file import require_writable, write_new
        from adam.comparison.as_json import as_json as plain
        from adam.comparison.page import as_html
        from adam.comparison.text import as_text

        if html is not None:
            require_writable(html, [path for path in (base, compare, specs) if path is not None and path.is_dir()], force)
        count = records if records is not None else MANY if verbose else FEW
        options: dict[str, Any] = {"specs": specs, "tolerance": tolerance, "variables": variables, "names": names, "where": where, "ignore": ignore}
        result = adam.compare(base, compare, key, **options, records=count, progress=None if as_json else progress_line())
        if html is not None:
            write_new(html, as_html(result), force, encoding="utf-8")
            committed(html)
        write(json.dumps(plain(result), indent=2, ensure_ascii=False) if as_json else as_text(result, verbose))
        return 0 if result.equal else 1

    run_command(work, as_json, debug)
