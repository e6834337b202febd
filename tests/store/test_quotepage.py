"""The sentences that the reading room lists are those that travel now, and the same that the command lists."""

import pytest
from sqlalchemy import Engine

from pipeline.items import Source
from pipeline.settings import Settings
from pipeline.store.quotations import list_quotes
from pipeline.store.quotepage import page_quotes
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

WIRE = Source("wire", "The Wire", ("a.test",))
PAPER = Source("paper", "A paper", ("b.test",))
STAYS, GOES = prose(1, 60), prose(2, 60)


def test_a_sentence_that_a_revision_took_out_travels_no_more(engine: Engine, settings: Settings) -> None:
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/1", f"{STAYS}\n{GOES}", source=WIRE),
        arrival("https://c.test/1", f"{GOES}\n{STAYS}"),
        arrival("https://b.test/1", f"{GOES}\n{prose(3, 60)}", source=PAPER),
        arrival("https://d.test/1", f"{STAYS}\n{prose(4, 60)}"),
    )
    assert page_quotes(engine, source="paper")[0] > 0
    before, _ = page_quotes(engine)
    take_in(
        engine,
        settings.archive,
        arrival("https://b.test/1", prose(5, 90), source=PAPER),
        arrival("https://a.test/1", f"{STAYS}\n{prose(6, 60)}", source=WIRE),
    )
    total, rows = page_quotes(engine)
    assert 0 < total < before
    assert rows == list_quotes(engine)
    assert len(rows) == total
    assert {row["texts"] for row in rows} == {3}
    assert page_quotes(engine, source="paper") == (0, [])
    for place in range(total):  # no page of the list is empty
        assert page_quotes(engine, offset=place, limit=1) == (total, [rows[place]])
    assert list_quotes(engine, limit=1) == rows[:1]
