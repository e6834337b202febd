"""What leads an article: its standfirst, and its picture with the caption."""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.clean.beside import Level, own_lines
from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.clean.elements import first, joined, seen_text
from pipeline.clean.jsonld import LinkedData, words
from pipeline.clean.names import is_byline
from pipeline.items import Claim, Picture

_SHORTEST = 40  # characters; what is shorter is a kicker or a slogan
_SHORTEST_NAMED = 20  # where an element is named for a standfirst
_SHORTEST_UNCASED = 25  # Hebrew, Arabic and the scripts of the East say as much in fewer
_FEWEST_WORDS = 4
_LONGEST = 1000
_LONGEST_UNNAMED = 400
_CASED = re.compile("[A-Za-zÀ-ɏΑ-ωА-џҐґ]")
_CUT = re.compile(r"(?:\.{2,}|…|\[…\]|\[\.\.\.\])$")
_NAMED = re.compile(
    r"standfirst|subhead|sub-?title|(?:^|[\s_-])(?:dek|deck|lead|lede|chapeau|chapo|sapo|accroche|intro|introduction|excerpt|summary"
    r"|vorspann|anriss|anrisstext|teaser-?text|entradilla|bajada|sumario|sommario|occhiello|catenaccio|zajawka|lid|inleiding|spot|ozet|anons|preview-?text)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# Where the head of an article goes over to who wrote it, when, and what it shows.
_ENDS_LEAD = frozenset(
    [
        "img",
        "picture",
        "figure",
        "video",
        "iframe",
        "time",
        "ul",
        "ol",
        "table",
        "article",
        "button",
        "address",
        "main",
    ]
)
_NAMED_OTHERWISE = re.compile(
    r"byline|author|autor|date|time|meta|share|social|credit|caption|image|media|gallery|breadcrumb|body|content|text-body|article-text|tools"
    r"|listen|audio|read|tags?(?:$|[\s_-])",
    re.IGNORECASE,
)
_SENTENCE = re.compile("[.!?…。！？؟।][\"'”’»“)\\]]*$")
_MOST_FIGURES = 20
_CAPTIONS = re.compile(r"caption|legend", re.IGNORECASE)
_LEAD_TAGS = frozenset(["p", "h2", "h3", "div", "span"])
_SIZED = re.compile(r"[-_]\d{2,4}x\d{2,4}(?=\.\w+$)")


def read_standfirst(
    levels: Sequence[Level],
    meta: Mapping[str, list[str]],
    linked: LinkedData,
    paragraphs: list[str],
    title: str | None,
    names: frozenset[str],
) -> Claim | None:
    """Return the sentence or two that stand between an article's headline and its text.

    First an element beside the headline that is named for it; then what the markup states, where that is no more
    than the beginning of the text, or the title, again; then a sentence right under the headline, above picture, byline and
    date. `paragraphs` are the body's lines, tidy; `names` the site's.
    """
    opening = fold_title(" ".join(paragraphs[:6]))[:2000]
    heads = {fold_title(line) for line in paragraphs[:4]}
    for claim in _candidates(levels, meta, linked):
        value, folded = claim.value, fold_title(_CUT.sub("", claim.value).rstrip())
        if not _has_length(claim) or (title and folded == fold_title(title)):
            continue
        if re.sub(r"[\W_]+", "", folded) in names:
            continue
        if folded in heads:
            # It is in the text, as a line of its own: still the standfirst, where its element says so.
            if claim.origin == "standfirst":
                return claim
            continue
        if opening.startswith(folded[:80]) or folded[:80] in opening or _CUT.search(value):
            continue
        return claim
    return None


def _has_length(claim: Claim) -> bool:
    size = len(claim.value)
    if claim.origin == "standfirst":
        return _SHORTEST_NAMED <= size <= _LONGEST and _is_many_words(claim.value)
    shortest = _SHORTEST if _CASED.search(claim.value) else _SHORTEST_UNCASED
    return shortest <= size <= _LONGEST


def _is_many_words(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS or not _CASED.search(text)


def _candidates(
    levels: Sequence[Level], meta: Mapping[str, list[str]], linked: LinkedData
) -> Iterator[Claim]:
    beside = _beside_headline(levels)
    if beside:
        yield Claim(beside, "standfirst")
    for key in ("alternativeHeadline", "description", "abstract"):
        value = words(linked.article.get(key))
        if value:
            yield Claim(value, "json-ld")
    for name, origin in (
        ("og:description", "opengraph"),
        ("description", "meta"),
        ("twitter:description", "twitter"),
    ):
        stated = first(meta, name)
        if stated:
            yield Claim(stated, origin)
    below = _below_headline(levels)
    if below:
        yield Claim(below, "below-headline")


def _below_headline(levels: Sequence[Level]) -> str | None:
    """Return the sentence that is the first thing to read after the page's `h1`, whatever its element is called."""
    for element in (one for level in levels for one in level.after):
        if element.tag in _ENDS_LEAD or _NAMED_OTHERWISE.search(element.get("class") or ""):
            return None
        if not any(own_lines(element)) and not (element.text or "").strip():
            continue
        text = seen_text(element)
        is_sentence = element.tag in _LEAD_TAGS and _SENTENCE.search(text) and _is_many_words(text)
        return text if is_sentence and len(text) <= _LONGEST_UNNAMED and not is_byline(text) else None
    return None


def _beside_headline(levels: Sequence[Level]) -> str | None:
    """Return the text of the first element after the page's `h1` that is named for a standfirst."""
    for level in levels:
        for element in level.after:
            if element.tag in _LEAD_TAGS and _is_named(element):
                text = seen_text(element)
                if _SHORTEST_NAMED <= len(text) <= _LONGEST and _is_many_words(text):
                    return text
    return None


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('data-testid') or ''} {element.get('itemprop') or ''}"
    return bool(_NAMED.search(names)) or element.get("itemprop") in {"description", "alternativeHeadline"}


def read_picture(
    tree: HtmlElement, meta: Mapping[str, list[str]], linked: LinkedData, base: str
) -> Picture | None:
    """Return the lead picture that the page states: OpenGraph's, else JSON-LD's; with its caption, where it has one.

    The caption is that of the figure on the page that shows the same picture, else of the page's only figure; else the one that JSON-LD gives it.
    """
    stated = [(first(meta, "og:image:secure_url", "og:image", "og:image:url"), "opengraph")]
    caption = ""
    for value in linked.resolve(linked.article.get("image")):
        if isinstance(value, dict):
            stated.append((words(value.get("url") or value.get("contentUrl")), "json-ld"))
            caption = caption or words(value.get("caption"))
        else:
            stated.append((words(value), "json-ld"))
    stated.append((first(meta, "twitter:image", "twitter:image:src"), "twitter"))
    for raw, origin in stated:
        address = joined(base, raw) if raw else None
        if address:
            return Picture(address, origin, _caption(tree, address) or caption or None)
    return None


def _caption(tree: HtmlElement, address: str) -> str | None:
    """Return the caption of the picture on the page; figures come by the same file name in another size."""
    name = _file_name(address)
    alone: str | None = None
    seen = 0
    for figure in tree.iter("figure"):
        seen += 1
        if seen > _MOST_FIGURES:
            break
        text = next((seen_text(one) for one in figure.iter("figcaption")), "")
        if not text:
            text = next(
                (
                    seen_text(one)
                    for one in figure.iter("div", "p", "span")
                    if _CAPTIONS.search(one.get("class") or "")
                ),
                "",
            )
        if not text:
            continue
        sources = " ".join(
            f"{image.get('src') or ''} {image.get('data-src') or ''} {image.get('srcset') or ''}"
            for image in figure.iter("img", "source")
        )
        if name and name in sources:
            return text
        alone = alone or text
    # A page's only figure shows its picture, whatever its file is called there.
    return alone if seen == 1 else None


def _file_name(address: str) -> str | None:
    name = tidy_line(urlsplit(address).path.rsplit("/", 1)[-1])
    name = _SIZED.sub("", name)
    stem = name.rsplit(".", 1)[0]
    return stem if len(stem) >= 4 else None
