"""The sidecar of a folder of seeds: what `seeds.toml` declares of the files beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.items import Source
from pipeline.outlets import SOURCE_KEYS, read_source
from pipeline.tomlfile import Table

_SEED_KEYS = {"source", "address", "title", "published", "language"}


@dataclass(frozen=True, slots=True)
class SeedFacts:
    """What is known of one seed from outside its file; every field may be empty."""

    source: Source | None = None
    address: str | None = None
    title: str | None = None
    published: date | datetime | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What `seeds.toml` says of each seed, by its content hash or its file's name."""

    seeds: Mapping[str, SeedFacts]


def read_sidecar(path: Path) -> Sidecar:
    """Read `seeds.toml`; a folder without one has an empty sidecar.

    Raises:
        SetupError: it cannot be read, is not TOML, or says something that newsfold does not understand; the
            sentence names the file, the line and the key.
    """
    if not path.exists():
        return Sidecar({})
    root = Table.read(path)
    root.only({"source", "seed"})
    sources = {}
    for table in _tables(root, "source"):
        table.only(SOURCE_KEYS)
        source = read_source(table)
        sources[source.key] = source
    return Sidecar({str(table.where[-1]): _facts(table, sources) for table in _tables(root, "seed")})


def _tables(root: Table, name: str) -> list[Table]:
    group = root.table(name)
    for key in group.entry:
        group.need(key, dict)
    return [group.table(key) for key in group.entry]


def _facts(table: Table, sources: Mapping[str, Source]) -> SeedFacts:
    table.only(_SEED_KEYS)
    key = table.take("source", str)
    if key is not None and key not in sources:
        table.fail("source", f"is {key!r}, and the file has no [source.{key}]")
    published = table.entry.get("published")
    if published is not None and not isinstance(published, date):
        table.fail("published", f"is {published!r}, which is not a date such as 2024-12-04")
    return SeedFacts(
        source=sources[key] if key is not None else None,
        address=table.take("address", str),
        title=table.take("title", str),
        published=published,
        language=table.take("language", str),
    )
