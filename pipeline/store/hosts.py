"""Hosts, as every crawler on every machine sees them: when one may be asked again, and which turned us away."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

FIRST_BLOCK = timedelta(hours=1)
"""How long a host that turned us away is left alone at first; each further time twice as long."""

LONGEST_BLOCK = timedelta(days=7)

LONGEST_ASKED = timedelta(days=30)
"""What a host is believed that asks to be left alone for longer: one slip in a header is not to lose it for good."""

# A turn is given out before it comes: whoever asks next, from whichever process, gets one after it.
_RESERVE = text("""
    insert into host (name, turn_at) values (:host, clock_timestamp())
    on conflict (name) do update
    set turn_at = greatest(clock_timestamp(), host.turn_at + make_interval(secs => :delay), host.held_until)
    returning extract(epoch from turn_at - clock_timestamp())
""")

# The next turn would be a whole delay after the one in question: half of it tells them apart.
_MOVE = text("""
    update host set turn_at = clock_timestamp()
    where name = :host and turn_at <= clock_timestamp() + make_interval(secs => :delay / 2 - :late)
    returning 1
""")

_HOLD = text("""
    insert into host (name, held_until) values (:host, clock_timestamp() + make_interval(secs => :seconds))
    on conflict (name) do update
    set held_until = greatest(host.held_until, clock_timestamp() + make_interval(secs => :seconds))
""")

_BLOCK = text("""
    insert into host (name, blocks, blocked_reason, blocked_until)
    values (:host, 1, :reason, now() + make_interval(secs => greatest(:first, :least)))
    on conflict (name) do update
    set blocks = host.blocks + 1, blocked_reason = :reason,
        blocked_until = now() + make_interval(secs =>
            greatest(:least, least(:longest, :first * power(2, least(host.blocks, 20)))))
    returning blocked_until
""")


def reserve(engine: Engine, host: str, delay: float) -> float:
    """Take the host's next turn, at least `delay` seconds after the last; return the seconds until it."""
    with Session(engine) as session, session.begin():
        wait = session.execute(_RESERVE, {"host": host, "delay": delay}).scalar_one()
    return float(wait)


def move_turn(engine: Engine, host: str, late: float, delay: float) -> bool:
    """Move a host's last turn, which was at most `late` seconds ago, to now; tell whether it is still the last one."""
    with Session(engine) as session, session.begin():
        moved = session.execute(_MOVE, {"host": host, "late": late, "delay": delay}).first()
    return moved is not None


def hold(engine: Engine, host: str, seconds: float) -> None:
    """Give out no turn on a host for some seconds, as it asked for."""
    with Session(engine) as session, session.begin():
        session.execute(_HOLD, {"host": host, "seconds": seconds})


def block(session: Session, host: str, reason: str, least: float = 0.0) -> datetime:
    """Leave a host alone that turned us away, for longer each time; return until when.

    `least` is how many seconds it asked for itself, of which at most `LONGEST_ASKED` are granted.
    """
    until: datetime = session.execute(
        _BLOCK,
        {
            "host": host,
            "reason": reason,
            "least": min(least, LONGEST_ASKED.total_seconds()),
            "first": FIRST_BLOCK.total_seconds(),
            "longest": LONGEST_BLOCK.total_seconds(),
        },
    ).scalar_one()
    return until


def unblock(session: Session, host: str) -> None:
    """Forget the blocks of a host that answers again."""
    session.execute(
        text("""
            update host set blocks = 0, blocked_until = null, blocked_reason = null
            where name = :host and blocks > 0
        """),
        {"host": host},
    )


def blocked(session: Session) -> dict[str, tuple[str, datetime]]:
    """Return the hosts that are blocked now, each with the reason and until when."""
    rows = session.execute(
        text("select name, blocked_reason, blocked_until from host where blocked_until > now()")
    )
    return {row.name: (row.blocked_reason, row.blocked_until) for row in rows}
