"""Plain Scrapy finds our settings, and they keep what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from pipeline.crawl.settings import user_agent
from pipeline.errors import SetupError
from pipeline.settings import CHECKOUT
from tests.crawl.probe import crawl
from tests.site.hosts.trouble import STORY
from tests.site.server import Site


def test_scrapy_list_runs() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "scrapy", "list"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_safe_settings_are_in_force() -> None:
    settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    off = ("TELNETCONSOLE", "REMOTE_CONTROL", "COOKIES", "HTTPCACHE", "HTTPPROXY", "METAREFRESH", "REFERER")
    assert [name for name in off if settings.getbool(f"{name}_ENABLED")] == []
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert settings.getint("DOWNLOAD_MAXSIZE") <= 10 * 1024 * 1024
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert [scheme for scheme, handler in handlers.items() if handler] == ["http", "https"]


def test_every_setting_is_one_that_scrapy_or_we_read() -> None:
    settings = get_project_settings()
    ours = [name for name in settings if settings.getpriority(name) == 20]
    known = set(dir(__import__("scrapy.settings.default_settings", fromlist=["_"])))
    assert sorted(name for name in ours if name not in known) == ["SETTINGS_MODULE"]


def test_the_user_agent_says_who_we_are_and_where_to_write() -> None:
    assert user_agent("crawl@example.org").endswith(" (+mailto:crawl@example.org)")
    assert user_agent("mailto:crawl@example.org").endswith(" (+mailto:crawl@example.org)")
    assert user_agent("https://example.org/bot").endswith(" (+https://example.org/bot)")
    assert user_agent(None) == user_agent(" ") == user_agent("").replace("  ", " ")
    assert user_agent(None).startswith("newsfold/")
    assert "no contact stated" in user_agent(None)


@pytest.mark.parametrize("contact", ["a@b.example\r\nX-Evil: 1", "é@b.example", "a@b.example) Mozilla/5.0 ("])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(SetupError, match="Set it to an e-mail address"):
        user_agent(contact)


def test_what_a_site_sees_of_a_crawl(site: Site) -> None:
    cookie = site.url("trouble.test", "/cookie")
    proxy = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = crawl(
        [cookie, f"{cookie}?again", site.url("trouble.test", "/fine")],
        environment={"NEWSFOLD_CONTACT": "crawl@example.org", **proxy},
    )
    assert {outcome.status for outcome in done.outcomes.values()} == {200}
    assert STORY[:40] in done[site.url("trouble.test", "/fine")].body
    assert "Your cookies: none" in done[f"{cookie}?again"].body
    assert done.log == ""
    assert {record.headers["user-agent"] for record in site.requests} == {user_agent("crawl@example.org")}
    for record in site.requests:
        assert set(record.headers) == {"host", "user-agent", "accept", "accept-language", "accept-encoding"}


def test_schemes_other_than_the_webs_are_not_fetched() -> None:
    urls = ["file:///etc/passwd", "data:text/html,<p>x</p>", "ftp://127.0.0.1:1/a", "s3://bucket/key"]
    done = crawl(urls)
    assert {outcome.error for outcome in done.outcomes.values()} == {"NotSupported"}
    assert len(done.outcomes) == 4


def test_a_page_that_reloads_itself_is_kept_as_it_was_served(site: Site) -> None:
    url = site.url("trouble.test", "/redirect/refresh")
    done = crawl([url])
    assert (done[url].status, done[url].landed) == (200, url)
    assert [record.path for record in site.requests] == ["/robots.txt", "/redirect/refresh"]


def test_a_page_that_never_ends_is_given_up_at_the_time_out(site: Site) -> None:
    urls = [site.url("trouble.test", path) for path in ("/hang", "/slow")]
    done = crawl(urls, settings={"DOWNLOAD_TIMEOUT": 1, "RETRY_TIMES": 0})
    assert {outcome.error for outcome in done.outcomes.values()} == {"DownloadTimeoutError"}
