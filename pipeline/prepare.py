"""The one pure step from a capture to all that is derived from it.

The same bytes and recipe give the same result on any machine, in any process: no network, no database,
no clock. That is what makes re-processing and process pools possible.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from pipeline.address import article_address, canonical, host_of, same_site
from pipeline.clean.canonical import CANONICAL_VERSION, digest, split_lines, tidy_line
from pipeline.clean.catalogue import catalogue
from pipeline.clean.dates import claim_from_line, read_date_line, timed_claim
from pipeline.clean.decode import DECODE_VERSION, decode_text
from pipeline.clean.extract import EXTRACTOR, Extract, extract
from pipeline.clean.language import language_of
from pipeline.clean.page import Page
from pipeline.clean.residue import Cleaned, clean
from pipeline.errors import Quarantine
from pipeline.items import Capture, Claim, DateClaim, DateKind, Listed, Prepared, Recipe
from pipeline.match.fingerprint import FINGERPRINT_VERSION, fingerprint
from pipeline.match.words import WORDS_VERSION, hash_words

CONTENT_HASH_DIGITS = 16

_TRUST = (
    "declared", "json-ld", "opengraph", "wordpress", "news-sitemap", "feed", "time-element", "banner", "listing",
    "dateline",
)  # fmt: skip
"""Where a publication date may come from, the most trusted first. A page header is not among them."""

_TITLED = frozenset(["news-sitemap", "wordpress", "feed", "listing"])
"""The discovery pages that state headlines; a link's text, in a section or an archive, may say "read more"."""

_FEW_WORDS = 50

_CLOCK_SLACK = timedelta(days=1)


def current_recipe() -> Recipe:
    """Return the recipe that `prepare` follows in this version of newsfold."""
    return Recipe(
        extractor=f"{EXTRACTOR}+{DECODE_VERSION}",
        residue=catalogue().version,
        canonical=f"{CANONICAL_VERSION}+{WORDS_VERSION}",
        fingerprint=FINGERPRINT_VERSION,
    )


def prepare(capture: Capture) -> Prepared:
    """Derive the clean text, its identity and its facts from a capture.

    Raises:
        Quarantine: nothing can be made of the capture; `reason` says why in a word.
    """
    page, notes = _read(capture)
    declared_title = tidy_line(capture.declared.title or "")
    title = Claim(declared_title, "declared") if declared_title else page.title
    listed_title = _listed_title(capture.listed)
    known_titles = (title or listed_title, *(Claim(heading, "h1") for heading in page.headings))
    cleaned = clean(page.lines, titles=[claim.value for claim in known_titles if claim])
    words = hash_words(cleaned.text)
    if len(words) == 0:
        raise Quarantine("no-article", "Nothing is left of the text once what is not the article is gone.")
    if capture.media_type == "text/html" and len(words) < _FEW_WORDS and not _has_paragraph(cleaned.text):
        raise Quarantine("no-article", "The page has a few words and no paragraph: it is no article.")
    dates, doubts = _dates(capture, page, cleaned)
    declared_language = Claim(capture.declared.language, "declared") if capture.declared.language else None
    sha256 = digest(cleaned.text)
    declared_hash = capture.declared.content_hash
    address = _address(capture, page)
    return Prepared(
        text=cleaned.text,
        sha256=sha256,
        content_hash=declared_hash or computed_hash(sha256),
        hash_origin="declared" if declared_hash else "computed",
        word_count=len(words),
        fingerprint=fingerprint(words),
        recipe=current_recipe(),
        title=title or _title_from(cleaned) or listed_title,
        credits=_credits(cleaned),
        dates=dates,
        published=choose_published(dates, capture.captured_at),
        language=language_of(cleaned.text, declared_language or page.language),
        removed=cleaned.removed,
        notes=(*notes, *doubts),
        article_address=address if address != capture.address else None,
        twins=_twins(capture, page, address),
    )


def computed_hash(sha256: bytes) -> str:
    """Return the content hash of a document that was declared none: 16 hex digits of its SHA-256."""
    return sha256.hex()[:CONTENT_HASH_DIGITS]


def choose_published(dates: tuple[DateClaim, ...], captured_at: datetime) -> DateClaim | None:
    """Return the claim that dates the publication: the most trusted, and the first of its kind.

    A date after the capture is impossible and never chosen; nor is one that only dates the page.
    """
    latest = (captured_at + _CLOCK_SLACK).date()
    possible = [claim for claim in dates if claim.kind == "published" and claim.day <= latest]
    return min(possible, key=lambda claim: _TRUST.index(claim.origin), default=None)


def _read(capture: Capture) -> tuple[Extract, tuple[str, ...]]:
    if capture.media_type == "text/html":
        content_type = capture.headers.get("content-type")
        return extract(
            capture.body, content_type=content_type, timezone=capture.timezone, address=capture.address
        ), ()
    if capture.media_type == "text/plain":
        decoded = decode_text(capture.body)
        lines = split_lines(decoded.text)
        return Extract(lines, None, (), (), None), (decoded.doubt,) if decoded.doubt else ()
    raise Quarantine("media-type", f"newsfold reads text and HTML, not {capture.media_type}.")


def _address(capture: Capture, page: Extract) -> str:
    """Return the article's canonical address; the capture's own where that is no web address (a file's)."""
    try:
        return article_address(capture.address, page.canonical, _hosts(capture))
    except ValueError:
        return capture.address


def _twins(capture: Capture, page: Extract, address: str) -> tuple[str, ...]:
    """Return the further addresses that the page may speak for: those on its own site."""
    here, hosts = host_of(capture.address), _hosts(capture)
    found: dict[str, None] = {}
    for stated in page.twins:
        with suppress(ValueError):
            twin = canonical(stated)
            if same_site(here, host_of(twin)) or host_of(twin) in hosts:
                found[twin] = None
    return tuple(twin for twin in found if twin not in {address, capture.address})


def _hosts(capture: Capture) -> tuple[str, ...]:
    return capture.source.hosts if capture.source else ()


def _listed_title(listed: Listed | None) -> Claim | None:
    title = tidy_line(listed.title or "") if listed and listed.origin in _TITLED else ""
    return Claim(title, listed.origin) if listed and title else None


def _has_paragraph(text: str) -> bool:
    page = Page(split_lines(text))
    return any(page.is_prose(index) for index in range(len(page.lines)))


def _title_from(cleaned: Cleaned) -> Claim | None:
    for hint in cleaned.hints:
        if hint.informs == "title":
            return Claim(hint.text, "headline")
    return None


def _credits(cleaned: Cleaned) -> tuple[Claim, ...]:
    claims = (Claim(hint.text, hint.rule) for hint in cleaned.hints if hint.informs == "credit")
    return tuple(dict.fromkeys(claims))


def _dates(
    capture: Capture, page: Extract, cleaned: Cleaned
) -> tuple[tuple[DateClaim, ...], tuple[str, ...]]:
    claims: list[DateClaim] = []
    doubts: list[str] = []
    if capture.declared.published is not None:
        claims.append(_declared_claim(capture.declared.published, capture.timezone))
    claims.extend(page.dates)
    claims.extend(_listed_dates(capture.listed))
    for hint in cleaned.hints:
        found = read_date_line(hint.text) if hint.informs == "date" else None
        if found is None:
            continue
        claim = claim_from_line(hint.text, found, capture.timezone)
        if claim is None:
            doubts.append(f"The date {hint.text!r} was not used: day and month could be exchanged.")
        else:
            claims.append(claim)
    return tuple(dict.fromkeys(claims)), tuple(doubts)


def _declared_claim(published: date | datetime, timezone: str | None) -> DateClaim:
    raw = published.isoformat()
    if isinstance(published, datetime):
        return timed_claim("published", "declared", raw, published, timezone)
    return DateClaim("published", "declared", raw, published)


def _listed_dates(listed: Listed | None) -> Iterator[DateClaim]:
    """Yield what a discovery page says of the dates; a sitemap's `lastmod` can only be a modification."""
    if listed is None:
        return
    stated: tuple[tuple[DateKind, str | None, datetime | None, date | None], ...] = (
        ("published", listed.published, listed.published_at, listed.published_on),
        ("modified", listed.modified, listed.modified_at, listed.modified_on),
    )
    for kind, raw, at, on in stated:
        if kind == "published" and listed.origin not in _TRUST:
            continue
        if at is not None:
            claim = timed_claim(kind, listed.origin, raw or at.isoformat(), at, None)
            yield replace(claim, day=on or claim.day)
        elif on is not None:
            yield DateClaim(kind, listed.origin, raw or on.isoformat(), on)
