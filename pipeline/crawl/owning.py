"""Whose an address is that was found, and whether it may be wanted, as far as can be told before it is fetched."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.address import host_of
from pipeline.events import Event, EventSource
from pipeline.items import Listed
from pipeline.judge import judge_listed


@dataclass(frozen=True, slots=True)
class Owned:
    """The key of the source that an address belongs to, and why it is not to be visited, if it is not."""

    source: str
    reason: str | None = None
    message: str | None = None


class Owners:
    """Knows the sources of an event by their hosts, and what the event wants of each."""

    def __init__(self, event: Event, sources: Mapping[str, EventSource]) -> None:
        self._event = event
        self._sources = sources
        self._by_host = {host: key for key, item in sources.items() for host in item.source.hosts}

    def place(self, address: str, listed: Listed | None, finder: str) -> Owned:
        """Place an address that a page of the source `finder` led to."""
        host = host_of(address)
        owner = self._by_host.get(host)
        if owner is None and self._sources[finder].source.hosts:
            said = f"It is on {host}, which is no host of {finder} or of any other source."
            return Owned(finder, "foreign-host", said)
        owner = owner or finder
        judgement = judge_listed(address, listed, self._sources[owner], self._event)
        if judgement is None:
            return Owned(owner)
        return Owned(owner, judgement.reason, judgement.message)
