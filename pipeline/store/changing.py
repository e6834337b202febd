"""What a recipe changes of an article, as values: the same for a look ahead and for what was written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.clean.canonical import split_lines
from pipeline.items import Prepared
from pipeline.store.details import details_of
from pipeline.store.linediff import LineChange, Lines, compare_lines
from pipeline.store.outdated import Unit
from pipeline.store.replanning import Made, Plan
from pipeline.store.versions import Draft, take_over

_FACTS = {
    "title": ("title", "title_origin"),
    "published": (
        "published_on",
        "published_at",
        "published_origin",
        "published_is_guess",
        "published_reason",
    ),
    "modified": ("modified_on", "modified_at", "modified_origin"),
    "standfirst": ("standfirst", "standfirst_origin"),
    "section": ("section", "section_origin"),
    "publisher": ("publisher", "publisher_origin"),
    "picture": ("picture", "picture_caption", "picture_origin"),
    "language": ("declared_language", "declared_language_origin", "detected_language"),
    "markdown": ("markdown",),
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A version that is stored, with its text and what it states."""

    draft: Draft
    sha256: bytes
    text: str
    matched_as: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """What changes of one article: see the columns of the table `change`. Texts are digests.

    `after` holds what was prepared, for who wants to know where the new text would belong.
    """

    kind: str
    capture_id: int
    address: str
    source_id: int | None = None
    article_id: int | None = None
    before: Stored | None = None
    after: Prepared | None = None
    facts: tuple[str, ...] = ()
    lines: tuple[LineChange, ...] = field(default=())


def changes_of(
    unit: Unit, planned: Plan, made: Sequence[Made], stored: Mapping[int, Stored]
) -> Iterator[Change]:
    """Yield what a plan changes of an article; `stored` are its versions by their ids."""
    for former in planned.superseded:
        own = [one for one in made if one.slot.version_id == former.id]
        told = [one for one in own if isinstance(one.result, Prepared)]
        last = (told or own)[-1] if own else None
        if last is not None:
            yield _change(unit, "text" if told else "vanished", last, stored[former.id])
    for version in planned.holding:
        told = [one for one in version.made if isinstance(one.result, Prepared)]
        last = told[-1] if told else version.made[-1]
        if version.known is None or not version.known.holds:
            if all(one.slot.version_id is None for one in version.made):
                yield _change(unit, "appeared", last, None)
        elif isinstance(last.result, Prepared):
            change = _change(unit, "facts", last, stored[version.known.id])
            if change.facts or change.lines:
                yield change


def restated(draft: Draft, prepared: Prepared) -> Draft:
    """Return a version as it states what was prepared; `restated` says whether its details are others."""
    details = details_of(prepared)
    after = replace(draft, restated=draft.restated or draft.details != details)
    take_over(after, prepared, details)
    return after


def _change(unit: Unit, kind: str, made: Made, before: Stored | None) -> Change:
    prepared = made.result if isinstance(made.result, Prepared) else None
    change = Change(
        kind, made.slot.capture_id, made.slot.address, made.slot.source_id, unit.article_id, before, prepared
    )
    if before is None:
        return change
    if prepared is None:
        return replace(change, lines=compare_lines(_lines(before), Lines(())))
    after = restated(before.draft, prepared)
    lines = compare_lines(
        _lines(before),
        Lines(split_lines(prepared.text), [(line.text, line.rule) for line in prepared.removed]),
    )
    return replace(change, facts=tuple(_facts_that_differ(before.draft, after)), lines=lines)


def _lines(stored: Stored) -> Lines:
    return Lines(
        split_lines(stored.text), [(text, rule) for _, rule, text, *_ in stored.draft.details.removed]
    )


def _facts_that_differ(before: Draft, after: Draft) -> Iterator[str]:
    for name, columns in _FACTS.items():
        if any(getattr(before, column) != getattr(after, column) for column in columns):
            yield name
    old, new = before.details, after.details
    parts: Mapping[str, tuple[object, object]] = {
        "credits": (old.credits, new.credits),
        "dates": (old.dates, new.dates),
        "authors": (old.authors, new.authors),
        "flags": (old.flags, new.flags),
    }
    yield from (name for name, (one, other) in parts.items() if one != other)
