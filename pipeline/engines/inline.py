"""Work in this process, a batch after the other: for tests, for debugging, and for a handful of pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.engines.base import Attempt, Closing, Done, Item, Lost, Result, is_about_more, said_of


class InlineEngine(Closing):
    """The engine without processes. It has no time limit, and what kills it is not survived."""

    def map(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]]
    ) -> Iterator[Done[Item, Result] | Lost[Item]]:
        """Work on every batch, as `Engine.map` says."""
        for batch in batches:
            waiting = [Attempt(batch)] if batch else []
            while waiting:
                attempt = waiting.pop()
                try:
                    result = work(attempt.batch)
                except Exception as error:
                    if is_about_more(error):
                        raise
                    again = attempt.after("failed", said_of(error))
                    if isinstance(again, Lost):
                        yield again
                    else:
                        waiting += reversed(again)
                else:
                    yield Done(attempt.batch, result)
