"""Scrapy's settings: polite, and safe towards the machine it runs on, without anyone having to ask.

Scrapy's own defaults fetch `file:` addresses, ignore robots.txt, accept any certificate and open a telnet console;
each line below says what it guards.
"""

BOT_NAME = "newsfold"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# One identity, told to every site.
USER_AGENT = "newsfold/0.1 (news archive for research)"
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY = 1.0
CONCURRENT_REQUESTS_PER_DOMAIN = 1

# A news page is neither slow nor large; what is, is a fault or an attack (a decompressed bomb counts too).
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 2 * 1024 * 1024

# Only the web: a sitemap or a start address may name files of this machine.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}

# A page is only as good as the word of the server that sent it.
DOWNLOAD_VERIFY_CERTIFICATES = True

# Nothing listens, nothing is remembered between requests.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
