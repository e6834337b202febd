"""The sidecar of a folder of seeds: what `seeds.toml` declares of the files beside it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import SetupError
from pipeline.items import Source

_TEXT = (str,)
_SOURCE_KEYS = {"name": _TEXT, "hosts": (list,), "country": _TEXT, "language": _TEXT, "timezone": _TEXT}
_SEED_KEYS = {"source": _TEXT, "address": _TEXT, "title": _TEXT, "published": (date,), "language": _TEXT}


_KINDS = {
    str: "a text",
    list: "a list of texts",
    date: "a date such as 2024-12-04",
    dict: "a table of keys and values",
}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What `seeds.toml` says: the outlets by key, and each seed's facts by content hash or file name."""

    sources: Mapping[str, Source]
    seeds: Mapping[str, Mapping[str, Any]]


def read_sidecar(path: Path) -> Sidecar:
    """Read `seeds.toml`; a folder without one has an empty sidecar.

    Raises:
        SetupError: it is not TOML, or says something that newsfold does not understand.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Sidecar({}, {})
    except OSError as error:
        raise SetupError(f"The sidecar {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"The sidecar {path} is not valid TOML: {error}.") from error
    _only_known(path, "the file", table, {"source": (dict,), "seed": (dict,)})
    sources = {key: _source(path, key, entry) for key, entry in table.get("source", {}).items()}
    seeds = table.get("seed", {})
    for name, entry in seeds.items():
        _only_known(path, f"seed.{name}", entry, _SEED_KEYS)
        if "source" in entry and entry["source"] not in sources:
            raise SetupError(
                f"In {path}, seed.{name} names the source {entry['source']!r}, which has no entry."
            )
    return Sidecar(sources, seeds)


def _source(path: Path, key: str, entry: Mapping[str, Any]) -> Source:
    _only_known(path, f"source.{key}", entry, _SOURCE_KEYS)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise SetupError(
            f"In {path}, the source key {key!r} is not made of small letters, digits and hyphens."
        )
    if "name" not in entry:
        raise SetupError(f"In {path}, source.{key} has no name.")
    timezone = entry.get("timezone")
    try:
        ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SetupError(
            f"In {path}, source.{key}.timezone is {timezone!r}, which is no time zone; write it as Europe/Kyiv."
        ) from error
    return Source(
        key=key,
        name=entry["name"],
        hosts=tuple(entry.get("hosts", ())),
        country=entry.get("country"),
        language=entry.get("language"),
        timezone=timezone,
    )


def _only_known(path: Path, where: str, entry: object, known: Mapping[str, tuple[type, ...]]) -> None:
    """Refuse keys that newsfold does not know, and values that are not of their key's kind."""
    if not isinstance(entry, dict):
        raise SetupError(f"In {path}, {where} is not a table of keys and values.")
    unknown = sorted(entry.keys() - known.keys())
    if unknown:
        raise SetupError(
            f"In {path}, {where} has the key {unknown[0]!r}, which newsfold does not know; it knows "
            f"{', '.join(sorted(known))}."
        )
    for key, value in entry.items():
        wanted = known[key]
        items = value if isinstance(value, list) else [value]
        if not isinstance(value, wanted) or (list in wanted and not all(isinstance(i, str) for i in items)):
            raise SetupError(f"In {path}, {where}.{key} is {value!r}, which is not {_KINDS[wanted[0]]}.")
        if any(isinstance(item, str) and "\0" in item for item in items):
            raise SetupError(f"In {path}, {where}.{key} holds a NUL character.")
