"""Which names in a Host header are ours."""

import pytest
from starlette.applications import Starlette

from pipeline.web.guard import Guard


@pytest.mark.parametrize(
    "host",
    ["0", "127.1", "2130706433", "0x7f.0.0.1", "１２７.0.0.1", "localhost,evil.test", "localhost evil.test", "evil.test:127.0.0.1",
     "evil.test#localhost", "@localhost", "127.0.0.1@evil.test"],
)  # fmt: skip
def test_no_spelling_of_another_name_is_taken_for_ours(host: str) -> None:
    app = Starlette()
    assert not Guard(app, refuse=app).knows(host)
