"""What a page's markup knows of each line of its article: links, element, surroundings, path.

It is read off the tree that the article was extracted from, and is evidence alone: nothing is cut out of a page by
it. A line that no node of the page fits, as where the extractor joined two, has no place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

# Elements that hold a line of their own. Whatever else holds text itself is looked at where none of these fits.
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "dt", "dd")
_WITH_TEXT = etree.XPath("//text()[normalize-space()]/..")
_KINDS = {
    "figure": "figure", "figcaption": "figure", "aside": "aside", "footer": "footer", "header": "header",
    "nav": "nav", "form": "form", "button": "button", "label": "button", "blockquote": "quote", "table": "table",
    "ul": "list", "ol": "list", "dialog": "consent", "menu": "nav",
}  # fmt: skip
_BOXES = frozenset(["div", "section", "aside"])
_ASKING = ("input", "button", "textarea")
_ROLES = {
    "navigation": "nav", "menu": "nav", "dialog": "consent", "alertdialog": "consent", "search": "form",
    "form": "form", "complementary": "aside", "contentinfo": "footer", "banner": "header", "button": "button",
    "figure": "figure", "toolbar": "share", "tooltip": "button",
}  # fmt: skip
# The markup of widgets that many sites have from the same maker; their names are theirs, and mean nothing else.
_WIDGETS = {
    "consent": "onetrust|ot-sdk|didomi|cybotcookiebot|cookiebot|qc-cmp|usercentrics|borlabs|cmplz|sp_message"
    "|cookie-(?:notice|consent|law|banner)|osano|iubenda",
    "share": "sharedaddy|sd-sharing|addtoany|a2a_kit|addthis|sharethis|ssba|heateor|jssocials|social-share|share-buttons"
    "|shariff|essb_|mashsb|sassy-social|jp-sharing|wp-block-outermost-social-sharing|yashare|ya-share|pluso|uptolike",
    "related": "jp-relatedposts|yarpp|crp_related|rp4wp|wp-block-latest-posts|outbrain|ob-widget|taboola|trc_"
    "|related-?(?:posts|articles|stories|content|news|links)|wp-block-query|wp-embedded-content|plista|revcontent|mgid"
    "|recirc",
    "newsletter": "mc_embed|mc4wp|mailchimp|mailpoet|newsletter-?(?:form|signup|sign-up|box|widget)|tnp|convertkit|klaviyo"
    "|substack-(?:embed|post)|subscription-widget|gh-signup|hs-form|sailthru",
    "comments": "disqus|fb-comments|comment-respond|comments-area|commentlist|coral-|viafoura|spot-?im|openweb|hypercomments",
    "author-box": "author-?(?:box|bio)|saboxplugin|molongui|pp-author|abh_box|wp-block-post-author|about-the-author",
    "paywall": "paywall|tp-container|piano-|leaky_paywall|gh-post-upgrade-cta|subscriber-wall",
    "caption": r"(?<![a-z])(?:wp-caption|(?:image|photo|picture|media|img)[-_]*caption|caption|(?:photo|image)[-_]credit)(?![a-z])",
    "meta": r"(?<![a-z])(?:by-?line|author|(?:post|entry|article|story)[-_]meta|posted-on|time-?stamp|dateline"
    r"|publish(?:ed)?[-_]?(?:date|time)|read(?:ing)?[-_]?time|kicker|overline|eyebrow|bread-?crumbs?|crumbs|tags?|tag-?list"
    r"|topics|keywords|copyright|disclaimer)(?![a-z])",
    "embed": "twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|fb-video|telegram-post|bluesky-embed"
    "|reddit-embed|wp-block-embed|strawpoll|apester|playbuzz|riddle_target|opinary",
}  # fmt: skip
_WIDGET = re.compile(
    "|".join(f"(?P<{kind.replace('-', '_')}>{names})" for kind, names in _WIDGETS.items()), re.I
)
_LARGE_SHARE = 1 / 3
"""What holds more of the text than this is the text's own box, whatever it is called: its kind tells nothing."""
_MOST_NODES = 6000  # a page with more blocks is no article, and must not cost more than one
_CAPTION = 400  # characters: what stands in a box beside a picture, and is no longer, is its caption
_STABLE = re.compile(r"[a-z][a-z_-]{2,30}")
_PATH_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stood on its page, as far as the markup tells.

    `element` is the line's own element; `links` the share of its characters inside links (0 to 1); `is_own_site`
    tells whether all these lead within the site; `within` names what it stands in (`figure`, `aside`, `footer`,
    `header`, `nav`, `form`, `button`, `quote`, `table`, `list`, `link-list`, `consent`, `share`, `related`,
    `newsletter`, `comments`, `author-box`, `paywall`, `embed`, `caption`, `meta`); `path` is a short form of the way to it, the same
    on a site's other pages; `copies` counts the nodes with this text. Where several nodes fit, only what is true
    of each of them is said.
    """

    element: str
    links: float = 0.0
    is_own_site: bool = False
    within: frozenset[str] = frozenset()
    path: str = ""
    copies: int = 1


@dataclass(slots=True)
class _Around:
    """What is known of an element and all around it: the elements that make it something, and its path."""

    marks: tuple[tuple[HtmlElement, str], ...]
    steps: tuple[str, ...]
    link: HtmlElement | None


def read_places(tree: HtmlElement, lines: Sequence[str], address: str = "") -> list[Place | None]:
    """Return the place of each line of an article, None where no node of its page fits it.

    Args:
        tree: the page, as it was when the article was extracted; it is not changed.
        lines: the article's lines as the extractor gave them.
        address: the page's own, to tell its site's links from others.
    """
    wanted: dict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        key = _key(bare_line(line))
        if key:
            wanted[key].append(index)
    # The extractor marks the items of lists; a page's menus are lists too, and need not be read without need.
    tags = (*_BLOCKS, "li") if any(line.startswith("- ") for line in lines) else _BLOCKS
    nodes = _matching(tree.iter(*tags), wanted)
    missing = wanted.keys() - nodes.keys()
    if missing:
        others: Any = _WITH_TEXT(tree)  # an expression may give anything; this one gives elements
        nodes.update(_matching(others, missing))
    reader = _Reader(address)
    around = {key: [reader.around(node) for node in found] for key, found in nodes.items()}
    dismissed = _dismissed(around, sum(map(len, wanted)))
    places: list[Place | None] = [None] * len(lines)
    for key, found in nodes.items():
        place = reader.place(found, around[key], dismissed)
        for index in wanted[key]:
            places[index] = place
    return places


def bare_line(line: str) -> str:
    """Return a line without the extractor's marks: of an item of a list, or of the only cell of a row."""
    if line.startswith("- "):
        return line[2:]
    inner = line.strip().strip("|").strip()
    return inner if line.startswith("| ") and "|" not in inner else line


def _key(text: str) -> str:
    """Return a text as the page and the extractor both have it: without white space."""
    return "".join(text.split())


def _matching(nodes: Iterable[HtmlElement], wanted: Iterable[str]) -> dict[str, list[HtmlElement]]:
    """Return the nodes whose whole text is wanted, by that text."""
    keys = frozenset(wanted)
    found: dict[str, list[HtmlElement]] = {}
    for node in islice(nodes, _MOST_NODES):
        key = _key(_text(node))
        if key in keys:
            found.setdefault(key, []).append(node)
    return found


def _text(node: HtmlElement) -> str:
    """Return all text in a node; a third of the time that `itertext` takes, which makes an object of each element."""
    return etree.tostring(node, method="text", encoding="unicode", with_tail=False)


def _dismissed(around: dict[str, list[_Around]], total: int) -> frozenset[HtmlElement]:
    """Return the elements that hold so much of the text that being in them tells nothing."""
    held: dict[HtmlElement, int] = defaultdict(int)
    for key, found in around.items():
        for element in {element for one in found for element, _ in one.marks}:
            held[element] += len(key)
    return frozenset(element for element, size in held.items() if size > _LARGE_SHARE * total)


class _Reader:
    """Reads elements of one page, each once."""

    def __init__(self, address: str) -> None:
        self.host = _bare_host(address)
        self.known: dict[HtmlElement, _Around] = {}
        self.lists: dict[HtmlElement, bool] = {}

    def around(self, element: HtmlElement) -> _Around:
        """Return what an element stands in."""
        way: list[HtmlElement] = []
        node: HtmlElement | None = element
        while node is not None and node not in self.known:
            way.append(node)
            node = node.getparent()
        found = self.known[node] if node is not None else _Around((), (), None)
        for one in reversed(way):
            found = self._deeper(found, one)
            self.known[one] = found
        return found

    def _deeper(self, above: _Around, element: HtmlElement) -> _Around:
        tag = element.tag
        kinds = set()
        if tag in _KINDS:
            kinds.add(_KINDS[tag])
        step: str = tag
        names = element.get("class") or ""
        if tag not in ("html", "body"):
            role, name = element.get("role"), element.get("id")
            if role in _ROLES:
                kinds.add(_ROLES[role])
            widget = _widget(f"{names} {name}" if name else names) if names or name else None
            if widget is not None:
                kinds.add(widget)
            if tag in _BOXES:
                kinds.update(_boxed(element))
            step = next((f"{tag}.{word}" for word in names.split()[:3] if _STABLE.fullmatch(word)), tag)
        marks = (*above.marks, *((element, kind) for kind in kinds)) if kinds else above.marks
        link = element if tag == "a" and element.get("href") else above.link
        return _Around(marks, (*above.steps[1 - _PATH_LEVELS :], step), link)

    def place(
        self, nodes: list[HtmlElement], around: list[_Around], dismissed: frozenset[HtmlElement]
    ) -> Place:
        """Return what is true of all the nodes that have one text."""
        within: frozenset[str] | None = None
        links, is_own_site = 1.0, True
        for node, one in zip(nodes, around, strict=True):
            kinds = frozenset(kind for element, kind in one.marks if element not in dismissed)
            if "list" in kinds and self._is_link_list(one):
                kinds |= {"link-list"}
            within = kinds if within is None else within & kinds
            share, is_own = self._links(node, one)
            links, is_own_site = min(links, share), is_own_site and is_own
        return Place(
            nodes[0].tag, links, is_own_site, within or frozenset(), ">".join(around[0].steps), len(nodes)
        )

    def _links(self, node: HtmlElement, around: _Around) -> tuple[float, bool]:
        """Return the share of a node's characters inside links, and whether they lead within the site."""
        if around.link is not None:
            return 1.0, self._is_own(around.link)
        inside, found = 0, []
        for link in node.iter("a"):
            found.append(link)
            inside += len(_key(_text(link)))
        if not inside:
            return 0.0, False
        size = len(_key(_text(node)))
        return min(1.0, inside / size), all(self._is_own(link) for link in found)

    def _is_own(self, link: HtmlElement) -> bool:
        target = (link.get("href") or "").strip()
        if not target.startswith(("http:", "https:", "//")):
            return not target.startswith(("mailto:", "tel:", "javascript:", "#")) and bool(target)
        return bool(self.host) and _bare_host(target) == self.host

    def _is_link_list(self, around: _Around) -> bool:
        """Tell whether the nearest list has two items or more, and hardly a word outside links."""
        nearest = next(element for element, kind in reversed(around.marks) if kind == "list")
        if nearest not in self.lists:
            text = len(_key(_text(nearest)))
            links = sum(len(_key(_text(link))) for link in nearest.iter("a"))
            items = sum(1 for _ in nearest.iterchildren("li"))
            self.lists[nearest] = items > 1 and links >= 0.8 * text > 0
        return self.lists[nearest]


def _boxed(element: HtmlElement) -> Iterator[str]:
    """Yield what a box is by what is in it: fields or buttons, or a picture and a few words."""
    if next(element.iter(*_ASKING), None) is not None:
        yield "form"
    picture = next(element.iterchildren("img", "picture"), None)
    if picture is not None and len(_text(element)) <= _CAPTION:
        yield "figure"


@lru_cache(maxsize=4096)
def _widget(names: str) -> str | None:
    """Return the kind of widget that an element's class and id name; a site's pages have the same few."""
    found = _WIDGET.search(names.lower())
    return found.lastgroup.replace("_", "-") if found and found.lastgroup else None


def _bare_host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
