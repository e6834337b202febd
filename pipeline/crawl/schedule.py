"""When an address is visited again: sooner where visits bring something new, later where they do not."""

from datetime import timedelta

FIRST_RETRY = timedelta(hours=1)
"""How long a failure rests at first; each further one in a row twice as long."""

_MOST_DOUBLINGS = 20


def next_pause(pause: int | None, least: timedelta, most: timedelta, *, brought: bool) -> int:
    """Return the seconds until the next visit.

    `pause` is what it was before this visit (None: this was the first), `brought` whether the visit brought
    anything new. What brings something is visited twice as often the next time, what does not half as often.
    """
    first, last = int(least.total_seconds()), int(most.total_seconds())
    if pause is None:
        return first
    # What was learned under other bounds keeps to these.
    return min(last, max(first, pause // 2 if brought else pause * 2))


def retry_pause(attempts: int, most: timedelta) -> int:
    """Return the seconds until an address that failed so many times in a row is tried again."""
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    return int(min(FIRST_RETRY * 2**doublings, most).total_seconds())
