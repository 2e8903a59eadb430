"""The commands for those who write a specification: the JSON Schema for their editor."""

from __future__ import annotations

import json
from pathlib import Path

import click

import adam
from adam.cli.console import write
from adam.cli.errors import run_command


@click.command(epilog="Example: adam schema specs/true_ad --out specs/true_ad/adamsmith.schema.json")
@click.argument("specs", type=click.Path(path_type=Path), required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the schema to this file instead of printing it.")
@click.option("--force", is_flag=True, help="Let --out replace an existing file.")
@click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
def schema(specs: Path | None, out: Path | None, force: bool, debug: bool) -> None:
    """Print the JSON Schema of the YAML, so that an editor completes and checks a specification.

    With SPECS, the codelists of that study are offered, too. docs/editor.md shows how to set up an editor.
    """

    def work() -> int:
        from adam.cli.new_file import require_writable, write_new

        if out is not None:
            require_writable(out, [], force)
        text = json.dumps(adam.schema(specs), indent=1, ensure_ascii=False) + "\n"
        if out is None:
            write(text.rstrip())
        else:
            write_new(out, text, force, encoding="utf-8")
            write(f"Wrote {out}. First line of each YAML file: # yaml-language-server: $schema={out.name}")
        return 0

    run_command(work, False, debug)
