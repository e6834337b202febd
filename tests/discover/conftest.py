"""The running site, for the tests that read its pages."""

from tests.site.conftest import running, site

__all__ = ["running", "site"]
