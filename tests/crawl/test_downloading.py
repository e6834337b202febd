"""Bombs, bodies that are not what they say, and redirects without an end each have an error of their own."""

from tests.crawl.probe import Crawl, crawl
from tests.site.server import Site


def _errors(done: Crawl) -> set[tuple[str | None, str | None]]:
    return {(outcome.error, outcome.reason) for outcome in done.outcomes.values()}


def test_what_is_too_large_is_dropped_packed_or_not(site: Site) -> None:
    paths = ["/bomb/gzip", "/bomb/brotli", "/bomb/zstd", "/big", "/big-unannounced"]
    done = crawl([site.url("trouble.test", path) for path in paths])
    assert len(done.outcomes) == 5
    assert _errors(done) == {("TooLarge", "too-large")}
    url = site.url("trouble.test", "/bomb/zstd")
    assert done[url].says == f"{url} was dropped: it has more than 10,485,760 bytes."
    assert done.stats["probe/peak"] < 400 * 1024 * 1024


def test_a_packed_sitemap_stays_packed_until_it_is_read(site: Site) -> None:
    done = crawl([site.url("trouble.test", "/bomb/sitemap.xml.gz")])
    assert [(outcome.error, outcome.size < 1_000_000) for outcome in done.outcomes.values()] == [(None, True)]


def test_a_body_that_is_not_packed_as_it_says(site: Site) -> None:
    url = site.url("trouble.test", "/bomb/broken-gzip")
    done = crawl([url])
    assert _errors(done) == {("Undecodable", "undecodable")}
    assert f"{url} was dropped: its body is not the gzip that it claims to be" in done[url].says


def test_redirects_end_after_ten(site: Site) -> None:
    done = crawl([site.url("trouble.test", path) for path in ("/loop", "/loop/a", "/loop/endless")])
    assert _errors(done) == {("TooManyRedirects", "too-many-redirects")}
    paths = [record.path for record in site.of("trouble.test") if "endless" in record.path]
    assert len(paths) == 11


def test_a_redirect_to_another_host_takes_that_hosts_turn(site: Site) -> None:
    urls = [site.url("404.robots.test", f"/to/403.robots.test/{number}") for number in range(4)]
    done = crawl(urls, delays={"403.robots.test": 0.4})
    assert {outcome.meta["download_slot"] for outcome in done.outcomes.values()} == {"403.robots.test"}
    assert min(site.gaps("403.robots.test")) >= 0.38
    assert all("referer" not in record.headers for record in site.requests)
