"""The reading room on a real socket: many at once, some who never ask, and some who never read."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.responses import Response

from pipeline.web.answering import Page, Room
from pipeline.web.app import make_app
from pipeline.web.guard import POLICY
from pipeline.web.serving import listening, server_of

Open = Iterator[tuple[str, int]]


@contextmanager
def served(app) -> Open:
    with listening("127.0.0.1", 0) as sock:
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield sock.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)


def asked(place: tuple[str, int], path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(*place, timeout=20)
    connection.request("GET", path, headers={"host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    return answer


async def small(scope, receive, send) -> None:
    await Response("here")(scope, receive, send)


def test_past_so_many_questions_at_work_one_is_told_so_at_once_and_the_style_sheet_waits_for_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    go_on, begun = threading.Event(), threading.Semaphore(0)

    def slow(_room: Room, _asked: object) -> Page:
        begun.release()
        assert go_on.wait(20)
        return Page("runs.html", "Runs", {"runs": [], "paging": {"page": 1, "pages": 1}})

    monkeypatch.setattr("pipeline.web.crowd.AT_ONCE", 2)
    monkeypatch.setattr("pipeline.web.app.rooms.stories", slow)
    room = Room(create_engine("postgresql+psycopg://nowhere.invalid/x"), tmp_path, "An event")
    with served(make_app(room)) as place:
        statuses: list[int] = []
        waiting = [
            threading.Thread(target=lambda: statuses.append(asked(place, "/stories").status))
            for _ in range(2)
        ]
        for thread in waiting:
            thread.start()
        try:
            assert begun.acquire(timeout=10)
            assert begun.acquire(timeout=10)
            refused, sheet = asked(place, "/stories.json"), asked(place, "/newsfold.css")
        finally:
            go_on.set()
        for thread in waiting:
            thread.join(20)
    assert (refused.status, refused.headers["content-security-policy"]) == (503, POLICY)
    assert int(refused.headers["retry-after"]) > 0
    assert sheet.status == 200
    assert statuses == [200, 200]


def test_who_never_ends_a_question_keeps_nobody_out_and_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.serving.ASK_SECONDS", 1.0)
    with served(small) as place:
        idle = [socket.create_connection(place, timeout=20) for _ in range(70)]
        for number, one in enumerate(idle[1:]):
            # Whoever was answered before has no more time than others, and a body that never comes is no question.
            whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" if number % 2 else b""
            one.sendall(whole + b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        body = socket.create_connection(place, timeout=20)
        body.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n.")
        assert asked(place, "/").status == 200
        until, still = time.monotonic() + 6, [*idle, body]
        while time.monotonic() < until:
            still = [one for one in still if _dripped(one)]
            if not still:
                break
            time.sleep(0.2)
        assert still == []
        for one in (*idle, body):
            one.close()


def _dripped(one: socket.socket) -> bool:
    """Send one more letter, and tell whether the other end still takes it."""
    try:
        one.sendall(b"a")
        one.setblocking(False)
        while one.recv(4096):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        one.settimeout(20)
    return False


def test_who_never_reads_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.serving.READ_SECONDS", 0.5)
    ended = threading.Event()

    async def large(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 20_000_000, "more_body": True})
        await send({"type": "http.response.body", "body": b"x"})
        ended.set()

    with served(large) as place, socket.create_connection(place) as deaf:
        deaf.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert ended.wait(10)
