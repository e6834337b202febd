"""Visits all that is due of an event, however it is discovered: what `newsfold crawl` runs."""

from spiders.base import FrontierSpider


class EventSpider(FrontierSpider):
    """Visits an event's sources in every way that its file names."""

    name = "event"
