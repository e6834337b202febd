"""Trying residue rules on what the archive holds, before they are believed; nothing is written."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from pipeline.clean.catalogue import Catalogue, catalogue, read_catalogue
from pipeline.clean.furniture import Furniture
from pipeline.errors import Quarantine, SetupError
from pipeline.items import Capture, RemovedLine
from pipeline.prepare import prepare
from pipeline.settings import Settings
from pipeline.store.archived import newest_captures
from pipeline.store.furniture import read_furniture


@dataclass(frozen=True, slots=True)
class Tried:
    """What trial rules change in one document: lines that would go, lines that would stay, or what went wrong."""

    address: str
    title: str | None
    removed: tuple[RemovedLine, ...] = ()
    kept: tuple[RemovedLine, ...] = ()
    trouble: str | None = None


def read_trial(path: Path) -> Catalogue:
    """Read a file of rules: `[[rule]]` tables as in the catalogue, or the file of a host, told by its `host`.

    Raises:
        SetupError: it cannot be read, is not TOML, or a rule is malformed.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"The rules in {path} cannot be read: {error}.") from error
    try:
        is_host = any(line.startswith("host") for line in text.split("[[", 1)[0].splitlines())
        trial = read_catalogue(hosts=[text]) if is_host else read_catalogue(text)
    except ValueError as error:
        raise SetupError(f"The rules in {path} cannot be used: {error}") from error
    if not trial.rules and not trial.hosts:
        raise SetupError(f"The file {path} holds no rules: write each as a table under [[rule]].")
    return trial


def try_rules(
    engine: Engine, settings: Settings, trial: Catalogue, *, sources: Collection[str] = (), limit: int
) -> Iterator[Tried]:
    """Clean the newest captures with and without trial rules; yield each, changed or not."""
    furniture = read_furniture(engine)
    present = catalogue()
    tried = present.with_trial(trial)
    for capture in newest_captures(engine, settings.archive, sources=sources, limit=limit):
        try:
            before = prepare(capture, furniture)
        except Quarantine as error:
            yield Tried(capture.address, None, trouble=str(error))
            continue
        title = before.title.value if before.title else None
        after = _removed(capture, furniture, tried)
        if isinstance(after, str):
            yield Tried(capture.address, title, trouble=after)
            continue
        old = {(line.number, line.text): line for line in before.removed}
        new = {(line.number, line.text): line for line in after}
        yield Tried(
            capture.address,
            title,
            removed=tuple(line for key, line in new.items() if key not in old),
            kept=tuple(line for key, line in old.items() if key not in new),
        )


def _removed(capture: Capture, furniture: Furniture, rules: Catalogue) -> tuple[RemovedLine, ...] | str:
    """Return the lines that rules remove, or the sentence that says that nothing would be left."""
    try:
        return prepare(capture, furniture, rules=rules).removed
    except Quarantine as error:
        return f"With these rules: {error}"
