"""The one pure step from a capture to all that is derived from it.

The same bytes and recipe give the same result on any machine, in any process: no network, no database,
no clock. That is what makes re-processing and process pools possible.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

from pipeline.address import article_address, canonical, host_of, same_site
from pipeline.clean.authors import agency_of
from pipeline.clean.canonical import CANONICAL_VERSION, digest, split_lines, tidy_line
from pipeline.clean.catalogue import Catalogue, catalogue
from pipeline.clean.choosing import TRUST, choose_published, latest_modified, zone_doubts
from pipeline.clean.dates import claim_from_line, read_date_line, timed_claim
from pipeline.clean.decode import DECODE_VERSION, decode_text
from pipeline.clean.encoding import without_double_encoding
from pipeline.clean.extract import EXTRACTOR, Extract, extract
from pipeline.clean.furniture import NO_FURNITURE, Furniture
from pipeline.clean.kind import FEW_WORDS, is_none, may_be_none
from pipeline.clean.language import detected_language
from pipeline.clean.layout import lay_out
from pipeline.clean.markdown import MARKDOWN_VERSION
from pipeline.clean.names import people_and_others
from pipeline.clean.page import Page
from pipeline.clean.pagedates import address_date, header_date
from pipeline.clean.residue import Cleaned, clean
from pipeline.clean.stated import Stated
from pipeline.errors import Quarantine
from pipeline.items import (
    Author,
    Capture,
    Claim,
    Credit,
    CreditPlace,
    DateClaim,
    DateKind,
    Listed,
    Prepared,
    Recipe,
)
from pipeline.match.credit import CREDITS_VERSION, credits_in, name_credits, publisher_credits
from pipeline.match.fingerprint import FINGERPRINT_VERSION, fingerprint
from pipeline.match.words import WORDS_VERSION, hash_words

CONTENT_HASH_DIGITS = 16

_TITLED = frozenset(["news-sitemap", "wordpress", "feed", "listing"])
"""The discovery pages that state headlines; a link's text, in a section or an archive, may say "read more"."""

_PLACES: dict[str, CreditPlace] = {"byline": "byline", "dateline": "dateline"}


def current_recipe(host: str | None = None, furniture: Furniture = NO_FURNITURE) -> Recipe:
    """Return the recipe that `prepare` follows in this version of newsfold, with what was learned of a host."""
    learned = furniture.version(host)
    return Recipe(
        extractor=f"{EXTRACTOR}+{DECODE_VERSION}+{CREDITS_VERSION}",
        residue=f"{catalogue().version}+{learned}" if learned else catalogue().version,
        canonical=f"{CANONICAL_VERSION}+{MARKDOWN_VERSION}+{WORDS_VERSION}",
        fingerprint=FINGERPRINT_VERSION,
    )


def prepare(
    capture: Capture, furniture: Furniture = NO_FURNITURE, *, rules: Catalogue | None = None
) -> Prepared:
    """Derive the clean text, its identity and its facts from a capture.

    Args:
        capture: the bytes, and what is known of them.
        furniture: what was learned of the lines that hosts set beside every story.
        rules: another catalogue than the one newsfold ships, to try rules out; the recipe does not name it.

    Raises:
        Quarantine: nothing can be made of the capture; `reason` says why in a word.
    """
    page = _read(capture)
    stated, host = page.stated, host_of(capture.address) or None
    title = _declared(capture.declared.title) or stated.title
    listed_title = _listed_title(capture.listed)
    known_titles = (
        title or listed_title,
        stated.title,
        *(Claim(heading, "h1") for heading in stated.headings),
    )
    cleaned = clean(
        page.lines,
        titles=[claim.value for claim in known_titles if claim],
        stated=_stated_in_lines(stated),
        places=page.places,
        host=host,
        furniture=furniture,
        rules=rules,
    )
    layout = lay_out(page.lines, page.places, cleaned.text, cleaned.removed, page.rows)
    words = hash_words(layout.text)
    if len(words) == 0:
        raise Quarantine(*page.nothing())
    if capture.media_type == "text/html" and may_be_none(len(words), stated.types):
        reason, sentence = page.nothing()
        has_paragraph = len(words) >= FEW_WORDS or _has_paragraph(layout.text)  # asked of few words alone
        if is_none(reason, len(words), has_paragraph=has_paragraph):
            raise Quarantine(reason, sentence)
    dates, doubts = _dates(capture, page, cleaned)
    published, why = choose_published(dates, capture.captured_at)
    declared_language = _declared(capture.declared.language) or stated.language
    detected = detected_language(layout.text)
    sha256 = digest(layout.text)
    declared_hash = capture.declared.content_hash
    address = _address(capture, page)
    return Prepared(
        text=layout.text,
        sha256=sha256,
        content_hash=declared_hash or computed_hash(sha256),
        hash_origin="declared" if declared_hash else "computed",
        word_count=len(words),
        fingerprint=fingerprint(words),
        recipe=current_recipe(host, furniture),
        title=title or _title_from(cleaned) or listed_title,
        credits=_credits(capture, stated, cleaned, layout.text),
        dates=dates,
        published=published,
        language=declared_language or (Claim(detected, "detected") if detected else None),
        removed=cleaned.removed,
        notes=(*page.notes, *doubts, *zone_doubts(dates)),
        article_address=address if address != capture.address else None,
        twins=_twins(capture, page, address),
        published_reason=why,
        modified=latest_modified(dates, capture.captured_at),
        standfirst=page.standfirst,
        authors=_authors(stated.authors, cleaned),
        section=stated.section,
        publisher=stated.publisher,
        picture=stated.picture,
        flags=stated.flags,
        declared_language=declared_language,
        detected_language=detected,
        markdown=layout.markdown,
        line_numbers=layout.line_numbers,
    )


def _stated_in_lines(stated: Stated) -> Iterator[str]:
    """Yield the facts that a page may print in a line of their own, beside its text."""
    yield from (author.name for author in stated.authors)
    yield from (claim.value for claim in (stated.section, stated.publisher) if claim)
    if stated.picture and stated.picture.caption:
        yield stated.picture.caption


def computed_hash(sha256: bytes) -> str:
    """Return the content hash of a document that was declared none: 16 hex digits of its SHA-256."""
    return sha256.hex()[:CONTENT_HASH_DIGITS]


def _read(capture: Capture) -> Extract:
    if capture.media_type == "text/html":
        content_type = capture.headers.get("content-type")
        return extract(
            capture.body, content_type=content_type, timezone=capture.timezone, address=capture.address
        )
    if capture.media_type == "text/plain":
        decoded = decode_text(capture.body)
        text, passages = without_double_encoding(decoded.text)
        notes = [decoded.doubt] if decoded.doubt else []
        if passages:
            notes.append(f"Double-encoded UTF-8 was put right in {passages} passages of the text.")
        return Extract(split_lines(text), nothing=_nothing_left, notes=tuple(notes))
    raise Quarantine("media-type", f"newsfold reads text and HTML, not {capture.media_type}.")


def _nothing_left() -> tuple[str, str]:
    return "no-article", "Nothing is left of the text once what is not the article is gone."


def _declared(value: str | None) -> Claim | None:
    tidied = tidy_line(value or "")
    return Claim(tidied, "declared") if tidied else None


def _address(capture: Capture, page: Extract) -> str:
    """Return the article's canonical address; the capture's own where that is no web address (a file's)."""
    try:
        return article_address(capture.address, page.stated.canonical, _hosts(capture))
    except ValueError:
        return capture.address


def _twins(capture: Capture, page: Extract, address: str) -> tuple[str, ...]:
    """Return the further addresses that the page may speak for: those on its own site."""
    here, hosts = host_of(capture.address), _hosts(capture)
    found: dict[str, None] = {}
    for stated in page.stated.twins:
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


def _credits(capture: Capture, stated: Stated, cleaned: Cleaned, text: str) -> tuple[Credit, ...]:
    """Return whom markup, removed lines and the text credit or cite; of each origin a name but once."""
    found = [
        Credit(claim.value, claim.origin, _PLACES.get(claim.origin, "markup")) for claim in stated.credits
    ]
    found += publisher_credits(stated.publisher, capture.source)
    for hint in cleaned.hints:
        line = next((one for one in cleaned.removed if one.rule == hint.rule and hint.text in one.text), None)
        said = line.text.strip() if line else hint.text
        if hint.informs == "credit":
            place: CreditPlace = "tail" if line and line.position == "tail" else "line"
            found.append(Credit(hint.text, hint.rule, place, "source", said))
        elif hint.informs == "author":
            found += name_credits(hint.text, "byline", "byline", "source", said)
    agency = agency_of(text.split("\n", 1)[0])
    read = credits_in(text)
    if agency and not any(credit.place == "dateline" for credit in read):
        found.append(Credit(agency.value, "dateline", "dateline", "source", text[:100].split("\n", 1)[0]))
    unique: dict[tuple[str, str], Credit] = {}
    for credit in (*found, *read):
        unique.setdefault((credit.value, credit.origin), credit)
    return tuple(unique.values())


def _authors(stated: tuple[Author, ...], cleaned: Cleaned) -> tuple[Author, ...]:
    """Return whom the markup names; where that is no person, also whom a removed byline does."""
    if any(author.kind == "person" for author in stated):
        return stated
    lines = (hint.text for hint in cleaned.hints if hint.informs == "author")
    found = (Author(name, "byline", kind) for line in lines for name, kind in people_and_others(line))
    return tuple(dict.fromkeys((*found, *stated)))


def _dates(
    capture: Capture, page: Extract, cleaned: Cleaned
) -> tuple[tuple[DateClaim, ...], tuple[str, ...]]:
    claims: list[DateClaim] = []
    doubts: list[str] = []
    if capture.declared.published is not None:
        claims.append(_declared_claim(capture.declared.published, capture.timezone))
    claims.extend(page.stated.dates)
    claims.extend(_listed_dates(capture.listed))
    claims.extend(claim for claim in (address_date(capture.address), header_date(capture.headers)) if claim)
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
        if kind == "published" and listed.origin not in TRUST:
            continue
        if at is not None:
            claim = timed_claim(kind, listed.origin, raw or at.isoformat(), at, None)
            yield replace(claim, day=on or claim.day)
        elif on is not None:
            yield DateClaim(kind, listed.origin, raw or on.isoformat(), on)
