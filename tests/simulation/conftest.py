import pytest

from adam.specification.read import read
from tests.simulation.simulated import SPECS, frames


@pytest.fixture(scope="session")
def study():
    return read(SPECS)


@pytest.fixture(scope="session")
def exact(study):
    return frames(study, exact=True)


@pytest.fixture(scope="session")
def drawn(study):
    return frames(study)
