"""What `newsfold db status` says."""

from typing import Any

from sqlalchemy import create_engine, func, select, text

from pipeline.settings import Settings
from pipeline.store.address import database_address, embedded_server
from pipeline.store.database import connect, schema_revision, shown
from pipeline.store.models import HEAD_REVISION, Article, Capture, Document, Story


def database_status(settings: Settings) -> dict[str, Any]:
    """Return which database is used, its server, schema revision, size, and how much it holds.

    A stopped embedded server is not started for the question.
    """
    status: dict[str, Any] = {
        "database": "the server of DATABASE_URL" if settings.database_url else "embedded",
        "home": str(settings.home),
    }
    if settings.database_url is None:
        pid = embedded_server(settings).pid()
        if pid is None:
            return {**status, "server": "not running; the next command that needs it starts it"}
        status["process"] = pid
    url = database_address(settings)
    with connect(create_engine(url)) as connection:
        status["address"] = shown(url)
        status["server"] = f"PostgreSQL {connection.scalar(text('show server_version'))}"
        revision = schema_revision(connection)
        needs = "the newest" if revision == HEAD_REVISION else f"this newsfold needs {HEAD_REVISION}"
        status["revision"] = f"{revision or 'no newsfold tables yet'} ({needs})"
        status["size"] = connection.scalar(
            text("select pg_size_pretty(pg_database_size(current_database()))")
        )
        if revision == HEAD_REVISION:
            for table in (Capture, Article, Document, Story):
                name = "stories" if table is Story else f"{table.__tablename__}s"
                status[name] = connection.scalar(select(func.count()).select_from(table))
    return status
