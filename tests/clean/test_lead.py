import pytest
import trafilatura

from pipeline.clean.stated import read_stated_facts, standfirst_of
from tests.clean.test_extract import ARTICLE, PARAGRAPHS, linked, page

TITLE = "Nine states agree on the ferries"
SAID = "There are ships enough, and nobody to steer them."


def lead(head: str, below: str, paragraphs: list[str] | None = None):
    body = f"<header><h1>{TITLE}</h1>{below}</header>"
    stated, sources = read_stated_facts(trafilatura.load_html(page(head, body).decode()), timezone=None)
    return standfirst_of(sources, paragraphs or PARAGRAPHS, TITLE), stated


@pytest.mark.parametrize(
    ("head", "below", "origin"),
    [
        ("", f"<p class=article__chapo>{SAID}</p>", "standfirst"),
        ("", f"<h2 class=spot>{SAID}</h2>", "standfirst"),
        (linked({**ARTICLE, "alternativeHeadline": SAID}), "", "json-ld"),
        (f'<meta property="og:description" content="{SAID}">', "", "opengraph"),
        ("", f"<div class='mt-4 text-xl'>{SAID}</div><div><span>By Ann Lee</span></div>", "below-headline"),
    ],
)
def test_a_standfirst_is_found_where_systems_put_it(head, below, origin):
    found = lead(head, below)[0]
    assert (found.value, found.origin) == (SAID, origin)


@pytest.mark.parametrize(
    "below",
    [
        "<p>By Ann Lee and Bo Olsen in Brussels and Merrow.</p>",
        f"<img src=a.jpg><p>{SAID}</p>",
        f"<div class=byline>Ann Lee</div><p>{SAID}</p>",
        f"<div class=article-body><p>{SAID}</p></div>",
        "<p>Analysis</p>",
        f"<p>{PARAGRAPHS[0]}</p>",
        '<p class="dek">Analysis</p>',
    ],
)
def test_what_stands_below_the_headline_is_not_always_one(below):
    assert lead("", below)[0] is None


@pytest.mark.parametrize("described", [f"{PARAGRAPHS[0][:60]}...", TITLE, PARAGRAPHS[0]])
def test_a_description_that_is_the_title_or_the_beginning_of_the_text_is_none(described):
    assert lead(f'<meta name="description" content="{described}">', "")[0] is None


def test_the_picture_comes_with_the_caption_of_the_figure_that_shows_it():
    head = '<meta property="og:image" content="/media/harbour-1200.jpg">'
    below = (
        "<figure><img src=/media/other.jpg><figcaption>Another</figcaption></figure>"
        "<figure><img src=/media/harbour-1200-800x450.jpg><figcaption>The harbour</figcaption></figure>"
    )
    stated = read_stated_facts(
        trafilatura.load_html(page(head, f"<h1>{TITLE}</h1>{below}").decode()),
        timezone=None,
        address="https://a.example/1",
    )[0]
    assert (stated.picture.address, stated.picture.caption) == (
        "https://a.example/media/harbour-1200.jpg",
        "The harbour",
    )
