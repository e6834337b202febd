"""Making what a run found independent of the order in which its documents came, at its end."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from pipeline.engines.inline import InlineEngine
from pipeline.store.corpus import settle

# Those stored since the last run that came to its end; and this run's own, which another may have passed by while they
# were not committed yet.
_NEW = text("""
    select id from document where id > (select coalesce(max(settled_to), 0) from run)
    union
    select version.document_id from ledger join version on version.id = ledger.version_id
    where ledger.run_id = :run and ledger.outcome in ('new', 'new version', 'updated')
""")


def settle_run(engine: Engine, run_id: int) -> None:
    """Relate anew what depends on the order in which a run's documents came: texts with a passage that is everywhere.

    A run that was killed leaves that to the next one.
    """
    with Session(engine) as session:
        new = session.scalars(_NEW, {"run": run_id}).all()
    if new:
        settle(engine, InlineEngine(), new)
        with Session(engine) as session, session.begin():
            session.execute(
                text("update run set settled_to = :most where id = :run"), {"most": max(new), "run": run_id}
            )
