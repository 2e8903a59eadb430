"""How a command ends: every error becomes one message and an exit code, never a traceback; with --json it is JSON on standard output."""

from __future__ import annotations

import atexit
import errno
import gc
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from adam.cli.console import UnwritableOutput, silence, write
from adam.core.collector import rare_collector
from adam.core.errors import AdamError, SourceError, SpecError, UsageError
from adam.core.interrupts import Terminated, state, terminable
from adam.core.own_process import own_process

JSON = "--json"
atexit.register(gc.freeze)  # Python searches all objects for garbage when it ends, and the system frees them anyway
INTERRUPTED, TERMINATED = 128 + 2, 128 + 15
"""The exit codes that shells use for the signals SIGINT and SIGTERM."""
PATH_ERRORS = (
    errno.EACCES,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENODEV,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENXIO,
    errno.EPERM,
    errno.EROFS,
)
"""The system errors of a path that is not valid or not allowed; others, such as a full disk, are not errors of the command."""
STORAGE_ERRORS = {
    errno.ENOSPC: "Free space there and in the folder of temporary files, or choose another --out.",
    errno.EDQUOT: "Free space there and in the folder of temporary files, or choose another --out.",
    errno.EFBIG: "Choose an --out on a disk that can have larger files.",
    errno.EIO: "The disk may be damaged or gone.",
}
"""The system errors of a disk, and what to do."""


def run_command(work: Callable[[], int], as_json: bool, debug: bool) -> None:
    """Run the work of a command and exit with its exit code.

    Args:
        work: does the work and returns the exit code.
        as_json: print an error as JSON on standard output.
        debug: print the traceback of an unexpected error.
    """
    with terminable(), own_process(), rare_collector():
        try:
            code = _exit_code(work, as_json, debug)
        except UnwritableOutput as error:
            write(str(error), err=True)
            code = error.exit_code
    sys.exit(code)


def _exit_code(work: Callable[[], int], as_json: bool, debug: bool) -> int:
    """The exit code of the work of a command; an error is printed."""
    try:
        return work()
    except UnwritableOutput:
        raise
    except AdamError as error:
        _print_known_error(error, as_json)
        return error.exit_code
    except Terminated:
        _print_error("Terminated", f"Terminated. {state()}", as_json)
        return TERMINATED
    except KeyboardInterrupt:
        _print_error("Interrupted", f"Interrupted. {state()}", as_json)
        return INTERRUPTED
    except OSError as error:
        if error.errno in PATH_ERRORS and error.filename is not None:
            reason = (error.strerror or "").lower()
            _print_error("UsageError", f"{os.fsdecode(error.filename)}: {reason}. Choose another path, or change its permissions.", as_json)
            return UsageError.exit_code
        return _unexpected(error, as_json, debug, _about_storage(error))
    except Exception as error:
        return _unexpected(error, as_json, debug)


def _unexpected(error: Exception, as_json: bool, debug: bool, message: str | None = None) -> int:
    if debug:
        traceback.print_exc()
    _print_error(type(error).__name__, message or f"adam: {type(error).__name__}: {error} (--debug prints the traceback)", as_json)
    return 3


def _about_storage(error: OSError) -> str | None:
    """What a user reads of an error of the disk; None for other errors.

    A write to an open file raises an error without the name of the file, so that the path is not always known.
    """
    if error.errno not in STORAGE_ERRORS:
        return None
    path = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    return f"{path}{os.strerror(error.errno)}. {state()} {STORAGE_ERRORS[error.errno]}"


def _print_known_error(error: AdamError, as_json: bool) -> None:
    more: dict[str, Any] = {}
    if isinstance(error, SpecError):
        more["problems"] = [problem.as_dict() for problem in error.problems]
    if isinstance(error, SourceError):
        more["findings"] = [finding.as_dict() for finding in error.findings]
    _print_error(type(error).__name__, str(error), as_json, **more)


def _print_error(kind: str, message: str, as_json: bool, **more: Any) -> None:  # noqa: ANN401  (any JSON value)
    if as_json:
        write(json.dumps({"error": kind, "message": message, **more}, indent=2, ensure_ascii=False))
    else:
        write(message, err=True)


class Commands(click.Group):
    """The group of commands; with --json an error in the arguments is printed as JSON too."""

    def main(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (the signature of click)
        """Run a command; if its help cannot be printed, print a message."""
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            silence()
            write(f"Standard output cannot be written: {error.strerror}.", err=True)
            sys.exit(UsageError.exit_code)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[JSON] = JSON in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (the signature of click)
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not ctx.meta[JSON]:
                raise
            _print_error("UsageError", error.format_message(), as_json=True)
            ctx.exit(error.exit_code)
