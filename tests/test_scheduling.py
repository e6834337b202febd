"""The crontab, the systemd units, and what the documents say one may type: against the real command, and run."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from scrapy.settings import Settings as ScrapySettings
from scrapy.spiderloader import SpiderLoader

from pipeline.cli import app
from pipeline.commands.base import EXIT_BUSY, EXIT_ENDED
from pipeline.events import _CRAWL_KEYS, _EVENT_KEYS, _OPTIONS, read_event
from pipeline.outlets import SOURCE_KEYS
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.analyst import drop_login, make_login
from pipeline.store.database import open_database
from pipeline.store.server import embedded_binaries
from pipeline.store.shelf import count_all
from tests.builders import arrival, prose, take_in
from tests.crawl.end_to_end.harness import Desk, event_of
from tests.site.conftest import running, site
from tests.site.server import Site

__all__ = ["running", "site"]  # the fixtures

BIN = Path(sys.executable).parent
CRONTAB = CHECKOUT / "docs" / "crontab"
UNITS = sorted((CHECKOUT / "docs" / "systemd").iterdir())
DOCUMENTS = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
INSTALLED = "/opt/newsfold/.venv/bin"

ENDED_BY_TIMEOUT = 124
_KEPT_PLACES = {"RUN": "1", "N": "1"}
"""What stands for a number in the documents."""


def _unit(path: Path) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#", ";"))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text())
    return unit


def _entries() -> list[str]:
    """The crontab's commands."""
    lines = [line for line in CRONTAB.read_text().splitlines() if re.match(r"[\d*]", line)]
    for line in lines:
        assert "%" not in line, "cron ends the command at a per cent sign"
    return [line.split(maxsplit=5)[5] for line in lines]


def _variables() -> dict[str, str]:
    """What the crontab sets."""
    return dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", CRONTAB.read_text()))


def _code(document: str) -> Iterator[str]:
    """Lines of code blocks, and code within sentences."""
    is_fenced = False
    for line in document.splitlines():
        if line.startswith("```"):
            is_fenced = not is_fenced
        elif is_fenced or line.startswith("    "):
            yield line.strip()
        else:
            yield from re.findall(r"`([^`]+)`", line)


def _commands(line: str) -> Iterator[list[str]]:
    """The arguments of each newsfold that a shell's line calls."""
    for inner in re.findall(r"\$\(([^)]*)\)", line):
        yield from _commands(inner)
    lexer = shlex.shlex(line.replace("[", "").replace("]", ""), posix=True, punctuation_chars=True)
    lexer.wordchars += ":"  # addresses are one word, as for a shell
    words = list(lexer)
    while words:
        word = words.pop(0)
        if Path(word).name != "newsfold" or (words and words[0] in {":", "/"}):
            continue
        arguments: list[str] = []
        while words and not set(words[0]) <= set("|;&<>()"):
            arguments.append(words.pop(0))
        yield arguments


def _parse(arguments: list[str]) -> None:
    """Parse arguments as newsfold would, without doing anything."""
    command: Any = typer.main.get_command(app)
    given = [_KEPT_PLACES.get(word, word) for word in arguments if word != "--help"]
    context = command.make_context("newsfold", list(given), resilient_parsing=True)
    while hasattr(command, "commands"):
        if not given:
            return
        name = given.pop(0)
        if name == "--version":
            return
        if name.startswith("-"):  # of a group that does something by itself
            command.make_context(arguments[0], [name, *given], parent=context, resilient_parsing=True)
            return
        assert name in command.commands, f"newsfold has no command {name!r}: {arguments}"
        command = command.commands[name]
        if not hasattr(command, "commands"):
            command.make_context(name, list(given), parent=context)


def _said() -> list[tuple[str, str]]:
    """Every newsfold command line that a document, a unit or the crontab has, with where."""
    lines = [(path.name, line) for path in DOCUMENTS for line in _code(path.read_text())]
    lines += [(CRONTAB.name, entry) for entry in _entries()]
    for path in UNITS:
        service = _unit(path)
        for key in ("ExecStart", "ExecStop"):
            lines += [(path.name, service.get("Service", key))] if service.has_option("Service", key) else []
    starts = re.compile(r"(^|[\s/(])newsfold\s+[a-z-]")
    others = re.compile(r"(useradd|sudo|chown)\b")
    return [(name, line) for name, line in lines if starts.search(line) and not others.match(line)]


@pytest.mark.parametrize(("where", "line"), _said())
def test_every_command_line_in_the_documents_parses(where: str, line: str) -> None:
    found = list(_commands(line))
    assert found, (where, line)
    for arguments in found:
        _parse(arguments)


@pytest.mark.parametrize(
    "wrong", ["newsfold crawl --every", "newsfold crowl", "newsfold db start", "newsfold show"]
)
def test_a_wrong_command_line_does_not_parse(wrong: str) -> None:
    [arguments] = _commands(wrong)
    with pytest.raises(Exception, match=r"--every|crowl|start|HASH|content_hash"):
        _parse(arguments)


def test_the_spiders_and_their_arguments_in_the_documents_exist() -> None:
    settings = ScrapySettings({"SPIDER_MODULES": ["spiders"]})
    known = set(SpiderLoader.from_settings(settings).list())
    named = [
        found
        for path in DOCUMENTS
        for line in _code(path.read_text())
        if (found := re.search(r"scrapy crawl (\w+)((?: -a \w+=\S+)*)", line))
    ]
    assert named
    for found in named:
        assert found[1] in known
        assert set(re.findall(r"-a (\w+)=", found[2])) <= {"source", "event", "limit", "url"}


def test_the_files_that_the_documents_name_exist() -> None:
    for path in DOCUMENTS:
        text = path.read_text()
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        assert all((path.parent / link).exists() for link in links), (path, links)
        roots = "pipeline|spiders|tests|seeds|docs|migrations|benchmarks"
        for code in _code(text):
            for named in re.findall(rf"(?<![\w./-])((?:{roots})/[\w./-]*\w/?)", code):
                assert (CHECKOUT / named).exists(), (path.name, named)


def test_the_variables_that_are_named_are_read_somewhere() -> None:
    folders = (CHECKOUT / "pipeline", CHECKOUT / "tests")
    source = "".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    texts = [path.read_text() for path in [*DOCUMENTS, CRONTAB, *UNITS]]
    named = {name for text in texts for name in re.findall(r"\bNEWSFOLD_[A-Z]+(?:_[A-Z]+)*\b", text)}
    assert {"NEWSFOLD_HOME", "NEWSFOLD_CONTACT"} <= named
    for name in named:
        assert f'"{name}"' in source, name


def test_the_crontab_in_the_document_is_the_one_in_the_file() -> None:
    said = (CHECKOUT / "docs" / "scheduling.md").read_text()
    lines = [line for line in CRONTAB.read_text().splitlines() if line and not line.startswith("#")]
    assert "\n".join(f"    {line}" for line in lines) in said


def test_the_event_files_in_the_documents_are_right_and_show_every_key(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "crawling.md").read_text()
    shown = [textwrap.dedent(block) for block in re.findall(r"(?ms)^ *```toml\n(.*?)```", text)]
    assert len(shown) == 2
    for number, block in enumerate(shown):
        path = tmp_path / f"{number}.toml"
        path.write_text(block)
        assert read_event(path).sources
    keys = _EVENT_KEYS | SOURCE_KEYS | (_CRAWL_KEYS - {"way"}) | set().union(*_OPTIONS.values())
    for key in keys | {"times", "least", "addresses", "address", "source"}:
        assert re.search(rf"(?m)^{key} = ", shown[0]), key
    for way in _OPTIONS:
        assert f'way = "{way}"' in shown[0], way


def test_the_reasons_that_a_crawl_may_give_are_explained() -> None:
    explained = set(re.findall(r"`([a-z0-9-]+)`", (CHECKOUT / "docs" / "crawling.md").read_text()))
    folders = ("crawl", "clean", "archive", "store")
    paths = [path for folder in folders for path in (CHECKOUT / "pipeline" / folder).glob("*.py")]
    # What refuses an analyst, and no crawl.
    for name in ("analyst", "asking", "exporting", "overtime", "reader", "rulings", "searchwords"):
        paths.remove(CHECKOUT / "pipeline" / "store" / f"{name}.py")
    paths += [CHECKOUT / "pipeline" / "judge.py", CHECKOUT / "pipeline" / "prepare.py"]
    given = re.compile(
        r"(?:Quarantine|Refuse|Trouble|Judgement|Owned|super\(\)\.__init__|explain_left)"
        r'\(\s*(?:[\w.]+,\s*)*"([a-z]+(?:-[a-z]+)*)",'
    )
    found = {reason for path in paths for reason in given.findall(path.read_text())}
    assert {"robots", "challenge", "limit", "foreign-host", "hash-bound", "denied"} <= found
    assert found - explained == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_says_what_its_kind_must(path: Path) -> None:
    unit = _unit(path)
    assert unit.get("Unit", "Description")
    if path.suffix == ".timer":
        assert unit.getboolean("Timer", "Persistent")
        assert (path.parent / f"{path.stem}.service").exists()
        assert unit.get("Install", "WantedBy") == "timers.target"
        return
    assert unit.get("Service", "Type") == "oneshot"
    for key in ("After", "Requires", "OnFailure"):
        for named in unit.get("Unit", key, fallback="").split():
            template = re.sub(r"@.*\.", "@.", named)
            assert (path.parent / template).exists() or named.endswith(".target"), named


def test_the_crawls_unit_ends_it_as_it_wants_to_be_ended() -> None:
    service = _unit(CHECKOUT / "docs" / "systemd" / "newsfold-crawl.service")["Service"]
    assert service["SuccessExitStatus"].split() == [str(EXIT_BUSY), str(EXIT_ENDED)]
    assert service["KillSignal"] == "SIGTERM"
    assert service["KillMode"] == "mixed"
    home = service["Environment"].partition("=")[2]
    assert home in service["ReadWritePaths"].split()


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed (apt install systemd)"
)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # It looks whether the programs are there.
        (tmp_path / path.name).write_text(path.read_text().replace(INSTALLED, str(BIN)))
    for path in UNITS:
        done = subprocess.run(
            [
                shutil.which("systemd-analyze") or "",
                "verify",
                "--recursive-errors=no",
                str(tmp_path / path.name),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        said = [line for line in done.stderr.splitlines() if path.name in line]
        assert done.returncode == 0, done.stderr
        assert said == []


@pytest.fixture
def desk(database_url: str, tmp_path: Path, site: Site) -> Iterator[Desk]:
    """A database and a home of this test's own."""
    desk = Desk(tmp_path / "home", database_url, site)
    yield desk
    desk.close()


def _environment(desk: Desk) -> dict[str, str]:
    """What cron would set, with this test's places."""
    given = _variables()
    return given | {
        "PATH": given["PATH"].replace(INSTALLED, str(BIN)),
        "NEWSFOLD_HOME": str(desk.home),
        "NEWSFOLD_ALLOW_LOOPBACK": "1",
        "DATABASE_URL": desk.database_url or "",
        "HOME": os.environ["HOME"],
    }


@pytest.mark.skipif(shutil.which("flock") is None, reason="flock is not installed (apt install util-linux)")
@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_the_crontabs_line_runs_once_at_a_time_and_is_ended_with_everything_stored(
    desk: Desk, site: Site
) -> None:
    event = desk.event(event_of("agency", "syndicator", delay=1.5))
    crawl, stale = _entries()
    short = crawl.replace("--kill-after=2m 2h", "--kill-after=20 15")
    assert short != crawl
    given: dict[str, Any] = {"env": _environment(desk), "stdout": -1, "stderr": -1, "text": True, "cwd": "/"}
    command = f"{short} --event {event}"
    begun = len(site.requests)
    first = subprocess.Popen(["/bin/sh", "-c", command], **given)
    until = time.monotonic() + 15
    while len(site.requests) == begun:
        assert time.monotonic() < until
        assert first.poll() is None, first.communicate()
        time.sleep(0.05)

    began = time.monotonic()
    second = subprocess.run(["/bin/sh", "-c", command], check=False, **given)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert time.monotonic() - began < 2

    said, complained = first.communicate(timeout=40)
    assert first.returncode == ENDED_BY_TIMEOUT
    assert "Traceback" not in complained
    assert "Stopping" in complained
    assert "left" in said
    # Whatever was answered is stored; whatever was not is left to the next crawl, and nobody holds it.
    closed = {address for address, row in desk.ledger().items() if row.outcome != "left"}
    archived = desk.archived()
    assert archived
    assert set(archived) <= closed
    assert desk.rows("select id from frontier where run_id is not null") == []
    assert "left" in desk.outcomes()

    # And the alert has nothing to say of what was crawled today, and much of what never was.
    alert = subprocess.run(["/bin/sh", "-c", f"{stale} --event {event}"], check=False, **given)
    assert (alert.returncode, alert.stdout, alert.stderr) == (0, "", "")
    other = desk.event(event_of("wire").replace("northern-compact-2024-12", "other"), "other")
    alert = subprocess.run(["/bin/sh", "-c", f"{stale} --event {other}"], check=False, **given)
    assert alert.returncode == 2
    assert "wire has never been crawled" in alert.stderr


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_what_is_backed_up_as_the_document_says_is_restored_where_no_login_is_known(
    database_url: str, blank_database_url: str, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "home", database_url)
    engine = open_database(settings)
    take_in(engine, settings.archive, arrival("https://a.test/1", prose(1)))
    held = count_all(engine)
    make_login(engine, "leaver")  # its rights are in the database, and it itself is the server's
    try:
        _as_documented("pg_dump", database_url, tmp_path)
    finally:
        drop_login(engine, "leaver")
        engine.dispose()
    assert _as_documented("pg_restore", blank_database_url, tmp_path) == ""
    restored = open_database(Settings(tmp_path / "other", blank_database_url))
    assert count_all(restored) == held
    assert held["documents"] == 1
    make_login(restored, "leaver")
    drop_login(restored, "leaver")
    restored.dispose()


def _as_documented(program: str, url: str, backup: Path) -> str:
    """Run the document's line that calls a program, and return what it complained of."""
    if not (embedded_binaries() / program).exists():
        pytest.skip(f"the embedded server has come without its {program}")
    document = (CHECKOUT / "docs" / "scheduling.md").read_text()
    [line] = [line for line in _code(document) if line.startswith(f'"$bin/{program}" ')]
    assert "/backup/newsfold.dump" in line
    assert '"$(newsfold db url)"' in line
    command = line.replace("/backup/", f"{shlex.quote(str(backup))}/").replace("$(newsfold db url)", "$url")
    environment = {"bin": str(embedded_binaries()), "url": url, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
