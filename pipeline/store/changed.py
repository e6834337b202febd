"""One document that a re-processing changed, as it is shown."""

from dataclasses import dataclass

from pipeline.store.linediff import LineChange


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """One changed article. `kind`, `facts` and `lines` are as in the table `change`; texts are content hashes.

    The stories are numbers: before and afterwards, each of those that it shares with other documents.
    """

    address: str
    source: str | None
    title: str | None
    kind: str
    before: str | None = None
    after: str | None = None
    facts: tuple[str, ...] = ()
    lines: tuple[LineChange, ...] = ()
    stories_before: tuple[int, ...] = ()
    stories_after: tuple[int, ...] = ()

    @property
    def words(self) -> int:
        """How many words its changed lines have."""
        return sum(len(line.text.split()) for line in self.lines)

    @property
    def moves(self) -> bool:
        """Whether it changes story with its text."""
        return self.kind == "text" and self.stories_before != self.stories_after
