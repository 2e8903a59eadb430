"""The derivations, functions and checks that a specification can use."""

from __future__ import annotations


def list_derivations() -> dict[str, str]:
    """The name and a one-line summary of every derivation.

    >>> "study_day" in list_derivations()
    True
    """
    from adam.catalog.pages import summaries  # noqa: PLC0415

    return summaries()


def describe_derivation(name: str) -> str:
    """The arguments and the documentation of a derivation.

    Args:
        name: as in YAML, for example `study_day`.

    Raises:
        UsageError: there is no derivation of that name; the message suggests the nearest one.

    >>> print(describe_derivation("study_day").splitlines()[0])
    study_day: date, reference
    """
    from adam.catalog.pages import described  # noqa: PLC0415

    return described(name)


def list_functions() -> dict[str, str]:
    """The name and a one-line summary of every function of expressions.

    >>> "round" in list_functions()
    True
    """
    from adam.catalog.function_pages import summaries  # noqa: PLC0415

    return summaries()


def describe_function(name: str) -> str:
    """The arguments and the documentation of a function of expressions.

    Args:
        name: as in expressions, for example `round`.

    Raises:
        UsageError: there is no function of that name; the message suggests the nearest one.

    >>> print(describe_function("lower").splitlines()[0])
    lower(x): text → text
    """
    from adam.catalog.function_pages import described  # noqa: PLC0415

    return described(name)


def list_checks() -> dict[str, str]:
    """The name and the message of every check.

    >>> "first_flag" in list_checks()
    True
    """
    from validation.catalogue import summaries  # noqa: PLC0415

    return summaries()


def describe_check(name: str) -> str:
    """The arguments and the documentation of a check, or of the rule with an id that findings show.

    Args:
        name: as in YAML, for example `first_flag`, or an id such as `AD0013`.

    Raises:
        UsageError: there is no check of that name; the message suggests the nearest one.

    >>> describe_check("first_flag").startswith("first_flag: ")
    True
    """
    from validation.catalogue import described  # noqa: PLC0415

    return described(name)
