"""A crawl of the whole site finds what is true of it: articles, dates, texts, relations and stories."""

from typing import Any

import pytest

from tests.crawl.end_to_end.conftest import Whole
from tests.site import truth
from tests.site.truth import RELATION, Article

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

WANTED = {f"{a.host}{a.path}": a for a in truth.articles() if a.on_topic}

LEFTOVERS = {
    "shut.test/notebook/vehicle-one-way-winter-tariff": ["Hedda Quist"],
    "syndicator.test/world/patrol-for-the-gulf-of-harrow-50190.html": ["— Skarpress"],
}
"""Lines that are not the article's, and are in its text still; no more and no fewer."""

_ARTICLES = """
    select article.address, source.key as source, version.number, title, published_on, published_at, content_hash,
           text, document.id as document_id
    from article join version on version.article_id = article.id
    join document on document.id = version.document_id left join source on source.id = article.source_id
"""


@pytest.fixture(scope="module")
def articles(whole: Whole) -> dict[str, Any]:
    """What is in the database, by address without scheme and port."""
    return {whole.desk.bare(row.address): row for row in whole.desk.rows(_ARTICLES)}


def test_exactly_the_articles_of_the_event_are_kept_each_at_its_own_address_once(
    whole: Whole, articles: dict[str, Any]
) -> None:
    assert sorted(articles) == sorted(WANTED)
    assert whole.desk.rows("select count(*) from version") == [(len(WANTED),)]


@pytest.mark.parametrize("address", WANTED)
def test_an_article_has_its_title_its_date_and_its_text(address: str, articles: dict[str, Any]) -> None:
    row, article = articles[address], WANTED[address]
    assert row.title == article.title
    assert article.published is not None
    assert row.published_on.isoformat() == article.published[:10]
    if "T" in article.published:
        assert row.published_at == article.moment
    else:
        assert row.published_at is None
    own = [line for paragraph in article.paragraphs for line in paragraph.split("\n")]
    kept = [line.removeprefix("- ") for line in row.text.split("\n") if line]
    assert [line for line in kept if line not in own] == LEFTOVERS.get(address, [])
    assert [line for line in kept if line in own] == own  # all of it, in its order


def test_copies_are_related_as_they_were_made(whole: Whole, articles: dict[str, Any]) -> None:
    kinds = {(one.shorter_id, one.longer_id): one.kind for one in whole.desk.rows("select * from relation")}
    for address, article in WANTED.items():
        for name in article.copies:
            copied = truth.base(name)
            own, other = (
                articles[address].document_id,
                articles[f"{copied.host}{copied.path}"].document_id,
            )
            found = kinds.get((own, other), kinds.get((other, own), "the same document"))
            expected = RELATION[article.how]  # type: ignore[index]
            assert found == expected or (found, expected) == ("the same document", "identical"), address


def test_stories_fold_the_copies_and_nothing_else(whole: Whole, articles: dict[str, Any]) -> None:
    rows = whole.desk.rows("select story_id, document_id, role from story_document")
    members: dict[int, set[int]] = {}
    digests: set[tuple[int, int]] = set()
    for row in rows:
        if row.role == "digest":
            digests.add((row.story_id, row.document_id))
        else:
            members.setdefault(row.story_id, set()).add(row.document_id)

    def story_text(article: Article) -> str:
        """The text that an article is a copy of; a digest of several is a text of its own."""
        return article.copies[0] if len(article.copies) == 1 else f"{article.text_name} {article.path}"

    def text_of(article: Article) -> str:
        is_original = article.how == "original"
        return article.text_name if is_original else story_text(article)

    expected: dict[str, set[int]] = {}
    for address, article in WANTED.items():
        expected.setdefault(text_of(article), set()).add(articles[address].document_id)
    assert sorted(map(sorted, members.values())) == sorted(map(sorted, expected.values()))
    story_of = {document: story for story, documents in members.items() for document in documents}
    assert digests == {
        (story_of[articles[f"{base.host}{base.path}"].document_id], articles[address].document_id)
        for address, article in WANTED.items()
        if len(article.copies) > 1
        for base in map(truth.base, article.copies)
    }
