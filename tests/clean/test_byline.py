from datetime import UTC, date, datetime

import pytest
from lxml import html

from pipeline.clean.beside import beside_headline
from pipeline.clean.byline import byline_date


def read(article: str, timezone: str | None = None):
    tree = html.document_fromstring(f"<html><body><main>{article}</main></body></html>")
    return byline_date(beside_headline(tree), timezone)


def test_a_date_named_as_one_beside_the_headline_is_the_article_s():
    claim = read('<div class="article-time"><i>16:28</i> 04.12.2024</div><h1>Ferries</h1>', "Europe/Kyiv")
    assert (claim.kind, claim.origin, claim.raw) == ("published", "byline", "16:28 04.12.2024")
    assert claim.at == datetime(2024, 12, 4, 14, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "article",
    [
        "<header><h1>Ferries</h1></header><p class=pubDate>4 December 2024</p>",
        "<h1>Ferries</h1><time>4 December 2024</time>",
        "<h1>Ferries</h1><p><span itemprop=datePublished>Published: 4 December 2024</span></p>",
        "<h1>Ferries</h1><p id=date>4 December 2024</p><p class=time>04.12.2024</p>",
        "<h1>Ferries</h1><p class=date>4 December 2024</p><p class=updated-date>5 December 2024</p>",
        "<h1>Ferries</h1><p class=date>4 December 2024</p><p class=date>Updated: 5 December 2024</p>",
        "<div><h1>Ferries</h1><p class=date>4 December 2024</p></div><aside class=date>1 May 2020</aside>",
    ],
)
def test_the_nearest_date_is_read(article):
    assert read(article).day == date(2024, 12, 4)


@pytest.mark.parametrize(
    "article",
    [
        "<h1>Ferries</h1><p class=date>4 December 2024</p><p class=date>5 December 2024</p>",
        "<h1>Ferries</h1><p class=date>The talks of 4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>04/12/2024</p>",
        "<h1>Ferries</h1><p class=today-date>4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>Wednesday, 4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>Brussels, 4 December 2024</p>",
        "<h1>One</h1><h1>Two</h1><p class=date>4 December 2024</p>",
        "<p class=date>4 December 2024</p>",
        "<div><div><div><h1>Ferries</h1></div></div></div><p class=date>4 December 2024</p>",
    ],
)
def test_a_date_that_may_be_another_s_is_left(article):
    assert read(article) is None


@pytest.mark.parametrize(
    "article",
    [
        "<h1>Ferries</h1><p>4 December 2024</p>",
        "<h1>Ferries</h1><p>By Ann Lee | 4 December 2024</p>",
        "<h1>Ferries</h1><div><span>Harbour Post | 4 December 2024</span></div>",
        "<h1>Ferries</h1><p class=byline>Ann Lee · Updated: 5 December 2024 · 4 December 2024</p>",
    ],
)
def test_a_date_that_nothing_names_is_a_guess(article):
    claim = read(article)
    assert (claim.day, claim.origin, claim.is_guess) == (date(2024, 12, 4), "byline", True)


@pytest.mark.parametrize(
    "article",
    [
        "<h1>Ferries</h1><aside><p class=date>4 December 2024</p></aside>",
        "<h1>Ferries</h1><p>The talks of 4 December 2024 ended well</p>",
        "<h1>Ferries</h1><p>3 December 2024</p><p>4 December 2024</p>",
    ],
)
def test_what_is_no_byline_makes_no_guess(article):
    assert read(article) is None


@pytest.mark.parametrize(
    ("below", "local"),
    [
        ("<p class=submitted>Submitted by <b>Ann Lee</b> on 4 December 2024 - 4:28pm</p>", datetime.fromisoformat("2024-12-04T16:28")),
        ("<p class=meta>By Ann Lee | 4 December 2024 | 16:28</p>", datetime.fromisoformat("2024-12-04T16:28")),
        ("<p class=submitted>Submitted by <b>Ann Lee</b> on Wed, 12/04/2024 - 16:28</p>", datetime.fromisoformat("2024-12-04T16:28")),
        ("<p class=meta>By Ann Lee | 4 December 2024</p>", None),
    ],
)  # fmt: skip
def test_a_date_among_other_words_is_a_guess_that_keeps_its_time_and_makes_up_none(below, local):
    claim = read(f"<div><h1>Ferries</h1>{below}<p>28 November 2024</p></div>")
    assert (claim.day, claim.local, claim.is_guess) == (date(2024, 12, 4), local, True)
