"""A captured page can do nothing, and shows what it said."""

import time

import pytest
from lxml import html

from pipeline.web.inert import inert_page
from tests.builders import prose
from tests.web.conftest import HOSTILE


def test_nothing_of_a_hostile_page_runs_sends_or_loads() -> None:
    shown = inert_page(HOSTILE.encode(), "text/html", "text/html; charset=utf-8")
    root = html.document_fromstring(shown)
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not tags & {
        "script",
        "form",
        "input",
        "button",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "base",
        "link",
        "a",
    }
    names = {name for element in root.iter() for name in element.attrib}
    assert not {
        name
        for name in names
        if name.startswith("on") or name in {"href", "action", "srcset", "background", "srcdoc"}
    }
    assert {element.get("src") for element in root.iter("img")} <= {None, "data:image/png;base64,AAAA"}
    assert [meta.attrib for meta in root.iter("meta")] == [{"charset": "utf-8"}]
    assert "url(" not in shown
    assert "javascript:" not in shown


def test_what_it_said_stays() -> None:
    shown = inert_page(HOSTILE.encode(), "text/html", None)
    for line in prose(9, 150).splitlines():
        assert line in shown
    assert 'title="It led to https://ok.test/"' in shown
    assert "kept" in shown  # by a form's words
    assert "styled" in shown


@pytest.mark.parametrize("tag", ["embed", "portal", "base", "wbr", "source", "track"])
def test_what_follows_an_element_without_an_end_is_kept(tag: str) -> None:
    assert "after" in inert_page(f"<p>before</p><{tag} src=x><p>after</p>".encode(), "text/html", None)


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b"", "text/html", "nothing in it"),
        (b"<!-- -->", "text/html", "nothing in it"),
        (b"a <script>alert(1)</script>", "text/plain", "&lt;script&gt;"),
        (b"\xff\xfe\x00", "text/plain", "<p>"),
        (b"%PDF-1.7", "application/pdf", "application/pdf, 8 bytes"),
        (
            b"<?xml version='1.0' encoding='utf-8'?><html><body>x-word</body></html>",
            "application/xhtml+xml",
            "x-word",
        ),
        ("<p>Київ</p>".encode("cp1251"), "text/html", "Київ"),
    ],
)
def test_other_bytes_are_shown_or_named(body: bytes, kind: str, says: str) -> None:
    stated = "text/html; charset=windows-1251" if body.endswith(b"</p>") else None
    assert says in inert_page(body, kind, stated)


@pytest.mark.parametrize(
    "markup",
    [
        "<style>p{} </sty@importle><img src=x onerror=alert(1)></style>",
        "<style>p{} </stexpression(x)yle><img src=x onerror=alert(1)></style>",
        "<style>p{} <!-- </style><i title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>x</i>",
        "<style>p{background:u\\72l(//evil.test/x)}</style>",
        "<style>@\\69mport '//evil.test/x';</style>",
        "<xmp><i title='</xmp><img src=x onerror=alert(1)>'></xmp>",
        "<noembed><i title='</noembed><img src=x onerror=alert(1)>'></noembed>",
        "<textarea><i title='</textarea><img src=x onerror=alert(1)>'></textarea>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<image src=//evil.test/x onerror=alert(1)>",
        "<a href='jav&Tab;ascript:alert(1)'>x</a>",
        "<a href='&#1;javascript:alert(1)'>x</a>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<!-- --!><img src=x onerror=alert(1)>",
        "<p title='&{\"><img src=x onerror=alert(1)>};'>x",
        "<img \x0bsrc=//evil.test/x \x0conerror=alert(1)>",
        "<html title='<!--<head><img src=x onerror=alert(1)>-->'><body>x",
        "<style>p{background:src('//evil.test/x')}</style>",
        "<svg:script>1</svg:script><x:script>1</x:script><frameset><frame src=x></frameset>",
        "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    ],
)
def test_markup_that_is_read_in_two_ways_stays_inert(markup: str) -> None:
    shown = inert_page(markup.encode(), "text/html", None)
    # As it is read the second time, which is what a browser does.
    root = html.document_fromstring(shown)
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in {"href", "src"}}
    assert not {element.tag for element in root.iter()} & {"script", "a", "svg", "textarea"}
    assert "evil.test" not in shown


def test_elements_of_a_site_s_own_keep_their_places_and_their_looks() -> None:
    made = inert_page(
        b"<style>x-by{display:block}</style><x-by id=a onclick=b()>One</x-by><x-at>Two</x-at><odd>3</odd>",
        "text/html",
        None,
    )
    assert '<x-by id="a">One</x-by><x-at>Two</x-at>3' in made
    assert "<style>x-by{display:block}</style>" in made


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        ("<p>", "<script></script>text"), ("<p>", "<!-- -->text"), ("<p>", "<iframe></iframe>text"), ("", "<marquee>a</marquee>b"),
        ('<p style="', "url('"), ("", "<a href=x>y</a>"), ("<style>", "expression("), ("", "<div><embed>"),
    ],
)  # fmt: skip
def test_a_page_of_one_thing_again_and_again_costs_what_its_length_costs(begin: str, again: str) -> None:
    begun = time.process_time()
    inert_page((begin + again * 30_000).encode(), "text/html", None)
    assert time.process_time() - begun < 2  # it takes 0.2 s; what grows with the square of the length took 10


@pytest.mark.parametrize("tag", ["div", "embed", "x-y"])
def test_what_stands_deep_is_shown_and_what_is_too_deep_is_said(tag: str) -> None:
    deep, too_deep = (
        inert_page(f"x{f'<{tag}>' * depth}here<p>after".encode(), "text/html", None) for depth in (1500, 2500)
    )
    assert "here" in deep
    assert "<p>after" in deep
    assert "not shown to its end" not in deep
    assert "after" not in too_deep
    assert "not shown to its end" in too_deep
    headless = inert_page(f"<style>p{{}}</style>{f'<{tag}>' * 2500}x".encode(), "text/html", None)
    assert "not shown to its end" in headless
    whole = inert_page(f"{f'<{tag}>' * 2500}<p>after".encode(), "text/html", None, as_text=True)
    assert f"&lt;{tag}&gt;&lt;p&gt;after" in whole
