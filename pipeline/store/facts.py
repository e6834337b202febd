"""What is known of a capture from outside its bytes, as the JSON that is stored beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipeline.items import Capture, Source
from pipeline.store.listed import listed_from, listed_json


def facts_of(capture: Capture) -> dict[str, Any]:
    """Return what is declared of a capture, and what listed it; what is not known is not there."""
    declared = capture.declared
    return _known(
        {
            "content_hash": declared.content_hash,
            "title": declared.title,
            "published": declared.published.isoformat() if declared.published else None,
            "language": declared.language,
            "timezone": capture.timezone,
            "source": source_json(capture.source) if capture.source else None,
            "listed": listed_json(capture.listed) if capture.listed else None,
        }
    )


def with_facts(capture: Capture, facts: Mapping[str, Any]) -> Capture:
    """Return the capture with facts that were declared of the same bytes, now or before.

    A seed found without its sidecar says less than is known, and must not undo it.
    """
    published = facts.get("published")
    declared = replace(
        capture.declared,
        content_hash=facts.get("content_hash"),
        title=facts.get("title"),
        published=_date_or_time(published) if published else None,
        language=facts.get("language"),
    )
    listed = facts.get("listed")
    return replace(
        capture,
        timezone=facts.get("timezone"),
        declared=declared,
        listed=listed_from(listed) if listed else None,
    )


def _date_or_time(stated: str) -> date | datetime:
    is_day = len(stated) == len("2024-12-04")
    return date.fromisoformat(stated) if is_day else datetime.fromisoformat(stated)


def source_json(source: Source) -> dict[str, Any]:
    """Return an outlet as JSON; what is not known of it is not there."""
    return _known(
        {
            "key": source.key,
            "name": source.name,
            "hosts": list(source.hosts),
            "country": source.country,
            "language": source.language,
            "timezone": source.timezone,
        }
    )


def source_from(stored: Mapping[str, Any]) -> Source:
    """Read it back."""
    return Source(**{**stored, "hosts": tuple(stored.get("hosts", ()))})


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value}
