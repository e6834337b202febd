import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.address import article_address, canonical, host_of, same_site
from pipeline.items import Capture, Source
from pipeline.prepare import prepare
from pipeline.settings import LONGEST_ADDRESS
from tests.site.client import get
from tests.site.server import Site
from tests.site.truth import of_host


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTP://Harbour.Example", "http://harbour.example/"),
        ("  https://harbour.example/a\n", "https://harbour.example/a"),
        ("http://harbour.example:80/a", "http://harbour.example/a"),
        ("https://harbour.example:443/a", "https://harbour.example/a"),
        ("http://harbour.example/a#comments", "http://harbour.example/a"),
        ("http://harbour.example/a#!/b", "http://harbour.example/a"),
        ("http://harbour.example/a?", "http://harbour.example/a"),
        ("http://harbour.example/%7eb/%e4%b8%ad", "http://harbour.example/~b/%E4%B8%AD"),
        ("http://harbour.example/中", "http://harbour.example/%E4%B8%AD"),
        ("http://harbour.example/a%2fb", "http://harbour.example/a%2Fb"),
        ("http://harbour.example/100%", "http://harbour.example/100%25"),
        ("http://harbour.example/a b", "http://harbour.example/a%20b"),
        ("http://harbour.example/a/../b/./c", "http://harbour.example/b/c"),
        ("http://harbour.example/%2e%2e/a/..", "http://harbour.example/"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://harbour.example/?b=2&a=1", "http://harbour.example/?a=1&b=2"),
        ("http://harbour.example/a;jsessionid=1F?b=1", "http://harbour.example/a?b=1"),
        ("http://harbour.example/a?PHPSESSID=1", "http://harbour.example/a"),
        ("http://harbour.example/\ud800", "http://harbour.example/%EF%BF%BD"),
    ],
)
def test_an_address_gets_its_one_spelling(address, expected):
    assert canonical(address) == expected


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=front&utm_medium=teaser",
        "UTM_Source=x",
        "fbclid=IwAR0",
        "gclid=1",
        "utm_source=rss&amp;utm_medium=feed",
        "replytocom=12",
        "at_medium=RSS&at_campaign=KARANGA",
        "ref=homepage",
        "mc_cid=1&mc_eid=2",
        "%75tm_source=x",
    ],
)
def test_tracking_parameters_go(query):
    assert canonical(f"https://harbour.example/a?{query}") == "https://harbour.example/a"
    assert canonical(f"https://harbour.example/a?id=7&{query}") == "https://harbour.example/a?id=7"


@pytest.mark.parametrize(
    "address",
    [
        "https://newscop.com.au/?p=24693",
        "http://harbour.example/article.php?id=7",
        "http://harbour.example/news?page=2",
        "http://harbour.example/news/",
        "http://harbour.example/news",
        "https://harbour.example//news",
        "http://www.harbour.example/",
        "http://m.harbour.example/a/amp/",
        "http://harbour.example/a?amp=1",
        "http://harbour.example/a?outputType=amp",
        "http://harbour.example/?24693",
        "http://harbour.example/?z&a=1",
        "http://harbour.example/?a=",
        "http://harbour.example/?a=2&a=1",
        "http://harbour.example/?q=a+b",
        "http://harbour.example/?q=a%20b",
        # Taken for trackers by other tools; some outlets tell their articles apart by them.
        "http://harbour.example/view?gallery=3",
        "http://harbour.example/view?cid=AEN20241204",
        "http://harbour.example/view?reference=12",
        "http://harbour.example/view?ref=PR20241204",
        "http://harbour.example/view?uid=9",
        "http://harbour.example:8080/a",
        "http://harbour.example/A",
    ],
)
def test_what_a_server_may_tell_apart_stays(address):
    assert canonical(address) == address


@pytest.mark.parametrize(
    ("address", "clause"),
    [
        ("ftp://harbour.example/a", "ftp://harbour.example/a is not an http address"),
        ("file:///etc/passwd", "not an http address"),
        ("javascript:alert(1)", "not an http address"),
        ("newsfold-test", "not an http address"),
        ("", "not an http address"),
        ("http://", "has no host"),
        ("http:///a", "has no host"),
        ("http://./a", "has no host"),
        ("http://a b/", "has no host"),
        ("http://harbour.example:port/", "not a valid address"),
        ("http://[::1/", "not a valid address"),
        ("http://anna:secret@harbour.example/", "the address at harbour.example carries a user name"),
        ("http://harbour.example/" + "a" * LONGEST_ADDRESS, "has 2,023 bytes"),
        ("http://harbour.example/" + "中" * 300, "has 2,723 bytes"),
    ],
)
def test_what_is_no_web_address_is_refused_with_a_clause(address, clause):
    with pytest.raises(ValueError, match=re.escape(clause)) as caught:
        canonical(address)
    assert "secret" not in str(caught.value)


def test_an_address_of_the_greatest_length_is_taken():
    address = "http://harbour.example/".ljust(LONGEST_ADDRESS, "a")
    assert canonical(address) == address
    assert canonical(address + "?utm_source=" + "x" * 5000) == address


ODD = st.text(alphabet="ab/.%2eE5:?&=#;@[]\\+é中\ud800 \n\x00-_~ÅßAu", max_size=40) | st.text(max_size=40)


@given(ODD, ODD)
def test_the_one_spelling_is_spelt_the_same(host, rest):
    for address in (f"http://{host}/{rest}", f"https://harbour.example/{rest}", rest):
        try:
            once = canonical(address)
        except UnicodeError:
            raise
        except ValueError:
            continue
        assert canonical(once) == once
        assert once.isascii()
        assert urlsplit(once).scheme in {"http", "https"}


@pytest.mark.parametrize(
    ("host_a", "host_b", "expected"),
    [
        ("wire.test", "m.wire.test", True),
        ("www.harbour.co.uk", "amp.harbour.co.uk", True),
        ("harbour.co.uk", "ferry.co.uk", False),
        ("anna.blogspot.com", "otto.blogspot.com", False),
        ("en.harbour.com.ua", "harbour.com.ua", True),
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "11.0.0.1", False),
        ("localhost", "localhost", True),
        ("", "", False),
        ("harbour.example", "nharbour.example", False),
    ],
)
def test_hosts_of_one_registrable_domain_are_one_site(host_a, host_b, expected):
    assert same_site(host_a, host_b) is expected


def test_the_host_is_read_without_port_and_case():
    assert host_of("http://WWW.Harbour.Example.:8080/a") == "www.harbour.example"
    assert host_of("http://[::1/") == ""


OWN = "https://www.harbour.example/news/2024/12/04/ferries-agree/"


@pytest.mark.parametrize(
    ("fetched", "stated"),
    [
        (OWN + "?utm_source=x", OWN),
        (OWN + "amp/", OWN),
        (OWN + "?amp=1", OWN),
        (OWN + "?outputType=amp", OWN),
        (OWN.rstrip("/"), OWN),
        (OWN.replace("https:", "http:"), OWN),
        (OWN.replace("www.", "m."), OWN),
        (OWN.replace("www.", "amp."), OWN),
        (OWN.replace("www.", ""), OWN),
        ("https://www.harbour.example/?p=101", OWN),
        ("https://www.harbour.example/node/77", OWN),
        (OWN + "?page=1", OWN),
        ("https://www.harbour.example/article.php?id=7&share=mail", "https://www.harbour.example/article.php?id=7"),
        ("https://www.harbour.example/general/ferries-agree", "https://www.harbour.example/ferries-agree"),
        ("https://harbourpost.example/a-1", "https://www.harbour.example/a-1"),
    ],
)  # fmt: skip
def test_the_stated_address_of_a_twin_is_believed(fetched, stated):
    hosts = ("www.harbour.example",) if "harbourpost" in fetched else ()
    assert article_address(fetched, stated + "#top", hosts) == stated


@pytest.mark.parametrize(
    ("fetched", "stated"),
    [
        (OWN, None),
        (OWN, ""),
        (OWN, "https://agency.example/ferries-agree"),
        (OWN, "https://www.harbour.example/"),
        (OWN, "https://www.harbour.example"),
        (OWN, "https://www.harbour.example/index.html"),
        (OWN, "https://www.harbour.example/news/"),
        (OWN, "https://www.harbour.example/world/europe"),
        (OWN, "https://www.harbour.example/news/2024/12/"),
        ("https://www.harbour.example/world-news/ferries-agree", "https://www.harbour.example/world-news"),
        ("https://newscop.com.au/?p=24693", "https://newscop.com.au/"),
        ("https://newscop.com.au/?p=24693", "https://newscop.com.au/?p=24694"),
        ("https://www.harbour.example/article.php?id=7", "https://www.harbour.example/article.php"),
        ("https://www.harbour.example/read?story=ferries-agree", "https://www.harbour.example/read"),
        (OWN + "?page=2", OWN),
        (OWN + "page/2/", OWN),
        (OWN + "2/", OWN),
        ("https://www.harbour.example/uk/news/77", "https://www.harbour.example/en/news/77"),
        (OWN, "ftp://www.harbour.example/news/2024/12/04/ferries/"),
        (OWN, "http://[::1/"),
        (OWN, "http://anna:secret@www.harbour.example/a-1"),
        (OWN + "amp/", None),
        ("https://m.harbour.example/a-1?amp=1", None),
    ],
)
def test_a_mistaken_or_missing_stated_address_changes_nothing(fetched, stated):
    assert article_address(fetched, stated, ()) == fetched


def test_what_was_fetched_must_be_a_web_address():
    with pytest.raises(ValueError, match="not an http address"):
        article_address("file:///a", OWN, ())


def test_all_addresses_of_one_page_of_the_local_site_lead_to_one_article():
    source = Source("wire", "Harbour Wire", hosts=("wire.test",))
    with Site() as site:
        article = of_host("wire.test")[0]
        at = f"http://wire.test:{site.port}"
        fetched = [
            ("wire.test", article.path),
            ("wire.test", article.path + "?utm_source=feed&utm_medium=atom"),
            ("wire.test", article.path + "amp/"),
            ("m.wire.test", article.path),
        ]
        made = []
        for host, path in fetched:
            got = get(site, host, path)
            assert got.status == 200
            address = f"http://{host}:{site.port}{path}"
            capture = Capture(address, got.body, "text/html", datetime(2025, 1, 1, tzinfo=UTC), source=source)
            made.append(prepare(capture))
    assert [item.article_address for item in made] == [None, *[at + article.path] * 3]
    assert set(made[0].twins) == {
        f"{at}{article.path}amp/",
        f"{at}/?p={article.post_id}",
        f"http://m.wire.test:{site.port}{article.path}",
    }
    assert len({item.sha256 for item in made}) == 1
