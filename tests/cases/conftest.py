import pytest

from tests.cases.built import Built, build


@pytest.fixture(scope="session")
def messy_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("messy")


@pytest.fixture(scope="session")
def messy(messy_folder) -> Built:
    """One public build of a few ordinary subjects and every edge case."""
    return build(messy_folder, "--subjects", "12", "--edge-cases")
