"""A record of newsfold's own archive as the capture that it was, with the facts that stand beside it."""

from datetime import datetime

from pipeline.archive.fields import folded
from pipeline.archive.pages import kept_headers, page_type
from pipeline.archive.warc import Record
from pipeline.errors import Quarantine
from pipeline.events import Event
from pipeline.items import Capture, Declared, Prepared
from pipeline.judge import judge
from pipeline.store.arrivals import Verdict
from pipeline.store.facts import source_from, with_facts
from pipeline.store.versions import SEED_ADDRESS

_OK = 200
_PAGES = ("response", "resource")


def is_page(record: Record) -> bool:
    """Tell an article's page from redirects, refusals, robots.txt and the pages that lead to others."""
    if record.kind not in _PAGES or not record.body.strip():
        return False
    if record.kind == "resource" or "imported" in record.facts:
        return True
    return record.status == _OK and bool(record.facts.get("article"))


def address_of(record: Record) -> str:
    """Return the address that a record is a capture of; an archive's copy is one of its original address."""
    return str(record.facts.get("copy_of") or record.address)


def capture_of(record: Record) -> Capture:
    """Return a record as the capture that it was; its facts are those beside it in the archive."""
    facts = record.facts
    headers = folded(record.headers)
    declared: str | None = facts.get("content_hash")
    source, copied_at = facts.get("source"), facts.get("copied_at")
    bare = Capture(
        address=address_of(record),
        body=record.body,
        media_type=page_type(
            headers.get("content-type", "") if record.headers else record.media_type, record.body
        ),
        captured_at=datetime.fromisoformat(copied_at) if copied_at else record.at,
        headers=kept_headers(headers),
        source=source_from(source) if source else None,
        declared=Declared(content_hash=declared),
        provisional_address=SEED_ADDRESS + declared if declared else facts.get("frontier"),
    )
    return with_facts(bare, facts)


def verdict_of(record: Record, made: Prepared | Quarantine, event: Event | None) -> Verdict | None:
    """Return why an event's crawl would have turned a page down, by what was prepared of it; None where it would not."""
    if event is None or record.facts.get("event") != event.key or record.facts.get("wanted"):
        return None
    if isinstance(made, Quarantine):
        return Verdict(made.reason, f"{address_of(record)}: {made}", stands=False)
    judgement = judge(made, event)
    return Verdict(judgement.reason, judgement.message) if judgement.reason else None
