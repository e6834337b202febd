"""newsfold rules and newsfold furniture, as they are typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from pipeline.clean.catalogue import catalogue
from pipeline.commands.rules import furniture_app, rules_app
from pipeline.errors import NotFound, SetupError
from pipeline.settings import Settings
from pipeline.store.models import RemovedLine
from pipeline.trial import read_trial
from tests.store.test_furniture import HEAD, TAIL, capture, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

RULE = """
[[rule]]
name = "slogan"
where = "head"
pattern = '''Skogsbladet – .*'''
reason = "The paper's slogan."
"""


@pytest.fixture
def typed(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """The commands, on a database with ten pages of a host."""
    monkeypatch.setenv("NEWSFOLD_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("COLUMNS", "160")
    take_in(engine, settings, *(capture(number) for number in range(1, 11)))

    def run(app, *words: str) -> str:
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0
        return result.output

    return run


def removed_lines(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(RemovedLine)) or 0


def test_rules_lists_every_rule_with_class_place_and_reason(typed) -> None:
    listed = {row["rule"]: row for row in json.loads(typed(rules_app, "--json"))}
    known = {rule.name for rule in catalogue().rules}
    known |= {rule.name for own in catalogue().hosts.values() for rule in own.rules}
    assert listed.keys() == known
    assert listed["own-link"]["class"] == "judged"
    assert listed["monitor-independence"]["host"] == "monitor.test"
    assert "own-link" in typed(rules_app)


def test_rules_tells_hits_by_host_and_the_last_lines(typed, engine: Engine, settings: Settings) -> None:
    late = capture(30)
    body = late.body.replace(b"</article>", b"<p>#moss #snow</p></article>").replace(TAIL.encode(), b"AD")
    take_in(engine, settings, type(late)(late.address, body, "text/html", late.captured_at))
    row = next(row for row in json.loads(typed(rules_app, "--json")) if row["rule"] == "hashtags")
    assert (row["hits"], row["hosts"], row["last"]) == (1, {"odd.test": 1}, ["#moss #snow"])
    other = json.loads(typed(rules_app, "--host", "other.test", "--json"))
    assert {row["hits"] for row in other} == {0}
    assert "monitor-independence" not in {row["rule"] for row in other}


def test_rules_test_shows_what_would_go_and_writes_nothing(typed, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "slogan.toml"
    file.write_text(RULE)
    said = json.loads(typed(rules_app, "test", str(file), "--json"))
    assert said["documents"] == 10
    assert [[line["text"] for line in one["removed"]] for one in said["changed"]] == [[HEAD]] * 10
    assert removed_lines(engine) == 0
    words = typed(rules_app, "test", str(file), "--limit", "3")
    assert "Tried on 3 captures: 3 more lines would be removed, 0 would not be any more." in words
    assert "Nothing was written" in words


def test_rules_test_of_a_host_holds_there_alone(typed, tmp_path: Path) -> None:
    file = tmp_path / "host.toml"
    for host, changed in (("odd.test", 10), ("other.test", 0)):
        file.write_text(f"host = '{host}'\npage = 'saved.html'\n{RULE}")
        assert len(json.loads(typed(rules_app, "test", str(file), "--json"))["changed"]) == changed


def test_a_rule_that_is_tried_in_the_place_of_another_shows_what_would_stay(
    typed, engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    late = capture(30)
    body = late.body.replace(TAIL.encode(), b"#moss #snow")
    take_in(engine, settings, type(late)(late.address, body, "text/html", late.captured_at))
    file = tmp_path / "hashtags.toml"
    file.write_text(RULE.replace("slogan", "hashtags").replace("Skogsbladet – .*", "#nothing"))
    [changed] = json.loads(typed(rules_app, "test", str(file), "--json"))["changed"]
    assert [line["text"] for line in changed["kept"]] == ["#moss #snow"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[[rule]", "cannot be used"),
        ("", "no rules"),
        (RULE.replace("Skogsbladet – .*", "("), "no sound pattern"),
        (RULE + "class = 'judged'\n", "no evidence"),
        (RULE + "evidence = ['moonlight']\n", "moonlight"),
        (RULE.replace('name = "slogan"\n', ""), "no name"),
        (RULE.replace("pattern = '''Skogsbladet – .*'''", "sign = 'zodiac'"), "zodiac"),
    ],
)
def test_a_file_of_rules_that_cannot_be_used_is_told(
    tmp_path: Path, toml: str, says: str, server_url: str
) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(toml)
    with pytest.raises(SetupError, match=says):
        read_trial(file)


def test_furniture_is_learned_listed_and_forgotten(typed) -> None:
    assert "`newsfold furniture learn` looks through what is stored" in typed(furniture_app)
    assert "odd.test: 2 blocks recur in 10 distinct stories, 2 of them new." in typed(furniture_app, "learn")
    rows = json.loads(typed(furniture_app, "list", "--json"))["lines"]
    assert {row["lines"][0] for row in rows} == {HEAD, TAIL}
    assert "10 of 10" in typed(furniture_app, "list")
    number = next(str(row["id"]) for row in rows if row["lines"] == [HEAD])
    assert HEAD in typed(furniture_app, "forget", number)
    assert "forgotten" in typed(furniture_app, "list")
    typed(furniture_app, "forget", number, "--undo")
    assert {row["forgotten_at"] for row in json.loads(typed(furniture_app, "list", "--json"))["lines"]} == {
        None
    }
    with pytest.raises(NotFound):
        typed(furniture_app, "forget", "999")
