"""Outlets, as rows."""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.items import Source as SourceValue
from pipeline.store.models import Source, SourceHost


def source_rows(
    session: Session, sources: Iterable[SourceValue], known: Iterable[SourceValue] = ()
) -> dict[str, int]:
    """Return the ids of outlets' rows by their keys; made or brought up to date if need be.

    Where two describe one outlet, the later one counts; a host stays with the outlet that had it first. What
    is in `known` was told before: it makes a row that is missing, and changes none.
    """
    given = list(sources)
    told = {source.key for source in given}
    latest = {source.key: source for source in (*known, *given)}
    if not latest:
        return {}
    described = {key: _described(source) for key, source in latest.items()}
    stored = _stored(session, latest)
    missing = sorted(latest.keys() - stored.keys())
    if missing:
        rows = [{"key": key, **described[key]} for key in missing]
        session.execute(insert(Source).on_conflict_do_nothing().returning(Source.id), rows)
        # Another writer may have made some of them meanwhile.
        stored = _stored(session, latest)
    changed = [
        {"id": row.id, **described[key]}
        for key, row in sorted(stored.items())
        if key in told and any(getattr(row, column) != value for column, value in described[key].items())
    ]
    if changed:
        session.execute(update(Source), changed)
    ids = {key: row.id for key, row in stored.items()}
    _write_hosts(session, {host: ids[source.key] for source in reversed(given) for host in source.hosts})
    return ids


def _described(source: SourceValue) -> dict[str, str | None]:
    return {
        "name": source.name,
        "country": source.country,
        "language": source.language,
        "timezone": source.timezone,
    }


def _stored(session: Session, keys: Iterable[str]) -> dict[str, Source]:
    query = select(Source.__table__).where(Source.key.in_(list(keys)))
    return {row.key: row for row in session.execute(query)}  # type: ignore[misc]


def _write_hosts(session: Session, owners: dict[str, int]) -> None:
    if not owners:
        return
    known = set(session.scalars(select(SourceHost.host).where(SourceHost.host.in_(list(owners)))))
    missing = [
        {"host": host, "source_id": owner} for host, owner in sorted(owners.items()) if host not in known
    ]
    if missing:
        session.execute(insert(SourceHost).on_conflict_do_nothing().returning(SourceHost.host), missing)
