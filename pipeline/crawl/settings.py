"""Scrapy's settings: polite, and safe towards the machine it runs on, without anyone having to ask.

Scrapy's own defaults fetch `file:` addresses, ignore robots.txt, accept any certificate and open a telnet console;
each line below says what it guards.
"""

import os
from importlib.metadata import version

from pipeline import settings as limits
from pipeline.errors import SetupError


def user_agent(contact: str | None) -> str:
    """The User-Agent: name, version, and where its operator can be reached (an e-mail address or a web page).

    Raises `SetupError` for a contact that cannot stand in a header. Without one the name says so: to invent an
    address, or to pass for a browser, would leave a site's owner nobody to write to.
    """
    said = (contact or "").strip().removeprefix("mailto:")
    if not said.isascii() or not said.isprintable() or any(char in "()" for char in said):
        raise SetupError(
            f"NEWSFOLD_CONTACT is {said!r}, which cannot be sent in a header. "
            "Set it to an e-mail address or the address of a web page."
        )
    if said and "://" not in said:
        said = f"mailto:{said}"
    return f"newsfold/{version('newsfold')} ({f'+{said}' if said else 'no contact stated'})"


BOT_NAME = "newsfold"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# One identity, told to every site, with someone to write to (NEWSFOLD_CONTACT). robots.txt knows it by its first word.
USER_AGENT = user_agent(os.environ.get("NEWSFOLD_CONTACT"))
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "newsfold"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    # Every reader of WARC files undoes these two; brotli and zstd trip some of them up.
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "*",  # each outlet in its own language: none is preferred
}

# The gate (gate.py) keeps the gaps between requests, as the event file says. Scrapy adds what a slow server needs:
# AutoThrottle, from nothing up. Its own delay would vary at random.
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0
AUTOTHROTTLE_MAX_DELAY = 30
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1

# A news page is neither slow nor large; what is, is a fault or an attack (a decompressed bomb counts too).
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0  # the limit above is the only size that anyone has to hear of
URLLENGTH_LIMIT = limits.LONGEST_ADDRESS

# Only the web: a sitemap or a start address may name files of this machine.
DOWNLOAD_HANDLERS = {
    "http": "pipeline.crawl.politeness.PoliteHandler",
    "https": "pipeline.crawl.politeness.PoliteHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}

# Only the public internet: not this machine, nor its network. A proxy would look names up by itself, past this
# resolver, so none is taken from the environment.
TWISTED_DNS_RESOLVER = "pipeline.crawl.resolver.PublicResolver"
REACTOR_THREADPOOL_MAXSIZE = 20  # a lookup holds a thread, and one that hangs must not hold up the rest
HTTPPROXY_ENABLED = False

# A page is only as good as the word of the server that sent it.
DOWNLOAD_VERIFY_CERTIFICATES = True

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # what nobody uses costs time with each page
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "pipeline.crawl.robots.Robots": 100,
    "pipeline.crawl.retry.Retries": 550,
    "pipeline.crawl.downloading.Compression": 590,
    "pipeline.crawl.downloading.Redirects": 600,
    "pipeline.crawl.archiving.Archiving": 950,
}

# The frontier holds what these would: depth, addresses that were seen, lengths; and its spiders yield no requests.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # an answer of 404 is an answer
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}

# In the order in which the frontier gives them out; Scrapy takes the newest first by itself.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# What a visit brings is read in other processes and kept in batches; both take time, during which more is fetched.
ITEM_PIPELINES = {"pipeline.crawl.pipelines.Reading": 100, "pipeline.crawl.pipelines.Keeping": 200}
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024
CONCURRENT_ITEMS = (
    2  # an answer makes one item; Scrapy begins so many tasks for each answer, a hundred by default
)

# Passing faults only, and not for ever. An OSError is no fault of the network here: those have classes of their own.
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504]
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectError",
    "twisted.internet.error.ConnectionLost",
]

# Ten hops are more than any honest site needs. A page's own refresh is not followed: news pages reload themselves,
# and what was served is what is kept.
REDIRECT_MAX_TIMES = 10
METAREFRESH_ENABLED = False

# Nothing listens, nothing is remembered between requests, nothing says where we came from.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
HTTPCACHE_ENABLED = False
REFERER_ENABLED = False

# A crawl that went well is silent, so that cron sends no mail; what became of each address is in the run's ledger.
LOG_LEVEL = "WARNING"
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
