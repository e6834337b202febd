"""Which names in a Host header are ours."""

import pytest
from starlette.applications import Starlette

from pipeline.web.guard import Guard


@pytest.mark.parametrize(
    "host",
    ["0", "127.1", "2130706433", "0x7f.0.0.1", "１２７.0.0.1", "localhost,evil.test", "localhost evil.test", "evil.test:127.0.0.1",
     "evil.test#localhost", "@localhost", "127.0.0.1@evil.test", "[::1].evil.test", "[::1]evil.test", "[::1%.evil.test]", "[::1", "::1", "[localhost]",
     "[127.0.0.1]", "localhost:80/@evil.test", "localhost:evil.test", "[::1]:80.evil.test", ":80", ""],
)  # fmt: skip
def test_no_spelling_of_another_name_is_taken_for_ours(host: str) -> None:
    app = Starlette()
    assert not Guard(app, refuse=app).knows(host)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.:80", "127.0.0.1", "10.1.2.3:8000", "[::1]", "[fe80::1]:8000"]
)
def test_our_own_names_are_known(host: str) -> None:
    app = Starlette()
    assert Guard(app, refuse=app).knows(host)
