"""From loose pages and files of lines to references: which lines there are, and why some are passed over."""

import codecs
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

from pipeline.archive.scan import Broken
from pipeline.errors import Quarantine
from pipeline.foreign.inputs import Input
from pipeline.foreign.lines import LONGEST_LINE, Fields, address_of_line, fields_of
from pipeline.foreign.opening import Opened
from pipeline.foreign.pages import address_of_page, moment_of
from pipeline.foreign.planning import Planner, Step
from pipeline.foreign.reading import Loose
from pipeline.foreign.references import Damaged, PassedOver, Reference, place_of
from pipeline.foreign.unpacking import Unpacked


def plan_page(one: Input, planner: Planner, loose: Loose) -> Iterator[Step]:
    """Plan a page that is a file of its own.

    Raises:
        OSError: it is gone.
    """
    path = Path(one.path)
    address = address_of_page(path, loose.base)
    reason = planner.filters.of_moment(moment_of(path, loose.captured_at))
    if reason is None and planner.filters.hosts:
        reason = planner.filters.of_address(address)
    if reason is not None:
        yield PassedOver(reason)
        return
    yield Reference(
        one.path, 0, kind="page", source=planner.source_of(address), is_repeat=planner.seen.add(address)
    )


def plan_lines(one: Input, planner: Planner, loose: Loose, note: Callable[[int], None]) -> Iterator[Step]:
    """Plan a file of JSON lines, or one that is a single object. `note` is told how many bytes have been passed.

    Raises:
        OSError: it cannot be read.
    """
    opened = Opened(one.path)
    number = inner = 0
    try:
        reader = opened.unpacked(opened.first, goes_on=True)
        while reader.peek():
            inner = reader.inner
            raw = reader.readline(LONGEST_LINE) if one.sort == "lines" else reader.read(LONGEST_LINE)
            _pass_rest(reader, raw)
            number += 1
            note(reader.end)
            bare = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            if bare.strip():
                line = number if one.sort == "lines" else 0
                yield _step(
                    Reference(one.path, opened.first, inner, kind="line", line=line), bare, planner, loose
                )
    except Broken as error:
        place = place_of(one.name, (0, 0), number + 1)
        yield Damaged(
            place, f"{one.name} {error} in line {number + 1}; the lines before it were read.", (0, inner + 1)
        )
    finally:
        opened.close()


def _pass_rest(reader: Unpacked, raw: bytes) -> None:
    """Go to the end of a line of which only a part was read, since it is too long."""
    while len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
        raw = reader.readline(LONGEST_LINE)


def _step(reference: Reference, raw: bytes, planner: Planner, loose: Loose) -> Step:
    place = reference.place
    try:
        return _chosen(reference, raw, planner, loose)
    except Quarantine as trouble:
        return Damaged(place, str(trouble), reference.position, trouble.reason)
    except (ValueError, OverflowError) as error:  # whatever a stranger's line holds, it costs itself alone
        return Damaged(place, f"{place} cannot be read: {error}.", reference.position, "broken-line")


def _chosen(reference: Reference, raw: bytes, planner: Planner, loose: Loose) -> Step:
    found = fields_of(raw, reference.place)
    address = address_of_line(found, loose.base, reference.place)
    filters = planner.filters
    reason = (
        filters.of_address(address)
        or filters.of_moment(_moment_of(found) or moment_of(Path(reference.path), loose.captured_at))
        or filters.of_languages(found.language)
    )
    if reason is not None:
        return PassedOver(reason, reference.position)
    return Reference(
        reference.path,
        reference.offset,
        reference.inner,
        kind="line",
        line=reference.line,
        source=planner.source_of(address),
        is_repeat=planner.seen.add(address),
    )


def _moment_of(found: Fields) -> datetime | None:
    """Return the moment that a line is chosen by: when it was captured, else when it was published."""
    if found.captured is not None:
        return found.captured
    published = found.published
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=UTC)
    return datetime.combine(published, time(), UTC) if isinstance(published, date) else None
