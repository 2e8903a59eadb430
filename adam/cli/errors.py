"""How a command ends: every error is one message and an exit code, never a traceback; with --json it is JSON on stdout."""

from __future__ import annotations

import errno
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from adam.cli.console import Unprintable, say, silence
from adam.core.errors import AdamError, SourceError, SpecError, UsageError
from adam.core.interrupts import Terminated, state, terminable

JSON = "--json"
INTERRUPTED, TERMINATED = 128 + 2, 128 + 15
"""As shells count the signals SIGINT and SIGTERM."""
REFUSED = (
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
"""What the system says of a path that makes no sense or is not allowed; all else, such as a full disk, is no fault of the command."""


def guarded(work: Callable[[], int], as_json: bool, debug: bool) -> None:
    """Run a command's work and leave with its exit code."""
    with terminable():
        try:
            code = _ended(work, as_json, debug)
        except Unprintable as error:
            say(str(error), err=True)
            code = error.exit_code
    sys.exit(code)


def _ended(work: Callable[[], int], as_json: bool, debug: bool) -> int:
    """The exit code of a command's work; what went wrong is printed."""
    try:
        return work()
    except Unprintable:
        raise
    except AdamError as error:
        _said(error, as_json)
        return error.exit_code
    except Terminated:
        _say("Terminated", f"Terminated. {state()}", as_json)
        return TERMINATED
    except KeyboardInterrupt:
        _say("Interrupted", f"Interrupted. {state()}", as_json)
        return INTERRUPTED
    except OSError as error:
        if error.errno in REFUSED and error.filename is not None:
            _say("UsageError", f"{os.fsdecode(error.filename)}: {(error.strerror or '').lower()}; choose another, or have it allowed", as_json)
            return UsageError.exit_code
        return _unexpected(error, as_json, debug)
    except Exception as error:
        return _unexpected(error, as_json, debug)


def _unexpected(error: Exception, as_json: bool, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    _say(type(error).__name__, f"adam: {type(error).__name__}: {error} (--debug shows where)", as_json)
    return 3


def _said(error: AdamError, as_json: bool) -> None:
    more: dict[str, Any] = {}
    if isinstance(error, SpecError):
        more["problems"] = [problem.as_dict() for problem in error.problems]
    if isinstance(error, SourceError):
        more["findings"] = [finding.as_dict() for finding in error.findings]
    _say(type(error).__name__, str(error), as_json, **more)


def _say(kind: str, message: str, as_json: bool, **more: Any) -> None:  # noqa: ANN401  (whatever JSON can hold)
    if as_json:
        say(json.dumps({"error": kind, "message": message, **more}, indent=2, ensure_ascii=False))
    else:
        say(message, err=True)


class Commands(click.Group):
    """The commands; arguments that make no sense are JSON too where JSON is asked for."""

    def main(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  (as click has it)
        """Run a command; help that cannot be printed is a message too."""
        try:
            return super().main(*arguments, **options)
        except OSError as error:
            silence()
            say(f"Standard output cannot be written: {error.strerror}.", err=True)
            sys.exit(UsageError.exit_code)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[JSON] = JSON in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (as click has it)
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not ctx.meta[JSON]:
                raise
            _say("UsageError", error.format_message(), as_json=True)
            ctx.exit(error.exit_code)
