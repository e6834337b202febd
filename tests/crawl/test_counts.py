"""The figures of a run."""

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
    assert counts.total("kept") == 16
    assert counts.total("fetched") == 7
    assert counts.reasons() == {"off-topic": 3, "timeout": 4}
    assert counts.reasons() == {"off-topic": 3, "timeout": 4}  # asking changes nothing


def test_nothing_counted_is_nothing() -> None:
    assert Counts().total("failed") == 0
    assert not Counts().reasons()
