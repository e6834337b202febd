import json
import time
from datetime import UTC, date, datetime

import pytest

from pipeline.clean.extract import extract
from pipeline.errors import Quarantine

PARAGRAPHS = [
    "The envoys of nine states met in the harbour town on Tuesday to speak about the ferries in winter.",
    "“We have enough ships, and too few crews,” the host said after a morning that ran long past noon.",
    "A fund for the training of pilots will open in March, and every state has promised to pay into it.",
    "The ferries carried two million people last year, the harbour office said, more than in any year before.",
    "The envoys will meet again in autumn, when the first of the new pilots are to have passed their test.",
]
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Nine states\n agree on the ferries",
    "datePublished": "2025-03-11T09:05:00+02:00",
    "dateModified": "2025-03-12",
}


def page(head: str = "", body: str = "", attributes: str = ' lang="en-GB"', between: str = "") -> bytes:
    paragraphs = between.join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html{attributes}><head><meta charset=utf-8>{head}</head><body>"
        "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"
        f"<article>{body}{paragraphs}</article><footer>© The Harbour Post</footer></body></html>"
    ).encode()


def linked(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def read(body: bytes, content_type: str | None = "text/html; charset=utf-8", timezone: str | None = None):
    return extract(body, content_type=content_type, timezone=timezone)


def test_the_body_comes_paragraph_by_paragraph_without_the_page_around_it():
    assert [line for line in read(page()).lines if line] == PARAGRAPHS


def test_comments_and_instructions_inside_the_article_cut_nothing():
    body = page(between="<!-- ad slot --><?php echo 1 ?>").replace(
        b"too few crews", b"too few<!-- x --> crews"
    )
    assert [line for line in read(body).lines if line] == PARAGRAPHS


def test_linked_data_gives_title_and_dates():
    found = read(
        page(head=linked({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, ARTICLE]}))
    )
    assert (found.stated.title.value, found.stated.title.origin) == (
        "Nine states agree on the ferries",
        "json-ld",
    )
    published, modified = found.stated.dates
    assert (published.kind, published.at) == ("published", datetime(2025, 3, 11, 7, 5, tzinfo=UTC))
    assert (modified.kind, modified.day, modified.local) == ("modified", date(2025, 3, 12), None)


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        '{"@graph":' * 5_000 + "1" + "}" * 5_000,
        "{not json",
        "",
        "null",
        "42",
        [None, 1, "NewsArticle", []],
        {"@type": ["NewsArticle", {}], "headline": ["a"], "datePublished": {"a": 1}},
        {"@type": "NewsArticle", "headline": "", "datePublished": "yesterday"},
        {"@type": "NewsArticle", "datePublished": "9999-99-99T99:99:99Z"},
        {"@type": {}, "@graph": "NewsArticle"},
    ],
    ids=range(11),
)
def test_hostile_linked_data_states_nothing_and_breaks_nothing(hostile):
    found = read(page(head=linked(hostile)))
    assert (found.stated.title, found.stated.dates) == (None, ())
    assert [line for line in found.lines if line] == PARAGRAPHS


def test_good_linked_data_is_read_beside_bad():
    found = read(page(head=linked("{not json") + linked(ARTICLE)))
    assert found.stated.title.origin == "json-ld"


def test_the_one_heading_beats_a_title_that_carries_the_name_of_the_site():
    head = '<meta property="og:title" content="Nine states agree | The Harbour Post">'
    found = read(page(head=head, body="<h1>Nine states agree</h1>"))
    assert (found.stated.title.value, found.stated.title.origin) == ("Nine states agree", "h1")


def test_a_heading_that_is_not_in_the_title_is_not_believed():
    head = '<meta property="og:title" content="Nine states agree">'
    found = read(page(head=head, body="<h1>The Harbour Post</h1>"))
    assert (found.stated.title.value, found.stated.title.origin) == ("Nine states agree", "opengraph")


def test_a_page_that_states_no_title_has_none():
    assert read(page(head="<title>Harbour Post</title>")).stated.title is None


def test_meta_dates_are_read_with_the_zone_of_the_source():
    head = '<meta property="article:published_time" content="2025-03-11T09:05">'
    (claim,) = read(page(head=head), timezone="Europe/Kyiv").stated.dates
    assert (claim.origin, claim.at) == ("opengraph", datetime(2025, 3, 11, 7, 5, tzinfo=UTC))


def test_one_time_element_dates_the_page_and_two_different_ones_do_not():
    one = '<time datetime="2025-03-11">11 March</time>'
    assert [claim.day for claim in read(page(body=one)).stated.dates] == [date(2025, 3, 11)]
    assert read(page(body=one + '<time datetime="2025-03-12">12 March</time>')).stated.dates == ()


def test_a_date_in_the_address_or_the_prose_is_no_date():
    body = page(head='<link rel=canonical href="https://example.org/2025/03/11/ferries">')
    assert read(body.replace(b"on Tuesday", b"on 11 March 2025")).stated.dates == ()


@pytest.mark.parametrize(("attributes", "code"), [(' lang="en-GB"', "en"), (' lang="UK"', "uk"), ("", None)])
def test_the_language_is_the_one_the_page_declares(attributes, code):
    language = read(page(attributes=attributes)).stated.language
    assert (language.value if language else None) == code


def test_the_header_tells_the_charset():
    body = page().decode().replace("<meta charset=utf-8>", "").replace("harbour office", "harbour café")
    found = read(body.encode("cp1252"), content_type="text/html; charset=windows-1252")
    assert "harbour café" in "\n".join(found.lines)
    assert "“We have" in "\n".join(found.lines)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><head><title>Nothing</title></head><body></body></html>", "empty"),
        (b"", "not-html"),
        (b"\x00\x00", "not-html"),
    ],
)
def test_a_page_without_an_article_is_set_aside(body, reason):
    with pytest.raises(Quarantine) as caught:
        read(body)
    assert caught.value.reason == reason


AT = "https://harbour.example/news/ferries?utm_source=x"


def addresses(head: str, address: str = AT) -> tuple[str | None, tuple[str, ...]]:
    found = extract(page(head=head), content_type=None, timezone=None, address=address)
    return found.stated.canonical, found.stated.twins


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="/news/ferries">', "https://harbour.example/news/ferries"),
        (
            '<link href=" https://harbour.example/a#top " rel="nofollow CANONICAL">',
            "https://harbour.example/a",
        ),
        ('<base href="https://www.harbour.example/x/"><link rel=canonical href=a>', "https://www.harbour.example/x/a"),
        ('<meta property="og:url" content="https://harbour.example/og">', "https://harbour.example/og"),
        (
            '<meta property="og:url" content="https://harbour.example/og"><link rel=canonical href="/a">',
            "https://harbour.example/a",
        ),
        ('<link rel=canonical href="/a"><link rel=canonical href="/a">', "https://harbour.example/a"),
        ('<link rel=canonical href="/a"><link rel=canonical href="/b"><meta property="og:url" content="/c">', None),
        ('<link rel=canonical href="">', None),
        ("<link rel=canonical>", None),
        ('<link rel=canonical href="javascript:void(0)">', None),
        ('<link rel=canonical href="http://[::1/">', None),
        ('<link rel=alternate href="/a">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_address_that_a_page_states_is_read_whole(head, expected):
    assert addresses(head)[0] == expected


def test_a_part_of_an_address_is_none_without_the_one_it_was_fetched_from():
    assert addresses('<link rel=canonical href="/a"><link rel=amphtml href="/b">', address="") == (None, ())


def test_other_forms_of_the_page_are_its_twins():
    head = (
        '<link rel="amphtml" href="/news/ferries/amp/"><link rel="shortlink" href="/?p=7">'
        '<link rel="alternate" media="only screen and (max-width: 640px)" href="//m.harbour.example/news/ferries">'
        '<link rel="alternate" media="handheld" href="//m.harbour.example/news/ferries">'
        '<link rel="alternate" hreflang="de" href="/de/fähren"><link rel="alternate" type="application/rss+xml" href="/f">'
    )
    assert addresses(head)[1] == (
        "https://harbour.example/news/ferries/amp/",
        "https://harbour.example/?p=7",
        "https://m.harbour.example/news/ferries",
    )


def test_a_page_has_ten_twins_at_most():
    assert len(addresses("".join(f'<link rel=amphtml href="/{n}">' for n in range(50)))[1]) == 10


@pytest.mark.parametrize(
    ("value", "at", "day"),
    [
        ("December 4, 2024 16:28", datetime(2024, 12, 4, 14, 28, tzinfo=UTC), date(2024, 12, 4)),
        ("Wed, 04 Dec 2024 16:28:00 -0500", datetime(2024, 12, 4, 21, 28, tzinfo=UTC), date(2024, 12, 4)),
        ("Wed, 04 Dec 2024 16:28:00 GMT", datetime(2024, 12, 4, 16, 28, tzinfo=UTC), date(2024, 12, 4)),
        ("Wednesday, December 4, 2024", None, date(2024, 12, 4)),
        ("4 грудня 2024", None, date(2024, 12, 4)),
    ],
)
def test_a_date_in_words_in_the_markup_is_read(value, at, day):
    head = linked({"@type": "NewsArticle", "datePublished": value})
    (claim,) = read(page(head=head), timezone="Europe/Kyiv").stated.dates
    assert (claim.kind, claim.origin, claim.raw) == ("published", "json-ld", value)
    assert (claim.at, claim.day) == (at, day)


@pytest.mark.parametrize(
    "value",
    [
        "04/12/2024 16:28",
        "yesterday",
        "1733322480",
        "2024",
        "0001-01-01T00:00:00Z",
        "1970-01-01",
        "9999-12-31T23:59:59Z",
        "Updated: 4 December 2024",
        "Brussels, 4 December 2024",
        "x" * 100_000,
    ],
)
def test_a_date_that_is_none_or_could_be_two_claims_nothing(value):
    assert read(page(head=linked({"@type": "NewsArticle", "datePublished": value}))).stated.dates == ()


SOFT_404 = (
    "<html><head><title>{}</title></head><body><h1>{}</h1><p>Sorry, we could not find it.</p></body></html>"
)


@pytest.mark.parametrize(
    ("title", "heading"),
    [("Page not found", "Page not found"), ("404 – Harbour Post", ""), ("Гавань", "Сторінку не знайдено")],
)
def test_a_page_that_says_it_was_not_found_is_set_aside(title, heading):
    with pytest.raises(Quarantine) as caught:
        read(SOFT_404.format(title, heading).encode())
    assert caught.value.reason == "not-found"
    assert (heading or title) in str(caught.value)


def test_an_article_about_a_page_that_was_not_found_is_one():
    long = "<p>" + " ".join(PARAGRAPHS * 2) + "</p>"
    assert read(page(body="<h1>Page not found</h1>" + long)).lines


def test_a_tag_with_a_hundred_thousand_attributes_costs_no_time():
    attributes = " ".join(f'a{n}="{n}"' for n in range(100_000))
    body = page().replace(b"<article>", f"<article><p {attributes}>".encode())
    start = time.perf_counter()
    assert [line for line in read(body).lines if line] == PARAGRAPHS
    assert time.perf_counter() - start < 3
