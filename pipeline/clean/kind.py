"""What a page is that has no article: told by what it says and is made of, for the reason that it is set aside with."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from lxml.html import HtmlElement

from pipeline.clean.canonical import fold_title
from pipeline.clean.elements import seen_text
from pipeline.clean.missing import not_found_line

Reason = Literal[
    "not-found", "challenge", "consent-wall", "video", "gallery", "listing", "empty", "no-article"
]

SENTENCES: Mapping[Reason, str] = {
    "not-found": "The page was sent as if it were there, and says that it is not.",
    "challenge": "The page asks for proof that a person reads it.",
    "consent-wall": "The page asks for consent, and shows nothing before it is given.",
    "video": "The page is a video with a few words.",
    "gallery": "The page is a gallery of pictures with a few words.",
    "listing": "The page is a list of other pages.",
    "empty": "The page shows nothing.",
    "no-article": "The page has no article that could be extracted.",
}

_CHALLENGE = re.compile(
    r"just a moment|attention required!|are you (?:a )?(?:human|robot)|checking your browser|access denied"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|ddos[- ]guard|security check|pardon our interruption|(?:request|connection) (?:was )?blocked"
    r"|you have been blocked|unusual (?:traffic|activity)|bot (?:detection|protection)|captcha|nur einen moment|zugriff verweigert"
    r"|(?:ob|dass) sie (?:ein mensch|kein roboter) sind|un instant|accès refusé|vérif\w+ (?:que vous êtes|si vous êtes) (?:humain|un humain)|un momento…"
    r"|acceso denegado|accesso negato|verifi\w+ (?:che tu sia|que eres|que usted es) (?:un )?(?:umano|humano)|jeszcze chwila|dostęp zabroniony"
    r"|even geduld|toegang geweigerd|bir dakika lütfen|erişim engellendi|зачекайте хвилинку|доступ (?:заборонено|запрещ[её]н|ограничен|обмежено)"
    r"|підтвердьте, що ви (?:не робот|людина)|(?:подтвердите, что вы|вы) не робот|проверка браузера|один момент…",
    re.IGNORECASE,
)
_CONSENT_PLACES = re.compile(
    r"consent|cookie-?wall|privacy-?(?:wall|gate)|gdpr|cmp\b|\btcf\b|sp_(?:message|privacy)|onetrust|didomi|usercentrics|pur-?abo|purabo"
    r"|pay-?or-?(?:ok|consent)|cookie-?(?:banner|dialog|gate)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:accept|agree|consent|zustimm|einwillig|akzeptier|accepter|accetta|aceptar|zgod|akkoord|kabul|прийма|погодж|соглас|принять|onayl"
    r"|subscribe and|abonnieren|s'abonner)\w*",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"cookie|datenschutz|privacy|données personnelles|кук[иі]|\btcf\b|tracking|traceur|rastreo|tracciamento|śledzeni|werbefinanziert"
    r"|mit werbung|with ad(?:vert|s\b)|avec publicité|con pubblicità|con publicidad|z reklamami|met advertenties",
    re.IGNORECASE,
)
_LISTINGS = frozenset(
    ["CollectionPage", "SearchResultsPage", "ItemList", "Blog", "og:website", "ProfilePage"]
)
_VIDEOS = frozenset(["VideoObject", "og:video", "og:video.other", "og:video.movie", "og:video.episode"])
_GALLERIES = frozenset(["ImageGallery", "MediaGallery", "og:gallery"])
_MOST_TEXT = 3000  # characters of a consent wall or a challenge
_MANY_ELEMENTS = 100
_HARDLY_ANY = 100  # characters, on a page that its scripts are to fill
_FEWEST_LINKS = 20
_LINK_SHARE = 0.5  # of a listing's characters
_FEWEST_PICTURES = 5
_MOST_COUNTED = 400
_SLIDE_DEPTH = 4
_SERIES_SHARE = 0.6  # of what was extracted
_LONGEST_SLIDE = 600  # characters that stand with one picture
_FEWEST_TEASERS = 3
_FEWEST_WORDS = 3  # of a headline
_DAY = re.compile(r"^[\d.:/, –—-]{4,20}(?=\D)")
FEW_WORDS = 50
"""With fewer, and no paragraph, what was extracted is no article."""
_ENOUGH: Mapping[str, int] = {
    "challenge": 150,
    "consent-wall": 250,
    "empty": 30,
    "video": 50,
    "gallery": 300,
    "listing": 400,
}

_UNSTATED = frozenset(["listing", "empty"])
"""What a page is only found to be where it does not say that it is an article."""


@dataclass(frozen=True, slots=True)
class _Counts:
    pictures: int
    videos: int


def kind_of(
    tree: HtmlElement, types: frozenset[str], headlines: tuple[str, ...], lines: list[str]
) -> tuple[Reason, str]:
    """Return the reason that a page without an article is set aside with, and a sentence.

    Args:
        tree: the whole page; it is not changed.
        types: what its JSON-LD and OpenGraph say that it is (see `Stated`).
        headlines: its `h1` texts and its title.
        lines: what the extractor found in it all the same.
    """
    missing = not_found_line(headlines, "\n".join(lines))
    if missing is not None:
        return "not-found", f"The page was sent as if it were there, and says {missing[:80]!r}."
    reason = _reason(tree, types, headlines, lines)
    return reason, SENTENCES[reason]


def is_stated_listing(types: frozenset[str]) -> bool:
    """Tell whether a page says in its JSON-LD that it is a list of pages, and nowhere that it is an article."""
    return not says_article(types) and bool(types & {"CollectionPage", "SearchResultsPage"})


def says_article(types: frozenset[str]) -> bool:
    """Tell whether a page says in its JSON-LD or OpenGraph that it is an article."""
    return "og:article" in types or any(kind.endswith(("Article", "BlogPosting", "Report")) for kind in types)


def is_none(reason: str, words: int, *, has_paragraph: bool) -> bool:
    """Tell whether what was kept of a page is no article: too few words, for what the page is otherwise.

    Args:
        reason: what the page is if it has no article (see `kind_of`).
        words: how many were kept.
        has_paragraph: whether one of the lines is a paragraph.
    """
    if words < FEW_WORDS and not has_paragraph:
        return True
    return words < _ENOUGH.get(reason, 0)


def may_be_none(words: int, types: frozenset[str]) -> bool:
    """Tell, without a look at the page, whether one of which so many words were kept may turn out to be no article.

    Args:
        words: how many were kept.
        types: what the page says that it is (see `Stated`); one that says it is an article is no listing.
    """
    enough = (
        number for reason, number in _ENOUGH.items() if not (reason in _UNSTATED and says_article(types))
    )
    return words < max(FEW_WORDS, *enough)


def _reason(tree: HtmlElement, types: frozenset[str], headlines: tuple[str, ...], lines: list[str]) -> Reason:
    body = next(tree.iter("body"), None)
    text = seen_text_of(body) if body is not None else ""
    counts = _count(body) if body is not None else _Counts(0, 0)
    if len(text) <= _MOST_TEXT:
        if any(_CHALLENGE.search(said) for said in (*headlines, text[:300])):
            return "challenge"
        if _asks_consent(body, text):
            return "consent-wall"
    if types & _VIDEOS or (counts.videos and not counts.pictures >= _FEWEST_PICTURES):
        return "video"
    stated_gallery = types & _GALLERIES and not says_article(types)
    if stated_gallery or (counts.pictures >= _FEWEST_PICTURES and _is_series(body, lines)):
        return "gallery"
    if says_article(types):
        return "no-article"
    if _are_teasers(tree, lines) or (not lines and _are_links(body, types, text)):
        return "listing"
    few_words = sum(line.count(" ") + 1 for line in lines) < 2 * FEW_WORDS
    if counts.pictures >= _FEWEST_PICTURES and few_words:
        return "gallery"
    if body is not None and sum(1 for _ in body.iter()) > _MANY_ELEMENTS:
        return "no-article"  # there is something, though the parser gave up on it
    asks_for_scripts = len(text) < _HARDLY_ANY and any(True for _ in tree.iter("noscript"))
    return "empty" if asks_for_scripts or not (text or counts.pictures) else "no-article"


def seen_text_of(body: HtmlElement) -> str:
    """Return the text of a whole body, up to ten thousand characters, without scripts and styles."""
    parts: list[str] = []
    size = 0
    for element in body.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "noscript", "template"}:
            continue
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                parts.append(text.strip())
                size += len(text)
        if size > 10_000:
            break
    return " ".join(parts)


def _asks_consent(body: HtmlElement | None, text: str) -> bool:
    if body is None or not (_CONSENT.search(text) and _COOKIES.search(text)):
        return False
    named = " ".join(
        f"{one.get('id') or ''} {one.get('class') or ''} {one.get('action') or ''} {one.get('aria-label') or ''}"
        for one in body.iter("body", "div", "form", "section", "main", "dialog", "aside")
    )
    return bool(_CONSENT_PLACES.search(named)) or len(text) < 1000


def _are_teasers(tree: HtmlElement, lines: list[str]) -> bool:
    """Tell whether most of what was extracted begins with headings that are links, or with links: teasers of other pages."""
    folded = [_DAY.sub("", fold_title(line.removeprefix("- "))) for line in lines if line.strip()]
    heads = _headlines(one for one in tree.iter("h2", "h3", "h4") if _is_linked(one))
    if len(heads) >= _FEWEST_TEASERS and _begun(folded, heads) >= max(_FEWEST_TEASERS, len(folded) / 3):
        return True
    links = _headlines(islice(tree.iter("a"), _MOST_COUNTED))
    return len(links) > _FEWEST_TEASERS and _begun(folded, links) > max(_FEWEST_TEASERS, 0.4 * len(folded))


def _headlines(elements: Iterable[HtmlElement]) -> set[str]:
    heads = {fold_title(seen_text(one)) for one in elements}
    return {head for head in heads if len(head.split()) >= _FEWEST_WORDS}


def _begun(folded: list[str], heads: set[str]) -> int:
    """Count the lines that begin with a headline."""
    return sum(1 for line in folded if any(line.startswith(head) for head in heads))


def _is_series(body: HtmlElement | None, lines: list[str]) -> bool:
    """Tell whether most of what was extracted stands in pictures of one series: boxes side by side, each with a picture."""
    wanted = sum(len("".join(line.removeprefix("- ").split())) for line in lines)
    series: dict[HtmlElement, list[HtmlElement]] = {}
    for picture in islice(body.iter("img") if body is not None else (), _MOST_COUNTED):
        box = picture.getparent()
        for _ in range(_SLIDE_DEPTH):
            above = box.getparent() if box is not None else None
            if above is None or len(above) >= _FEWEST_PICTURES:
                break
            box = above
        if box is not None and (above := box.getparent()) is not None and box not in series.get(above, ()):
            series.setdefault(above, []).append(box)
    for boxes in series.values():
        if len(boxes) < _FEWEST_PICTURES or any(
            next(box.iter("p"), None) is None and len(box) == 0 for box in boxes
        ):
            continue
        texts = [seen_text(box) for box in boxes]
        size = sum(len("".join(text.split())) for text in texts)
        in_links = sum(len(seen_text(link)) for box in boxes for link in box.iter("a"))
        if (
            size >= _SERIES_SHARE * wanted
            and in_links < _LINK_SHARE * size
            and max(map(len, texts)) <= _LONGEST_SLIDE
        ):
            return True
    return False


def _is_linked(heading: HtmlElement) -> bool:
    parent = heading.getparent()
    return any(True for _ in heading.iter("a")) or (parent is not None and parent.tag == "a")


def _are_links(body: HtmlElement | None, types: frozenset[str], text: str) -> bool:
    """Tell whether a page has many links, and says that it is a list or has hardly anything else."""
    links = [] if body is None else list(islice(body.iter("a"), _MOST_COUNTED))
    if len(links) < _FEWEST_LINKS:
        return False
    return bool(types & _LISTINGS) or sum(len(seen_text(one)) for one in links) >= _LINK_SHARE * len(text)


def _count(body: HtmlElement) -> _Counts:
    pictures = sum(1 for _ in body.iter("img", "picture"))
    videos = sum(
        1
        for one in body.iter("video", "iframe")
        if one.tag == "video" or re.search(r"youtube|vimeo|player|dailymotion|jwplayer", one.get("src") or "")
    )
    return _Counts(pictures, videos)
