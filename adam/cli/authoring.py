"""The commands for those who write a specification: a new one, a workbook for review, the JSON Schema for their editor."""

from __future__ import annotations

import json
from pathlib import Path

import click

import adam
from adam.cli.console import write
from adam.cli.errors import run_command
from adam.core.errors import UsageError

PATH = click.Path(path_type=Path)


@click.command(epilog="Example: adam init specs/new --sdtm sdtm")
@click.argument("folder", type=PATH)
@click.option("--sdtm", type=PATH, help="Start from the source files in this folder; the study builds at once.")
@click.option("--from-define", "define", type=PATH, help="Start from the metadata of this define.xml.")
@click.option("--from-xlsx", "workbook", type=PATH, help="Start from the metadata of this specification workbook.")
@click.option("--from", "study", type=PATH, help="With --sdtm: copy the specification of this study, and report what the data lack.")
@click.option("--standard", default="safety", show_default=True, help="With --sdtm: the layer that the study extends.")
@click.option("--name", default="", help="With --sdtm: the name of the study; by default its STUDYID.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
def init(
    folder: Path,
    sdtm: Path | None,
    define: Path | None,
    workbook: Path | None,
    study: Path | None,
    standard: str,
    name: str,
    as_json: bool,
    debug: bool,
) -> None:
    """Start a specification from source data, another study, define.xml or a workbook, with everything to check or to write marked.

    FOLDER is new: nothing is ever overwritten. docs/init.md shows what is written, and from what.
    """

    def work() -> int:
        given = [each for each in (sdtm, define, workbook) if each is not None]
        if len(given) != 1:
            raise UsageError("Name what to start from: --sdtm DIR, --from-define FILE or --from-xlsx FILE, and only one of them.")
        if study is not None and sdtm is not None:
            return _start_like(folder, sdtm, study, name, as_json)
        if study is not None:
            raise UsageError("--from requires the source files of the new study: --sdtm DIR.")
        return _start(folder, sdtm, standard, name, as_json) if sdtm is not None else _import(folder, given[0], as_json)

    run_command(work, as_json, debug)


def _start(folder: Path, sdtm: Path, standard: str, name: str, as_json: bool) -> int:
    """Start from data, and print what to check."""
    started = adam.init(folder, sdtm, standard, name)
    if as_json:
        checks = [{"file": each.file, "line": each.line, "check": each.reason} for each in started.checks]
        write(json.dumps({"folder": str(folder), "datasets": started.datasets, "files": started.files, "checks": checks}, indent=2))
        return 0
    write(f"Wrote {folder}: {', '.join(started.datasets)}. Check these choices, each marked '# CHECK:' in its file:")
    width = max((len(f"{each.file}:{each.line}") for each in started.checks), default=0)
    for each in started.checks:
        write(f"  {f'{each.file}:{each.line}':<{width}}  {each.reason}")
    write(f"Next: adam build {folder} --sdtm {sdtm} --out out")
    return 0


def _start_like(folder: Path, sdtm: Path, study: Path, name: str, as_json: bool) -> int:
    """Start from another study, and print what to check and what the data lack. Exit code 1: there are errors to correct."""
    started = adam.init_like(folder, sdtm, study, name)
    if as_json:
        checks = [{"file": each.file, "line": each.line, "check": each.reason} for each in started.checks]
        write(json.dumps({"folder": str(folder), "files": started.files, "checks": checks, "errors": started.errors}, indent=2))
        return 1 if started.errors else 0
    write(f"Wrote {folder} like {study}. Check these choices, each marked '# CHECK:' in its file:")
    for each in started.checks:
        write(f"  {each.file}:{each.line}  {each.reason}")
    for error in started.errors:
        write(error)
    if started.errors:
        write(f"The data differ from those of {study}: correct these lines, then run adam check {folder} --sdtm {sdtm}.")
        return 1
    write(f"Next: adam build {folder} --sdtm {sdtm} --out out")
    return 0


def _import(folder: Path, path: Path, as_json: bool) -> int:
    """Start from metadata, and print what to write."""
    imported = adam.init_from(folder, path)
    if as_json:
        facts = {"folder": str(folder), "datasets": imported.datasets, "todo": imported.todo, "not_read": imported.ignored}
        write(json.dumps(facts, indent=2))
        return 0
    for each in imported.ignored:
        write(f"Not read: {each} of {path.name}.")
    write(f"Wrote {folder}: {', '.join(imported.datasets)}. Copied variables are complete.")
    write(f"{imported.todo} formulas are to be written; '# TODO:' above each line has the method. Until then the variable is missing.")
    return 0


@click.command(epilog="Example: adam spec specs/true_ad --xlsx true_ad.xlsx")
@click.argument("specs", type=PATH)
@click.option("--xlsx", "path", type=PATH, required=True, help="The workbook to write.")
@click.option("--sdtm", type=PATH, help="The folder of the source files, for variables that only their headers show.")
@click.option("--force", is_flag=True, help="Let --xlsx replace an existing file.")
@click.option("--debug", is_flag=True, help="Print the traceback of an unexpected error.")
def spec(specs: Path, path: Path, sdtm: Path | None, force: bool, debug: bool) -> None:
    """Write the specification as a workbook for review, with the sheets that users of Pinnacle 21 know."""

    def work() -> int:
        from adam.cli.new_file import require_writable, write_new_bytes

        require_writable(path, [specs, *([sdtm] if sdtm else [])], force)
        write_new_bytes(path, adam.workbook(specs, sdtm), force)
        write(f"Wrote {path}.")
        return 0

    run_command(work, False, debug)


@click.command(epilog="Example: adam schema specs/true_ad --out specs/true_ad/adamsmith.schema.json")
@click.argument("specs", type=PATH, required=False)
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
