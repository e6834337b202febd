"""JSON Feed 1.x."""

import json
from typing import Any

from pipeline.discover.found import Found, Gather
from pipeline.discover.stated import plain, read_stated

_PERMALINKS = ("http://", "https://")


def looks_like_json(body: bytes) -> bool:
    """Tell whether a body is meant to be a JSON object."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def load_json(body: bytes) -> Any:
    """Return what a JSON body says.

    Raises:
        ValueError: it is not JSON, or nested beyond reason; the message says where.
    """
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read_json_feed(gather: Gather, body: bytes) -> str | None:
    """Add the articles of a JSON Feed, and return the address of its next page as it is stated."""
    try:
        feed = load_json(body)
    except ValueError as error:
        gather.say(f"The feed {gather.address} is broken JSON ({error}); none of its entries could be read.")
        return None
    items = feed.get("items")
    if not isinstance(items, list):
        gather.say(f"The page {gather.address} is not a JSON Feed (it has no list of items).")
        return None
    for item in items:
        if isinstance(item, dict):
            _add(gather, item)
        else:
            gather.say(f"An entry of the feed {gather.address} was skipped: it is not an object.")
    following = feed.get("next_url")
    return following if isinstance(following, str) and following.strip() else None


def _add(gather: Gather, item: dict[str, Any]) -> None:
    identity = item.get("id")
    stated = item.get("url")
    if not stated and isinstance(identity, str) and identity.startswith(_PERMALINKS):
        stated = identity
    address = gather.resolve(stated if isinstance(stated, str) else None)
    if address is None:
        return
    published, modified = read_stated(item.get("date_published")), read_stated(item.get("date_modified"))
    gather.article(
        Found(
            address,
            plain(item.get("title")),
            published.raw,
            published.at,
            published.on,
            modified.raw,
            modified.at,
            modified.on,
            "feed",
        )
    )
