"""Report an unexpected error at a line of the specification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adam.core.errors import AdamError, DerivationError, Mark


@contextmanager
def located(mark: Mark, subject: str, what: str) -> Iterator[None]:
    """Report whatever fails within at a line of the specification.

    Raises:
        DerivationError: something failed.
    """
    try:
        yield
    except AdamError:
        raise
    except Exception as error:
        raise DerivationError(f"{mark}: {subject}: {what} failed: {error or type(error).__name__}") from error
