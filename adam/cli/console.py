"""Print to the terminal: control characters are escaped, and a reader that has gone does not cause a traceback."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from adam.core.errors import UsageError
from adam.core.interrupts import state
from adam.core.printable import visible


class UnwritableOutput(UsageError):
    """Standard output cannot be written, so the message goes to standard error."""


def write(text: str, *, err: bool = False, styled: bool = False, nl: bool = True) -> None:
    """Print a text to standard output, or with `err` to standard error.

    If the reader has gone (`adam build ... | head -1`) the text is discarded, and the command ends with its usual exit code.

    Args:
        text: what to print.
        err: print to standard error, where a failure to print is ignored.
        styled: the text has color codes of ours and no other control characters.
        nl: end the line.

    Raises:
        UnwritableOutput: standard output cannot be written for another reason, such as a full disk.
    """
    shown = text if styled else visible(text)
    stream = sys.stderr if err else sys.stdout
    try:
        click.echo(_encodable(shown, stream), err=err, nl=nl)
    except BrokenPipeError:
        silence(err=err)
    except OSError as error:
        silence(err=err)
        if not err:
            raise UnwritableOutput(f"Standard output cannot be written: {error.strerror}. {state()}") from None


def _encodable(text: str, stream: object) -> str:
    """A text with the characters escaped that the encoding of a stream lacks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def silence(*, err: bool = False) -> None:
    """Discard all further output of a stream, including what is still in its buffer when Python exits."""
    stream = sys.stderr if err else sys.stdout
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
