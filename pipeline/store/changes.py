"""What a re-processing changed, read back."""

from collections.abc import Iterator

from sqlalchemy import Engine, text

from pipeline.errors import NotFound
from pipeline.store.changed import ChangedDocument
from pipeline.store.linediff import LineChange

# A story of one document is shared with nobody; the numbers of others, before and now, say whether it moved.
_CHANGES = text("""
    select capture.address, source.key as source, change.kind, change.facts, change.lines, change.story_before,
           before.content_hash as before, after.content_hash as after,
           coalesce(version.title, former.title) as title, place.story_id as story_after
    from change
    join capture on capture.id = change.capture_id
    left join source on source.id = capture.source_id
    left join document as before on before.id = change.before_id
    left join document as after on after.id = change.after_id
    left join version on version.id = capture.version_id
    left join lateral (
        select title from version
        where article_id = change.article_id and document_id = change.before_id order by number desc limit 1
    ) as former on true
    left join story_document as place on place.document_id = change.after_id and place.role <> 'digest'
    where change.run_id = :run
    order by capture.address, change.capture_id
""")


def read_changes(engine: Engine, run_id: int) -> Iterator[ChangedDocument]:
    """Yield every document that a run changed, by address.

    Raises:
        NotFound: there is no such run, or it was no re-processing.
    """
    with engine.connect().execution_options(stream_results=True, yield_per=500) as connection:
        kind = connection.scalar(text("select kind from run where id = :run"), {"run": run_id})
        if kind is None:
            raise NotFound(f"There is no run {run_id}; `newsfold runs` lists them.")
        if kind != "reprocess":
            raise NotFound(
                f"Run {run_id} was no re-processing but one of kind {kind!r}, which takes in what is new: "
                f"`newsfold runs {run_id}` shows it."
            )
        for row in connection.execute(_CHANGES, {"run": run_id}):
            yield ChangedDocument(
                address=row.address,
                source=row.source,
                title=row.title,
                kind=row.kind,
                before=row.before,
                after=row.after,
                facts=tuple(row.facts),
                lines=tuple(LineChange(line["what"], line["text"], line["rule"]) for line in row.lines),
                stories_before=(row.story_before,) if row.story_before else (),
                stories_after=(row.story_after,) if row.story_after else (),
            )
