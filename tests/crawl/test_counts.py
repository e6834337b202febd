"""The figures of a run."""

import threading
import time

from pipeline.crawl.counts import Counts


def test_figures_are_summed_by_what_came_of_addresses() -> None:
    counts = Counts()
    one, two = counts.of("one"), counts.of("two")
    one.outcomes.update(
        {"new": 1, "new version": 2, "updated": 4, "unchanged": 8, "rejected": 16, "read": 32}
    )
    two.outcomes.update({"failed": 3, "refused": 5, "new": 1, "skipped": 9})
    one.reasons.update({"off-topic": 2})
    two.reasons.update({"off-topic": 1, "timeout": 4})
    one.fetched, two.fetched = 3, 4

    assert (one.kept, one.rejected, one.failed) == (15, 16, 0)
    assert (two.kept, two.rejected, two.failed) == (1, 0, 8)
    assert counts.of("one") is one
    for _ in range(2):  # asking changes nothing
        total = counts.total()
        assert (total.kept, total.rejected, total.failed, total.fetched) == (16, 16, 8, 7)
        assert total.reasons == {"off-topic": 3, "timeout": 4}


def test_nothing_counted_is_nothing() -> None:
    counts = Counts()
    counts.of("one")
    assert counts.total().failed == 0
    assert not counts.total().reasons
    assert counts.begun() == {}


def test_totals_are_taken_while_they_are_written() -> None:
    counts, ended, errors = Counts(), threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            try:
                counts.total()
                counts.begun()
            except RuntimeError as error:
                errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    until = time.monotonic() + 1
    number = 0
    while time.monotonic() < until:
        one = counts.of(f"source-{number % 500}")
        one.fetched += 1
        one.outcomes[f"outcome-{number % 50}"] += 1
        one.reasons[f"reason-{number}"] += 1
        number += 1
    ended.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert counts.total().fetched == number
