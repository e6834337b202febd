"""The running site, for the crawls."""

from tests.site.conftest import running, site

__all__ = ["running", "site"]
