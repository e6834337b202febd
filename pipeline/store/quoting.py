"""Keeping the sentences that related documents have in common: which they are, and who carries them where."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pipeline.match.carried import Carried, Sentenced, carried_sentences, character_span, is_quoted, lay_out
from pipeline.store.asking_models import Carrier, Sentence
from pipeline.store.models import Document
from pipeline.store.passages import passage_furniture
from pipeline.store.retrying import retry_passing

_PAIRS = 256  # compared in one transaction
_LAID_OUT = 512  # documents kept between transactions: the pairs of one document stand together

# Writers share the work: each takes pairs that no other holds at the moment.
_WAITING = text("""
    select shorter_id, longer_id from relation
    where sentences_at is null
    order by shorter_id, longer_id
    limit :pairs
    for no key update skip locked
""")

_DONE = text("""
    update relation set sentences_at = now()
    from unnest(cast(:shorter as bigint[]), cast(:longer as bigint[])) as done (shorter_id, longer_id)
    where relation.shorter_id = done.shorter_id and relation.longer_id = done.longer_id
""")


def learn_sentences(engine: Engine) -> int:
    """Find the sentences that related documents share, for every relation that was not looked at yet.

    Returns how many relations were looked at. What a killed run left is looked at by the next one.
    """
    laid_out: dict[int, Sentenced] = {}
    looked_at = 0
    while True:
        done = _learn_batch(engine, laid_out)
        looked_at += done
        if done < _PAIRS:
            return looked_at


@retry_passing
def _learn_batch(engine: Engine, laid_out: dict[int, Sentenced]) -> int:
    with Session(engine) as session, session.begin():
        pairs = [(row.shorter_id, row.longer_id) for row in session.execute(_WAITING, {"pairs": _PAIRS})]
        if not pairs:
            return 0
        numbers = {number for pair in pairs for number in pair}
        _lay_out(session, numbers, laid_out)
        standing = passage_furniture(session, numbers)
        found = [
            (pair, carried)
            for pair in pairs
            for carried in carried_sentences(
                laid_out[pair[0]], laid_out[pair[1]], frozenset().union(*(standing.get(one, ()) for one in pair))
            )
        ]  # fmt: skip
        _store(session, found, laid_out)
        session.execute(
            _DONE, {"shorter": [pair[0] for pair in pairs], "longer": [pair[1] for pair in pairs]}
        )
        return len(pairs)


def _lay_out(session: Session, numbers: set[int], laid_out: dict[int, Sentenced]) -> None:
    missing = numbers - laid_out.keys()
    if len(laid_out) + len(missing) > _LAID_OUT:
        for number in laid_out.keys() - numbers:
            del laid_out[number]
    for row in session.execute(select(Document.id, Document.text).where(Document.id.in_(missing))):
        laid_out[row.id] = lay_out(row.text)


def _store(
    session: Session,
    found: Sequence[tuple[tuple[int, int], Carried]],
    laid_out: dict[int, Sentenced],
) -> None:
    """Store sentences and who carries them, in the order of their keys: writers do not wait in a circle."""
    if not found:
        return
    sentences = {carried.key: carried for _, carried in sorted(found, key=lambda item: item[1].text)}
    ordered = [sentences[key] for key in sorted(sentences)]
    ids: dict[int, int] = {}
    while missing := [one for one in ordered if one.key not in ids]:
        session.execute(
            insert(Sentence).on_conflict_do_nothing(index_elements=["key"]),
            [{"key": one.key, "text": one.text, "word_count": one.words} for one in missing],
        )
        # Held, since what nobody carries is cleared. What was cleared before it could be held is made again.
        held = select(Sentence.key, Sentence.id).where(Sentence.key.in_([one.key for one in missing]))
        found_ids = session.execute(held.order_by(Sentence.id).with_for_update(read=True, key_share=True))
        ids.update({one.key: one.id for one in found_ids})
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for row in _carriers(found, laid_out, ids):
        key = (row["sentence_id"], row["document_id"])
        known = rows.get(key)
        if known is None or (row["word_count"], -row["start"]) > (known["word_count"], -known["start"]):
            rows[key] = row
    statement = insert(Carrier)
    new = statement.excluded
    columns = ("start", "length", "word_count", "is_quoted")
    # Of several places in one text the fullest counts, and of those the first, whichever pair is looked at first.
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["sentence_id", "document_id"],
            set_={name: new[name] for name in columns},
            where=(new.word_count > Carrier.word_count)
            | ((new.word_count == Carrier.word_count) & (new.start < Carrier.start)),
        ),
        [rows[key] for key in sorted(rows)],
    )


def _carriers(
    found: Iterable[tuple[tuple[int, int], Carried]],
    laid_out: dict[int, Sentenced],
    ids: dict[int, int],
) -> Iterable[dict[str, Any]]:
    for pair, carried in found:
        for number, place, words in zip(pair, carried.places, carried.carried, strict=True):
            first, last = character_span(laid_out[number], place)
            yield {
                "sentence_id": ids[carried.key],
                "document_id": number,
                "start": first,
                "length": last - first,
                "word_count": min(words, carried.words),
                "is_quoted": is_quoted(laid_out[number], place),
            }
