"""The example study built once for all tests that break it."""

import pytest

from tests.validation.breaking import Built, made


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return made(tmp_path_factory.mktemp("built"), subjects=24)
