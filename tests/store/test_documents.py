"""The rules of content hashes."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from pipeline.clean.canonical import digest
from pipeline.errors import NotFound
from pipeline.prepare import prepare
from pipeline.settings import Settings
from pipeline.store import queries, showing
from pipeline.store.documents import _insert
from pipeline.store.models import Document, Recipe
from tests.builders import arrival, prose, take_in

ONE = "00000000000000a1"
TWO = "00000000000000b2"


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.archive


def hashes(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        return {row.content_hash: row.hash_origin for row in session.scalars(select(Document))}


def test_a_text_without_a_declared_hash_gets_the_first_digits_of_its_sha256(
    engine: Engine, folder: Path
) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1)))
    [row] = queries.list_documents(engine)
    assert row["content_hash"] == row["sha256"][:16]
    assert row["hash_origin"] == "computed"


def test_a_declared_hash_is_the_documents_handle(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    assert hashes(engine) == {ONE: "declared"}


def test_the_same_text_from_another_address_joins_the_document(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    take_in(engine, folder, arrival("https://b.test/2", prose(1).replace("\n", "\r\n\r\n")))
    [row] = queries.list_documents(engine)
    assert row["content_hash"] == ONE
    assert [article["address"] for article in row["articles"]] == ["https://a.test/1", "https://b.test/2"]


def test_a_hash_declared_later_takes_over_and_the_computed_one_still_resolves(
    engine: Engine, folder: Path
) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1)))
    [computed] = hashes(engine)
    take_in(engine, folder, arrival("https://b.test/2", prose(1), declares=ONE))
    assert hashes(engine) == {ONE: "declared"}
    shown = showing.show_document(engine, computed)
    assert shown["content_hash"] == ONE
    assert shown["also_known_as"] == [computed]


def test_a_hash_bound_to_another_text_is_refused_and_both_are_named(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    [outcome] = take_in(engine, folder, arrival("https://b.test/2", prose(2), declares=ONE))
    assert (outcome.outcome, outcome.reason) == ("refused", "hash-bound")
    assert outcome.message is not None
    for name in ("file:///2", "file:///1", "https://a.test/1", ONE):
        assert name in outcome.message
    assert len(queries.list_documents(engine)) == 1


def test_a_refusal_names_the_first_to_have_the_text(engine: Engine, folder: Path) -> None:
    take_in(
        engine,
        folder,
        arrival("https://b.test/first", prose(1)),
        arrival("https://a.test/second", prose(1)),
    )
    take_in(engine, folder, arrival("https://c.test/3", prose(1), declares=ONE))
    take_in(engine, folder, arrival("https://c.test/3", prose(1) + "\n\nAD AD AD"))
    [outcome] = take_in(engine, folder, arrival("https://d.test/4", prose(2), declares=ONE))
    assert "the one of file:///first as https://b.test/first (" in (outcome.message or "")


def test_a_refusal_costs_only_itself(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    outcomes = take_in(
        engine,
        folder,
        arrival("https://a.test/2", prose(2)),
        arrival("https://a.test/3", prose(3), declares=ONE),
        arrival("https://a.test/4", prose(4), declares=TWO),
    )
    assert [outcome.outcome for outcome in outcomes] == ["new", "refused", "new"]
    assert len(queries.list_documents(engine)) == 3


def test_a_hash_declared_for_a_text_that_has_one_resolves_too(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    take_in(engine, folder, arrival("https://b.test/2", prose(1), declares=TWO))
    assert hashes(engine) == {ONE: "declared"}
    assert showing.show_document(engine, TWO)["content_hash"] == ONE


def _make_stored_text_look_older(engine: Engine, old_text: str) -> None:
    """Leave the database as an older recipe would have: the same bytes, cleaned to another text."""
    with Session(engine) as session, session.begin():
        session.execute(update(Document).values(text=old_text, sha256=digest(old_text)))
        session.execute(update(Recipe).values(residue="an older catalogue"))


def test_a_declared_hash_moves_with_its_seed_to_what_a_new_recipe_makes_of_it(
    engine: Engine, folder: Path
) -> None:
    seed = arrival("https://a.test/1", prose(1), declares=ONE)
    take_in(engine, folder, seed)
    old_text = prose(1) + "\nA line that the old catalogue let through."
    _make_stored_text_look_older(engine, old_text)

    [outcome] = take_in(engine, folder, seed)

    assert outcome.outcome == "new version"
    assert showing.show_document(engine, ONE)["text"] == prose(1)
    others = [row for row in queries.list_documents(engine) if row["content_hash"] != ONE]
    assert [row["hash_origin"] for row in others] == ["computed"]
    assert showing.show_document(engine, others[0]["content_hash"])["text"] == old_text


def test_altered_bytes_under_a_new_recipe_are_still_refused(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    _make_stored_text_look_older(engine, prose(1) + "\nMore of it.")
    [outcome] = take_in(engine, folder, arrival("https://a.test/1", prose(1) + "\nForged.", declares=ONE))
    assert outcome.outcome == "refused"


def test_a_prefix_that_fits_two_documents_lists_them(engine: Engine, folder: Path) -> None:
    take_in(engine, folder, arrival("https://a.test/1", prose(1), declares=ONE))
    take_in(engine, folder, arrival("https://a.test/2", prose(2), declares=TWO))
    with pytest.raises(NotFound, match=f"{ONE}, {TWO}"):
        showing.show_document(engine, "0000")
    assert showing.show_document(engine, "00000000000000A")["content_hash"] == ONE


@pytest.mark.parametrize("prefix", ["", "xyz", "%", "123456789"])
def test_what_is_no_prefix_of_a_hash_is_a_sentence(engine: Engine, prefix: str) -> None:
    with pytest.raises(NotFound, match="newsfold documents"):
        showing.show_document(engine, prefix)


def test_the_hash_moves_even_after_other_bytes_confirmed_the_text(engine: Engine, folder: Path) -> None:
    seed = arrival("https://a.test/1", prose(1), declares=ONE)
    take_in(engine, folder, seed)
    take_in(engine, folder, arrival("https://a.test/1", prose(1) + "\n\nAD AD AD"))
    _make_stored_text_look_older(engine, prose(1) + "\nAn old line.")
    [outcome] = take_in(engine, folder, seed)
    assert outcome.outcome == "new version"
    assert showing.show_document(engine, ONE)["text"] == prose(1)


def test_a_text_that_another_writer_stored_meanwhile_is_joined_and_not_refused(
    engine: Engine, folder: Path
) -> None:
    item = arrival("https://a.test/1", prose(1))
    take_in(engine, folder, item)
    with Session(engine) as session:
        assert _insert(session, prepare(item.capture)).sha256 == digest(prose(1))
