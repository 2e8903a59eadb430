"""How a command ends: every error is one message and an exit code, never a traceback; with --json it is JSON on stdout."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from adam.errors import AdamError, SourceError, SpecError, UsageError

JSON = "--json"


def guarded(work: Callable[[], int], as_json: bool, debug: bool) -> None:
    """Run a command's work and leave with its exit code."""
    try:
        code = work()
    except AdamError as error:
        _said(error, as_json)
        code = error.exit_code
    except KeyboardInterrupt:
        _say("Interrupted", "interrupted; what was there before stands", as_json)
        code = 3
    except PermissionError as error:
        _say("UsageError", f"{error.filename}: permission denied; choose another, or have it allowed", as_json)
        code = UsageError.exit_code
    except Exception as error:
        if debug:
            traceback.print_exc()
        _say(type(error).__name__, f"adam: {type(error).__name__}: {error} (--debug shows where)", as_json)
        code = 3
    sys.exit(code)


def _said(error: AdamError, as_json: bool) -> None:
    more: dict[str, Any] = {}
    if isinstance(error, SpecError):
        more["problems"] = [problem.as_dict() for problem in error.problems]
    if isinstance(error, SourceError):
        more["findings"] = [finding.as_dict() for finding in error.findings]
    _say(type(error).__name__, str(error), as_json, **more)


def _say(kind: str, message: str, as_json: bool, **more: Any) -> None:  # noqa: ANN401  (whatever JSON can hold)
    if as_json:
        click.echo(json.dumps({"error": kind, "message": message, **more}, indent=2, ensure_ascii=False))
    else:
        click.echo(message, err=True)


class Commands(click.Group):
    """The commands; arguments that make no sense are JSON too where JSON is asked for."""

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
