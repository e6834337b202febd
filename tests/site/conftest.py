"""The running site, as good as new for every test of it."""

from collections.abc import Iterator

import pytest

from tests.site.server import Site


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def site(running: Site) -> Site:
    running.reset()
    return running
