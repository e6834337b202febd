import pytest
import trafilatura

from pipeline.clean.kind import SENTENCES, is_none, is_stated_listing, kind_of, may_be_none

LINKS = "".join(f"<li><a href=/{n}>The ferry number {n} leaves the harbour today</a></li>" for n in range(40))
CARDS = "".join(
    f"<div><h3><a href=/{n}>Ferry number {n} leaves</a></h3><p>It left early.</p></div>" for n in range(8)
)

ROWS = "".join(f"<p>0{n}.12.2024 <a href=/{n}><b>Ferry number {n} leaves</b></a></p>" for n in range(8))
SAID = tuple(f"Ferry number {n} as it left the harbour on Tuesday." for n in range(8))
SLIDES = f"<div>{''.join(f'<div><div><img src={n}.jpg></div><p>{said}</p></div>' for n, said in enumerate(SAID))}</div>"


@pytest.mark.parametrize(
    ("title", "body", "types", "lines", "reason"),
    [
        ("Page not found", "<h1>Page not found</h1>", (), (), "not-found"),
        ("Just a moment...", "<p>Checking.</p>", (), (), "challenge"),
        ("Are you a robot?", "<p>Tick the box.</p>", (), (), "challenge"),
        ("Before you go on", "<form id=consent><p>We use cookies.</p><button>Accept</button></form>", (), (), "consent-wall"),
        ("Film", "<video src=a.mp4></video>", (), (), "video"),
        ("Film", "<p>02:11</p>", ("og:video.other",), (), "video"),
        ("Pictures", "<img src=a>" * 6, (), (), "gallery"),
        ("Pictures", "<img src=a>", ("ImageGallery",), (), "gallery"),
        ("News", f"<ul>{LINKS}</ul>", (), (), "listing"),
        ("News", CARDS, (), tuple(f"Ferry number {n} leaves It left early." for n in range(8)), "listing"),
        ("App", "<noscript>Enable JavaScript.</noscript><div id=root></div>", (), (), "empty"),
        ("", "", (), (), "empty"),
        ("Nur einen Moment…", "<h2>Überprüfung, ob Sie ein Mensch sind.</h2>", (), (), "challenge"),
        ("The Post", "<section aria-label=consent><p>Read with advertising, or subscribe and browse without tracking.</p></section>", (), (), "consent-wall"),
        ("Pictures", SLIDES, (), SAID, "gallery"),
        ("Pictures", SLIDES, (), (*SAID, "The ferries left the harbour early, and nobody knows why. " * 12), "no-article"),
        ("News", ROWS, (), tuple(f"0{n}.12.2024 Ferry number {n} leaves" for n in range(8)), "listing"),
        ("News", ROWS, ("NewsArticle",), tuple(f"0{n}.12.2024 Ferry number {n} leaves" for n in range(8)), "no-article"),
        ("Deep", "<div>" * 150, (), (), "no-article"),
        ("Ferries", "<p>The ferries left the harbour early today, and nobody knows why they did.</p>", (), (), "no-article"),
        ("Ferries", f"<p>Soon.</p><ul>{LINKS}</ul>", ("NewsArticle",), (), "no-article"),
    ],
)  # fmt: skip
def test_what_a_page_is_that_has_no_article_is_told_by_what_it_says(title, body, types, lines, reason):
    tree = trafilatura.load_html(f"<html><head><title>{title}</title></head><body>{body}</body></html>")
    found, sentence = kind_of(tree, frozenset(types), (title,), list(lines))
    assert found == reason
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("reason", "words", "has_paragraph", "none"),
    [
        ("no-article", 49, False, True),
        ("no-article", 49, True, False),
        ("no-article", 50, False, False),
        ("challenge", 100, True, True),
        ("challenge", 300, True, False),
        ("video", 49, True, True),
        ("video", 60, True, False),
    ],
)
def test_few_words_are_no_article_and_fewer_do_for_what_is_something_else(reason, words, has_paragraph, none):
    assert is_none(reason, words, has_paragraph=has_paragraph) is none


@pytest.mark.parametrize(
    ("types", "listing"),
    [
        (("CollectionPage",), True),
        (("CollectionPage", "NewsArticle"), False),
        (("CollectionPage", "og:article"), False),
        (("WebPage",), False),
        ((), False),
    ],
)
def test_a_page_that_calls_itself_a_list_of_pages_is_one(types, listing):
    assert is_stated_listing(frozenset(types)) is listing


@pytest.mark.parametrize("words", [0, 49, 50, 149, 249, 299, 300, 399, 400, 5000])
@pytest.mark.parametrize("types", [frozenset(), frozenset(["NewsArticle"])])
def test_a_page_is_looked_at_again_just_where_it_may_be_no_article(words: int, types: frozenset[str]) -> None:
    reasons = SENTENCES.keys() - ({"listing", "empty"} if types else set())
    found = any(is_none(reason, words, has_paragraph=False) for reason in reasons)
    assert may_be_none(words, types) == found
