"""Many writer processes at once: no copy is missed, and what a killed one left is made good.

The suite stores 30 pairs; NEWSFOLD_TEST_PAIRS=3000 stores as many as the claim in docs/stories.md is about.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from pipeline.settings import CHECKOUT
from pipeline.store.models import Document, Relation, StoryDocument
from pipeline.store.relate import sweep

PAIRS = int(os.environ.get("NEWSFOLD_TEST_PAIRS", "30"))
WRITERS = 6

pytestmark = [
    pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True),
    pytest.mark.timeout(3600 if PAIRS > 30 else 300),
]


def start(url: str, folder: Path, writer: int, *more: str) -> subprocess.Popen[bytes]:
    words = [url, folder, writer, WRITERS, PAIRS, *more]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writers", *map(str, words)], cwd=CHECKOUT, stderr=subprocess.PIPE
    )


def stories(engine: Engine) -> list[int]:
    """Return how many documents each story has, the smallest first."""
    query = (
        select(func.count(StoryDocument.document_id))
        .group_by(StoryDocument.story_id)
        .order_by(func.count(StoryDocument.document_id))
    )
    with Session(engine) as session:
        return list(session.scalars(query))


def test_six_writers_that_store_pairs_of_copies_at_once_miss_none(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    writers = [start(database_url, tmp_path, number) for number in range(WRITERS)]
    for writer in writers:
        _, said = writer.communicate()
        assert writer.returncode == 0, said.decode()
    assert stories(engine) == [2] * PAIRS
    with Session(engine) as session:
        assert session.scalar(select(func.count()).where(Relation.kind == "near")) == PAIRS


def test_what_a_writer_left_that_was_killed_between_commit_and_look_is_made_good(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    for number, more in ((0, ["die"]), (1, ["die"])):
        writer = start(database_url, tmp_path, number, *more)
        writer.communicate()
        assert writer.returncode == -9
    with Session(engine) as session:
        left = session.scalar(select(func.count()).where(Document.relations_checked_at.is_(None)))
        shared = session.scalar(select(func.count(Document.id)))
    assert left == shared > 0
    assert stories(engine) == []
    assert sweep(engine) == left
    # Of each pair that both writers have, the two are one story: every sixth pair.
    assert stories(engine).count(2) == len(
        [pair for pair in range(PAIRS) if pair % WRITERS == 0 and pair < 64]
    )
