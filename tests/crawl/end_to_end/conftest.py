"""One site for all of these crawls, desks to crawl it from, and a crawl of the whole of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.conftest import _administer
from tests.crawl.end_to_end.harness import SITE_EVENT, Desk, Ended
from tests.site.server import Record, Site

NewDesk = Callable[..., Desk]


@dataclass(frozen=True)
class Whole:
    """A crawl of the whole site: its desk, how it ended, and the requests that it made."""

    desk: Desk
    ended: Ended
    requests: tuple[Record, ...]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The local site. It is not reset between tests, so that they can share crawls."""
    with Site() as site:
        yield site


@pytest.fixture(scope="session")
def new_desk(
    server_url: str, _template: str, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDesk]:
    """Make a desk with a home and a migrated database of its own, or one that goes on where another one is."""
    made: dict[str, Desk] = {}

    def make(like: Desk | None = None, at: Site = site) -> Desk:
        name, home, template = f"crawl_{os.urandom(6).hex()}", tmp_path_factory.mktemp("home"), _template
        if like is not None:
            like.close()
            template = next(name for name, desk in made.items() if desk is like)
            shutil.copytree(like.home, home, dirs_exist_ok=True)
        _administer(server_url, f"create database {name} template {template}")
        made[name] = Desk(home, server_url.replace("/newsfold?", f"/{name}?"), at)
        return made[name]

    yield make
    for name, desk in made.items():
        desk.close()
        _administer(server_url, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def whole(new_desk: NewDesk, site: Site) -> Whole:
    """The whole site, crawled once; to be looked at, not crawled on."""
    desk = new_desk()
    begin = len(site.requests)
    ended = desk.crawl(desk.event(SITE_EVENT))
    return Whole(desk, ended, tuple(site.requests[begin:]))
