"""The reading room as an ASGI application: addresses to pages, faults to pages in sentences."""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from functools import partial

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.errors import NewsfoldError, NotFound, Quarantine, Refuse
from pipeline.store.originals import read_original
from pipeline.store.shelf import full_hash
from pipeline.web import quotes, records, rooms
from pipeline.web.answering import (
    FORMS,
    Asked,
    BadRequest,
    Page,
    PastTheEnd,
    Room,
    as_csv,
    as_json,
    printable,
)
from pipeline.web.aside import Crowded, TooLong, aside
from pipeline.web.crowd import Answer, Crowd
from pipeline.web.guard import Guard
from pipeline.web.inert import FRAME_POLICY, inert_page, inert_sentence
from pipeline.web.rendering import render, stylesheet

log = logging.getLogger("newsfold.web")

Maker = Callable[[Room, Asked], Page]

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#8f1d1d" d="M5 3h15l7 7v19H5z"/>'
    '<path fill="#fff" d="M20 3v7h7zM9 14h14v2H9zm0 5h14v2H9zm0 5h9v2H9z"/></svg>'
)
_TYPES = {"json": "application/json", "csv": "text/csv"}
_HEADINGS = {
    400: "That cannot be answered",
    404: "There is no such page",
    405: "This room is for reading",
    421: "That is not this room’s name",
    500: "Something is wrong here",
    503: "Not just now",
}
_QUERY_CANCELED = "57014"
_TOO_MANY = "Too many questions are being asked at once. Wait a moment, and load the page again."
_AGAIN_SECONDS = 5


def make_app(room: Room, names: Collection[str] = ()) -> Guard:
    """Return the application that serves a room; `names` are host names it is known by besides `localhost`."""
    pages: list[tuple[str, Maker]] = [
        ("/", rooms.front),
        ("/index", rooms.front),
        ("/stories", rooms.stories),
        ("/story/{word}", rooms.story),
        ("/document/{word}", rooms.document),
        ("/compare/{one}/{other}", rooms.compare),
        ("/quotes", quotes.quotes),
        ("/quote/{word}", quotes.quote),
        ("/sources", records.sources),
        ("/source/{word}", records.source),
        ("/original/{word}", records.original),
        ("/search", records.search),
        ("/runs", records.runs),
        ("/run/{word}", records.run),
    ]
    crowd = Crowd()

    def let_in(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        return crowd.let_in(answer, _crowded(room))

    routes = [
        Route("/newsfold.css", _fixed(stylesheet().encode(), "text/css")),
        Route("/icon.svg", _fixed(_ICON.encode(), "image/svg+xml")),
        Route("/document", let_in(_by_address(room))),
        Route("/original/{word}/frame", let_in(_frame(room))),
        *(
            Route(path + suffix, let_in(_endpoint(room, maker)))
            for path, maker in pages
            for suffix in (("",) if path.endswith("}") or path == "/" else ("", ".json", ".csv"))
        ),
    ]
    handlers = {HTTPException: _not_ours(room), Exception: _broken(room)}
    inner = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    # Around all of it, so that the page about a fault of ours is guarded as well.
    return Guard(inner, refuse=_refusal(replace(room, event="newsfold")), names=names)


def _endpoint(room: Room, maker: Maker) -> Answer:
    """Return what answers requests for a page."""

    def answer(request: Request) -> Response:
        path, form = _parted(request.url.path)
        words = dict(request.path_params)
        if form and words:
            last = list(words)[-1]
            words[last] = words[last].removesuffix(f".{form}")
        asked = Asked(words, dict(request.query_params), path)
        try:
            page = maker(room, asked)
            return _response(room, asked, page, form)
        except (NewsfoldError, SQLAlchemyError) as error:
            status, said = _reason(error)
            way = asked.address(page=None, articles=None) if isinstance(error, PastTheEnd) else None
            return _fault(room, asked, status, said, form, way)

    return answer


def _response(room: Room, asked: Asked, page: Page, form: str | None) -> Response:
    if form == "json":
        return Response(as_json(page.facts), page.status, media_type=_TYPES[form])
    if form == "csv":
        if page.rows is None:
            raise NotFound("This page has no list, and so no CSV; it has JSON.")
        name = asked.path.strip("/").replace("/", "-") or "index"
        kept = "".join(char for char in name if char.isascii() and (char.isalnum() or char in "-_"))
        disposition = {"content-disposition": f'attachment; filename="newsfold-{kept}.csv"'}
        return Response(as_csv(page.rows), page.status, disposition, media_type=_TYPES[form])
    return Response(_encoded(render(page, asked, room)), page.status, media_type="text/html")


def _parted(path: str) -> tuple[str, str | None]:
    """Part an address's path into the page and the form that it is wanted in."""
    for form in FORMS:
        if path.endswith(f".{form}"):
            bare = path.removesuffix(f".{form}")
            return ("/" if bare == "/index" else bare), form
    return path, None


def _reason(error: NewsfoldError | SQLAlchemyError) -> tuple[int, str]:
    """Return a status and a sentence for what went wrong; a fault of ours is raised again."""
    if isinstance(error, SQLAlchemyError):
        said = _busy(error)
        if said is None:
            raise error
        log.warning("%s", said)
        return 503, said
    if isinstance(error, (BadRequest, Refuse)):
        return 400, str(error)
    if isinstance(error, Crowded):
        return 503, str(error)
    return (404 if isinstance(error, (NotFound, Quarantine)) else 500), str(error)


def _busy(error: SQLAlchemyError) -> str | None:
    """Say why the database has no answer just now; None where the fault is ours."""
    if isinstance(error, PoolTimeout):
        return _TOO_MANY
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if state == _QUERY_CANCELED:
            return (
                "The answer took longer than a page may take. Ask for less: a narrower search, a later page."
            )
        is_lost = state is None and isinstance(error, OperationalError)
        if is_lost or (state or "").startswith(("08", "57P", "53")):
            return (
                "The database does not answer. `newsfold db status` says how it is; then load the page again."
            )
    return None


def _fault(
    room: Room, asked: Asked, status: int, sentence: str, form: str | None = None, way: str | None = None
) -> Response:
    """Answer with a page that says what is wrong; `way` is the list's first page, where only a later one is not there."""
    heading = _HEADINGS.get(status, "That did not work")
    facts = {"status": status, "heading": heading, "sentence": sentence, "way": way}
    headers = {"retry-after": str(_AGAIN_SECONDS)} if status == 503 else None
    if form == "json":
        return Response(as_json({"error": sentence, "status": status}), status, headers, _TYPES[form])
    shown = render(Page("fault.html", heading, facts), asked, room)
    return Response(_encoded(shown), status, headers, "text/html")


def _crowded(room: Room) -> Answer:
    def answer(request: Request) -> Response:
        path, form = _parted(request.url.path)
        return _fault(room, Asked({}, {}, path), 503, _TOO_MANY, form)

    return answer


def _not_ours(room: Room) -> Callable[[Request, HTTPException], Response]:
    def answer(request: Request, error: HTTPException) -> Response:
        sentence = "The address leads nowhere here." if error.status_code == 404 else str(error.detail)
        return _fault(room, Asked({}), error.status_code, sentence, _parted(request.url.path)[1])

    return answer


def _broken(room: Room) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, _error: Exception) -> Response:
        sentence = "newsfold itself failed at this page. What happened stands where `newsfold serve` runs."
        return _fault(room, Asked({}), 500, sentence, _parted(request.url.path)[1])

    return answer


def _refusal(room: Room) -> ASGIApp:
    """Return what answers requests that the guard does not let in."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["refused"] == "method":
            sentence = "Nothing can be written here: only GET and HEAD are answered."
            response = _fault(room, Asked({}), 405, sentence)
            response.headers["allow"] = "GET, HEAD"
        else:
            sentence = "This room answers to localhost, to bare addresses and to the names that `newsfold serve --name` was given."
            response = _fault(room, Asked({}), 421, sentence)
        await response(scope, receive, send)

    return refuse


def _fixed(body: bytes, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return Response(body, media_type=media_type, headers={"cache-control": "private, max-age=300"})

    return answer


def _by_address(room: Room) -> Answer:
    """Return what leads from an article's address to the document that it prints now."""

    def answer(request: Request) -> Response:
        address = request.query_params.get("address", "").strip().replace("\0", "")
        try:
            found = full_hash(room.engine, address)
        except (NewsfoldError, SQLAlchemyError) as error:
            return _fault(room, Asked({}), *_reason(error))
        return RedirectResponse(f"/document/{found}", 302)

    return answer


def _frame(room: Room) -> Answer:
    """Return what answers with an archived page made inert, under a policy of its own, or says in its place why not."""

    def made(word: str, *, as_text: bool) -> str:
        found = read_original(room.engine, room.archive, word)
        try:
            return aside(
                partial(inert_page, as_text=as_text), found.body, found.media_type, found.content_type
            )
        except TooLong as error:
            more = "" if as_text else " All of it can be read as text, by the link above."
            return inert_sentence(f"The page is not shown: {error}{more}")

    def answer(request: Request) -> Response:
        status, headers = 200, {"content-security-policy": FRAME_POLICY}
        try:
            shown = made(request.path_params["word"], as_text=request.query_params.get("text") == "1")
        except (NewsfoldError, SQLAlchemyError) as error:
            status, said = _reason(error)
            shown = inert_sentence(said)
        return Response(_encoded(shown), status, headers, "text/html")

    return answer


def _encoded(text: str) -> bytes:
    # A page may hold a lone surrogate out of a broken entity; it is no reason to fail.
    return printable(text).encode("utf-8", "replace")
