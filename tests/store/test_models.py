"""The constraints, asked of the database itself."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, DateTime, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from pipeline.store.models import Base

_NOW = "2024-12-04T14:28:00+00:00"


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def _insert(connection: Connection, table: str, **values: Any) -> Any:
    columns = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    row = connection.execute(text(f"insert into {table} ({columns}) values ({places}) returning *"), values)
    return row.mappings().one().get("id")


def _document(connection: Connection, words: str, *, register: bool = True, **changed: Any) -> int:
    sha256 = hashlib.sha256(words.encode()).digest()
    content_hash = sha256.hex()[:16]
    values = {
        "sha256": sha256,
        "content_hash": content_hash,
        "hash_origin": "computed",
        "text": words,
        "word_count": len(words.split()),
        "matched_as": "words/fingerprint",
    }
    number: int = _insert(connection, "document", **{**values, **changed})
    if register:
        shown = changed.get("content_hash", content_hash)
        _insert(connection, "content_hash", hash=shown, document_id=number, origin="computed")
    return number


def _run(connection: Connection, **changed: Any) -> int:
    recipe = _insert(connection, "recipe", extractor="e", residue="r", canonical="c", fingerprint="f")
    number: int = _insert(connection, "run", **{"kind": "seeds", "recipe_id": recipe, **changed})
    return number


def _capture(connection: Connection, **changed: Any) -> int:
    values = {
        "address": "https://example.org/a",
        "sha256": bytes(32),
        "media_type": "text/html",
        "byte_count": 0,
        "captured_at": _NOW,
        "archive_file": "a.warc.gz",
        "archive_offset": 0,
        "archive_length": 1,
    }
    run = changed.pop("run_id", None) or _run(connection)
    number: int = _insert(connection, "capture", run_id=run, **{**values, **changed})
    return number


def _version(connection: Connection, **changed: Any) -> int:
    capture = _capture(connection)
    recipe = connection.scalar(text("select id from recipe"))
    values = {
        "article_id": _insert(connection, "article", address="https://example.org/a"),
        "number": 1,
        "document_id": _document(connection, "The allies met."),
        "capture_id": capture,
        "recipe_id": recipe,
        "first_seen_at": _NOW,
    }
    number: int = _insert(connection, "version", **{**values, **changed})
    return number


def _check_deferred(connection: Connection) -> None:
    connection.execute(text("set constraints all immediate"))


def _breaks(constraint: str) -> Any:
    return pytest.raises(IntegrityError, match=f'"{constraint}"')


def test_a_well_formed_document_version_and_story_are_taken(connection: Connection) -> None:
    version = _version(connection, title="T", title_origin="headline")
    document = connection.scalar(text("select document_id from version where id = :id"), {"id": version})
    story = _insert(connection, "story", lead_id=document, lead_reason="alone")
    _insert(connection, "story_document", story_id=story, document_id=document, role="lead")

    _check_deferred(connection)

    assert connection.scalar(text("select count(*) from story_document")) == 1


def test_a_document_whose_digest_is_not_its_texts_is_refused(connection: Connection) -> None:
    with _breaks("ck_document_sha256"):
        _document(connection, "The allies met.", sha256=hashlib.sha256(b"The allies parted.").digest())


def test_a_documents_digest_is_that_of_its_utf8_bytes(connection: Connection) -> None:
    assert _document(connection, "Союзники зустрілися — “усі”. 🕊 C:\\new\\x41") > 0


def test_a_text_cannot_be_changed_under_its_digest(connection: Connection) -> None:
    _document(connection, "The allies met.")

    with _breaks("ck_document_sha256"):
        connection.execute(text("update document set text = text || ' '"))


def test_two_documents_of_one_text_are_refused(connection: Connection) -> None:
    _document(connection, "The allies met.")

    with _breaks("uq_document_sha256"):
        _document(connection, "The allies met.", content_hash="0" * 16)


@pytest.mark.parametrize(
    "content_hash",
    [
        "",
        "0123456789abcde",
        "0123456789abcdef0",
        "0123456789ABCDEF",
        "0123456789abcdeg",
        "0123456789abcdef\n",
        " " * 16,
    ],
)
def test_a_content_hash_is_sixteen_lowercase_hex_digits(connection: Connection, content_hash: str) -> None:
    with _breaks("ck_document_content_hash"), connection.begin_nested():
        _document(connection, "The allies met.", content_hash=content_hash)
    document = _document(connection, "The allies met.")
    with _breaks("ck_content_hash_hash"):
        _insert(connection, "content_hash", hash=content_hash, document_id=document, origin="declared")


def test_a_documents_content_hash_must_resolve_by_the_end_of_the_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        _document(connection, "The allies met.", register=False)

        with _breaks("fk_document_content_hash_id"):
            connection.commit()
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from document")) == 0


def test_a_documents_content_hash_must_resolve_to_that_document(connection: Connection) -> None:
    one = _document(connection, "The allies met.")
    other = _document(connection, "The allies parted.", register=False, content_hash="0" * 16)
    _insert(connection, "content_hash", hash="0" * 16, document_id=one, origin="declared")

    with _breaks("fk_document_content_hash_id"):
        _check_deferred(connection)
    assert one != other


def test_a_hash_that_was_shown_cannot_be_forgotten(connection: Connection) -> None:
    _document(connection, "The allies met.")
    connection.execute(text("delete from content_hash"))

    with _breaks("fk_document_content_hash_id"):
        _check_deferred(connection)


def test_one_hash_resolves_to_one_document(connection: Connection) -> None:
    _document(connection, "The allies met.", content_hash="0" * 16)
    other = _document(connection, "The allies parted.")

    with _breaks("pk_content_hash"):
        _insert(connection, "content_hash", hash="0" * 16, document_id=other, origin="declared")


def test_a_storys_lead_must_be_one_of_its_documents(connection: Connection) -> None:
    inside, outside = _document(connection, "Inside."), _document(connection, "Outside.")
    story = _insert(connection, "story", lead_id=outside, lead_reason="longest")
    _insert(connection, "story_document", story_id=story, document_id=inside, role="lead")

    with _breaks("fk_story_id_lead_id"):
        _check_deferred(connection)


def test_a_document_has_one_home_story(connection: Connection) -> None:
    document, other = _document(connection, "Inside."), _document(connection, "Other.")
    first = _insert(connection, "story", lead_id=document, lead_reason="alone")
    second = _insert(connection, "story", lead_id=other, lead_reason="alone")
    _insert(connection, "story_document", story_id=first, document_id=document, role="lead")

    with _breaks("uq_story_document_home"):
        _insert(connection, "story_document", story_id=second, document_id=document, role="copy")


def test_a_digest_may_appear_in_several_stories(connection: Connection) -> None:
    leads = [_document(connection, "One."), _document(connection, "Two.")]
    digest = _document(connection, "One. Two.")
    for lead in leads:
        story = _insert(connection, "story", lead_id=lead, lead_reason="alone")
        _insert(connection, "story_document", story_id=story, document_id=lead, role="lead")
        _insert(connection, "story_document", story_id=story, document_id=digest, role="digest")

    _check_deferred(connection)

    count = "select count(*) from story_document where document_id = :id"
    assert connection.scalar(text(count), {"id": digest}) == 2


def test_two_stories_may_exchange_their_leads_in_one_transaction(connection: Connection) -> None:
    documents = [_document(connection, "One."), _document(connection, "Two.")]
    stories = [_insert(connection, "story", lead_id=d, lead_reason="alone") for d in documents]
    for story, document in zip(stories, documents, strict=True):
        _insert(connection, "story_document", story_id=story, document_id=document, role="lead")
    _check_deferred(connection)
    connection.execute(text("set constraints all deferred"))

    connection.execute(text("delete from story_document"))
    for story, document in zip(stories, reversed(documents), strict=True):
        move = text("update story set lead_id = :document where id = :story")
        connection.execute(move, {"document": document, "story": story})
        _insert(connection, "story_document", story_id=story, document_id=document, role="lead")
    _check_deferred(connection)

    found = connection.scalars(text("select lead_id from story order by id")).all()
    assert found == list(reversed(documents))


def test_two_stories_with_one_lead_are_refused(connection: Connection) -> None:
    document = _document(connection, "One.")
    for _ in range(2):
        _insert(connection, "story", lead_id=document, lead_reason="alone")

    with _breaks("uq_story_lead_id"):
        connection.execute(text("set constraints uq_story_lead_id immediate"))


@pytest.mark.parametrize("outcome", ["rejected", "failed", "refused", "skipped"])
def test_an_address_that_came_to_nothing_needs_a_reason(connection: Connection, outcome: str) -> None:
    run = _run(connection)
    _insert(connection, "ledger", run_id=run, address="a", outcome=outcome, reason="why")

    with _breaks("ck_ledger_reason"):
        _insert(connection, "ledger", run_id=run, address="b", outcome=outcome)


@pytest.mark.parametrize("outcome", ["new", "new version", "updated", "unchanged"])
def test_an_address_that_came_to_something_needs_no_reason(connection: Connection, outcome: str) -> None:
    run = _run(connection)
    _insert(connection, "ledger", run_id=run, address="a", outcome=outcome)

    with _breaks("ck_ledger_reason"):
        _insert(connection, "ledger", run_id=run, address="b", outcome=outcome, reason="why")


def test_an_address_is_accounted_for_once_in_a_run(connection: Connection) -> None:
    run = _run(connection)
    _insert(connection, "ledger", run_id=run, address="a", outcome="new")

    with _breaks("pk_ledger"):
        _insert(connection, "ledger", run_id=run, address="a", outcome="unchanged")


@pytest.mark.parametrize(
    ("make", "changed", "constraint"),
    [
        (_run, {"kind": "guess"}, "ck_run_kind"),
        (_run, {"status": "asleep", "finished_at": _NOW}, "ck_run_status"),
        (_run, {"status": "finished"}, "ck_run_finished"),
        (_run, {"finished_at": _NOW}, "ck_run_finished"),
        (_capture, {"sha256": bytes(31)}, "ck_capture_sha256"),
        (_capture, {"sha256": bytes(33)}, "ck_capture_sha256"),
        (_capture, {"byte_count": -1}, "ck_capture_sizes"),
        (_capture, {"archive_offset": -1}, "ck_capture_sizes"),
        (_capture, {"archive_length": 0}, "ck_capture_sizes"),
        (_capture, {"run_id": 99}, "fk_capture_run_id"),
        (_capture, {"source_id": 99}, "fk_capture_source_id"),
        (_version, {"number": 0}, "ck_version_number"),
        (_version, {"title": "T"}, "ck_version_title"),
        (_version, {"title_origin": "headline"}, "ck_version_title"),
        (_version, {"published_on": "2024-12-04"}, "ck_version_published"),
        (_version, {"published_origin": "banner"}, "ck_version_published"),
        (_version, {"published_at": _NOW}, "ck_version_published_at"),
        (_version, {"document_id": 99}, "fk_version_document_id"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    connection: Connection, make: Callable[..., int], changed: dict[str, Any], constraint: str
) -> None:
    with _breaks(constraint):
        make(connection, **changed)


@pytest.mark.parametrize(
    "key", ["", "Interfax", "inter fax", "-interfax", "interfax-", "inter--fax", "інтерфакс", "a\n"]
)
def test_a_sources_key_is_lowercase_words_joined_by_hyphens(connection: Connection, key: str) -> None:
    _insert(connection, "source", key="interfax-ukraine-2", name="Interfax-Ukraine")

    with _breaks("ck_source_key"):
        _insert(connection, "source", key=key, name="Interfax-Ukraine")


def test_a_host_belongs_to_one_source(connection: Connection) -> None:
    for key in ("one", "other"):
        _insert(connection, "source", key=key, name=key)
    place = text("insert into source_host select 'example.org', id from source where key = :key")
    connection.execute(place, {"key": "one"})

    with _breaks("pk_source_host"):
        connection.execute(place, {"key": "other"})


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"jaccard": 1.01}, "ck_relation_shares"),
        ({"containment": -0.01}, "ck_relation_shares"),
        ({"unquoted": float("nan")}, "ck_relation_shares"),
        ({"kind": "similar"}, "ck_relation_kind"),
        ({"longer_id": None}, "ck_relation_distinct"),
    ],
)
def test_a_relation_of_impossible_evidence_is_refused(
    connection: Connection, changed: dict[str, Any], constraint: str
) -> None:
    shorter, longer = _document(connection, "One."), _document(connection, "One. Two.")
    values = {
        "shorter_id": shorter, "longer_id": longer, "kind": "contains", "jaccard": 0.5, "containment": 1.0,
        "containment_longer": 0.5, "longest_run": 1, "unquoted": 1.0, "shared_shingles": 1,
    }  # fmt: skip
    with connection.begin_nested() as savepoint:
        _insert(connection, "relation", **values)
        savepoint.rollback()
    if "longer_id" in changed:
        changed = {"longer_id": shorter}

    with _breaks(constraint):
        _insert(connection, "relation", **{**values, **changed})


def test_a_text_with_a_nul_byte_is_refused(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="NUL"):
        _document(connection, "The allies\x00met.")


def test_every_fingerprint_hash_of_64_bits_is_taken(connection: Connection) -> None:
    document = _document(connection, "One.")

    for value in (-(2**63), 2**63 - 1):
        _insert(connection, "fingerprint", hash=value, document_id=document)

    assert connection.scalar(text("select count(*) from fingerprint")) == 2


def test_deleting_a_document_takes_what_was_derived_from_it(connection: Connection) -> None:
    document = _document(connection, "One.")
    _insert(connection, "fingerprint", hash=1, document_id=document)
    connection.execute(text("delete from content_hash"))
    connection.execute(text("delete from document"))

    assert connection.scalar(text("select count(*) from fingerprint")) == 0


def test_every_table_has_its_description_in_the_database(connection: Connection) -> None:
    query = (
        "select relname, obj_description(oid, 'pg_class') from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'alembic_version'"
    )
    found = dict(connection.execute(text(query)).all())

    assert set(found) == set(Base.metadata.tables)
    assert all(comment and comment.endswith(".") for comment in found.values()), found


def test_every_time_in_the_database_bears_its_zone(connection: Connection) -> None:
    query = (
        "select table_name || '.' || column_name, data_type from information_schema.columns"
        " join information_schema.tables using (table_schema, table_name)"
        " where table_schema = 'public' and data_type like 'timestamp%' and table_type = 'BASE TABLE'"
    )
    found = dict(connection.execute(text(query)).all())

    modelled = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, DateTime)
    }
    assert set(found) == modelled
    assert "capture.captured_at" in found
    assert set(found.values()) == {"timestamp with time zone"}


def test_every_column_named_for_a_moment_is_one(connection: Connection) -> None:
    query = (
        "select table_name || '.' || column_name, data_type from information_schema.columns"
        " where table_schema = 'public' and (column_name like '%\\_at' or column_name = 'at')"
    )
    found = connection.execute(text(query)).all()

    assert len(found) >= 8
    assert {kind for _, kind in found} == {"timestamp with time zone"}


def test_every_reference_has_an_index_that_leads_with_it(connection: Connection) -> None:
    """Without one, deleting a referenced row, or asking who refers to it, reads the whole table."""
    query = """
        select c.conname,
        exists (
            select from pg_index i
            where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
              and (string_to_array(i.indkey::text, ' ')::int[])[1:cardinality(c.conkey)] @> c.conkey::int[]
        ) as indexed
        from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace
    """
    found = connection.execute(text(query)).all()

    references = sum(len(table.foreign_key_constraints) for table in Base.metadata.tables.values())
    assert len(found) == references > 20
    # A document has one content hash and a story one lead, by unique constraints that lead with the column.
    single = {"fk_document_content_hash_id", "fk_story_id_lead_id"}
    assert {name for name, indexed in found if not indexed} <= single


def test_every_constraint_and_index_is_named_by_the_convention(connection: Connection) -> None:
    query = """
        select c.contype::text, t.relname, c.conname from pg_constraint c join pg_class t on t.oid = c.conrelid
        where c.connamespace = 'public'::regnamespace and t.relname <> 'alembic_version' and c.contype <> 'n'
        union all
        select 'i', t.relname, x.relname from pg_index i
        join pg_class x on x.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
        where x.relnamespace = 'public'::regnamespace and t.relname <> 'alembic_version'
          and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    """
    prefixes = {"p": ("pk",), "u": ("uq",), "c": ("ck",), "f": ("fk",), "i": ("ix", "uq")}
    found = connection.execute(text(query)).all()

    assert {kind for kind, _, _ in found} == set(prefixes)
    for kind, table, name in found:
        assert any(name == f"pk_{table}" or name.startswith(f"{p}_{table}_") for p in prefixes[kind]), name


def test_every_identity_is_the_databases_to_give(connection: Connection) -> None:
    with pytest.raises(DBAPIError, match="GENERATED ALWAYS"):
        _insert(connection, "source", id=7, key="k", name="K")
