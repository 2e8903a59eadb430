"""The command line: a command reads its arguments, calls one function and prints. Exit codes are a contract (DESIGN §5)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from adam import __version__
from adam.cli.console import say
from adam.cli.errors import Commands, guarded
from adam.cli.terminal import catalogue, compared, conformed, printed, progress, state_of
from adam.core.errors import UsageError
from adam.core.interrupts import committed

if TYPE_CHECKING:
    from adam.pipeline.build import Outcome

FOLDER = click.Path(path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
debug_option = click.option("--debug", is_flag=True, help="Print the traceback of what should not happen.")


@click.group(cls=Commands, epilog="Example: adam build specs/cdiscpilot01 --sdtm sdtm --out out")
@click.version_option(__version__, prog_name="adam")
def main() -> None:
    """ADaM analysis datasets from one YAML specification: derived, proved, exported."""


@main.command(epilog="Example: adam check specs/cdiscpilot01 --sdtm sdtm")
@click.argument("specs", type=FOLDER)
@click.option("--sdtm", type=FOLDER, help="Look at the headers of these source files too.")
@click.option("--resolved", is_flag=True, help="Print the merged specification with where each value comes from.")
@as_json_option
@debug_option
def check(specs: Path, sdtm: Path | None, resolved: bool, as_json: bool, debug: bool) -> None:
    """Read and plan a study; no data rows."""

    def work() -> int:
        from adam.pipeline.prepare import collected, prepared
        from adam.plan.resolved import lines
        from validation.suite import suites

        found, source = prepared(specs, sdtm)
        suites(found.study, found.datasets, collected(source))
        if resolved:
            return printed(lines(found), as_json)
        warnings = [finding.as_dict() for finding in found.warnings]
        if as_json:
            say(json.dumps({"datasets": list(found.datasets), "steps": len(found.steps), "warnings": warnings}, indent=2))
            return 0
        for finding in found.warnings:
            say(str(finding))
        variables = sum(len(dataset.variables) for dataset in found.datasets.values())
        say(f"{found.study.name}: {len(found.datasets)} datasets, {variables} variables, {len(found.steps)} steps. The plan stands.")
        return 0

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam plan specs/true_ad, or with DATASET.VARIABLE")
@click.argument("specs", type=FOLDER)
@click.argument("name", required=False)
@click.option("--sdtm", type=FOLDER, help="Look at the headers of these source files too.")
@as_json_option
@debug_option
def plan(specs: Path, name: str | None, sdtm: Path | None, as_json: bool, debug: bool) -> None:
    """Print the order of work, or the lineage of DATASET.VARIABLE with its YAML lines."""

    def work() -> int:
        from adam.pipeline.prepare import prepared
        from adam.plan.lineage import lineage

        dataset = [name] if name and "." not in name else []
        found, _ = prepared(specs, sdtm, dataset)
        return printed([*map(str, lineage(found, name) if name and "." in name else found.steps)], as_json)

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam build specs/cdiscpilot01 --sdtm sdtm --out out")
@click.argument("specs", type=FOLDER)
@click.option("--sdtm", type=FOLDER, required=True, help="The folder of the source files.")
@click.option("--out", type=FOLDER, required=True, help="Where the submission folder goes.")
@click.option("--only", help="Datasets to make, separated by commas; all if not said.")
@as_json_option
@debug_option
def build(specs: Path, sdtm: Path, out: Path, only: str | None, as_json: bool, debug: bool) -> None:
    """Derive, check and export the datasets of a study."""

    def work() -> int:
        from adam.pipeline.build import run

        outcome = run(specs, sdtm, out, named(only), None if as_json else progress())
        if as_json:
            say(json.dumps(_outcome(outcome), indent=2, ensure_ascii=False))
        else:
            _tell(outcome)
        return 0 if outcome.exported else 1

    guarded(work, as_json, debug)


def named(only: str | None) -> list[str]:
    """The datasets of `--only`.

    Raises:
        UsageError: there is none between two commas.
    """
    wanted = [name.strip() for name in only.split(",")] if only is not None else []
    if not all(wanted):
        raise UsageError("--only wants the names of datasets, separated by commas")
    return wanted


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "exported": outcome.exported,
        "folder": str(outcome.folder),
        "records": dict(outcome.counts),
        "holds": list(outcome.holds),
        "gone": list(outcome.gone),
        "left_out": list(outcome.left_out),
        "findings": [finding.as_dict() for finding in outcome.findings],
    }


def _tell(outcome: Outcome) -> None:
    from validation.report import listing

    if outcome.findings:
        say(listing(list(outcome.findings)), styled=True)
    counts = ", ".join(f"{name} {count}" for name, count in outcome.counts.items())
    end = "exported to" if outcome.exported else "NOT exported; as derived in"
    say(f"{counts} records; {end} {outcome.folder}")
    say("\n".join(state_of(outcome)))


@main.command(epilog="Example: adam validate specs/cdiscpilot01 --adam adam --sdtm sdtm")
@click.argument("specs", type=FOLDER)
@click.option("--adam", "folder", type=FOLDER, required=True, help="The folder of the datasets, as XPT files.")
@click.option("--sdtm", type=FOLDER, help="The folder of the source files; without it what is traced to them is not checked.")
@click.option("--only", help="Check these datasets alone (comma-separated), as a delivery of nothing else.")
@click.option("--csv", "table", type=FILE, help="Write the failing records, the first 1,000 of each finding, to this new CSV file.")
@click.option("--force", is_flag=True, help="Let --csv replace a file that exists.")
@as_json_option
@debug_option
def validate(specs: Path, folder: Path, sdtm: Path | None, only: str | None, table: Path | None, force: bool, as_json: bool, debug: bool) -> None:
    """Run the checks of a study on existing datasets, whoever made them."""

    def work() -> int:
        from adam.cli.new_file import writable, write_new
        from adam.pipeline.validate import validate as checked
        from validation.report import listing, records_as_csv

        if table is not None:
            writable(table, [specs, folder, *([sdtm] if sdtm else [])], force)
        found = checked(specs, folder, sdtm, named(only))
        if table is not None:
            write_new(table, records_as_csv(found.findings), force)
            committed(table)
        if as_json:
            listed = {"records": dict(found.counts), "findings": [finding.as_dict() for finding in found.findings]}
            say(json.dumps({"passed": not found.failed, **listed}, indent=2, ensure_ascii=False))
        else:
            counts = ", ".join(f"{name} {count}" for name, count in found.counts.items()) or "no"
            say(listing(list(found.findings)), styled=True)
            say(f"{counts} records; {'NOT as the specification and the standard have them' if found.failed else 'no error'}")
        return 1 if found.failed else 0

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam simulate specs/true_ad --out out/sdtm --seed 1")
@click.argument("specs", type=FOLDER)
@click.option("--out", type=FOLDER, required=True, help="Where the SDTM files go.")
@click.option("--subjects", type=click.IntRange(min=1), help="How many subjects; as many as the study randomised if not said.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Start of the random numbers.")
@click.option("--edge-cases", is_flag=True, help="Add one subject for each tricky case, and packages that must be refused.")
@click.option("--exact", is_flag=True, help="The counts of the study facts come out exactly instead of on average.")
@as_json_option
@debug_option
def simulate(specs: Path, out: Path, subjects: int | None, seed: int, exact: bool, edge_cases: bool, as_json: bool, debug: bool) -> None:
    """Write a synthetic SDTM package; no subject of it ever lived."""

    def work() -> int:
        from adam.pipeline.build import simulated

        counts = simulated(specs, out, subjects, seed, exact, edge_cases)
        records = ", ".join(f"{name} {count}" for name, count in counts.items())
        say(json.dumps(counts, indent=2) if as_json else f"{records} records; written to {out}")
        return 0

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam demo --out out/demo")
@click.option("--out", type=FOLDER, default=Path("out/demo"), show_default=True, help="Where the SDTM files and the submission go.")
@as_json_option
@debug_option
def demo(out: Path, as_json: bool, debug: bool) -> None:
    """Simulate a study of atopic dermatitis, make its submission, and print its numbers beside the published ones."""

    def work() -> int:
        from adam.pipeline import build as flow
        from adam.results.table import count_reproduced, to_records, to_table

        outcome, told = flow.demo(out, None if as_json else progress())
        met = all(each.agrees is not False for each in told)
        if as_json:
            say(json.dumps({**_outcome(outcome), "results": to_records(told)}, indent=2, ensure_ascii=False))
        else:
            say(to_table(told))
            _tell(outcome)
            say(count_reproduced(told))
        return 0 if outcome.exported and met else 1

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam verify out")
@click.argument("out", type=FOLDER)
@as_json_option
@debug_option
def verify(out: Path, as_json: bool, debug: bool) -> None:
    """Compare a folder with its manifest: exit 0 as it was made, 1 something differs, 2 no manifest."""

    def work() -> int:
        from adam.submission.verify import require_manifest
        from adam.submission.verify import verify as differences

        found, listed = differences(out), len(require_manifest(out)["outputs"])
        return compared(found, as_json, f"{listed} files, all as {out} was made")

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam conform out --core 'core/bin/python examples/core/run.py --rules open-rules'")
@click.argument("out", type=FOLDER)
@click.option("--core", required=True, help="The command that runs CDISC CORE in its own environment (docs/conform_core.md).")
@as_json_option
@debug_option
def conform(out: Path, core: str, as_json: bool, debug: bool) -> None:
    """Run CDISC CORE over a folder: exit 0 no issue, 1 an issue or no rule run, 2 no CORE."""
    from adam.submission.conform import conform as checked

    guarded(lambda: conformed(checked(out, core), as_json), as_json, debug)


@main.command(epilog="Example: adam package out --to submission")
@click.argument("out", type=FOLDER)
@click.option("--to", type=FOLDER, required=True, help="Where the folder m5 goes.")
@as_json_option
@debug_option
def package(out: Path, to: Path, as_json: bool, debug: bool) -> None:
    """Lay datasets, define.xml, guide and specification out as module 5 of a submission wants them."""

    def work() -> int:
        from adam.submission.package import package as packaged

        return compared(packaged(out, to), as_json, f"packaged to {to / 'm5'}")

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam derivations study_day")
@click.argument("name", required=False)
@as_json_option
@debug_option
def derivations(name: str | None, as_json: bool, debug: bool) -> None:
    """List the derivations, or print what one does."""

    def work() -> int:
        from adam.catalog.pages import described, summaries

        return catalogue(name, described, summaries, as_json)

    guarded(work, as_json, debug)


@main.command(epilog="Example: adam checks first_flag")
@click.argument("name", required=False)
@as_json_option
@debug_option
def checks(name: str | None, as_json: bool, debug: bool) -> None:
    """List the checks, or print what one does."""

    def work() -> int:
        from validation.catalogue import described, summaries

        return catalogue(name, described, summaries, as_json)

    guarded(work, as_json, debug)
