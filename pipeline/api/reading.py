"""Reading a database of newsfold from Python."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack, cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pipeline.api import rows
from pipeline.api.pages import Comparison, DocumentPage, Found, StoryPage
from pipeline.api.table import Table
from pipeline.errors import NewsfoldError, Refuse, Retry, SetupError
from pipeline.settings import Settings
from pipeline.store.analyst import DENIED
from pipeline.store.asking import ask, said
from pipeline.store.columns import columns_of, values_of
from pipeline.store.comparing import compare_documents
from pipeline.store.exporting import Choice, snapshot
from pipeline.store.reading import READING_SECONDS, open_reading
from pipeline.store.searching import search
from pipeline.store.showing import show_document
from pipeline.store.storypage import show_story

R = TypeVar("R")

Day = date | str
"""A day, or one written as `2024-12-04`."""

Wanted = str | Iterable[str] | None
"""The key of a source, or several."""


MOST_HITS = 1000
"""Rows of a search at most, as `newsfold search` has it."""


class Chosen(TypedDict, total=False):
    """Which articles are wanted; what is left out chooses nothing away."""

    query: str | None
    source: Wanted
    since: Day | None
    until: Day | None


class Newsfold:
    """A database of newsfold, open to be read: nothing that is done with it changes anything.

    The tables take the same choices: `query`, in the language of `newsfold search`; `source`, a key or several; `since` and
    `until`, days of publication, both included. What states no day is on none.

    With a login that reads the views alone (`newsfold db role`) the whole tables and `sql` answer; what asks more says so.

    Every method raises `pipeline.errors.NewsfoldError`, whose message is a sentence, where what was asked for is not
    there, makes no sense, cannot be read or took too long, and where the database was closed or has gone away.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_open = True

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, for what is not foreseen here; its transactions are read-only too.

        Raises:
            Refuse: the database was closed.
        """
        if not self._is_open:
            raise Refuse("closed", "This database was closed. Open it again with `open_newsfold()`.")
        return self._engine

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go. An embedded server keeps running; `newsfold db stop` stops it."""
        self._is_open = False
        self._engine.dispose()

    def coverage(self, **chosen: Unpack[Chosen]) -> Table[rows.Article]:
        """Return the articles as they stand now, a row each.

        >>> nf.coverage(source="newscop").pandas()
        >>> [article.title for article in nf.coverage(since="2024-12-03", until="2024-12-04")]
        """
        return self._table("coverage", rows.Article, **chosen)

    def stories(self, **chosen: Unpack[Chosen]) -> Table[rows.StoryRow]:
        """Return the stories that the chosen articles are in; what is counted of each is of all its articles.

        >>> nf.stories().pandas().nlargest(10, "outlets")
        """
        return self._table("stories", rows.StoryRow, **chosen)

    def copies(self, **chosen: Unpack[Chosen]) -> Table[rows.Copy]:
        """Return who took how much from whom, how much later, where the chosen article is the copy or the lead.

        >>> nf.copies().pandas()[["copy_outlet", "lead_outlet", "share_of_lead", "hours_later"]]
        """
        return self._table("copies", rows.Copy, **chosen)

    def documents(self, **chosen: Unpack[Chosen]) -> Table[rows.Text]:
        """Return the clean texts that the chosen articles print; `content_hash` leads back to `coverage`.

        >>> texts = {row.content_hash: row.text for row in nf.documents()}
        """
        return self._table("texts", rows.Text, **chosen)

    def removed_lines(self, **chosen: Unpack[Chosen]) -> Table[rows.RemovedLine]:
        """Return the lines that were removed from the chosen articles' texts, each with its rule.

        >>> nf.removed_lines().pandas().groupby("rule").size()
        """
        return self._table("removed_lines", rows.RemovedLine, **chosen)

    def relations(self, **chosen: Unpack[Chosen]) -> Table[rows.Relation]:
        """Return how texts are related, with the evidence, where one of the two is a chosen article's.

        >>> [pair for pair in nf.relations() if pair.kind == "contains"]
        """
        return self._table("relations", rows.Relation, **chosen)

    def credits(self, **chosen: Unpack[Chosen]) -> Table[rows.CreditGiven]:
        """Return whom the chosen articles credit with their words, or cite, and what says so."""
        return self._table("credits", rows.CreditGiven, **chosen)

    def authors(self, **chosen: Unpack[Chosen]) -> Table[rows.Author]:
        """Return who wrote the chosen articles, as they state it, in the order of each byline."""
        return self._table("authors", rows.Author, **chosen)

    def revisions(self, **chosen: Unpack[Chosen]) -> Table[rows.Revision]:
        """Return every version of those of the chosen articles that have had more than one."""
        return self._table("revisions", rows.Revision, **chosen)

    def quotes(self, **chosen: Unpack[Chosen]) -> Table[rows.Quote]:
        """Return the sentences that travel, where a chosen article carries them: who was first, and who came after."""
        return self._table("quotes", rows.Quote, **chosen)

    def quote_carriers(self, **chosen: Unpack[Chosen]) -> Table[rows.QuoteCarrier]:
        """Return the sentences that travel with the chosen articles that carry them, in what words."""
        return self._table("quote_carriers", rows.QuoteCarrier, **chosen)

    def sources_overlap(self) -> Table[rows.Overlap]:
        """Return what any two outlets have in common, and which of them was earlier how often."""
        return self._table("sources_overlap", rows.Overlap)

    def timeline(self, **chosen: Unpack[Chosen]) -> Table[rows.Hour]:
        """Return the chosen articles by hour, outlet and story; where no time is stated the hour is None.

        >>> nf.timeline().pandas().groupby("day")["articles"].sum()
        """
        return self._table("timeline", rows.Hour, **chosen)

    def document(self, name: str) -> DocumentPage:
        """Return all that is known of one document, named by its content hash, how that begins, or an article's address.

        >>> nf.document("b089")["articles"][0]["published"]["origin"]
        """
        with _allowed():
            return cast("DocumentPage", show_document(self.engine, _text(name, "name")))

    def story(self, name: str | int) -> StoryPage:
        """Return one story in full, named by its number or by a document of it, as `document` is named.

        >>> nf.story("3751")["why"]
        """
        with _allowed():
            named = f"story:{name}" if isinstance(name, int) else _text(name, "name")
            return cast("StoryPage", show_story(self.engine, named))

    def diff(self, one: str, other: str) -> Comparison:
        """Return two documents beside each other, with the passages that they share.

        >>> nf.diff("3751", "0aa8")["passages"][0]["words"]
        """
        with _allowed():
            return cast(
                "Comparison", compare_documents(self.engine, _text(one, "name"), _text(other, "name"))
            )

    def search(
        self,
        query: str,
        *,
        source: Wanted = None,
        since: Day | None = None,
        until: Day | None = None,
        every: bool = False,
        limit: int = 20,
    ) -> Found:
        """Look for words, and return what was found, the best first: a row a story, or with `every` a row a document.

        >>> [hit["title"] for hit in nf.search('"shadow fleet" -cable', since="2024-12-03")["hits"]]
        """
        if not isinstance(limit, int) or not 0 < limit <= MOST_HITS:
            raise Refuse("limit", f"A search lists from 1 to {MOST_HITS} rows, not {limit!r}.")
        with _allowed():
            found = search(
                self.engine,
                _text(query, "search"),
                sources=_keys(source),
                since=_day(since),
                until=_day(until),
                every=every,
                limit=limit,
            )
        return cast("Found", found)

    def sql(self, question: str, **values: Any) -> Table[Any]:
        """Return the answer to a question in SQL; a row is a dictionary. `:name` in it stands for a value.

        >>> nf.sql("select outlet, count(*) from coverage where words > :least group by outlet", least=400).pandas()
        """
        with _allowed():
            answer = ask(self.engine, _text(question, "question"), values)
        if not answer.described:
            raise Refuse("no-question", "That is no question: it returns no rows. Ask with `select`.")
        columns = tuple(columns_of(answer.described, {}))
        return Table(columns, [values_of(columns, row) for row in answer.rows], dict)

    def _table(
        self,
        name: str,
        row: type[R],
        query: str | None = None,
        source: Wanted = None,
        since: Day | None = None,
        until: Day | None = None,
    ) -> Table[R]:
        query = None if query is None else _text(query, "search")
        choice = Choice(query, _keys(source), _day(since), _day(until))
        with _allowed(), snapshot(self.engine, choice) as found:
            columns = tuple(found.columns(name))
            return Table(columns, [one for batch in found.rows(name) for one in batch], row)


def open_newsfold(
    database_url: str | None = None, *, home: Path | str | None = None, seconds: float = READING_SECONDS
) -> Newsfold:
    """Open a database of newsfold to read it.

    >>> from pipeline.api import open_newsfold
    >>> frame = open_newsfold().coverage().pandas()

    Args:
        database_url: a PostgreSQL server; by default the one that `DATABASE_URL` names, else the embedded one.
        home: where the embedded database is; by default where `NEWSFOLD_HOME` says, else `.newsfold` in the checkout.
        seconds: how long the server may work at one question.

    Raises:
        Refuse: the seconds are none, or more than a day has.
        SetupError: no server answers, or its tables are not those that this newsfold knows.
    """
    found = Settings.from_environment()
    if home is not None:  # what is asked for here counts for more than the environment
        found = Settings(Path(home).expanduser().absolute(), database_url)
    elif database_url is not None:
        found = Settings(found.home, database_url)
    return Newsfold(open_reading(found, seconds=seconds, views_will_do=True))


@contextmanager
def _allowed() -> Iterator[None]:
    """Say in a sentence what kept the database from answering."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if getattr(cause, "sqlstate", None) == DENIED:
            raise SetupError(
                "This login may not read what that needs. One that reads the views alone is answered by `sql`, and by the "
                "tables where neither a query nor a source is chosen; where a view came later than the login, run "
                "`newsfold db role NAME` again."
            ) from error
        told = said(error)
        if isinstance(told, NewsfoldError):
            raise told from error
        raise Retry(
            f"The database stopped answering: {str(cause).strip().rstrip('.')}. Try again."
        ) from error


def _text(given: object, what: str) -> str:
    if not isinstance(given, str):
        raise Refuse("no-text", f"{given!r} is no {what}: that is a text.")
    return given


def _keys(source: Wanted) -> tuple[str, ...]:
    if source is None or isinstance(source, str):
        keys: tuple[object, ...] = () if source is None else (source,)
    else:
        keys = tuple(source) if isinstance(source, Iterable) else (source,)
    for key in keys:
        if not isinstance(key, str) or not key.isprintable():
            raise Refuse("no-source", f"{key!r} is no key of a source, which is a word such as `newscop`.")
    return cast("tuple[str, ...]", keys)


def _day(day: Day | None) -> date | None:
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise Refuse("no-day", f"{day!r} is no day; write it as 2024-12-04.") from None
