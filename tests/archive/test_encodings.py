"""Content encodings are undone as Scrapy undoes them, and never without a bound."""

import gzip
import tracemalloc
import zlib

import pytest
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response
from scrapy.utils.test import get_crawler

from pipeline.archive.encodings import CannotDecode, decode
from tests.archive.exchanges import PACKERS, PAGE, raw_deflate

_LIMIT = 1024 * 1024
_LONG = bytes(range(256)) * 1500  # longer than one step of any decoder

_BODIES = [
    *[(name, pack(body)) for name, pack in PACKERS.items() for body in (PAGE, _LONG, b"")],
    *[(name, pack(_LONG)[:-20]) for name, pack in PACKERS.items()],
    *[(name, pack(PAGE)[:7]) for name, pack in PACKERS.items()],
    *[(name, pack(PAGE) + b"and more") for name, pack in PACKERS.items()],
    *[(name, PAGE) for name in PACKERS],
    *[(name, b"") for name in PACKERS],
    ("deflate", raw_deflate(_LONG)),
    ("x-gzip", gzip.compress(PAGE)),
    ("gzip", gzip.compress(PAGE) + gzip.compress(_LONG)),
    ("gzip", gzip.compress(PAGE)[:-8] + b"wrong___"),
    ("gzip, br", PACKERS["br"](gzip.compress(PAGE))),
    ("GZIP ", gzip.compress(PAGE)),
    ("identity", PAGE),
    ("identity, gzip", gzip.compress(PAGE)),
    ("gzip, unknown", gzip.compress(PAGE)),
    ("", PAGE),
]


@pytest.mark.parametrize(("encoding", "body"), _BODIES, ids=range(len(_BODIES)))
def test_a_body_comes_out_as_scrapy_hands_it_on(encoding: str, body: bytes) -> None:
    middleware = HttpCompressionMiddleware(crawler=get_crawler())
    answer = Response("https://example.org/", headers={"Content-Encoding": encoding}, body=body)
    try:
        expected = middleware.process_response(Request(answer.url), answer)
    except Exception:  # noqa: BLE001 - whatever it is, Scrapy hands on nothing
        with pytest.raises(CannotDecode, match="not in the encoding"):
            decode(body, [encoding], _LIMIT)
        return

    assert isinstance(expected, Response)
    assert decode(body, [encoding], _LIMIT) == expected.body


def test_encodings_in_several_headers_are_undone_from_the_last() -> None:
    assert decode(PACKERS["br"](zlib.compress(PAGE)), ["deflate", "br"], _LIMIT) == PAGE


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_refused_before_it_fills_the_memory(name: str) -> None:
    bomb = PACKERS[name](bytes(100 * _LIMIT))
    tracemalloc.start()

    with pytest.raises(CannotDecode, match=f"unpacks to more than {_LIMIT} bytes"):
        decode(bomb, [name], _LIMIT)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * _LIMIT


def test_a_body_of_just_the_limit_is_taken() -> None:
    assert len(decode(gzip.compress(bytes(_LIMIT)), ["gzip"], _LIMIT)) == _LIMIT
