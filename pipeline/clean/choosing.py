"""The one rule that chooses when a text was published, and says why in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipeline.items import DateClaim

TRUST = (
    "declared", "json-ld", "opengraph", "microdata", "meta", "wordpress", "news-sitemap", "feed", "time-element",
    "byline", "banner", "listing", "dateline", "address",
)  # fmt: skip
"""Where a publication date may come from, the most trusted first. A page's header and HTTP's are not among them."""

CLOCK_SLACK = timedelta(days=1)
EARLIEST_YEAR = 1990
"""No page of the web was published before."""

_SAID = {
    "declared": "it was declared with the text",
    "json-ld": "the page's JSON-LD states it",
    "opengraph": "the page's OpenGraph markup states it",
    "microdata": "the page's microdata state it",
    "meta": "a meta element of the page states it",
    "wordpress": "the site's WordPress interface states it",
    "news-sitemap": "the site's news sitemap states it",
    "feed": "the site's feed states it",
    "time-element": "the page's time element states it",
    "byline": "it stands beside the headline",
    "banner": "it stands above the text on a line of its own",
    "listing": "the page that lists it states it",
    "dateline": "the text's dateline states it",
    "address": "the address has it",
}


def choose_published(
    dates: Iterable[DateClaim], captured_at: datetime
) -> tuple[DateClaim | None, str | None]:
    """Return the claim that dates the publication, and in words why it is that one; (None, None) where none does.

    What is stated comes before what is guessed, then the most trusted place, then the first of its kind. A date
    after the capture (and a day, for zones and clocks), or before 1990, is impossible and never chosen; nor is
    one that only dates the page, or a modification. A day whose minute a place hardly less trusted states is taken
    from there: between JSON-LD, OpenGraph, microdata and meta elements.
    """
    published = [claim for claim in dates if claim.kind == "published"]
    possible = [claim for claim in published if is_possible(claim, captured_at)]
    if not possible:
        return None, None
    chosen = min(possible, key=_rank)
    finer = [
        claim
        for claim in possible
        if claim.day == chosen.day and claim.precision == "zone" and not claim.is_guess
    ]
    if chosen.precision == "day" and chosen.origin != "declared" and finer:
        chosen = min(finer, key=_rank)
    return chosen, _reason(chosen, possible, len(published) - len(possible))


def latest_modified(dates: Iterable[DateClaim], captured_at: datetime) -> DateClaim | None:
    """Return the claim of the last modification that the page's own markup states, the most trusted place first."""
    possible = [
        claim
        for claim in dates
        if claim.kind == "modified" and claim.origin in TRUST and is_possible(claim, captured_at)
    ]
    return min(possible, key=_rank, default=None)


def is_possible(claim: DateClaim, captured_at: datetime) -> bool:
    """Tell whether a text that was captured then can be of that day."""
    return claim.day.year >= EARLIEST_YEAR and claim.day <= (captured_at + CLOCK_SLACK).date()


def _rank(claim: DateClaim) -> tuple[bool, int]:
    return claim.is_guess, TRUST.index(claim.origin) if claim.origin in TRUST else len(TRUST)


def _reason(chosen: DateClaim, possible: list[DateClaim], impossible: int) -> str:
    sentence = _SAID.get(chosen.origin, f"it was found there: {chosen.origin}")
    if chosen.is_guess:
        sentence = f"a guess: {sentence}, and nothing states the date"
    elsewhere = {claim.origin for claim in possible if claim.day == chosen.day} - {chosen.origin}
    against = {claim.origin for claim in possible if claim.day != chosen.day}
    if elsewhere:
        sentence += f"; {_listed(elsewhere)} agree{'s' if len(elsewhere) == 1 else ''} on the day"
    if against:
        sentence += f"; {_listed(against)} {'has' if len(against) == 1 else 'have'} another day"
    if impossible:
        sentence += f"; {impossible} impossible {'date was' if impossible == 1 else 'dates were'} passed over"
    return sentence


def _listed(origins: set[str]) -> str:
    return ", ".join(
        sorted(origins, key=lambda origin: TRUST.index(origin) if origin in TRUST else len(TRUST))
    )


def zone_doubts(dates: Iterable[DateClaim]) -> tuple[str, ...]:
    """Return a sentence where the markup's universal time cannot be the time that the page shows its readers.

    Many systems write `Z` after local times. Which of the two is right is not guessed.
    """
    claims = [claim for claim in dates if claim.kind == "published" and claim.local is not None]
    universal = [claim for claim in claims if claim.raw.rstrip().endswith(("Z", "+00:00", "+0000"))]
    shown = [claim for claim in claims if claim.origin in {"byline", "banner"}]
    for stated in universal:
        for seen in shown:
            if stated.local is None or seen.local is None or stated.at is None:
                continue
            apart = seen.local.replace(second=0) - stated.local.replace(second=0)
            minutes = round(apart.total_seconds() / 60)
            if abs(minutes) > 14 * 60 or minutes % 15:
                continue
            # Where the zone of what is shown is known, both are instants.
            fits = seen.at == stated.at.replace(second=0) if seen.at is not None else minutes == 0
            if not fits:
                said = f"The markup says {stated.raw!r} and the page shows {seen.raw!r}: "
                return (said + "one of them is not in the zone that it claims. The markup's was kept.",)
    return ()
