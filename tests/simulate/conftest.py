import datetime
from pathlib import Path

import pytest

from adam.simulate import simulate
from adam.spec.read import read

SPECS = Path(__file__).parents[2] / "specs" / "true_ad"


@pytest.fixture(scope="session")
def study():
    return read(SPECS)


def frames(study, **options):
    """Every file of the package: name of the domain to frame."""
    return {file.path.removesuffix(".xpt").upper(): file.frame() for file in simulate(study, **options) if "/" not in file.path}


@pytest.fixture(scope="session")
def exact(study):
    return frames(study, exact=True)


@pytest.fixture(scope="session")
def drawn(study):
    return frames(study)


@pytest.fixture(scope="session")
def as_of():
    return datetime.datetime(2021, 1, 15)
