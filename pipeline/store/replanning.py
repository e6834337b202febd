"""What an article's history becomes once its captures were prepared again: pure, so that it can be shown first.

Captures stand in the order in which they came in. Neighbours of one text make one version. A version whose text its
captures still give stays, whatever its number; one whose text they give no more is superseded, and stays to be read.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.errors import Quarantine, Refuse
from pipeline.items import Prepared
from pipeline.store.outdated import Slot


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one capture: what was prepared, or why there is nothing.

    `kept` is the text that it gave before, as a digest, where nothing can be said now (its record cannot be read, or
    its hash is another text's: `failed`), so that what is known of it stands.
    """

    slot: Slot
    result: Prepared | Quarantine | Refuse
    kept: bytes | None = None
    failed: bool = False

    @property
    def sha256(self) -> bytes | None:
        """The digest of its text; None where it gave none."""
        return self.result.sha256 if isinstance(self.result, Prepared) else self.kept


@dataclass(frozen=True, slots=True)
class Known:
    """A version that is stored: its row, its number, the digest of its text, and whether it still holds."""

    id: int
    number: int
    sha256: bytes
    holds: bool


@dataclass(slots=True)
class Planned:
    """A version as it is to be: a stored one or a new one (`known` None), and the captures that it stands on."""

    sha256: bytes
    known: Known | None
    made: list[Made] = field(default_factory=list)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """An article's versions that hold, in order; those that hold no more; and the numbers of all that are stored."""

    holding: tuple[Planned, ...]
    superseded: tuple[Known, ...]
    numbers: dict[int, int]


def plan(known: Sequence[Known], made: Iterable[Made]) -> Plan:
    """Return what becomes of an article's versions; `made` in the order in which the captures came in.

    The newest version that holds has the highest number.
    """
    holding: list[Planned] = []
    for one in made:
        if one.sha256 is None:
            continue
        if not holding or holding[-1].sha256 != one.sha256:
            holding.append(Planned(one.sha256, None))
        holding[-1].made.append(one)
    free = {version.id: version for version in known}
    for version in holding:
        version.known = _match(version, free)
    kept = {version.known.id for version in holding if version.known}
    rest = [version for version in known if version.id not in kept]
    numbers = _number(holding, rest)
    return Plan(tuple(holding), tuple(version for version in rest if version.holds), numbers)


def _match(version: Planned, free: dict[int, Known]) -> Known | None:
    """Take the stored version of the same text: one that these captures led to, else one that holds, else any."""
    own = {made.slot.version_id for made in version.made}
    alike = [known for known in free.values() if known.sha256 == version.sha256]
    if not alike:
        return None
    best = min(alike, key=lambda known: (known.id not in own, not known.holds, known.number))
    return free.pop(best.id)


def _number(holding: Collection[Planned], rest: Sequence[Known]) -> dict[int, int]:
    """Count all versions anew; one that holds no more stands before the one that took its place."""
    waiting = sorted(rest, key=lambda version: version.number)
    numbers: dict[int, int] = {}
    count = 0
    last = len(holding) - 1
    for index, version in enumerate(holding):
        before = [made.slot.version_number or 0 for made in version.made]
        before += [version.known.number] if version.known else []
        while waiting and (index == last or waiting[0].number <= max(before)):
            count += 1
            numbers[waiting.pop(0).id] = count
        count += 1
        version.number = count
        if version.known:
            numbers[version.known.id] = count
    for former in waiting:
        count += 1
        numbers[former.id] = count
    return numbers
