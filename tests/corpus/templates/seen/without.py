"""Pages that have no article: a listing, a gallery, a film, one that is not there, consent, a challenge, an empty shell."""

from tests.corpus.sheet import Sheet, links


def _page(s: Sheet, title: str, body: str, head: str = "") -> str:
    return f"""<!DOCTYPE html>
<html lang="{s.article.language}"><head><meta charset="utf-8"><title>{title} | {s.place.site}</title>{head}{s.bulk(3)}</head>
<body><header><nav><ul>{links(s.listed("menu"))}</ul></nav></header><main>{body}</main>
<footer><ul>{links(s.listed("footer"))}</ul><p>{s.words("copyright", s.place.site)}</p></footer></body></html>
"""


def listing(s: Sheet) -> str:
    """A section's front: teasers of articles."""
    rows = "".join(
        f'<article class="teaser"><h2><a href="/n/{n}">{title}</a></h2><p>{s.words("promise")}</p>'
        f'<time datetime="2024-12-0{n + 1}T08:00:00+00:00">{n + 1} Dec</time></article>'
        for n, title in enumerate(s.listed("related"))
    )
    return _page(
        s,
        s.article.section,
        f"<h1>{s.article.section}</h1>{rows}",
        '<meta property="og:type" content="website">',
    )


def gallery(s: Sheet) -> str:
    """Pictures with captions and no text."""
    figures = "".join(
        f'<figure class="slide"><img src="/g/{n}.jpg" alt=""><figcaption>{n + 1}/8 {s.article.caption} '
        f"{s.words('photo', s.article.photographer)}</figcaption></figure>"
        for n in range(8)
    )
    node = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"ImageGallery","name":"Pictures"}</script>'
    return _page(s, s.article.title, f"<h1>{s.article.title}</h1><div class='slides'>{figures}</div>", node)


def video(s: Sheet) -> str:
    """A film with a line about it."""
    node = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject","name":"Film",'
        '"uploadDate":"2024-12-04T10:00:00Z","duration":"PT2M11S"}</script><meta property="og:type" content="video.other">'
    )
    body = f'<h1>{s.article.title}</h1><video controls src="/v.mp4"></video><p>{s.article.caption}</p><p>02:11</p>'
    return _page(s, s.article.title, body, node)


def missing(s: Sheet) -> str:
    """A page that is not there, sent as if it were."""
    lost = {"en": "Page not found", "de": "Seite nicht gefunden", "uk": "Сторінку не знайдено"}[
        s.article.language
    ]
    rest = "".join(f"<p><a href='/{n}'>{title}</a></p>" for n, title in enumerate(s.listed("related")))
    return _page(s, lost, f"<h1>{lost}</h1><p>{s.words('search')}</p>{rest}")


def consent(s: Sheet) -> str:
    """A wall that asks for consent before anything is shown."""
    purposes = "".join(f"<li><button>{n}. {s.words('cookie')}</button></li>" for n in range(1, 6))
    body = f"""<div class="cmp-wall" role="dialog" aria-modal="true"><h1>Your privacy is important to us</h1>
<p>{s.words("cookie")} We and our 842 partners store and access information on a device, such as unique identifiers in cookies,
to process personal data.</p><ul>{purposes}</ul><button>Accept all</button><button>Reject all</button><button>Manage options</button></div>"""
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{s.place.site}: consent</title></head><body>{body}</body></html>
"""


def challenge(s: Sheet) -> str:
    """A check of the browser in front of the page."""
    return f"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta charset="UTF-8">
<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="390"></head><body class="no-js">
<div class="main-wrapper" role="main"><div class="main-content"><h1>{s.place.host}</h1>
<h2>Verifying you are human. This may take a few seconds.</h2><div id="challenge-error-text">Enable JavaScript and cookies to continue</div>
<p>{s.place.host} needs to review the security of your connection before proceeding.</p></div></div>
<script>window._cf_chl_opt={{cType:"managed"}};</script><script src="/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1"></script></body></html>
"""


def shell(s: Sheet) -> str:
    """The shell of a page that only a script would fill."""
    return f"""<!DOCTYPE html><html lang="{s.article.language}"><head><meta charset="utf-8"><title>{s.place.site}</title>
<script type="module" src="/assets/index.js"></script></head><body><noscript>You need to enable JavaScript to run this app.</noscript>
<div id="root"></div></body></html>
"""
