"""The command as tests type it."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import Settings

Typed = Callable[..., str]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Type words after `newsfold`, on this test's own database, and return what it says; its errors are raised."""
    monkeypatch.setenv("NEWSFOLD_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")

    def run(*words: str, width: int = 160) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return run
