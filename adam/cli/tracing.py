"""The command that traces the values of a record."""

from __future__ import annotations

import json
from pathlib import Path

import click

import adam
from adam.cli.console import write
from adam.cli.errors import run_command

PATH = click.Path(path_type=Path)


@click.command(epilog="Example: adam trace out ADVS --where 'VSSEQ == 3' --variable CHG --sdtm sdtm")
@click.argument("out", type=PATH)
@click.argument("dataset")
@click.option("--where", required=True, help="The condition that selects the record.")
@click.option("--variable", default="", help="The variable to trace; by default all.")
@click.option("--all", "every_record", is_flag=True, help="Show every record that a value summarizes, not only five of them.")
@click.option("--sdtm", type=PATH, help="The folder of the source files; by default OUT/sdtm.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page to this new file.")
@click.option("--force", is_flag=True, help="Let --html replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
def trace(
    out: Path,
    dataset: str,
    where: str,
    variable: str,
    every_record: bool,
    sdtm: Path | None,
    page: Path | None,
    force: bool,
    as_json: bool,
    debug: bool,
) -> None:
    """Show how the values of one record are made, down to the source records.

    The subject is derived again from the source files and the copy of the specification in OUT; both must be those of OUT.
    """

    def work() -> int:
        from adam.cli.new_file import require_writable, write_new
        from adam.tracing.as_html import to_html
        from adam.tracing.as_text import lines

        if page is not None:
            require_writable(page, [out, *([sdtm] if sdtm else [])], force)
        found = adam.trace(out, dataset.upper(), where, variable.upper(), sdtm, every_record=every_record)
        if page is not None:
            write_new(page, to_html(found.dataset, found.record, found.values), force, encoding="utf-8")
        if as_json:
            values = [each.as_dict() for each in found.values]
            write(json.dumps({"dataset": found.dataset, "record": found.record, "values": values}, indent=2, ensure_ascii=False))
            return 0
        write(f"{found.dataset}: {found.record}")
        for value in found.values:
            for line in lines(value):
                write(line)
        return 0

    run_command(work, as_json, debug)
