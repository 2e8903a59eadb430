"""What a command prints: nothing in it that a terminal obeys, and no traceback where no one reads it any more."""

from __future__ import annotations

import contextlib
import os
import sys

import click

from adam.core.errors import UsageError
from adam.core.interrupts import state
from adam.core.printable import visible


class Unprintable(UsageError):
    """Standard output cannot be written, so standard error must say so."""


def say(text: str, *, err: bool = False, styled: bool = False, nl: bool = True) -> None:
    """Print a text to standard output, or with `err` to standard error.

    A reader that has gone (`adam build ... | head -1`) is no fault: the rest is not printed, and the command ends as it would have.

    Args:
        text: what to print.
        err: to standard error, where a failure to print is passed over.
        styled: the text has colors of ours and is safe already.
        nl: end the line.

    Raises:
        Unprintable: standard output cannot be written for another reason, such as a full disk.
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
            raise Unprintable(f"Standard output cannot be written: {error.strerror}. {state()}") from None


def _encodable(text: str, stream: object) -> str:
    """A text with what the encoding of a stream lacks written out."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def silence(*, err: bool = False) -> None:
    """Send what is still to come nowhere, also what is left in the buffer when Python ends."""
    stream = sys.stderr if err else sys.stdout
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
