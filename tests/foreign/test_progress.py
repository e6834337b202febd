"""How far an import is, as programs read it."""

import json

from pipeline.crawl.progress import Pace
from pipeline.foreign.progress import progress_line
from pipeline.foreign.storing import Figures


def test_a_line_tells_the_rate_and_the_time_left() -> None:
    figures = Figures(total=1000, passed=0, records=0, begun=100.0)
    pace = Pace()
    assert json.loads(progress_line(figures, pace, 100.0))["seconds_left"] is None
    figures.passed, figures.records, figures.stored, figures.file = 250, 40, 30, "a.warc"
    line = json.loads(progress_line(figures, pace, 105.0))
    del line["ts"]
    assert line == {
        "file": "a.warc",
        "share": 0.25,
        "records": 40,
        "stored": 30,
        "rate": 8.0,
        "seconds_left": 15,
    }
