"""The commands that ask, as they are typed."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine

from pipeline.errors import NotFound, Refuse, SetupError
from pipeline.settings import Settings
from tests.builders import arrival, prose, take_in
from tests.commands.conftest import Typed

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_TEXT = prose(1, 120)


@pytest.fixture
def typed(engine: Engine, settings: Settings, run: Typed) -> Typed:
    """The command, on a database with two copies of which neither states a date."""
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/1", f"A shadow fleet was seen.\n{_TEXT}", title="[bold]Cables[/bold]"),
        arrival("https://b.test/1", f"{_TEXT}\nOur own line is this one here."),
    )

    return run


def test_what_is_asked_is_shown_to_people_and_to_programs(typed, tmp_path: Path) -> None:
    for width in (160, 80):
        shown = typed("search", '"shadow fleet" -zebra', width=width)
        assert "[bold]Cables[/bold]" in shown
        assert "1 of 1 found." in shown
        assert max(map(len, (shown + typed("quotes", width=width)).splitlines())) <= width
    assert json.loads(typed("search", "fleet", "--json"))["hits"][0]["title"] == "[bold]Cables[/bold]"
    assert typed("search", "zebra").startswith("Nothing was found.")
    assert typed("search", "fleet", "-cables").startswith("Nothing was found.")
    assert "No such option: --sorce" in typed("search", "fleet", "--sorce", "a")
    with pytest.raises(NotFound, match="no source 'nobody'; it has"):
        typed("search", "fleet", "--source", "nobody")
    assert "gives no rows" not in typed("sql", "-c", "select 1 as one")
    rows = list(csv.reader(io.StringIO(typed("sql", "--csv", "-c", "select 'a,b' as x, null as y"))))
    assert rows == [["x", "y"], ["a,b", ""]]
    listed = typed("sql", "--csv", "-c", "select array['a', 'b'] as x, true as y, date '2024-12-04' as z")
    assert listed == "x,y,z\na; b,true,2024-12-04\n"
    assert json.loads(typed("sql", "--json", "-c", "select date '2024-12-04' as day")) == [
        {"day": "2024-12-04"}
    ]
    assert len(json.loads(typed("quotes", "--json"))) == 4
    assert typed("timeline").startswith("No article that states a date.")
    assert "2 articles without a date" in typed("timeline")


def test_an_answer_is_neither_markup_nor_a_command_to_the_terminal(typed) -> None:
    asked = """select U&'\\001b]0;owned\\0007 \\009b31m red' as "[/red]", E'two\\nlines' as "\x1b[2J" """
    shown = typed("sql", "-c", asked)
    assert "[/red]" in shown
    assert "]0;owned" in shown
    assert re.search(r"red +two *\n +lines", shown)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
    assert max(map(len, shown.splitlines())) == min(map(len, shown.splitlines()))


def test_a_plot_is_written_as_svg_and_a_place_that_cannot_be_is_named(
    typed, engine: Engine, tmp_path: Path
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "update version set published_on = '2024-12-04', published_origin = 'declared', published_is_guess = false"
        )
    shown = typed("timeline", "--svg", str(tmp_path / "t.svg"), "--png", str(tmp_path / "t.png"))
    assert shown.startswith(f"Wrote {tmp_path / 't.svg'} and {tmp_path / 't.png'}.")
    assert etree.parse(str(tmp_path / "t.svg")).getroot().tag.endswith("svg")
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG\r\n")
    assert "2024-12-04 2 █" in typed("timeline")
    assert re.search(r"2024-12-04 story \d+ +2 █", typed("timeline", "--by", "story"))
    with pytest.raises(SetupError, match="Name another file"):
        typed("timeline", "--svg", str(tmp_path / "none" / "t.svg"))


def test_what_is_asked_wrongly_is_refused_in_a_sentence(typed) -> None:
    with pytest.raises(Refuse, match="no kind 'cpoy'; there are lead,"):
        typed("search", "fleet", "--kind", "cpoy")
    for command in (("search",), ("export", "--format", "csv", "--out", "none", "--query")):
        with pytest.raises(Refuse, match="has 33 terms"):
            typed(*command, "a " * 32 + "-fleet")
    with pytest.raises(Refuse, match="would change the database"):
        typed("sql", "-c", "delete from document")


def test_an_answer_of_many_columns_stands_upright_and_numbers_stand_right(typed) -> None:
    upright = typed("sql", "-c", "select * from coverage order by article_id limit 1", width=100).splitlines()
    assert max(map(len, upright)) <= 100
    assert any(re.fullmatch(r"address +https://a\.test/1 *", line) for line in upright)
    narrow = typed("sql", "-c", "select 'a' as name, 5 as many union select 'b', 12345 order by 1")
    assert re.search(r"a +5 *$", narrow, re.M)
    assert re.search(r"b +12345 *$", narrow, re.M)
    with pytest.raises(Refuse, match="without -c opens psql"):
        typed("sql", "-c", r"\d+ coverage")
