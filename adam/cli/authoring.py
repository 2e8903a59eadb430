"""The commands for those who write a specification: a new one from data, and the JSON Schema for their editor."""

from __future__ import annotations

import json
from pathlib import Path

import click

import adam
from adam.cli.console import write
from adam.cli.errors import run_command


@click.command(epilog="Example: adam init specs/new --sdtm sdtm")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--sdtm", type=click.Path(path_type=Path), required=True, help="The folder of the source files.")
@click.option("--standard", default="safety", show_default=True, help="The layer that the study extends.")
@click.option("--name", default="", help="The name of the study; by default its STUDYID.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
def init(folder: Path, sdtm: Path, standard: str, name: str, as_json: bool, debug: bool) -> None:
    """Write a specification that builds from the data at hand, with every choice to check marked.

    FOLDER is new: nothing is ever overwritten. docs/init.md shows what is written, and from what.
    """

    def work() -> int:
        started = adam.init(folder, sdtm, standard, name)
        checks = [{"file": each.file, "line": each.line, "check": each.reason} for each in started.checks]
        if as_json:
            write(json.dumps({"folder": str(folder), "datasets": started.datasets, "files": started.files, "checks": checks}, indent=2))
            return 0
        write(f"Wrote {folder}: {', '.join(started.datasets)}. Check these choices, each marked '# CHECK:' in its file:")
        width = max((len(f"{each.file}:{each.line}") for each in started.checks), default=0)
        for each in started.checks:
            write(f"  {f'{each.file}:{each.line}':<{width}}  {each.reason}")
        write(f"Next: adam build {folder} --sdtm {sdtm} --out out")
        return 0

    run_command(work, as_json, debug)


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
