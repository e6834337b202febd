"""The demonstration, as `make demo` runs it."""

import os
import subprocess
import sys
from pathlib import Path

from pipeline.settings import CHECKOUT
from tests.site import demo, truth


def _demonstrate(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.site.demo", "--home", str(home)],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "COLUMNS": "120", "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"},
        check=False,
    )


def test_the_demonstration_shows_what_is_true_of_the_site_and_stops_what_it_started(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    (home / demo.MARK).touch()
    (home / "archive").mkdir()
    (home / "archive" / "of-an-earlier-one").touch()
    done = _demonstrate(home)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    on_topic = sum(article.relevance == "on" for article in truth.articles())
    outlets = len(truth.OUTLETS)
    assert f"What you saw: {on_topic} articles of {outlets} outlets" in done.stdout
    assert "leads: " in done.stdout
    assert "unset DATABASE_URL" in done.stdout
    assert not (home / "archive" / "of-an-earlier-one").exists()
    assert list(home.rglob("postmaster.pid")) == []
    assert [line for line in done.stdout.splitlines() if "…" in line] == []


def test_a_folder_that_no_demonstration_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").touch()
    done = _demonstrate(tmp_path)
    assert done.returncode == 1
    assert "no demonstration made it" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letters"]
