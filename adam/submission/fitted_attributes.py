"""Attributes of the files that follow from the data: lengths of text as long as the longest value, and display formats of numbers."""

from __future__ import annotations

from collections.abc import Mapping

from adam.planning.values import ResolvedDataset, ResolvedStudy, ResolvedVariable
from adam.submission.data_profile import DataProfile

NARROWEST, WIDEST = 8, 32
"""The width of a number that needs less, and the largest width of a SAS format w.d."""


def fitted_datasets(study: ResolvedStudy, datasets: Mapping[str, ResolvedDataset], profiles: Mapping[str, DataProfile]) -> dict[str, ResolvedDataset]:
    """Datasets with the lengths and formats that their files have; what the specification states is unchanged.

    A number that is not a whole number, and has no format in the specification, has one wide enough for every value. With `lengths: longest`
    a text is as long as its longest value.

    Args:
        study: its policy for lengths.
        datasets: the resolved datasets.
        profiles: the profile of each dataset.
    """
    formatted = {name: _with_formats(dataset, profiles[name]) if name in profiles else dataset for name, dataset in datasets.items()}
    return with_longest_lengths(formatted, profiles) if study.lengths == "longest" else formatted


def with_longest_lengths(datasets: Mapping[str, ResolvedDataset], profiles: Mapping[str, DataProfile]) -> dict[str, ResolvedDataset]:
    """Datasets whose text variables have the length of their longest value in all datasets, at least one byte.

    Source: FDA Study Data Technical Conformance Guide, length of variables.
    """
    longest: dict[str, int] = {}
    for part in profiles.values():
        longest |= {name: max(size, longest.get(name, 1)) for name, size in part.longest.items()}
    return {name: _with_lengths(dataset, longest) for name, dataset in datasets.items()}


def display_format(decimals: int, low: float, high: float) -> str:
    """The SAS format that shows every number from `low` to `high` with its decimals.

    >>> display_format(0, 0, 4), display_format(1, 4.0, 15.1), display_format(6, -100.0, 1250.5), display_format(12, -1e30, 0)
    ('8.', '8.1', '11.6', 'BEST32.')
    """
    width = max(NARROWEST, len(f"{low:.{decimals}f}"), len(f"{high:.{decimals}f}"))
    return f"{width}.{decimals or ''}" if width <= WIDEST else f"BEST{WIDEST}."


def _with_formats(dataset: ResolvedDataset, profile: DataProfile) -> ResolvedDataset:
    variables = {name: _with_format(variable, profile, "") for name, variable in dataset.variables.items()}
    parameters = {}
    for code, parameter in dataset.parameters.items():
        values = {name: _with_format(each, profile, code) for name, each in parameter.variables.items()}
        parameters[code] = parameter.model_copy(update={"variables": values})
    return dataset.model_copy(update={"variables": variables, "parameters": parameters})


def _with_format(variable: ResolvedVariable, profile: DataProfile, code: str) -> ResolvedVariable:
    if variable.type != "float" or variable.format:
        return variable
    key = (variable.name, code)
    low, high = profile.extremes.get(key, (0.0, 0.0))
    return variable.model_copy(update={"format": display_format(profile.decimals.get(key, 0), low, high)})


def _with_lengths(dataset: ResolvedDataset, longest: Mapping[str, int]) -> ResolvedDataset:
    variables = {
        name: variable.model_copy(update={"length": longest[name]}) if variable.type == "text" else variable
        for name, variable in dataset.variables.items()
    }
    parameters = {}
    for code, parameter in dataset.parameters.items():
        values = {name: each.model_copy(update={"length": variables[name].length}) for name, each in parameter.variables.items()}
        parameters[code] = parameter.model_copy(update={"variables": values})
    return dataset.model_copy(update={"variables": variables, "parameters": parameters})
