import pytest

from tests.cases.built import Built, build


@pytest.fixture(scope="session")
def messy(tmp_path_factory) -> Built:
    """One public build of a few ordinary subjects and every edge case."""
    return build(tmp_path_factory.mktemp("messy"), "--subjects", "12", "--edge-cases")
