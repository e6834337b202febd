"""Alembic's environment: one transaction, under a lock, on the connection newsfold hands over."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from pipeline.settings import Settings
from pipeline.store.address import MIGRATION_LOCK, database_address
from pipeline.store.models import Base


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        # Two processes that start on an empty database would otherwise both build it.
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()


def _run() -> None:
    handed_over = context.config.attributes.get("connection")
    if handed_over is not None:
        _migrate(handed_over)
        return
    with create_engine(database_address(Settings.from_environment())).connect() as connection:
        _migrate(connection)


_run()
