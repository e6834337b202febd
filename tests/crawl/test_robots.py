"""robots.txt is obeyed by pages, feeds and redirects alike; what becomes of the file decides when it cannot be read."""

from pipeline.crawl.robots import LARGEST, LONGEST_DELAY, _first
from tests.crawl.probe import crawl
from tests.site.server import Site


def _paths(site: Site, host: str) -> list[str]:
    return [record.path for record in site.of(host)]


def test_what_is_forbidden_is_not_asked_for(site: Site) -> None:
    forbidden = [
        site.url("agency.test", "/search?q=ferry"),
        site.url("wire.test", "/private/sitemap.xml"),
        site.url("named.robots.test", "/no/more"),
        site.url("404.robots.test", "/to/named.robots.test/no"),
    ]
    allowed = [site.url("named.robots.test", "/yes"), site.url("syndicator.test", "/")]
    done = crawl(forbidden + allowed)
    for url in forbidden:
        assert (done[url].error, done[url].reason) == ("Forbidden", "robots")
    assert (
        done[forbidden[0]].says
        == f"{forbidden[0]} was not fetched: the site's robots.txt forbids it to newsfold."
    )
    assert [done[url].status for url in allowed] == [200, 200]
    assert _paths(site, "agency.test") == _paths(site, "wire.test") == ["/robots.txt"]
    assert _paths(site, "named.robots.test") == ["/robots.txt", "/yes"]
    assert done.log == ""


def test_a_file_that_does_not_exist_allows_and_one_that_cannot_be_read_forbids(site: Site) -> None:
    hosts = {
        "404": None,
        "403": None,
        "loop": None,
        "html": None,
        "large": None,
        "500": "RobotsUnreachable",
        "429": "RobotsUnreachable",
        "hang": "RobotsUnreachable",
        "bomb": "RobotsUnreachable",
    }
    urls = {host: site.url(f"{host}.robots.test", "/page") for host in hosts}
    done = crawl(list(urls.values()), settings={"DOWNLOAD_TIMEOUT": 1})
    assert {host: done[url].error for host, url in urls.items()} == hosts
    assert "robots.txt answered 500. Try again later." in done[urls["500"]].says
    assert "took longer than 1.0 seconds" in done[urls["hang"]].says
    assert done[urls["429"]].meta["retry_after"] == 300
    assert _paths(site, "500.robots.test") == ["/robots.txt"] * 3


def test_the_file_is_fetched_once_for_all_and_follows_redirects(site: Site) -> None:
    urls = [site.url("moved.robots.test", path) for path in ("/no", "/yes", "/yes/2")]
    done = crawl(urls)
    assert [done[url].error for url in urls] == ["Forbidden", None, None]
    assert _paths(site, "moved.robots.test").count("/robots.txt") == 1
    assert _paths(site, "named.robots.test") == ["/robots.txt"]


def test_half_a_megabyte_is_read_in_whole_lines(site: Site) -> None:
    early, late = (site.url("large.robots.test", path) for path in ("/early", "/late"))
    done = crawl([early, late])
    assert (done[early].error, done[late].error) == ("Forbidden", None)
    assert _first(b"Disallow: /x\n") == b"Disallow: /x\n"
    body = b"#" * (LARGEST - 20) + b"\nDisallow: /a/long/path\n"
    assert _first(body) == b"#" * (LARGEST - 20) + b"\n"


def test_crawl_delay_holds_from_the_file_itself_on(site: Site) -> None:
    crawl([site.url("delay.robots.test", f"/{number}") for number in range(4)])
    gaps = site.gaps("delay.robots.test")
    assert len(gaps) == 4
    assert min(gaps) >= 0.48  # the machine may be busy
    assert max(gaps) < 1


def test_a_crawl_delay_of_a_year_is_taken_for_an_hour(site: Site) -> None:
    url = site.url("year.robots.test", "/")
    done = crawl([url], settings={"CLOSESPIDER_TIMEOUT": 2})
    assert done.seconds < 20
    assert done[url].error == "CrawlEnding"
    assert done.stats["probe/least/year.robots.test"] == LONGEST_DELAY
    assert _paths(site, "year.robots.test") == ["/robots.txt"]
