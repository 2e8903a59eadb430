"""Variables that a dataset prepares in a domain for itself: they become variables of the domain that only its formulas see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adam.specification.models import SourceUse, Variable
from adam.specification.study import Study

PREPARED_FOR = " of "
"""Between the name of such a variable and its dataset, `DURD of ADEX`, so that two datasets can have a DURD each."""


def with_prepared(study: Study) -> Study:
    """The study with the variables of `sources:` of its datasets among those of the domains."""
    sources = dict(study.sources)
    for dataset in study.datasets.values():
        for domain, variables in dataset.sources.items():
            mark = next((each.mark for each in variables.values()), dataset.mark)
            use = sources.get(domain) or SourceUse(name=domain, mark=mark)
            own = {name: each.model_copy(update={"name": name}) for name, each in _named(variables, dataset.name)}
            sources[domain] = use.model_copy(update={"variables": {**use.variables, **own}})
    if not any(dataset.sources for dataset in study.datasets.values()):
        return study
    datasets = {name: dataset.model_copy(update={"sources": {}}) if dataset.sources else dataset for name, dataset in study.datasets.items()}
    return study.model_copy(update={"sources": sources, "datasets": datasets})


def _named(variables: dict[str, Variable], dataset: str) -> Iterator[tuple[str, Variable]]:
    return ((f"{name}{PREPARED_FOR}{dataset}", each) for name, each in variables.items())


def for_one_dataset(study: Study) -> frozenset[tuple[str, str]]:
    """The domain and the name of each variable that is prepared for one dataset."""
    return frozenset((use.name, name) for use in study.sources.values() for name in use.variables if PREPARED_FOR in name)


def plain(name: str) -> str:
    """The name as formulas have it.

    >>> plain("DURD of ADEX"), plain("EXDOSE")
    ('DURD', 'EXDOSE')
    """
    return name.partition(PREPARED_FOR)[0]


def seen_by(names: Iterable[str], dataset: str) -> Iterator[str]:
    """The prepared variables that formulas of a dataset see, each with its plain name.

    >>> list(seen_by(["STDT", "DURD of ADEX", "DOSE of ADCM"], "ADEX"))
    ['STDT', 'DURD']
    """
    return (plain(name) for name in names if name.partition(PREPARED_FOR)[2] in ("", dataset))
