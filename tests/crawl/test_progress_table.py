"""The table of a crawl under way: however many sources, however small the terminal, it fits."""

from collections import Counter

import pytest
from rich.console import Console

from pipeline.crawl.progress_table import FIGURES, progress_table


def _lines(sources: dict[str, dict[str, int]], *, columns: int = 80, rows: int = 24) -> list[str]:
    total = {name: sum(figures[name] for figures in sources.values()) for name in FIGURES}
    table = progress_table(
        "Run 1: " + "The foreign ministers " * 10,
        sources,
        total,
        rate=3.25,
        left=17,
        reasons=Counter({f"a-reason-of-{number}": number for number in range(30)}),
        height=rows,
    )
    console = Console(width=columns, height=rows, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get().splitlines()


def _source(number: int) -> dict[str, int]:
    return {"found": 50_000, "fetched": 1000 + number, "kept": 300, "rejected": 20, "failed": number}


@pytest.mark.parametrize("rows", [12, 24, 50])
@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("number", [0, 1, 20, 60])
def test_it_fits_the_terminal(number: int, columns: int, rows: int) -> None:
    sources = {f"an-outlet-whose-key-is-really-rather-long-{one}": _source(one) for one in range(number)}
    lines = _lines(sources, columns=columns, rows=rows)
    assert len(lines) < rows
    assert max(map(len, lines)) <= columns
    assert any("3.2 pages a second, 17 left" in line for line in lines)
    assert any(line.split()[:1] == ["total"] for line in lines)


def test_where_there_is_no_room_for_all_the_busiest_stand_for_them_in_their_own_order() -> None:
    sources = {f"source-{one}": _source(one) for one in (3, 9, 1, 8, 2, 7)}
    lines = [line.split() for line in _lines(sources, rows=15)]
    shown = [words[0] for words in lines if words and words[0].startswith("source-")]
    assert shown == ["source-9", "source-8", "source-7"]
    assert ["…", "3", "more"] in lines
    assert [words for words in lines if words[:1] == ["total"]] == [
        ["total", "300000", "6030", "1800", "120", "30"]
    ]
