"""Visits addresses that are known: an event's own list, and those that the user names."""

from typing import ClassVar

from pipeline.events import Way
from spiders.base import FrontierSpider


class AddressesSpider(FrontierSpider):
    """Visits the addresses that the event file lists, and those given as `url`."""

    name = "addresses"
    ways: ClassVar[tuple[Way, ...]] = ("addresses",)
