"""What the user chose: a limit, addresses, sources. And the many addresses of one article."""

import pytest

from tests.crawl.end_to_end.conftest import NewDesk
from tests.crawl.end_to_end.harness import Desk, asked, event_of
from tests.site import truth
from tests.site.server import Site

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

KEYS = ("agency", "insight", "wire")
ARTICLES = {f"{a.host}{a.path}" for a in truth.articles()}
[ALIGNMENT] = [a for a in truth.articles() if a.host == "wire.test" and "alignment" in a.path]
[PILOTS] = [a for a in truth.articles() if a.host == "wire.test" and "pilots" in a.path]


def _articles(desk: Desk) -> list[str]:
    return sorted(desk.bare(row.address) for row in desk.rows("select address from article"))


def test_a_limit_holds_for_each_source_and_the_next_crawl_does_the_rest(
    new_desk: NewDesk, site: Site
) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of(*KEYS, delay=0.03))
    desk.crawl(event, "--limit", "2")
    fetched = [address for address in asked(site, begin) if address in ARTICLES]
    assert [sum(one.startswith(key) for one in fetched) for key in KEYS] == [2, 2, 2]
    left = {address: row for address, row in desk.ledger().items() if row.outcome == "left"}
    assert {row.reason for row in left.values()} == {"limit"}
    assert set(left) == {
        one for one in ARTICLES - set(fetched) if one.split(".")[0] in KEYS and "1044071" not in one
    }
    desk.crawl(event)
    assert desk.outcomes().get("left") is None
    assert set(asked(site, begin).values()) == {1}
    wanted = sorted(
        f"{a.host}{a.path}" for a in truth.articles() if a.on_topic and a.host.split(".")[0] in KEYS
    )
    assert _articles(desk) == wanted


@pytest.mark.thorough
def test_only_the_sources_that_were_chosen_are_crawled(new_desk: NewDesk, site: Site) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of(*KEYS, delay=0.03))
    desk.crawl(event, "--source", "insight", "--source", "wire")
    assert {one.host for one in site.requests[begin:]} == {"insight.test", "wire.test"}
    unknown = desk.begin("crawl", "--event", str(event), "--source", "insihgt").end()
    assert unknown.code == 1
    assert "has no source 'insihgt'; it has agency, insight, wire" in " ".join(unknown.stderr.split())
    assert "Traceback" not in unknown.stderr


def test_an_address_that_was_asked_for_is_fetched_whatever_the_event_says(
    new_desk: NewDesk, site: Site
) -> None:
    desk, begin = new_desk(), len(site.requests)
    event = desk.event(event_of("wire", delay=0.03))
    foreign = site.url("syndicator.test", "/world/merrowhaven-counts-its-beds-50102.html")
    desk.crawl(event, "--url", PILOTS.address(site.port), "--url", foreign)
    assert set(asked(site, begin)) == {f"{PILOTS.host}{PILOTS.path}", desk.bare(foreign)}
    assert _articles(desk) == sorted([f"{PILOTS.host}{PILOTS.path}", desk.bare(foreign)])
    desk.crawl(event, "--url", PILOTS.address(site.port))  # due or not
    assert asked(site, begin)[f"{PILOTS.host}{PILOTS.path}"] == 2
    assert desk.outcomes() == {"unchanged": 1}
    wrong = desk.begin("crawl", "--event", str(event), "--url", "file:///etc/passwd").end()
    assert wrong.code == 1
    assert "Traceback" not in wrong.stderr


@pytest.mark.parametrize("twin", ALIGNMENT.twins[:2])
def test_a_twin_that_was_asked_for_is_the_article_itself(twin: str, new_desk: NewDesk, site: Site) -> None:
    desk, begin = new_desk(), len(site.requests)
    host, slash, path = twin.partition("/")
    event = desk.event(event_of("wire", delay=0.03))
    desk.crawl(event, "--url", site.url(host, slash + path))
    assert _articles(desk) == [f"{ALIGNMENT.host}{ALIGNMENT.path}"]
    ledger = {address: (row.outcome, row.reason) for address, row in desk.ledger().items()}
    assert ledger.pop(twin) == ("new", None)  # the ledger speaks of what was asked for
    assert ledger[f"{ALIGNMENT.host}{ALIGNMENT.path}"] == ("skipped", "twin")
    assert set(ledger.values()) == {("skipped", "twin")}
    # The AMP page states no other address than the article's own.
    others = 0 if "amp" in twin else len(ALIGNMENT.twins) - 1
    assert desk.rows("select count(*) from frontier where state = 'twin'") == [(1 + others,)]
    fetched = asked(site, begin)
    assert fetched.pop(twin) == 1
    assert fetched == (
        {f"{ALIGNMENT.host}{ALIGNMENT.path}": 1} if "?p=" in twin else {}
    )  # it redirects there


def test_all_addresses_of_an_article_are_one_article_and_later_crawls_ask_for_one(
    new_desk: NewDesk, site: Site
) -> None:
    desk, begin = new_desk(), len(site.requests)
    own = f"{ALIGNMENT.host}{ALIGNMENT.path}"
    addresses = [own, *ALIGNMENT.twins, f"{own}?utm_source=letter", f"{own}#more"]
    known = "".join(
        f'\n[[known]]\naddress = "http://{one.replace(".test/", ".test:8099/")}"\nsource = "wire"\n'
        for one in addresses
    )
    event = desk.event(event_of("wire", delay=0.03, more=known))
    desk.crawl(event)
    assert _articles(desk) == sorted(
        f"{a.host}{a.path}" for a in truth.articles() if a.host == "wire.test" and a.on_topic
    )
    assert desk.rows("select count(*) from version") == [(4,)]
    first = asked(site, begin)
    assert (
        sum(times for address, times in first.items() if address in addresses) <= 5
    )  # one each, and a redirect
    begin = len(site.requests)
    desk.crawl(event, "--revisit")
    assert {address for address in asked(site, begin) if address in addresses} == {own}
    ledger = desk.ledger()
    assert ledger[own].outcome == "unchanged"
    assert {ledger[one].reason for one in ALIGNMENT.twins} == {"twin"}
