"""What is known of a capture from outside its bytes, as the JSON that is stored beside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipeline.items import Capture, Listed, Source


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
            "source": _described(capture.source) if capture.source else None,
            "listed": _listing(capture.listed) if capture.listed else None,
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
        listed=_read_listing(listed) if listed else None,
    )


def _date_or_time(stated: str) -> date | datetime:
    is_day = len(stated) == len("2024-12-04")
    return date.fromisoformat(stated) if is_day else datetime.fromisoformat(stated)


def _described(source: Source) -> dict[str, Any]:
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


def _listing(listed: Listed) -> dict[str, Any]:
    stated = {name: getattr(listed, name) for name in Listed.__slots__}
    times = (date, datetime)
    return _known(
        {name: value.isoformat() if isinstance(value, times) else value for name, value in stated.items()}
    )


def _read_listing(stored: Mapping[str, Any]) -> Listed:
    stated = dict(stored)
    for kind in ("published", "modified"):
        if f"{kind}_at" in stated:
            stated[f"{kind}_at"] = datetime.fromisoformat(stated[f"{kind}_at"])
        if f"{kind}_on" in stated:
            stated[f"{kind}_on"] = date.fromisoformat(stated[f"{kind}_on"])
    return Listed(**stated)


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value}
