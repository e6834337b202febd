"""What a crawl stored can be built again from its archive, and prepared again with what was learned of its hosts."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from pipeline.engines.local import LocalEngine
from pipeline.events import read_event
from pipeline.rebuild import rebuild
from pipeline.settings import Settings
from pipeline.store.database import open_database
from tests.crawl.end_to_end.conftest import NewDesk, Whole
from tests.crawl.end_to_end.harness import SITE_EVENT
from tests.store.test_versions import everything
from tests.test_reprocess import holding

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)

_STORIES = """
    select lead.sha256, lead_reason, array_agg(member.sha256 || convert_to(role, 'UTF8') order by member.sha256)
    from story join document as lead on lead.id = lead_id join story_document on story_id = story.id
    join document as member on member.id = document_id group by 1, 2 order by 1
"""
_RELATIONS = """
    select shorter.sha256, longer.sha256, kind, jaccard, containment, longest_run, unquoted
    from relation join document as shorter on shorter.id = shorter_id join document as longer on longer.id = longer_id
    order by 1, 2
"""


def test_the_archive_of_a_crawl_gives_its_database_again(
    whole: Whole, new_desk: NewDesk, tmp_path: Path
) -> None:
    file = tmp_path / "event.toml"
    file.write_text(SITE_EVENT, encoding="utf-8")
    first = open_database(Settings(whole.desk.home, whole.desk.database_url))
    empty = new_desk()
    second = open_database(Settings(whole.desk.home, empty.database_url))
    with LocalEngine() as engine:
        *_, done = rebuild(second, Settings(whole.desk.home, empty.database_url), engine, read_event(file))
    assert done.damaged == []
    # All but the ledger, which speaks of runs.
    for one, other in zip(everything(first)[:-1], everything(second)[:-1], strict=True):
        assert one == other
    assert holding(first) == holding(second)
    for query in (_STORIES, _RELATIONS):
        with Session(first) as one_session, Session(second) as other_session:
            one = [tuple(row) for row in one_session.execute(text(query))]
            assert one == [tuple(row) for row in other_session.execute(text(query))]
            assert one
    first.dispose()
    second.dispose()
