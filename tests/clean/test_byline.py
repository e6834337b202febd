from datetime import UTC, date, datetime

import pytest
from lxml import html

from pipeline.clean.byline import byline_date


def read(article: str, timezone: str | None = None):
    return byline_date(
        html.document_fromstring(f"<html><body><main>{article}</main></body></html>"), timezone
    )


def test_a_date_named_as_one_beside_the_headline_is_the_article_s():
    claim = read('<div class="article-time"><i>16:28</i> 04.12.2024</div><h1>Ferries</h1>', "Europe/Kyiv")
    assert (claim.kind, claim.origin, claim.raw) == ("published", "banner", "16:28 04.12.2024")
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
        "<h1>Ferries</h1><p>4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>4 December 2024</p><p class=date>5 December 2024</p>",
        "<h1>Ferries</h1><p class=date>The talks of 4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>04/12/2024</p>",
        "<h1>Ferries</h1><p class=today-date>4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>Wednesday, 4 December 2024</p>",
        "<h1>Ferries</h1><p class=date>Brussels, 4 December 2024</p>",
        "<h1>One</h1><h1>Two</h1><p class=date>4 December 2024</p>",
        "<p class=date>4 December 2024</p>",
        "<div><div><h1>Ferries</h1></div></div><p class=date>4 December 2024</p>",
    ],
)
def test_a_date_that_may_be_another_s_is_left(article):
    assert read(article) is None
