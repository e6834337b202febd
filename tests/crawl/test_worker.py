"""What the processes do that read pages."""

from datetime import date

import pytest

from pipeline.crawl.worker import OfferRead, begin, read_offer, read_page
from pipeline.errors import Quarantine, SetupError
from pipeline.items import Capture
from tests.builders import NOON, prose
from tests.crawl.visiting import ADDRESS, event, source

OWN = source("example", "example.org", "www.example.org", allow=("^/news/",), deny=("/sport/",))
OTHER = source("other", "other.org", deny=("^/private/",))


@pytest.fixture(autouse=True)
def _knows() -> None:
    begin(event(OWN, OTHER), {"example": OWN, "other": OTHER})


def _links(*addresses: str, way: str = "listing", key: str = "example", **reading: object) -> OfferRead:
    body = "".join(f'<a href="{address}">A link</a>' for address in addresses).encode()
    return read_offer({"way": way, **reading}, body, "https://example.org/news/", {}, key)


def _page(text: str, day: date | None = None) -> Capture:
    stated = f'<meta property="article:published_time" content="{day}">' if day else ""
    page = f"<html><head>{stated}</head><body><article><p>{text}</p><p>{prose(1)}</p></article></body></html>"
    return Capture(ADDRESS, page.encode(), "text/html", NOON)


def test_a_page_is_prepared_and_judged() -> None:
    read = read_page(_page("NATO ministers meet.", NOON.date()), is_wanted=False)

    assert read.prepared is not None
    assert read.judgement is not None
    assert read.judgement.reason is None


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [("Ministers meet.", NOON.date(), "off-topic"), ("NATO meets.", date(2020, 1, 1), "before-window")],
)
def test_a_page_that_is_not_wanted_says_why_unless_it_was_asked_for(
    text: str, day: date, reason: str
) -> None:
    read = read_page(_page(text, day), is_wanted=False)
    assert read.judgement is not None
    assert read.judgement.reason == reason

    asked = read_page(_page(text, day), is_wanted=True)
    assert asked.prepared is not None
    assert asked.judgement is None


def test_a_page_without_an_article_is_trouble() -> None:
    read = read_page(Capture(ADDRESS, b"<html></html>", "text/html", NOON), is_wanted=True)

    assert read.trouble is not None
    assert read.prepared is None


def test_what_a_page_offers_belongs_to_whom_its_host_belongs_to() -> None:
    offer = _links(
        "/news/1", "https://www.example.org/news/2", "https://other.org/news/3", "https://foreign.org/news/4",
        "/news/sport/news/6",
    )  # fmt: skip

    found = {one.address: (one.source, one.reason) for one in offer.addresses}
    assert found == {
        "https://example.org/news/1": ("example", None),
        "https://www.example.org/news/2": ("example", None),
        "https://other.org/news/3": ("other", None),
        "https://foreign.org/news/4": ("example", "foreign-host"),
        "https://example.org/news/sport/news/6": ("example", "denied"),
    }


def test_an_address_that_is_linked_in_two_spellings_is_offered_once() -> None:
    offer = _links("/news/1?utm_source=feed", "/news/1#top", "HTTPS://EXAMPLE.org:443/news/1")

    assert [one.address for one in offer.addresses] == ["https://example.org/news/1"]


def test_the_pages_of_a_section_are_known_by_one_address_and_one_bad_link_costs_itself_alone() -> None:
    long = "https://example.org/about/" + "\u0434" * 1_900
    offer = _links("/topics/a?utm_source=x", long, "/news/1", way="section", depth=2)

    leads = [(lead.address, lead.reading["depth"]) for lead in offer.leads]
    assert ("https://example.org/topics/a", 1) in leads
    assert "https://example.org/news/1" in [one.address for one in offer.addresses]
    assert len(leads) == 1
    assert any("was not followed" in said for said in offer.said)


def test_a_wrong_selector_is_the_event_files_fault() -> None:
    with pytest.raises(SetupError):
        _links("/news/1", item="a[[")


def test_a_challenge_in_place_of_a_page_is_told() -> None:
    with pytest.raises(Quarantine) as caught:
        read_offer({"way": "feed"}, b"", "https://example.org/feed", {"cf-mitigated": "challenge"}, "example")
    assert caught.value.reason == "challenge"
