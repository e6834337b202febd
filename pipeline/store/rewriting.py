"""Writing what a recipe made of captures that were stored before: versions, records of extraction, changes.

A batch of articles goes in one transaction. What a crawl did to one of them meanwhile is noticed under its lock, and
that article is left to be read again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from pipeline.errors import Quarantine, Refuse
from pipeline.items import Prepared
from pipeline.store.articles import FoundArticle
from pipeline.store.captures import Extracted, note_extractions
from pipeline.store.changing import Change, Stored, changes_of, restated
from pipeline.store.details import read_details
from pipeline.store.documents import Stored as StoredText
from pipeline.store.documents import Text, contested, store_documents
from pipeline.store.extraction_models import Change as ChangeRow
from pipeline.store.foresight import stories_of
from pipeline.store.models import Article, Document, Version
from pipeline.store.outdated import Unit, read_units
from pipeline.store.replanning import Known, Made, Plan, Planned, plan
from pipeline.store.retrying import retry_passing
from pipeline.store.runs import Outcome, RunRecord, record_outcomes
from pipeline.store.texts import scheme
from pipeline.store.versions import VERSION_COLUMNS, Draft, write_versions

Work = Sequence[tuple[Unit, Sequence[Made]]]

_CONFIRMED = text("""
    update version set recipe_id = led.recipe_id, capture_id = led.capture_id
    from unnest(cast(:ids as bigint[]), cast(:recipes as bigint[]), cast(:captures as bigint[]))
         as led (id, recipe_id, capture_id)
    where version.id = led.id
""")

_UNCHECKED = text("""
    update document set relations_checked_at = null
    where id in (select id from document where id = any(cast(:ids as bigint[])) order by id for no key update)
""")

# No two of an article's versions may have one number even for a moment.
_OUT_OF_THE_WAY = text("update version set number = number + 1000000 where id = any(:ids)")


@dataclass(slots=True)
class Rewritten:
    """What came of a batch: outcomes, changes, documents to relate or whose stories to fold anew, units to read again."""

    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)
    former: set[int] = field(default_factory=set)
    again: list[Unit] = field(default_factory=list)


def foresee(session: Session, work: Work) -> list[Change]:
    """Return what would change, and write nothing."""
    stored = _read(session, work, lock=False)
    found = (
        change
        for unit, made in work
        for change in changes_of(
            unit, plan(_known(stored, unit.article_id), made), made, stored.get(unit.article_id or 0, {})
        )
    )
    return list({change.capture_id: change for change in found}.values())


@retry_passing
def rewrite(engine: Engine, run: RunRecord, work: Work, recipes: Mapping[int, int]) -> Rewritten:
    """Write what was made of a batch of articles' captures; `recipes` are the rows of the recipes, by capture."""
    with Session(engine) as session, session.begin():
        return _Rewriting(session, run, recipes).write(work)


class _Rewriting:
    """One try at writing a batch, in one transaction."""

    def __init__(self, session: Session, run: RunRecord, recipes: Mapping[int, int]) -> None:
        self._session = session
        self._run = run
        self._recipes = recipes
        self._done = Rewritten()
        self._led: dict[int, tuple[Draft | None, Made]] = {}
        self._touched: list[Draft] = []
        self._confirmed: list[Draft] = []
        self._moved: list[int] = []

    def write(self, work: Work) -> Rewritten:
        """Write all that is still as it was read."""
        stored = _read(self._session, work, lock=True)
        references = [unit.reference for unit, _ in work]
        now = read_units(self._session, references)
        current = [(unit, made) for (unit, made), again in zip(work, now, strict=True) if again == unit]
        self._done.again = [unit for (unit, _), again in zip(work, now, strict=True) if again != unit]
        texts = self._store_texts(current, stored)
        for unit, made in current:
            versions = stored.get(unit.article_id or 0, {})
            standing = [_or_kept(one, texts, versions) for one in made]
            planned = plan(_known(stored, unit.article_id), standing)
            self._done.changes += changes_of(unit, planned, standing, versions)
            self._carry_out(unit, planned, versions, texts)
            for one in standing:
                self._led.setdefault(one.slot.capture_id, (None, one))
        self._flush()
        return self._done

    def _store_texts(
        self, work: Work, stored: Mapping[int, Mapping[int, Stored]]
    ) -> dict[bytes, StoredText | Refuse]:
        """Store the texts that none of their article's versions has, or that are matched otherwise now."""
        new: dict[tuple[bytes, str | None], Text] = {}
        for unit, made in work:
            known = {one.sha256: one for one in stored.get(unit.article_id or 0, {}).values()}
            for one in made:
                if isinstance(one.result, Prepared):
                    before = known.get(one.result.sha256)
                    text_ = Text(one.result, one.slot.sha256)
                    # A declared hash moves with its capture, back too.
                    if (
                        before is None
                        or before.matched_as != scheme(one.result)
                        or text_.declared not in (None, before.content_hash)
                    ):
                        new.setdefault((one.result.sha256, text_.declared), text_)
        texts = list(new.values())
        groups = [[text_] for text_ in texts] if contested(texts) else [texts]
        found: dict[bytes, StoredText | Refuse] = {}
        for group in groups:
            for text_, result in zip(group, store_documents(self._session, group), strict=True):
                found[text_.prepared.sha256] = result
                if isinstance(result, StoredText):
                    self._done.fresh.add(result.document_id)
        return found

    def _carry_out(
        self,
        unit: Unit,
        planned: Plan,
        versions: Mapping[int, Stored],
        texts: Mapping[bytes, StoredText | Refuse],
    ) -> None:
        for former in planned.superseded:
            before = versions[former.id].draft
            number = planned.numbers[former.id]
            self._touch(
                replace(before, number=number, superseded_run_id=self._run.id, touched=True, restated=False),
                before,
            )
            self._done.former.add(before.document_id)
        for known_id, number in planned.numbers.items():
            before = versions[known_id].draft
            if (
                before.superseded_run_id is not None
                and number != before.number
                and not _holds(planned, known_id)
            ):
                self._touch(replace(before, number=number, touched=True, restated=False), before)
        for version in planned.holding:
            draft = self._held(unit, version, versions, texts)
            for one in version.made:
                self._led[one.slot.capture_id] = (draft, one)

    def _held(
        self,
        unit: Unit,
        version: Planned,
        versions: Mapping[int, Stored],
        texts: Mapping[bytes, StoredText | Refuse],
    ) -> Draft:
        """Return a version that holds, as it is to be written."""
        told = [one for one in version.made if isinstance(one.result, Prepared)]
        last = told[-1] if told else version.made[-1]
        recipe_id = self._recipes[last.slot.capture_id]
        before = versions[version.known.id].draft if version.known else None
        if before is None:
            document_id = self._document_of(version.sha256, versions, texts)
            article = FoundArticle(unit.article_id or 0, last.slot.address, last.slot.source_id)
            first = min(one.slot.captured_at for one in version.made)
            draft = Draft(article, version.number, document_id, last.slot.capture_id, recipe_id, first)
        else:
            draft = replace(before, number=version.number, superseded_run_id=None)
        if isinstance(last.result, Prepared):
            draft = restated(draft, last.result)
            draft.capture_id, draft.recipe_id = last.slot.capture_id, recipe_id
        if before is None or (draft.said(), draft.number, None) != (
            before.said(),
            before.number,
            before.superseded_run_id,
        ):
            draft.touched = True
            self._touch(draft, before)
        elif (draft.capture_id, draft.recipe_id) != (before.capture_id, before.recipe_id):
            self._confirmed.append(draft)
        if before is not None and before.superseded_run_id is not None:
            self._done.fresh.add(before.document_id)
        return draft

    def _document_of(
        self, sha256: bytes, versions: Mapping[int, Stored], texts: Mapping[bytes, StoredText | Refuse]
    ) -> int:
        """Return the document of a text: stored just now, or known of another version of the article."""
        stored = texts.get(sha256)
        if isinstance(stored, StoredText):
            return stored.document_id
        document_id = next(one.draft.document_id for one in versions.values() if one.sha256 == sha256)
        self._done.fresh.add(document_id)
        return document_id

    def _touch(self, draft: Draft, before: Draft | None) -> None:
        self._touched.append(draft)
        if before is not None and draft.number != before.number:
            self._moved.append(draft.id)

    def _flush(self) -> None:
        session = self._session
        if self._moved:
            session.execute(_OUT_OF_THE_WAY, {"ids": self._moved})
        write_versions(session, self._touched)
        if self._confirmed:
            session.execute(
                _CONFIRMED,
                {
                    "ids": [draft.id for draft in self._confirmed],
                    "recipes": [draft.recipe_id for draft in self._confirmed],
                    "captures": [draft.capture_id for draft in self._confirmed],
                },
            )
        told = {
            capture_id: (draft, one)
            for capture_id, (draft, one) in sorted(self._led.items())
            if not one.failed
        }
        note_extractions(
            session,
            self._run.id,
            (
                Extracted(
                    capture_id,
                    self._recipes[capture_id],
                    draft.id if draft else None,
                    draft.document_id if draft else None,
                    one.result.reason if isinstance(one.result, Quarantine) else None,
                    str(one.result) if isinstance(one.result, Quarantine) else None,
                )
                for capture_id, (draft, one) in told.items()
            ),
        )
        self._write_changes()
        # Should this process end now, the next sweep relates them, and folds their stories.
        session.execute(_UNCHECKED, {"ids": sorted(self._done.fresh | self._done.former)})
        self._done.outcomes = list(self._outcomes())
        record_outcomes(session, self._run, self._done.outcomes)

    def _write_changes(self) -> None:
        changes = self._done.changes
        if not changes:
            return
        stories = stories_of(self._session, {one.before.draft.document_id for one in changes if one.before})
        rows = {}
        for change in changes:
            before = change.before.draft.document_id if change.before else None
            draft, _ = self._led.get(change.capture_id, (None, None))
            rows[change.capture_id] = {
                "run_id": self._run.id,
                "capture_id": change.capture_id,
                "kind": change.kind,
                "article_id": change.article_id,
                "before_id": before,
                "after_id": draft.document_id if draft else None,
                "story_before": stories.get(before) if before else None,
                "facts": list(change.facts),
                "lines": [asdict(line) for line in change.lines],
            }
        self._session.execute(insert(ChangeRow), list(rows.values()))

    def _outcomes(self) -> list[Outcome]:
        """Account for each address once: what came of its newest capture."""
        changed = {change.capture_id: change.kind for change in self._done.changes}
        words = {"text": "new version", "appeared": "new", "facts": "updated"}
        found: dict[str, Outcome] = {}
        for capture_id, (draft, one) in sorted(self._led.items()):
            slot, version_id = one.slot, draft.id if draft else None
            if isinstance(one.result, Prepared):
                word = words.get(changed.get(capture_id, ""), "unchanged")
                outcome = Outcome(
                    slot.address, word, None, " ".join(one.result.notes) or None, capture_id, version_id
                )
            else:
                word = "refused" if isinstance(one.result, Refuse) else "failed" if one.failed else "rejected"
                said = f"{slot.address}: {one.result}"
                outcome = Outcome(slot.address, word, one.result.reason, said, capture_id, version_id)
            found[slot.address] = replace(outcome, source_id=slot.source_id)
        return list(found.values())


def _or_kept(made: Made, texts: Mapping[bytes, StoredText | Refuse], versions: Mapping[int, Stored]) -> Made:
    """Return what came of a capture; where its text was refused, with the text that it gave before."""
    if not isinstance(made.result, Prepared):
        return made
    stored = texts.get(made.result.sha256)
    if not isinstance(stored, Refuse):
        return made
    before = versions.get(made.slot.version_id or 0)
    return replace(made, result=stored, kept=before.sha256 if before else None, failed=True)


def _holds(planned: Plan, version_id: int) -> bool:
    return any(version.known is not None and version.known.id == version_id for version in planned.holding)


def _known(stored: Mapping[int, Mapping[int, Stored]], article_id: int | None) -> list[Known]:
    return [
        Known(one.draft.id, one.draft.number, one.sha256, one.draft.superseded_run_id is None)
        for one in stored.get(article_id or 0, {}).values()
    ]


def _read(session: Session, work: Work, *, lock: bool) -> dict[int, dict[int, Stored]]:
    """Return the versions of the articles at hand, by the articles' ids and their own; the articles locked if asked."""
    ids = sorted({unit.article_id for unit, _ in work if unit.article_id is not None})
    if not ids:
        return {}
    query = (
        select(Article.id, Article.address, Article.source_id).where(Article.id.in_(ids)).order_by(Article.id)
    )
    rows = session.execute(query.with_for_update() if lock else query)
    articles = {row.id: FoundArticle(row.id, row.address, row.source_id) for row in rows}
    columns = (Version.id, Version.article_id, *(getattr(Version, name) for name in VERSION_COLUMNS))
    versions = session.execute(
        select(*columns, Document.sha256, Document.text, Document.matched_as, Document.content_hash)
        .join(Document, Document.id == Version.document_id)
        .where(Version.article_id.in_(ids))
        .order_by(Version.article_id, Version.number)
    ).all()
    details = read_details(session, [row.id for row in versions])
    found: dict[int, dict[int, Stored]] = {}
    for row in versions:
        values = {name: getattr(row, name) for name in VERSION_COLUMNS}
        draft = Draft(articles[row.article_id], **values, id=row.id, touched=False, restated=False)
        draft.details = details[row.id]
        found.setdefault(row.article_id, {})[row.id] = Stored(
            draft, bytes(row.sha256), row.text, row.matched_as, row.content_hash
        )
    return found
