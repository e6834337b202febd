"""A changed event file: what it wants now and did not before is kept without being fetched again."""

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import asked, event_of
from tests.site import truth
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "monitor")
[BARLEY] = [a for a in truth.articles() if a.text_name == "barley"]
DUES = "monitor.test/editorial/new-rules-for-harbour-dues/5013/"


def test_what_was_turned_down_is_judged_again(new_desk: NewDesk, site: Site) -> None:
    desk = new_desk()
    before = event_of(*KEYS, delay=0.02)
    desk.crawl(desk.event(before))
    barley = f"{BARLEY.host}{BARLEY.path}"
    assert (desk.ledger()[barley].reason, desk.ledger()[DUES].reason) == ("off-topic", "after-window")
    versions = desk.rows("select id from version order by id")

    after = before.replace("2024-12-08", "2025-01-12").replace('"the Compact"', '"the Compact", "barley"')
    after = after.replace('"Merrowhaven"', '"Merrowhaven", "Skarland"')
    begin = len(site.requests)
    desk.crawl(desk.event(after))
    ledger, seen = desk.ledger(), asked(site, begin)
    assert (ledger[barley].outcome, seen[barley]) == ("new", 0)  # its bytes were in the archive
    assert (ledger[DUES].outcome, ledger[DUES].reason, seen[DUES]) == ("rejected", "off-topic", 1)
    kept = [f"{a.host}{a.path}" for a in truth.articles() if a.on_topic]
    assert not [address for address in kept if seen[address]]
    assert desk.rows("select id from version order by id")[: len(versions)] == versions

    begin = len(site.requests)
    desk.crawl(desk.event(after))  # and not once more
    assert not asked(site, begin)
    assert barley not in desk.ledger()
