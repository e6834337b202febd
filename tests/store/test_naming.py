"""A text is called what those call it that print it now."""

import pytest
from sqlalchemy import Engine, text

from pipeline.items import Source
from pipeline.settings import Settings
from pipeline.store.naming import name_documents
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

WIRE = Source("wire", "The Wire", ("a.test",))


def _names(engine: Engine) -> dict[str, tuple[str | None, str | None]]:
    with engine.connect() as connection:
        hashes = list(connection.scalars(text("select content_hash from document order by id")))
    names = name_documents(engine, hashes)
    return {one["opening"][:12]: (one["title"], one["outlet"]) for one in names.values()}


def test_what_is_printed_now_names_a_text_before_what_was_once_and_a_withdrawn_title_never(
    engine: Engine, settings: Settings
) -> None:
    first, second = prose(1), prose(2)
    take_in(engine, settings.archive, arrival("https://a.test/1", first, title="A once", source=WIRE))
    take_in(engine, settings.archive, arrival("https://a.test/1", second, title="A now", source=WIRE))
    assert _names(engine) == {first[:12]: ("A once", "The Wire"), second[:12]: ("A now", "The Wire")}

    take_in(engine, settings.archive, arrival("https://www.b.test/1", first, title="B now"))
    assert _names(engine)[first[:12]] == ("B now", "b.test")

    with engine.begin() as connection:
        connection.execute(
            text("update version set superseded_run_id = 1 where title in ('A once', 'B now')")
        )
    assert _names(engine)[first[:12]][0] is None
