"""The crawl's settings for a test that cannot wait half a minute for a page that never comes."""

from pipeline.crawl.settings import *  # noqa: F403

DOWNLOAD_TIMEOUT = 4.5  # /slow takes 3.3 seconds, and must be waited for
