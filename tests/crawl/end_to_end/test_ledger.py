"""Every address that was due, offered or stated is in the run's ledger, once; every answer is in the archive."""

from collections import Counter

import pytest

from tests.crawl.end_to_end.conftest import Whole
from tests.crawl.end_to_end.harness import MIB
from tests.site import truth

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def _expected() -> dict[str, str]:
    """What becomes of each address, by what is known of the site alone; queries are left out of the addresses."""
    found = {f"agency.test/news/2024-12-{day:02}/": "read" for day in range(2, 9)}
    found |= {
        "institute.test/news": "read",
        "institute.test/news?page=2": "read",
        "institute.test/news?page=3": "read",
    }
    found |= dict.fromkeys(
        ("monitor.test/feed/", "monitor.test/sitemap.xml", "monitor.test/post-sitemap-2024-12.xml"), "read"
    )
    found |= {"monitor.test/wp-json/wp/v2/posts": "read", "archive.test/cdx/search/cdx": "read"}
    found |= {
        "wire.test/feed/atom/": "read",
        "insight.test/news-sitemap.xml": "read",
        "insight.test/feed.json": "read",
    }
    found |= {"syndicator.test/rdf.xml": "read", "syndicator.test/world/": "read"}
    # A section's further pages may be articles as well: they are read for both.
    found |= dict.fromkeys(
        ("syndicator.test/", "syndicator.test/world/?page=1", "syndicator.test/world/?page=2"), "rejected"
    )
    for article in truth.articles():
        day = article.moment.strftime("%Y-%m-%d")
        if article.host == "agency.test" and not "2024-12-02" <= day <= "2024-12-08":
            continue  # no listing that was asked for has it
        if article.host == "monitor.test" and day < "2024-12-01":
            continue  # neither in the feed nor in the sitemap of that month
        # What is stated beside the link, and a day or more outside the window, need not be fetched. Only the section
        # of syndicator.test, which states no dates for machines, leads to what its feed rules out.
        is_listed_out = not "2024-12-01" <= day <= "2024-12-09" and article.host != "syndicator.test"
        outcome = "new" if article.on_topic else "skipped" if is_listed_out else "rejected"
        found[f"{article.host}{article.path}"] = outcome
        # What a page that is not wanted says of other addresses is not believed: it may be no article at all.
        found |= dict.fromkeys(article.twins if outcome == "new" else (), "skipped")
    return found


def test_the_ledger_holds_every_address_with_what_became_of_it(whole: Whole) -> None:
    ledger = {
        address.partition("?")[0] if "orderby" in address or "cdx" in address else address: row.outcome
        for address, row in whole.desk.ledger().items()
    }
    assert ledger == _expected()


def test_whatever_is_not_kept_says_why(whole: Whole) -> None:
    for address, row in whole.desk.ledger().items():
        if row.outcome in ("rejected", "skipped"):
            assert row.reason, address
            assert row.message, address


def test_every_address_has_its_source(whole: Whole) -> None:
    assert not [address for address, row in whole.desk.ledger().items() if row.source is None]
    [(missing,)] = whole.desk.rows("select count(*) from article where source_id is null")
    assert missing == 0


def test_what_the_ledger_says_is_what_the_frontier_says(whole: Whole) -> None:
    states = {
        "new": "kept", "read": "read", "rejected": "rejected", "skipped": "skipped", "twin": "twin"
    }  # fmt: skip
    frontier = {row.address: row.state for row in whole.desk.rows("select address, state from frontier")}
    for row in whole.desk.ledger().values():
        expected = states["twin"] if row.reason == "twin" else states[row.outcome]
        assert frontier.pop(row.address) == expected, row.address
    assert frontier == {}
    assert whole.desk.rows("select 1 from frontier where run_id is not null") == []


def test_every_answer_is_in_the_archive(whole: Whole) -> None:
    seen = Counter(f"{one.host}{one.path}" for one in whole.requests if one.path != "/robots.txt")
    assert Counter(whole.desk.archived()) == seen
    assert not list((whole.desk.home / "archive").rglob("*.open"))


def test_nothing_is_fetched_twice(whole: Whole) -> None:
    seen = Counter(f"{one.host}{one.path}" for one in whole.requests)
    # The home page redirects to the section, which is an address of its own.
    assert {address: times for address, times in seen.items() if times > 1} == {"syndicator.test/world/": 2}


def test_a_crawl_that_went_well_ends_with_0_and_logs_nothing(whole: Whole) -> None:
    assert whole.ended.code == 0
    assert whole.ended.stderr == ""
    assert whole.ended.peak < 400 * MIB
    [(status,)] = whole.desk.rows("select status from run where kind = 'crawl'")
    assert status == "finished"
