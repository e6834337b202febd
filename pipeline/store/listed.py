"""What a discovery page said of an address, as the JSON that is stored beside it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pipeline.items import Listed


def listed_json(listed: Listed) -> dict[str, Any]:
    """Return it as JSON; what is not stated is not there."""
    stated = {key: value for key, value in asdict(listed).items() if value is not None}
    return {key: value if isinstance(value, str) else value.isoformat() for key, value in stated.items()}


def listed_from(stored: Mapping[str, Any]) -> Listed:
    """Read it back."""
    values: dict[str, Any] = dict(stored)
    for key in ("published_at", "modified_at"):
        if key in values:
            values[key] = datetime.fromisoformat(values[key])
    for key in ("published_on", "modified_on"):
        if key in values:
            values[key] = date.fromisoformat(values[key])
    return Listed(**values)
