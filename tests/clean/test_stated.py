"""What a page's markup states: titles, authors, sections, pictures, flags, dates."""

from datetime import UTC, date, datetime

import pytest
import trafilatura

from pipeline.clean.authors import agency_of
from pipeline.clean.names import split_byline
from pipeline.clean.pagedates import address_date, header_date
from pipeline.clean.stated import Stated, read_stated_facts, standfirst_of
from pipeline.items import Author, Claim, Picture
from tests.clean.test_extract import ARTICLE, PARAGRAPHS, linked, page

AT = "https://harbourpost.example/news/ferries"
H1 = "<h1>Nine states agree on the ferries</h1>"
TITLE = "Nine states agree on the ferries"


def read(head: str = "", body: str = H1, timezone: str | None = None, address: str = AT) -> Stated:
    tree = trafilatura.load_html(page(head, body).decode())
    return read_stated_facts(tree, timezone=timezone, address=address)[0]


def og(**stated: str) -> str:
    return "".join(f'<meta property="og:{key}" content="{value}">' for key, value in stated.items())


@pytest.mark.parametrize(
    ("head", "body", "title", "origin"),
    [
        (og(title=f"{TITLE} | The Harbour Post"), H1, TITLE, "h1"),
        (og(title=f"{TITLE} - Harbour Post"), "", TITLE, "opengraph"),  # the host is called so
        (og(title=f"{TITLE} — Seaside Times", site_name="Seaside Times"), "", TITLE, "opengraph"),
        (og(title=f"{TITLE} | World | Seaside Times", site_name="Seaside Times"), H1, TITLE, "h1"),
        (og(title="Ferries: what we know - and what not"), "", "Ferries: what we know - and what not", "opengraph"),
        (f"<title>{TITLE} | Elsewhere</title>", H1, TITLE, "h1"),
        (f"<title>{TITLE} - Harbour Post</title>", "", TITLE, "title-element"),
        ("<title>Harbour Post</title>", "", None, None),
        (linked({**ARTICLE, "headline": "Ferries &amp;amp; crews: nine states agree"}), "", "Ferries & crews: nine states agree", "json-ld"),
        (linked({**ARTICLE, "headline": "Nine states agree on ferries, at last"}), H1, TITLE, "h1"),
        (og(title=TITLE), f"<h1><span>Live</span> {TITLE}</h1>", TITLE, "opengraph"),
        (og(title=TITLE), "<h1>Nine states<br>agree on the ferries</h1>", TITLE, "h1"),
        (og(title=TITLE), "<h1>Nine states <b>agree</b> on the ferries<script>x()</script></h1>", TITLE, "h1"),
        (og(title=TITLE), f"<h1>Harbour Post</h1><h2>{TITLE}</h2>", TITLE, "opengraph"),
    ],
)  # fmt: skip
def test_the_title_is_the_one_on_the_page_without_the_name_of_the_site(head, body, title, origin):
    found = read(head, body).title
    assert (found.value, found.origin) == (title, origin) if found else (title, origin) == (None, None)


OTHER = {"@type": "NewsArticle", "url": "https://harbourpost.example/other", "headline": "Herring came late this year",
         "datePublished": "2024-01-01", "author": {"@type": "Person", "name": "Somebody Else"}}  # fmt: skip


@pytest.mark.parametrize("nodes", [[OTHER, ARTICLE], [ARTICLE, OTHER], [{"@graph": [OTHER, ARTICLE]}]])
def test_the_node_of_another_article_states_nothing_of_this_one(nodes):
    found = read(linked(nodes))
    assert [claim.day for claim in found.dates if claim.kind == "published"] == [date(2025, 3, 11)]
    assert found.authors == ()


def test_only_other_articles_nodes_are_as_good_as_none():
    assert read(linked([OTHER])).dates == ()


def test_what_points_at_a_node_is_read_there():
    graph = {"@graph": [
        {**ARTICLE, "author": {"@id": "#ann"}, "publisher": {"@id": "#post"}},
        {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        {"@type": "Organization", "@id": "#post", "name": "Seaside Times"},
    ]}  # fmt: skip
    found = read(linked(graph))
    assert found.authors == (Author("Ann Lee", "json-ld"),)
    assert found.publisher == Claim("Seaside Times", "json-ld")


@pytest.mark.parametrize(
    ("head", "body", "names"),
    [
        (linked({**ARTICLE, "author": ["Ann Lee", {"@type": "Person", "name": "Bo Olsen"}]}), "", ["Ann Lee", "Bo Olsen"]),
        ('<meta name="author" content="Ann Lee, Bo Olsen">', "", ["Ann Lee", "Bo Olsen"]),
        ('<meta property="article:author" content="https://facebook.com/ann">', "", []),
        ("", "<a rel=author href=/a>Ann Lee</a>", ["Ann Lee"]),
        ("", "<p class=byline>By Ann Lee and Bo Olsen</p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p class=byline><span>By Ann Lee</span><span>3 min read</span></p>", ["Ann Lee"]),
        ("", "<p>Von Ann Lee und Bo Olsen</p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p>By noon the ferries were full</p>", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_people_are_named_by_markup_and_by_bylines(head, body, names):
    assert [author.name for author in read(head, H1 + body).authors] == names


def test_agencies_are_credits_and_newsrooms_organisations():
    head = linked(
        {**ARTICLE, "author": [{"@type": "Organization", "name": "Reuters"}, "Ann Lee", "Harbour Post"]}
    )
    found = read(head)
    assert found.credits == (Claim("Reuters", "json-ld"),)
    assert [(author.name, author.kind) for author in found.authors] == [
        ("Ann Lee", "person"),
        ("Harbour Post", "organization"),
    ]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee, political editor", ("Ann Lee",)),
        ("Автор: Олена Коваль", ("Олена Коваль",)),
        ("By J. R. Smith Jr.", ("J. R. Smith Jr.",)),
        ("https://x.example/ann", ()),
        ("Read all about it.", ()),
    ],
)
def test_a_byline_is_split_into_names(line, names):
    assert split_byline(line)[: len(names) or None] == names


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("MERROW, Dec. 4 (Interlink) - Envoys agreed.", "Interlink"),
        ("Berlin (dpa) – Die Gesandten kamen.", "dpa"),
        ("The envoys (nine of them) met.", None),
        ("(Reuters)", None),
    ],
)
def test_the_agency_of_a_dateline_is_a_credit(line, agency):
    found = agency_of(line)
    assert (found.value if found else None) == agency


@pytest.mark.parametrize(
    ("node", "flags"),
    [
        ({"isAccessibleForFree": False}, ["paywall"]),
        ({"isAccessibleForFree": "False"}, ["paywall"]),
        ({"isAccessibleForFree": True}, []),
        ({"hasPart": [{"@type": "WebPageElement", "isAccessibleForFree": "false"}]}, ["paywall"]),
        ({"@type": "LiveBlogPosting"}, ["live-blog"]),
        ({"coverageStartTime": "2025-03-11T08:00:00Z"}, ["live-blog"]),
        ({}, []),
    ],
)
def test_flags_are_what_the_page_says_of_itself(node, flags):
    assert [flag.value for flag in read(linked({**ARTICLE, **node})).flags] == flags


def test_a_live_blog_keeps_when_it_began_apart_from_when_it_was_last_updated():
    node = {"@type": "LiveBlogPosting", "headline": TITLE, "datePublished": "2025-03-11T08:00:00+02:00",
            "dateModified": "2025-03-12T23:15:00+02:00"}  # fmt: skip
    assert [
        (claim.kind, claim.day.day)
        for claim in read(linked(node) + og(updated_time="2025-03-13T01:00Z")).dates
    ] == [
        ("published", 11),
        ("modified", 12),
        ("modified", 13),
    ]


def test_section_and_languages_and_picture_come_with_their_origins():
    found = read(
        og(image="/p/ferry-1200x630.jpg", site_name="Harbour Post")
        + '<meta property="article:section" content="World">',
        H1 + '<figure><img src="/p/ferry-300x200.jpg"><figcaption>A ferry. Photo: Lee</figcaption></figure>',
    )
    assert found.section == Claim("World", "opengraph")
    assert found.publisher == Claim("Harbour Post", "opengraph")
    assert found.picture == Picture(
        "https://harbourpost.example/p/ferry-1200x630.jpg", "opengraph", "A ferry. Photo: Lee"
    )
    assert found.language == Claim("en", "html-lang")


LEAD = "The host of the talks speaks of a beginning, and the crews of a promise that was long due."


@pytest.mark.parametrize(
    ("head", "body", "origin"),
    [
        ("", f"{H1}<p class=standfirst>{LEAD}</p>", "standfirst"),
        (og(description=LEAD), H1, "opengraph"),
        (linked({**ARTICLE, "description": LEAD}), H1, "json-ld"),
        (og(description=PARAGRAPHS[0][:70] + "…"), H1, None),
        (og(description=PARAGRAPHS[0]), H1, None),
        (og(description=TITLE + " and so on and on"), H1, "opengraph"),
        (og(description="News from the harbour"), H1, None),
        ("", H1, None),
    ],
)
def test_the_standfirst_is_no_beginning_of_the_text(head, body, origin):
    tree = trafilatura.load_html(page(head, body).decode())
    _, sources = read_stated_facts(tree, timezone=None, address=AT)
    found = standfirst_of(sources, PARAGRAPHS, TITLE)
    assert (found.origin if found else None) == origin


@pytest.mark.parametrize(
    ("head", "body", "origin", "guess"),
    [
        ('<meta itemprop="datePublished" content="2025-03-11">', H1, "microdata", False),
        ('<meta name="parsely-pub-date" content="2025-03-11">', H1, "meta", False),
        ("", H1 + "<span itemprop=datePublished>11 March 2025</span>", "microdata", False),
        ("", H1 + "<time datetime=2025-03-11>today</time><time class=updated datetime=2025-03-12>later</time>", "time-element", False),
        ("", H1 + "<p>By Ann Lee | 11 March 2025</p>", "byline", True),
    ],
)  # fmt: skip
def test_dates_are_read_wherever_markup_states_them(head, body, origin, guess):
    published = [claim for claim in read(head, body).dates if claim.kind == "published"]
    assert [(claim.day, claim.origin, claim.is_guess) for claim in published] == [
        (date(2025, 3, 11), origin, guess)
    ]


def test_a_lone_time_of_the_page_s_frame_is_a_guess():
    tree = trafilatura.load_html(
        f"<html><body><main>{H1}<p>{PARAGRAPHS[0]}</p></main><div><div><div><div><time datetime=2025-03-11>x</time>"
        "</div></div></div></div></body></html>"
    )
    (claim,) = read_stated_facts(tree, timezone=None)[0].dates
    assert (claim.origin, claim.is_guess) == ("time-element", True)


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://a.example/2024/12/04/ferries/", date(2024, 12, 4)),
        ("https://a.example/news/2024-12-04-ferries", date(2024, 12, 4)),
        ("https://a.example/ferries-20241204.html", date(2024, 12, 4)),
        ("https://a.example/2024/13/04/ferries", None),
        ("https://a.example/2024/12/ferries", None),
        ("https://a.example/item/20241299", None),
        ("https://a.example/?d=/2024/12/04/", None),
    ],
)
def test_the_day_in_an_address_is_a_guess(address, day):
    found = address_date(address)
    assert (found.day if found else None) == day
    assert found is None or found.is_guess


def test_when_a_server_last_changed_a_page_dates_only_the_page():
    found = header_date({"Last-Modified": "Wed, 04 Dec 2024 16:28:00 GMT"})
    assert (found.kind, found.origin, found.at) == ("page", "http", datetime(2024, 12, 4, 16, 28, tzinfo=UTC))
    assert header_date({"last-modified": "yesterday"}) is None
    assert header_date({}) is None
