"""From what was fetched to what was read: the article of a page, the addresses it leads to, or both."""

import logging
from dataclasses import replace

from pipeline.archive.pages import kept_headers, page_type
from pipeline.crawl.answers import Trouble, challenged
from pipeline.crawl.extraction import Extraction
from pipeline.crawl.session import Crawl
from pipeline.crawl.visits import KNOWN, NOT_MODIFIED, Visit
from pipeline.errors import Quarantine, SetupError
from pipeline.items import Capture

logger = logging.getLogger(__name__)


class Reader:
    """Reads visits, in the pool's processes. What cannot be read is a visit that came to nothing, and says why."""

    def __init__(self, crawl: Crawl, extraction: Extraction) -> None:
        self._crawl = crawl
        self._extraction = extraction

    async def read(self, visit: Visit) -> Visit:
        """Return the visit with what was read in it."""
        address = visit.task.address
        if visit.trouble is None and visit.status == NOT_MODIFIED and visit.task.state not in KNOWN:
            said = f"{address} was answered with 304, as if it were known; it was never read."
            return visit.failed(Trouble("not-modified", said, "later"))
        if visit.trouble is not None or visit.status == NOT_MODIFIED:
            return visit
        try:
            return await self._read(visit)
        except Quarantine as trouble:
            if trouble.reason == "challenge":
                return visit.failed(challenged(address, str(trouble)))
            return visit.failed(Trouble(trouble.reason, str(trouble), "later"))
        except SetupError as error:
            return visit.failed(Trouble("event-file", str(error), "later"))
        except Exception as error:
            logger.exception("%s could not be read.", address)
            return visit.failed(Trouble("internal", f"{address} could not be read: {error!r}.", "later"))

    async def _read(self, visit: Visit) -> Visit:
        task = visit.task
        if task.reading is not None:
            key = self._crawl.source(task).source.key
            offer = await self._extraction.offer(task.reading, visit.body, visit.final, visit.headers, key)
            visit = replace(visit, offer=offer)
        if task.is_article:
            capture = capture_of(visit, self._crawl)
            page = await self._extraction.page(capture, is_wanted=task.is_wanted)
            if page.trouble is not None and page.trouble.reason == "challenge":
                raise page.trouble
            visit = replace(visit, capture=capture, page=page)
        return visit


def capture_of(visit: Visit, crawl: Crawl) -> Capture:
    """Return what was fetched as a capture; an archive's copy is one of its original address."""
    task = visit.task
    item = crawl.source(task)
    is_copy = task.fetch_address is not None
    return Capture(
        address=task.address if is_copy else visit.final,
        body=visit.body,
        media_type=page_type(visit.headers.get("content-type", ""), visit.body),
        captured_at=(task.copied_at or visit.at) if is_copy else visit.at,
        headers=kept_headers(visit.headers),
        source=item.source,
        timezone=item.source.timezone,
        provisional_address=task.address if not is_copy and task.address != visit.final else None,
        listed=task.listed,
    )
