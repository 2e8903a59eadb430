"""The command line: a command reads its arguments, calls one public function and prints. Exit codes are a contract (docs/output.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

import adam
from adam.cli.authoring import init, schema, spec
from adam.cli.comparison import compare
from adam.cli.console import write
from adam.cli.errors import Commands, run_command
from adam.cli.options import FILE, FOLDER, as_json_option, debug_option, run_options, verbose_option
from adam.cli.terminal import (
    build_as_json,
    counted,
    print_build,
    print_catalogue,
    print_core_report,
    print_differences,
    print_lines,
    print_validation,
    progress_line,
    severity_counts,
)
from adam.cli.tracing import trace
from adam.core.errors import UsageError
from adam.core.interrupts import committed
from adam.core.output_kinds import KINDS

sdtm_option = click.option("--sdtm", type=FOLDER, help="Check the specification against the headers of these source files too.")


@click.group(cls=Commands, epilog="Example: adam build specs/cdiscpilot01 --sdtm sdtm --out out")
@click.version_option(adam.__version__, prog_name="adam")
def main() -> None:
    """Derive, check and export ADaM analysis datasets from one YAML specification."""


@main.command(epilog="Example: adam check specs/cdiscpilot01 --sdtm sdtm")
@click.argument("specs", type=FOLDER)
@sdtm_option
@click.option("--resolved", is_flag=True, help="Print the merged specification and the origin of each value.")
@as_json_option
@debug_option
def check(specs: Path, sdtm: Path | None, resolved: bool, as_json: bool, debug: bool) -> None:
    """Report every error of a specification. No record is read."""

    def work() -> int:
        plan = adam.check(specs, sdtm)
        if resolved:
            from adam.planning.resolved import lines

            return print_lines(lines(plan), as_json)
        if as_json:
            warnings = [finding.as_dict() for finding in plan.warnings]
            write(json.dumps({"datasets": list(plan.datasets), "steps": len(plan.steps), "warnings": warnings}, indent=2))
            return 0
        for finding in plan.warnings:
            write(str(finding))
        datasets = counted(len(plan.datasets), "dataset")
        variables = counted(sum(len(dataset.variables) for dataset in plan.datasets.values()), "variable")
        write(f"Specification OK: {datasets}, {variables}, {severity_counts(plan.warnings)}.")
        return 0

    run_command(work, as_json, debug)


@main.command(epilog="Example: adam plan specs/true_ad ADEFF.IGA.CHG --depth 2")
@click.argument("specs", type=FOLDER)
@click.argument("name", required=False, default="")
@click.option("--depth", type=click.IntRange(min=0), help="The levels of a lineage to print; by default all.")
@click.option("--diff", "old", type=FOLDER, help="Compare with the specification in this folder, as the older one.")
@sdtm_option
@as_json_option
@debug_option
def plan(specs: Path, name: str, depth: int | None, old: Path | None, sdtm: Path | None, as_json: bool, debug: bool) -> None:
    """Print the steps of a study or DATASET, or the lineage of DATASET.VARIABLE or DATASET.PARAMCD.VARIABLE with its YAML lines.

    With --json the whole plan is printed. With --diff: what was added, removed or changed, and every variable that a change reaches.
    """

    def work() -> int:
        from adam.cli.plans import print_difference, print_plan

        return print_plan(specs, name, sdtm, depth, as_json) if old is None else print_difference(specs, old, name, sdtm, as_json)

    run_command(work, as_json, debug)


@main.command(epilog="Example: adam build specs/cdiscpilot01 --sdtm sdtm --out out")
@click.argument("specs", type=FOLDER)
@click.option("--sdtm", type=FOLDER, required=True, help="The folder of the source files.")
@click.option("--out", type=FOLDER, required=True, help="The output folder. It is replaced as a whole, or not at all if a check fails.")
@click.option("--only", help="The datasets to make, separated by commas; by default all.")
@click.option("--ndjson", is_flag=True, help="Write Dataset-JSON with one record in each line (.ndjson), for large files.")
@click.option("--outputs", help="The kinds of files to write, separated by commas: xpt, json, documents, report; by default all.")
@run_options
@verbose_option
@as_json_option
@debug_option
def build(  # noqa: PLR0913  (the options of the command)
    specs: Path,
    sdtm: Path,
    out: Path,
    only: str | None,
    ndjson: bool,
    outputs: str | None,
    verbose: bool,
    as_json: bool,
    debug: bool,
    **machine: Any,  # noqa: ANN401
) -> None:
    """Derive, check and export the datasets of a study."""

    def work() -> int:
        kinds = [kind.strip() for kind in outputs.split(",")] if outputs is not None else []
        progress = None if as_json else progress_line()
        options = adam.RunOptions(**machine)
        result = adam.build(specs, sdtm, out, dataset_names(only), progress, ndjson=ndjson, outputs=kinds, options=options)
        if as_json:
            write(json.dumps(build_as_json(result), indent=2, ensure_ascii=False))
        else:
            print_build(result, verbose)
        return 0 if result.exported else 1

    run_command(work, as_json, debug)


def dataset_names(only: str | None) -> list[str]:
    """The dataset names in the value of `--only`.

    Raises:
        UsageError: there is no name before, between or after the commas.
    """
    names = [name.strip() for name in only.split(",")] if only is not None else []
    if not all(names):
        raise UsageError(f"--only is '{only}'; it must be dataset names separated by commas, such as --only ADSL,ADAE.")
    return names


@main.command(epilog="Example: adam validate specs/cdiscpilot01 --adam adam --sdtm sdtm")
@click.argument("specs", type=FOLDER)
@click.option("--adam", "folder", type=FOLDER, required=True, help="The folder of the datasets, as XPT files.")
@click.option("--sdtm", type=FOLDER, help="The folder of the source files; without it, checks that read collected records are left out.")
@click.option("--only", help="The datasets to check, separated by commas; the others may be missing. By default all.")
@click.option("--csv", "table", type=FILE, help="Write the failing records, up to 1,000 for each finding, to this new CSV file.")
@click.option("--force", is_flag=True, help="Let --csv replace an existing file.")
@verbose_option
@as_json_option
@debug_option
def validate(
    specs: Path, folder: Path, sdtm: Path | None, only: str | None, table: Path | None, force: bool, verbose: bool, as_json: bool, debug: bool
) -> None:
    """Run the checks of a study on existing datasets from any source."""

    def work() -> int:
        from adam.cli.new_file import require_writable, write_new

        if table is not None:
            require_writable(table, [specs, folder, *([sdtm] if sdtm else [])], force)
        result = adam.validate(specs, folder, sdtm, dataset_names(only))
        if table is not None:
            from validation.report import records_as_csv

            write_new(table, records_as_csv(result.findings), force)
            committed(table)
        print_validation(result, as_json, verbose)
        return 1 if result.failed else 0

    run_command(work, as_json, debug)


@main.command(epilog="Example: adam simulate specs/true_ad --out out/sdtm --seed 1")
@click.argument("specs", type=FOLDER)
@click.option("--out", type=FOLDER, required=True, help="The folder of the SDTM files.")
@click.option("--subjects", type=click.IntRange(min=1), help="The number of subjects; by default as many as the study randomised.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The start of the random numbers.")
@click.option("--edge-cases", is_flag=True, help="Add one subject for each edge case, and packages that a build must refuse.")
@click.option("--exact", is_flag=True, help="Reproduce the counts of the study facts exactly instead of on average.")
@as_json_option
@debug_option
def simulate(specs: Path, out: Path, subjects: int | None, seed: int, exact: bool, edge_cases: bool, as_json: bool, debug: bool) -> None:
    """Write a simulated SDTM package. Its subjects are not real."""

    def work() -> int:
        counts = adam.simulate(specs, out, subjects, seed, exact=exact, edge_cases=edge_cases)
        files = ", ".join(f"{name} {count}" for name, count in counts.items())
        write(json.dumps(counts, indent=2) if as_json else f"Wrote {counted(len(counts), 'file')} to {out}; records: {files}.")
        return 0

    run_command(work, as_json, debug)


@main.command(epilog="Example: adam demo --out out/demo")
@click.option("--out", type=FOLDER, default=Path("out/demo"), show_default=True, help="The folder of the SDTM files and the submission.")
@click.option("--numbers", is_flag=True, help="Print every number next to the published one, not only those that differ.")
@verbose_option
@as_json_option
@debug_option
def demo(out: Path, numbers: bool, verbose: bool, as_json: bool, debug: bool) -> None:
    """Simulate a study of atopic dermatitis, build its submission, and compare its results with the published ones."""

    def work() -> int:
        from adam.results.table import count_reproduced, to_records, to_table

        result = adam.demo(out, None if as_json else progress_line())
        if as_json:
            write(json.dumps({**build_as_json(result), "results": to_records(result.results)}, indent=2, ensure_ascii=False))
        else:
            print_build(result, verbose)
            shown = [each for each in result.results if numbers or each.agrees is False]
            write(f"{count_reproduced(result.results)}. Every number is in {out / 'report' / 'results.csv'}.")
            if shown:
                write(to_table(shown))
        reproduced = all(each.agrees is not False for each in result.results)
        return 0 if result.exported and reproduced else 1

    run_command(work, as_json, debug)


main.add_command(compare)


@main.command(epilog="Example: adam verify out")
@click.argument("out", type=FOLDER)
@as_json_option
@debug_option
def verify(out: Path, as_json: bool, debug: bool) -> None:
    """Compare a folder with its manifest. Exit code 0: unchanged; 1: a file differs; 2: no manifest."""

    def work() -> int:
        result = adam.verify(out)
        left_out = "".join(f"\nThe build left out {KINDS[kind]} (--outputs)." for kind in result.left_out)
        return print_differences(result.differences, as_json, f"Unchanged: all {result.files} files in {out} match its manifest.{left_out}")

    run_command(work, as_json, debug)


@main.command(epilog="Example: adam conform out --core 'core/bin/python examples/core/run.py --rules open-rules'")
@click.argument("out", type=FOLDER)
@click.option("--core", required=True, help="The command that runs CDISC CORE in its own environment (docs/conform_core.md).")
@as_json_option
@debug_option
def conform(out: Path, core: str, as_json: bool, debug: bool) -> None:
    """Run CDISC CORE on a folder. Exit code 0: no issue; 1: an issue, or no rule ran; 2: CORE did not run."""
    run_command(lambda: print_core_report(adam.conform(out, core), as_json), as_json, debug)


@main.command(epilog="Example: adam package out --to submission")
@click.argument("out", type=FOLDER)
@click.option("--to", type=FOLDER, required=True, help="The folder that gets m5.")
@click.option("--dataset-json", is_flag=True, help="Package the Dataset-JSON files instead of the transport files.")
@as_json_option
@debug_option
def package(out: Path, to: Path, dataset_json: bool, as_json: bool, debug: bool) -> None:
    """Arrange datasets, define.xml, guide, programs and specification as module 5 of a submission."""
    run_command(
        lambda: print_differences(adam.package(out, to, dataset_json=dataset_json), as_json, f"Packaged {out} to {to / 'm5'}."), as_json, debug
    )


@main.command(epilog="Example: adam derivations study_day")
@click.argument("name", required=False)
@as_json_option
@debug_option
def derivations(name: str | None, as_json: bool, debug: bool) -> None:
    """List the derivations, or describe one."""
    run_command(lambda: print_catalogue(name, adam.describe_derivation, adam.derivations, as_json), as_json, debug)


@main.command(epilog="Example: adam functions round")
@click.argument("name", required=False)
@as_json_option
@debug_option
def functions(name: str | None, as_json: bool, debug: bool) -> None:
    """List the functions of expressions, or describe one."""
    run_command(lambda: print_catalogue(name, adam.describe_function, adam.functions, as_json), as_json, debug)


@main.command(epilog="Example: adam checks first_flag")
@click.argument("name", required=False)
@as_json_option
@debug_option
def checks(name: str | None, as_json: bool, debug: bool) -> None:
    """List the checks, or describe one."""
    run_command(lambda: print_catalogue(name, adam.describe_check, adam.checks, as_json), as_json, debug)


main.add_command(init)
main.add_command(schema)
main.add_command(spec)
main.add_command(trace)
