"""The command, as a person and a program use it: real processes, a real database."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import typer.main
from sqlalchemy import Engine

from pipeline.cli import app
from pipeline.settings import CHECKOUT, Settings
from pipeline.store import queries
from tests.builders import prose
from tests.conftest import SEEDS

# Processes are slow to start; most of what they do is tested on both servers further down.
on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

NEWSFOLD = Path(sys.executable).parent / "newsfold"


def _runner(database_url: str, home: Path) -> Any:
    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {**os.environ, "DATABASE_URL": database_url, "NEWSFOLD_HOME": str(home)}
        return subprocess.run(
            [NEWSFOLD, *words], capture_output=True, text=True, env={**given, **environment}, check=False
        )

    return run


@pytest.fixture
def newsfold(database_url: str, tmp_path: Path) -> Any:
    """Run the command on this test's own database; returns the finished process."""
    return _runner(database_url, tmp_path / "home")


@pytest.fixture(scope="module")
def seeded(module_settings: Settings) -> Any:
    """Run the command on a database that has the seeds; for tests that only read."""
    run = _runner(str(module_settings.database_url), module_settings.home)
    assert run("seeds").returncode == 0
    return run


def test_seeds_shows_every_hash_story_and_relation(newsfold: Any) -> None:
    done = newsfold("seeds")
    assert done.returncode == 0, done.stderr
    for path in SEEDS.glob("*.txt"):
        assert path.stem.split("_")[1] in done.stdout
    for said in ("5 new", "5 documents", "4 stories", "6 relations", "contained in"):
        assert said in done.stdout


@on_18
def test_a_second_import_says_that_nothing_changed(seeded: Any) -> None:
    done = seeded("seeds")
    assert done.returncode == 0
    assert "Nothing changed" in done.stdout


@on_18
def test_bad_input_is_exit_code_2_and_the_rest_is_imported(newsfold: Any, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    (folder / "100_empty.txt").touch()
    done = newsfold("seeds", str(folder))
    assert done.returncode == 2
    assert "The file is empty" in done.stdout
    assert len(json.loads(newsfold("documents", "--json").stdout)) == 5
    [run] = json.loads(newsfold("runs", "--json").stdout)
    assert run["outcomes"] == {"failed": 1, "new": 5}


@on_18
def test_an_altered_seed_under_its_own_name_is_refused(newsfold: Any, tmp_path: Path) -> None:
    newsfold("seeds")
    folder = tmp_path / "altered"
    folder.mkdir()
    original = (SEEDS / "002_7cafe23a3f42adf9.txt").read_text()
    (folder / "002_7cafe23a3f42adf9.txt").write_text(original.replace("two", "three"))
    done = newsfold("seeds", str(folder))
    assert done.returncode == 2
    assert "refused (hash-bound)" in done.stdout
    assert str(folder) in done.stdout
    assert "https://newscop.com.au/?p=24693" in done.stdout


@on_18
def test_show_prints_facts_text_and_every_removed_line_with_its_rule(seeded: Any) -> None:
    shown = seeded("show", "b089").stdout
    for said in (
        "b089da3e3180315c (declared)",
        "https://en.interfax.com.ua/news/general/1031892.html",
        "2024-12-04 16:28 Europe/Kyiv (banner: 16:28 04.12.2024)",
        "8 lines removed",
        "repeated-headline",
        "ad-marker",
    ):
        assert said in shown
    row = json.loads(seeded("show", "b089", "--json").stdout)
    assert [line["rule"] for line in row["articles"][0]["removed"]].count("ad-marker") == 4
    assert row["articles"][0]["published"]["at"] == "2024-12-04T14:28:00+00:00"


@on_18
@pytest.mark.parametrize(("listing", "rows"), [("documents", 5), ("stories", 4), ("relations", 6)])
def test_every_listing_has_its_facts_as_json(newsfold: Any, seeded: Any, listing: str, rows: int) -> None:
    assert json.loads(newsfold(listing, "--json").stdout) == []
    assert len(json.loads(seeded(listing, "--json").stdout)) == rows
    assert seeded(listing).returncode == 0


@on_18
def test_the_relations_of_one_document(seeded: Any) -> None:
    rows = json.loads(seeded("relations", "3751", "--json").stdout)
    assert {row["kind"] for row in rows} == {"contains", "quotes"}
    assert all("3751b706b1349350" in (row["shorter"], row["longer"]) for row in rows)


@on_18
@pytest.mark.parametrize(
    ("words", "environment", "code", "says"),
    [
        (["show", "feed"], {}, 1, "No document's content hash begins with feed"),
        (["seeds", "/nowhere"], {}, 1, "cannot be read"),
        (["runs", "99"], {}, 1, "There is no run 99"),
        (["documents"], {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/x"}, 1, "does not answer"),
        (["documents"], {"DATABASE_URL": "mysql://localhost/x"}, 1, "needs PostgreSQL"),
        (["nonsense"], {}, 64, "nonsense"),
        (["show"], {}, 64, "HASH"),
    ],
)
def test_errors_are_sentences_with_an_exit_code(
    newsfold: Any, words: list[str], environment: dict[str, str], code: int, says: str
) -> None:
    done = newsfold(*words, **environment)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@on_18
def test_a_database_of_a_newer_newsfold_is_refused(newsfold: Any) -> None:
    newsfold("db", "psql", "-c", "update alembic_version set version_num = '9999'")
    done = newsfold("seeds")
    assert done.returncode == 1
    assert "9999" in done.stderr
    assert "newer" in done.stderr


def test_an_empty_database_of_ones_own_is_built_only_when_asked(
    newsfold: Any, blank_database_url: str
) -> None:
    refused = newsfold("documents", DATABASE_URL=blank_database_url)
    assert refused.returncode == 1
    assert "newsfold db upgrade" in refused.stderr
    assert newsfold("db", "upgrade", DATABASE_URL=blank_database_url).returncode == 0
    assert newsfold("documents", DATABASE_URL=blank_database_url).returncode == 0


@on_18
def test_db_status_url_and_psql_speak_of_the_same_database(newsfold: Any, database_url: str) -> None:
    assert newsfold("db", "url").stdout.strip() == database_url
    assert json.loads(newsfold("db", "status", "--json").stdout)["documents"] == 0
    assert newsfold("db", "psql", "-tAc", "select current_database()").stdout.strip() in database_url


@on_18
def test_the_embedded_server_starts_by_itself_and_stops_when_told(newsfold: Any, tmp_path: Path) -> None:
    home = {"DATABASE_URL": "", "NEWSFOLD_HOME": str(tmp_path / "a home, with 'odd' signs")}
    assert "not running" in newsfold("db", "status", **home).stdout
    assert newsfold("documents", **home).returncode == 0
    assert "PostgreSQL 18" in newsfold("db", "status", **home).stdout
    assert "is stopped" in newsfold("db", "stop", **home).stdout
    assert "was not running" in newsfold("db", "stop", **home).stdout


def _commands() -> list[list[str]]:
    """Every command of the application, as the words that call it."""
    group = typer.main.get_command(app)
    found = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found += [[name, sub] for sub in inner] if inner else [[name]]
    return found


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_every_command_is_in_the_readme(words: list[str]) -> None:
    readme = (CHECKOUT / "README.md").read_text("utf-8")
    commands = readme.split("\n## Commands\n")[1].split("\n## ")[0]
    assert re.search(rf"^\| `newsfold {' '.join(words)}\b[^|`]*` \| \S", commands, re.MULTILINE), (
        f"README.md has no line for newsfold {' '.join(words)} in its table of commands"
    )


@on_18
def test_help_needs_no_database(newsfold: Any) -> None:
    done = newsfold("--help", DATABASE_URL="nonsense")
    assert done.returncode == 0
    assert "seeds" in done.stdout


@on_18
def test_ctrl_c_is_a_sentence_and_the_next_import_finishes(
    database_url: str, engine: Engine, tmp_path: Path, newsfold: Any
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_text(prose(number, 200))
    process = subprocess.Popen(
        [NEWSFOLD, "seeds", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": database_url, "NEWSFOLD_HOME": str(tmp_path / "home")},
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and not queries.list_documents(engine):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped" in said
    assert newsfold("seeds", str(folder)).returncode == 0
    assert len(json.loads(newsfold("stories", "--json").stdout)) == 300
    assert json.loads(newsfold("runs", "--json").stdout)[1]["status"] == "interrupted"


@on_18
@pytest.mark.parametrize("words", [["show", "0aa8"], ["relations", "--json"]], ids=" ".join)
def test_a_reader_that_has_seen_enough_is_no_error(
    module_settings: Settings, seeded: Any, words: list[str]
) -> None:
    del seeded  # it is the database that matters
    home = {
        "DATABASE_URL": str(module_settings.database_url),
        "NEWSFOLD_HOME": str(module_settings.home),
    }
    process = subprocess.Popen(
        [NEWSFOLD, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **home}
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
