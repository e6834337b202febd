"""A page's title: the headline that stands on the page, where it can be told, without the site's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.clean.canonical import fold_title
from pipeline.clean.dates import read_date_line
from pipeline.clean.elements import first, is_hidden, seen_text
from pipeline.clean.jsonld import LinkedData, words
from pipeline.items import Claim

_SEPARATOR = re.compile(r"\s+[|•·–—―\-~»«:/]+\s+|\s*[|»•]\s*")
_LETTERS = re.compile(r"[\W_]+")
_ARTICLES = ("the", "der", "die", "das", "le", "la", "les", "il", "el")
_FEWEST_WORDS = 4  # of a `title` element that nothing confirms
_FEWEST_CHARACTERS = 20  # of one in a script without spaces, or with few of them
_MOST_HEADINGS = 60
_CHROME = frozenset(["header", "nav", "aside", "footer"])
_ALIKE = 0.6  # of the words of the shorter of two headlines


_NUMERIC_DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:20)?\d\d|(?:19|20)\d\d-\d\d-\d\d")
# What a site's parts are called: behind a headline and before the site's name such a word is no part of either.
_SECTION = re.compile(
    r"(?:(?:latest|breaking|top|all|local|national|international|foreign)\s+)?(?:(?:world|europe(?:an)?|uk|us|politic(?:s|al)|business|sports?"
    r"|science|technology|tech|health|culture|economy|war|society|weather)\s+)*(?:news|world|europe|international|politics|business|sports?"
    r"|opinion|culture|science|technology|tech|health|economy|environment|society)"
    r"|nachrichten|politik|wirtschaft|ausland|inland|kultur|wissen|actualités?|monde|économie|politique|mondo|esteri|politica|cronaca|economia"
    r"|mundo|internacional|política|economía|noticias|świat|polska|wiadomości|новини|новости|світ|мир|політика|политика|економіка|экономика",
    re.IGNORECASE,
)
# Ukrainian and Russian spellings in the letters of host names, coarsely: what is spelt in two ways is one letter.
_CYRILLIC = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "i",
    "э": "e", "ю": "iu", "я": "ia", "ь": "", "ъ": "",
})  # fmt: skip
_HAS_CYRILLIC = re.compile(r"[а-яёіїєґ]")


@dataclass(frozen=True, slots=True)
class Headings:
    """A page's headings as a reader sees them: its `h1`, and (few of) its `h2`."""

    first: tuple[str, ...]
    second: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.first or self.second)


def read_headings(tree: HtmlElement) -> Headings:
    """Return a page's headings, in order, without hidden and empty ones."""
    found: dict[str, list[str]] = {"h1": [], "h2": []}
    for heading in tree.iter("h1", "h2"):
        texts = found[heading.tag]
        if len(texts) < _MOST_HEADINGS and not is_hidden(heading):
            text = seen_text(heading)
            if text:
                texts.append(text)
    return Headings(tuple(found["h1"]), tuple(found["h2"]))


def site_names(meta: Mapping[str, list[str]], linked: LinkedData, address: str) -> frozenset[str]:
    """Return the names of the page's site, folded to letters: as stated, and as its host is called."""
    stated = [first(meta, "og:site_name", "application-name", "al:ios:app_name", "twitter:app:name:iphone")]
    stated += linked.names(linked.article.get("publisher"))
    stated += linked.names([linked.article.get("isPartOf"), linked.page.get("isPartOf")])
    for name in meta.get("twitter:site", ())[:1]:
        stated.append(name.lstrip("@"))
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    parts = host.split(".")
    # Two letters are a name where there is no other (`dw.com`), else a country's or a language's.
    labels = [host, *(label for label in parts[:-1] if len(label) > 2 or len(parts) == 2)]
    return frozenset(folded for name in (*stated, *labels) if name and (folded := _letters(name)))


def _letters(name: str) -> str:
    """Return a name as two spellings of it compare: its letters, without a leading article."""
    first_word, _, rest = name.casefold().strip().partition(" ")
    return _LETTERS.sub("", rest if rest and first_word in _ARTICLES else name.casefold())


def without_site(title: str, names: frozenset[str], headings: Headings) -> str:
    """Return a title without the site's name (and what goes with it) at its end or its beginning.

    Only on evidence: the part is a name of the site, or what is left is a heading of the page. With the name goes the
    date behind it, and the section before it; a date in figures at the end goes by itself.
    """
    folded = {fold_title(heading) for heading in (*headings.first, *headings.second)}
    if fold_title(title) in folded:
        return title
    breaks = list(_SEPARATOR.finditer(title))
    for found in breaks:
        if fold_title(title[: found.start()]) in folded and _long_enough(title[: found.start()]):
            return title[: found.start()].rstrip()
    for found in reversed(breaks):
        if fold_title(title[found.end() :]) in folded and _long_enough(title[found.end() :]):
            return title[found.end() :]
    dated = title[: breaks[-1].start()].rstrip() if breaks else ""
    if dated and _is_date_tail(title[breaks[-1].end() :], dated, names):
        return without_site(dated, names, headings)
    cut = title
    for found in breaks:
        # What follows the site's name is the site's too; what stands before it may be a section.
        if _is_name(title[found.end() :], names) and title[: found.start()].strip():
            cut = _without_section(title[: found.start()].rstrip())
            return without_site(cut, names, headings)
    if breaks and _is_name(title[: breaks[0].start()], names):
        cut = title[breaks[0].end() :]
    return cut


def _is_date_tail(tail: str, before: str, names: frozenset[str]) -> bool:
    """Tell whether a title's last part is a date in figures, or one in words behind the site's name."""
    if _NUMERIC_DATE.fullmatch(tail):
        return True
    # A headline's own day ("The war at a glance - 4 December 2024") stays.
    return read_date_line(tail) is not None and any(
        _is_name(before[found.end() :], names) for found in _SEPARATOR.finditer(before)
    )


def _without_section(title: str) -> str:
    """Return a title without the section behind a bar that stood before the site's name (`... | World News - The Post`)."""
    headline, bar, section = title.rpartition("|")
    return headline.rstrip() if bar and headline.strip() and _SECTION.fullmatch(section.strip()) else title


def _is_name(part: str, names: frozenset[str]) -> bool:
    letters = _letters(part)
    if not letters:
        return False
    if letters in names:
        return True
    if _HAS_CYRILLIC.search(letters) and _in_latin(letters) in {_in_latin(name) for name in names}:
        return True
    # "Harbour Post" for `harbourpost.example`, "BBC News" for `bbc`, "The Post | World" for `The Post`.
    close = (
        name for name in names if len(name) >= 3 and (letters.startswith(name) or name.startswith(letters))
    )
    return len(part.split()) <= 5 and any(len(letters) >= 3 for _ in close)


def _in_latin(letters: str) -> str:
    """Return a folded name in coarse Latin letters, in which `Укрінформ` and `ukrinform` are one."""
    latin = (
        letters.translate(_CYRILLIC).replace("kh", "h").replace("g", "h").replace("y", "i").replace("j", "i")
    )
    return re.sub("i+", "i", latin)


def _long_enough(part: str) -> bool:
    return len(part.split()) >= 2 or len(part) >= _FEWEST_CHARACTERS


def choose_title(
    tree: HtmlElement,
    meta: Mapping[str, list[str]],
    linked: LinkedData,
    headings: Headings,
    names: frozenset[str],
) -> Claim | None:
    """Return the page's title and where it was stated.

    What the markup states (JSON-LD, then OpenGraph) is looked for among the page's headings: the heading that says
    the same is the title as its readers know it. A heading that nothing confirms is believed only beside a `title`
    element that begins with it; a `title` element alone only where it has the length of a headline.
    """
    stated = [
        Claim(without_site(value, names, headings), origin)
        for value, origin in (
            (words(linked.article.get("headline")) or words(linked.article.get("name")), "json-ld"),
            (first(meta, "og:title"), "opengraph"),
            (first(meta, "twitter:title"), "twitter"),
            (first(meta, "headline", "dc.title", "dcterms.title", "title", "sailthru.title"), "meta"),
        )
        if value
    ]
    element = next((seen_text(one) for one in tree.iter("title")), "")
    element = without_site(element, names, headings) if element else ""
    real = [text for text in headings.first if _letters(text) not in names]
    return _confirmed(stated, element, real, headings.second) or _unconfirmed(stated, element)


def _confirmed(stated: list[Claim], element: str, real: list[str], second: tuple[str, ...]) -> Claim | None:
    for claim in stated[:1]:
        if claim.origin == "json-ld" and claim.value in real:
            return claim
    known = [*(claim.value for claim in stated), element]
    for text in real:
        if any(text and fold_title(text) == fold_title(value) for value in known):
            return Claim(text, "h1")
    # A page's one headline may be another than the one for search engines.
    alike = [text for text in real if any(_share(text, value) >= _ALIKE for value in known if value)]
    if len(alike) == 1:
        return _shorter_statement(alike[0], stated) or Claim(alike[0], "h1")
    for claim in stated:
        if claim.value in second:
            return claim
    return None


def _shorter_statement(heading: str, stated: list[Claim]) -> Claim | None:
    """Return the statement that a heading holds whole beside a label ("Live", a share button's words)."""
    folded = fold_title(heading)
    for claim in stated:
        value = fold_title(claim.value)
        beside = len(heading.split()) - len(claim.value.split())
        if value in folded and 0 < beside <= 3 and len(claim.value.split()) >= _FEWEST_WORDS:
            return claim
    return None


def _unconfirmed(stated: list[Claim], element: str) -> Claim | None:
    if stated:
        return stated[0]
    if element and (len(element.split()) >= _FEWEST_WORDS or len(element) >= 2 * _FEWEST_CHARACTERS):
        return Claim(element, "title-element")
    return None


def _share(one: str, other: str) -> float:
    """Return the share of the shorter headline's distinct words that the longer one has too."""
    a, b = set(fold_title(one).split()), set(fold_title(other).split())
    shorter = min(len(a), len(b))
    return len(a & b) / shorter if shorter >= 2 else 0.0
