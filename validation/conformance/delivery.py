"""The delivery as a whole: the datasets that are there, and their files."""

from __future__ import annotations

from validation.conformance.general_check import general
from validation.conformance.view import Failure, Failures, Package, View
from validation.records import subject_level


@general
def subjects_delivered(package: Package) -> Failures:
    """There is no dataset with one record per subject."""
    if package.whole and not package.subjects:
        yield Failure("", f"no dataset of the delivery is {subject_level(package.datasets) or 'of that class'}")


@general
def all_delivered(package: Package) -> Failures:
    """A dataset of the specification is not there."""
    lacking = [name for name in package.datasets if name not in package.held and name not in package.unreadable]
    if package.whole and lacking:
        yield Failure("", ", ".join(lacking))


@general
def all_declared(package: Package) -> Failures:
    """A dataset is not in the specification."""
    extra = [name for name in package.sizes if name not in package.study.datasets]
    if extra:
        yield Failure("", ", ".join(extra))


@general
def readable(package: Package) -> Failures:
    """A file is no transport file that can be read."""
    for name, why in package.unreadable.items():
        yield Failure(name, why)


@general
def size_at_most(package: Package, bytes: int) -> Failures:  # noqa: A002  (the unit of the standard)
    """A file is larger than is accepted."""
    for name, size in package.sizes.items():
        if size > bytes:
            yield Failure(name, f"its file has {size} bytes")


@general
def some_records(view: View) -> Failures:
    """The dataset has no record."""
    if not len(view.frame) and not _may_be_empty(view):
        yield Failure("", "it has no record")


def _may_be_empty(view: View) -> bool:
    """Whether the study lets the domain its records come from be absent."""
    making = view.declared.records if view.declared is not None else None
    use = view.package.study.sources.get(str(making.arguments.get("from"))) if making is not None else None
    return use is not None and use.may_be_absent


@general
def fitting_lengths(view: View) -> Failures:
    """A text variable is longer than its longest value.

    Looked at in files, where the study asks for lengths as long as the data (`lengths: longest`).
    """
    if view.package.study.lengths != "longest" or view.name not in view.package.sizes:
        return
    longest: dict[str, int] = {}
    for name, held in view.package.held.items():
        for variable in held.variables.values():
            if variable.type == "text" and variable.name in view.variables:
                size = view.package.frames[name][variable.name].str.encode("utf-8").str.len().max()
                longest[variable.name] = max(longest.get(variable.name, 1), 1 if size != size else int(size))
    for name, size in longest.items():
        declared = view.variables[name].length or 0
        if declared > size:
            yield Failure(name, f"its length is {declared}, its longest value has {size} bytes")
