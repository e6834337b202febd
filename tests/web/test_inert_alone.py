"""The cleaner alone, without the policy and the sandbox: nothing that it lets through runs or loads in Chromium."""

from playwright.sync_api import Browser, Route

from pipeline.web.inert import inert_page

_RUN = "<img src=//evil.test/x onerror=top.ran.push(1)>"
_QUOTED = _RUN.replace("<", "&lt;").replace(">", "&gt;")
PAGES = (
    _RUN,
    "<script>top.ran.push(1)</script>",
    f"<html title='<!--<head>{_RUN}-->'><body>x",
    f"<html><head></head><body><p title='<!--<head>{_RUN}-->'>x",
    f"<a href='/<!--<head>{_RUN}-->'>x</a>",
    "<a href='/<!--<head><script>top.ran.push(1)</script>-->'>x</a>",
    f"<p title='<!--&quot;>{_RUN}-->'>x",
    f"<p title='&quot;<!--' class='&#39;>{_RUN}-->'>x",
    f"<p title='&{{&quot;>{_RUN}}};'>x",
    "<img \x0bsrc=//evil.test/x \x0conerror=top.ran.push(1)>",
    "<image src=//evil.test/x onerror=top.ran.push(1)>",
    "<x-y onclick=top.ran.push(1) tabindex=1 autofocus onfocus=top.ran.push(1)>x</x-y><font-face onload=top.ran.push(1)>",
    f"<annotation-xml encoding=text/html>{_RUN}<x-y<!--{_RUN}--></annotation-xml>",
    "<svg onload=top.ran.push(1)>",
    "<svg><style>" + _RUN + "</style></svg>",
    f"<svg><title><style><img title='</style>{_RUN}'></style></title></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--{_QUOTED}'>",
    f"<form><math><mtext></form><form><mglyph><style></math>{_RUN}",
    f"<noscript><p title='</noscript>{_RUN}'></noscript>",
    f"<noembed><i title='</noembed>{_RUN}'></noembed>",
    f"<xmp><i title='</xmp>{_RUN}'></xmp>",
    f"<textarea><i title='</textarea>{_RUN}'></textarea>",
    f"<title><i title='</title>{_RUN}'></title>",
    f"<title>{_QUOTED}</title><listing>{_QUOTED}</listing><plaintext>{_RUN}",
    f"<style><!-- </style><i title='--&gt;{_QUOTED}'>x</i>",
    f"<style>p{{}} </sty@importle>{_RUN}</style>",
    f"<style></s<!--tyle>{_RUN}</style>",
    f"<style>{_RUN}</style>",
    "<style>body{background:url(//evil.test/x)}</style>",
    "<style>body{background:u\\72l(//evil.test/x)}</style>",
    "<style>@import '//evil.test/x';</style>",
    "<style>body{background:-webkit-image-set('//evil.test/x' 1x)}</style>",
    "<style>@font-face{font-family:x;src:url(//evil.test/x)}body{font-family:x}</style>",
    "<p style='background:url&#40;//evil.test/x)'>x",
    "<p style='animation:x 1s' onanimationstart=top.ran.push(1)><style>@keyframes x{}</style>x",
    "<table background=//evil.test/x><td background=//evil.test/x>x",
    "<body background=//evil.test/x onload=top.ran.push(1)>x",
    "<iframe srcdoc='<script>top.ran.push(1)</script>'></iframe><iframe src=javascript:top.ran.push(1)></iframe>",
    "<frameset onload=top.ran.push(1)><frame src=javascript:top.ran.push(1)></frameset>",
    "<object data='data:text/html,<script>top.ran.push(1)</script>'></object><embed src=//evil.test/x>",
    "<video src=//evil.test/x poster=//evil.test/y autoplay><source onerror=top.ran.push(1)></video>",
    "<picture><source srcset=//evil.test/x><img src=data:image/png;base64,AAAA></picture><img srcset='//evil.test/x 1x'>",
    "<base href=//evil.test/><link rel=stylesheet href=//evil.test/x><link rel=icon href=//evil.test/y>",
    "<meta http-equiv=refresh content='0;url=//evil.test/x'>",
    "<input autofocus onfocus=top.ran.push(1)><details open ontoggle=top.ran.push(1)>x</details>",
    "<div><template shadowrootmode=open><script>top.ran.push(1)</script></template></div>",
    f"<!--{_RUN}--!>{_RUN}<![CDATA[{_RUN}]]><?xml {_RUN}?>",
    f"<!DOCTYPE x [<!ENTITY e '{_RUN}'>]>&e;",
    f"<scr\0ipt>top.ran.push(1)</scr\0ipt><a{_RUN}>x",
    "<a href=' \x01java&Tab;script:top.ran.push(1)' id=go ping=//evil.test/x>x</a><form action=javascript:top.ran.push(1)><button id=go>x",
)


def test_nothing_runs_or_loads_without_the_policy_and_the_sandbox(browser: Browser) -> None:
    assert _watched(browser, [inert_page(markup.encode(), "text/html", None) for markup in PAGES]) == []


def test_what_is_not_cleaned_is_seen_to_run_and_to_load(browser: Browser) -> None:
    assert set(_watched(browser, [_RUN])) == {"http://evil.test/x", "ran"}


def _watched(browser: Browser, pages: list[str]) -> list[str]:
    """Open pages in frames of one origin, click whatever can be, and return what they asked for and whether one ran."""
    seen: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        number = url.removeprefix("http://room.test/")
        if url == "http://room.test/":
            frames = "".join(f"<iframe src='/{number}'></iframe>" for number in range(len(pages)))
            route.fulfill(body=f"<script>ran = []</script>{frames}", content_type="text/html")
        elif number.isdigit():
            route.fulfill(body=pages[int(number)], content_type="text/html; charset=utf-8")
        else:
            seen.append(url)
            route.abort()

    tab = browser.new_context().new_page()
    tab.route("**/*", answer)
    tab.goto("http://room.test/")
    clicked = tab.evaluate(
        "Array.from({length: frames.length}, (_, n) => [...frames[n].document.querySelectorAll('*')].forEach(it => it.click && it.click())).length"
    )
    assert clicked == len(pages)
    tab.wait_for_timeout(300)
    if tab.evaluate("ran.length"):
        seen.append("ran")
    tab.context.close()
    return seen
