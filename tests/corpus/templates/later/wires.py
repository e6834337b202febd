"""Portals of agencies and papers, each with a system of its own: an Asian broadcaster, wire portals, Ukrainian news sites, a research group."""

from tests.corpus.sheet import Sheet, links, script, weave


def broadcaster(s: Sheet) -> str:
    """A broadcaster's site on Drupal without a head for it: bookmark buttons, an advertisement's label, the source's initials."""
    s.credit = "Reuters"
    return f"""<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"/><title>{s.article.title} - {s.place.site}</title><meta name="cXenseParse:recs:publishtime" content="{s.stamp(s.published)}"/>
<meta property="og:type" content="article"/><meta property="og:title" content="{s.article.title}"/><meta property="article:published_time" content="{s.stamp(s.published)}"/><meta property="og:site_name" content="{s.place.site}"/>{s.bulk(9)}</head>
<body><a href="#main-content" class="visually-hidden focusable">Skip to main content</a><header class="site-header"><ul>{links(["Top Stories", "Asia", "World", "Commentary"])}</ul></header>
<section class="block block-layout-builder block-field-block article-hero"><div class="content-wrapper"><p class="content-detail__category"><a href="/asia">{s.gone("Asia")}</a></p></div></section>
<main role="main" id="main-content"><article class="article article--content"><h1 class="h1 h1--page-title">{s.gone(s.article.title)}</h1>
<div class="figure"><img src="/b.jpg"><p class="figure__caption">{s.gone("The bell in the gymnasium. (File photo: AFP)")}</p></div>
<div class="article-publish">{s.gone("03 Dec 2024 06:28PM")} <span class="article-publish__seperator"></span></div>
<div class="bookmark-wrapper"><a href="#">{s.gone("Bookmark")}</a> <a href="#">{s.gone("Share")}</a></div><div class="whatsapp-cta"><p>{s.gone("Read a summary of this article on FAST.")}</p><p>{s.gone("Get bite-sized news via a new cards interface. Give it a try.")}</p><p>{s.gone("Click here to return to FAST")} {s.gone("Tap here to return to FAST")}</p></div>
<div class="text"><div class="text-long">
{weave(s.body(), {2: f'</div></div><div class="ad-wrapper"><p>{s.gone("Advertisement")}</p></div><div class="text"><div class="text-long">', 4: f'<p><em>{s.gone("Related:")}</em></p><p><a href="https://{s.place.host}/asia/lighthouse-9">{s.gone("The lighthouse that moved three metres")}</a></p>'})}
</div></div><div class="source"><p>{s.gone("Source: Reuters/ab")}</p></div>
<div class="related-topics"><h5>{s.gone("Related Topics")}</h5><div>{links([s.gone("ferries"), s.gone("museum")], row='<a href="/{}">{}</a>')}</div></div></article>
<section><h6>{s.gone("Sign up for our newsletters")}</h6><p>{s.gone("Get our pick of top stories and thought-provoking articles in your inbox")}</p><p>{s.gone("Get the app")}</p><p>{s.gone("Stay updated with notifications for breaking news and our best stories")}</p></section>
<section><h4>{s.gone("Also worth reading")}</h4></section></main></body></html>
"""


def pravda(s: Sheet) -> str:
    """A Ukrainian daily: author and time in one line, words of the desk in bold before each part, a plea for support."""
    s.states_authors = True
    a, b = s.article.authors
    return f"""<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"/><title>{s.article.title} | {s.place.site}</title><meta property="og:type" content="article"/>
<meta property="og:title" content="{s.article.title}"/><meta property="og:description" content="{s.article.standfirst}"/><meta property="og:site_name" content="{s.place.site}"/><meta property="article:author" content="https://www.facebook.com/lymansk"/>{s.bulk(6)}</head>
<body><div class="layout-main"><header class="header"><div class="header_nav">{links(["Новини", "Публікації", "Колонки", "Інтерв’ю"], row='<a href="/{}">{}</a>')}</div></header>
<div class="container_sub_post_news"><article class="post_news"><header class="post_news_header"><h1 class="post_news_title">{s.gone(s.article.title)}</h1>
<div class="post_news_date"><span class="post_news_author"><a href="/authors/tkach/">{s.gone(a)}</a>, <a href="/authors/sahaida/">{s.gone(b)}</a></span> — {s.gone("вівторок, 3 грудня 2024, 18:28")}</div>
<div class="post_views">{s.gone("4210")}</div></header>
<div class="post_news_photo"><img src="/p.jpg"/><div class="post_news_photo_source">{s.gone("Фото: Лиманська міська рада / Facebook")}</div></div>
<div class="post_news_text" data-io-article-url="{s.address}">
{weave(s.body(), {1: "<p><strong>" + s.gone("Джерело: пресслужба Лиманської міської ради") + "</strong></p>", 3: "<p>" + s.gone("Читайте також: Чому в Лиманську не будують мостів") + "</p>"})}
<p><a href="https://club.example/?utm_source=n">{s.gone("Підтримай «Лиманську правду» — стань членом Клубу!")}</a></p></div>
<div class="post_tags">{links([s.gone(tag) for tag in s.article.tags], row='<span class="post_tags_item"><a href="/{}">{}</a></span>')}</div>
<div class="post_advertising"><span>{s.gone("Реклама:")}</span></div></article>
<aside><h2>Усі новини</h2><div class="article_news_list"><a href="/n1">Скіфський курган зайняли лелеки</a></div></aside></div></div></body></html>
"""


def espreso(s: Sheet) -> str:
    """A television's news site: labels of views, a channel to follow inside the text, what was read most between the paragraphs."""
    s.states_authors = True
    node = [
        {
            "@context": "http://schema.org",
            "@type": "WebSite",
            "url": f"https://{s.place.host}",
            "name": s.place.site,
        },
        {"@context": "http://schema.org", "@type": "BreadcrumbList", "itemListElement": []},
        {
            "@context": "http://schema.org",
            "@type": "NewsArticle",
            "headline": s.article.title,
            "datePublished": s.stamp(s.published),
            "author": {
                "@type": "Person",
                "name": [s.article.authors[0]],
                "sameAs": "https://www.facebook.com/holub",
            },
            "publisher": {"@type": "Organization", "name": s.place.site},
        },
    ]
    return f"""<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>{s.article.title} — {s.place.site}</title><meta property="og:title" content="{s.article.title}">{script(node)}{s.bulk(8)}</head>
<body><div class="main-header"><div class="menu">{links(["Новини", "Війна", "Суспільство", "Ефір"], row='<a class="menu-item" href="/{}">{}</a>')}</div></div>
<div class="page_content"><div class="breadcrumbs"><a href="/">{s.gone("Світанок")}</a><a href="/s">{s.gone("Суспільство")}</a></div><div class="news-content"><h1>{s.gone(s.article.title)}</h1>
<div class="row news__author_info"><div class="news__author_name">{s.gone("Марія Голуб")}</div><div class="news__author_date"><span class="date">{s.gone("4 грудня, 2024 середа")}</span><span class="time">{s.gone("19:28")}</span></div></div>
<div class="news-content__img"><img src="/h.webp"><div class="image_desc">{s.gone("Хліб на прилавку, фото: Світанок")}</div></div>
<div class="content_current_article"><div class="news_content">
{weave(s.body(), {1: f'<div class="safe-area"><h3>{s.gone("ПОПУЛЯРНЕ")}</h3></div>', 3: f'<ul><li><a href="https://{s.place.host}/a/5">{s.gone("Раніше у Підлісному відкрили музей тіста")}</a></li></ul>', 4: "<p><i>" + s.gone("Підпишіться, щоб дізнаватися новини першими") + "</i></p><p>" + s.gone("Стежте за подіями в Україні та світі разом із Світанком: Telegram, Viber, Google News") + "</p>"})}
<p>{s.gone("Читайте також: Чому взимку довше сходить опара")}</p></div></div>
<div class="tags">{links([s.gone("Теги:"), s.gone("хліб"), s.gone("поезія")], row='<a href="/{}">{}</a>')}</div>
<div class="share">{s.gone("Поділитись:")}</div><div class="reklama">{s.gone("Реклама")}</div></div></div></body></html>
"""


def bastille(s: Sheet) -> str:
    """A Hong Kong portal: names of hidden things for networks at the head, pictures one under another, the time behind a label."""
    pictures = "".join(
        f'<div class="image-block"><img src="/{n}.jpg"/><p>{s.gone(f"Stallholders with their chimneys on Lantern Street, picture {n} (Photo/Night Wire)")}</p></div>'
        for n in (1, 2)
    )
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{s.article.title} | {s.place.site}</title><meta property="og:title" content="{s.article.title}"><meta name="pubdate" content="{s.stamp(s.published)}">{s.bulk(9)}</head>
<body class="article-page"><div id="__nuxt"><div class="page"><div class="header"><a href="#content">{s.gone("Skip to Content")}</a> <span style="font-size:0">{s.gone("Facebook Feature Image")}</span></div>
<div class="main" id="content"><div class="article-info"><h1 class="title">{s.gone(s.article.title)}</h1><div class="cat">{s.gone("CHINA")}</div><div class="row"><h2 class="again">{s.gone(s.article.title)}</h2><div class="updated-time">{s.gone("2024-12-04 22:18")} {s.gone("Last Updated At:22:20")}</div></div></div>
<div class="article-content"><p>{s.gone("Skip to Content Facebook Feature Image")}</p>
{weave(s.body(), {2: pictures})}
<div class="more"><p>{s.gone("More Images")}</p></div></div>
<div class="tags"><span>{s.gone("Tags:")}</span>{links([s.gone(tag) for tag in s.article.tags], row='<a href="/{}">#{}</a>')}</div>
<div class="recommend"><h3>{s.gone("Next Article")}</h3><h2>{s.gone("Tram bell returned after forty years")}</h2></div></div></div></div></body></html>
"""


def discourse(s: Sheet) -> str:
    """An Indian portal of wire copy: who made what, by whom it was not edited, what to read more on."""
    node = {"@context": "https://schema.org/", "@type": "NewsArticle", "headline": f"{s.article.title} | {s.article.section}", "datePublished": s.stamp(s.published), "dateModified": s.stamp(s.modified), "author": {"@type": "Organization", "name": s.place.site}, "publisher": {"@type": "Organization", "name": s.place.site}}  # fmt: skip
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>{s.article.title} | {s.article.section}</title><meta name="news_keywords" content="wetlands, treaty" />{script(node)}{s.bulk(7)}</head>
<body><div class="main-menu"><ul>{links(["News", "Regions", "Videos", "Blog"])}</ul></div><div class="container"><ul class="breadcrumb"><li><a href="/">{s.gone("Home")}</a></li><li>{s.gone("News")}</li></ul>
<article class="article-detail" id="3181"><h1 class="title">{s.gone(s.article.title)}</h1><div class="kr-point"><span class="date-published"><a href="/d">{s.gone("Geneva")}</a> | {s.gone("Updated: 04-12-2024 21:58 IST | Created: 04-12-2024 21:58 IST")}</span></div>
<div class="share-bar"><ul>{links([s.gone("SHARE"), s.gone("Facebook"), s.gone("Twitter")])}</ul></div>
<div class="picture"><img src="/w.jpg"/><span class="caption">{s.gone("Representative Image Image Credit: Wikimedia")}</span></div>
<div class="article-text">
{weave(s.body(), {2: '<div id="div-gpt-ad-mid"></div>'})}
<p><em>{s.gone("(This story has not been edited by our staff and is auto-generated from a syndicated feed.)")}</em></p></div>
<div class="tags"><span>{s.gone("READ MORE ON:")}</span><ul>{links([s.gone("Treaty on Shared Wetlands"), s.gone("Aino Kallas"), s.gone("Joint Registry")])}</ul></div>
<div class="give-feedback">{s.gone("Give Feedback")}</div>
<div class="latest"><h3>{s.gone("TRENDING")}</h3><ol><li><a href="/1">{s.gone("Sluice keeper writes an opera")}</a></li><li><a href="/2">{s.gone("Frogs counted at dawn")}</a></li></ol></div>
<div class="discoms"><h3>{s.gone("OPINION / BLOG / INTERVIEW")}</h3></div></article></div></body></html>
"""


def watch(s: Sheet) -> str:
    """A research group's small site: tables for columns are gone but the "submitted by" stays, dates within the text, a list of downloads."""
    s.states_authors = True
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{s.article.title} | {s.place.site}</title><meta name="Generator" content="Drupal 9">{s.bulk(2)}</head>
<body class="path-node"><div class="site-branding"><a href="/">{s.place.site}</a> <span>promoting a more transparent river</span></div><nav><ul>{links(["About", "Briefings", "Updates", "Donate"])}</ul></nav>
<main><h1 class="page-header">{s.gone(s.article.title)}</h1><div class="submitted">{s.gone("Submitted by")} <span class="author-name"><span lang="">{s.gone("Dr Ian Mowat")}</span></span> {s.gone("on 4 December 2024 - 4:28pm")}</div>
<div class="addtoany_list"><a class="a2a_button_facebook">{s.gone("Facebook")}</a></div>
<div class="field-body">
{weave(s.body(), {})}
<p><a href="/files/briefing-77.pdf">{s.gone("Download this briefing as a pdf")}</a></p></div>
<div class="field-category"><div class="label">{s.gone("Category:")}</div> <a href="/b">{s.gone("Briefings")}</a></div>
<div class="comment-forbidden"><a href="/user/login">{s.gone("Log in to post comments")}</a></div>
<p>{s.gone("Thank you for reading. If you value what we do, please consider a donation.")}</p></main><footer>{s.place.site} is a registered charity</footer></body></html>
"""


def amp_paper(s: Sheet) -> str:
    """AMP of a large paper: amp-lists and lightboxes, the byline beside the place, a bar for the app, a notice on comments."""
    s.states_authors = True
    node = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": s.address},
        "headline": s.article.title,
        "datePublished": s.stamp(s.published),
        "author": [{"@type": "Person", "name": " , ".join(s.article.authors)}],
        "creator": list(s.article.authors),
        "publisher": {"@type": "Organization", "name": s.place.site},
    }
    return f"""<!doctype html><html amp lang="en"><head><meta charset="utf-8"><title>{s.article.title} - {s.place.site}</title><link rel="canonical" href="{s.address}">{script(node)}
<style amp-boilerplate>body{{visibility:hidden}}</style></head><body><amp-sidebar id="sb"><ul>{links(["Home", "Sport", "Transport", "Data"])}</ul></amp-sidebar>
<div class="article"><div class="label"><a href="/t">{s.gone("Transport")}</a></div><h1 class="title">{s.gone(s.article.title)}</h1><h2 class="sub-title">{s.standfirst()}</h2>
<p class="publish-time">{s.gone("Updated - December 04, 2024 10:11 pm IST - PORT SELWYN")}</p><div class="author">{links([s.gone(name) for name in s.article.authors], row='<a class="person-name" href="/profile/author/{}">{}</a>')}</div>
<div class="social"><span>{s.gone("Comments")}</span><span>{s.gone("READ LATER")}</span><span>{s.gone("Remove")}</span></div>
<figure><amp-img src="/t.jpg" width="6" height="4" layout="responsive"></amp-img><figcaption>{s.gone("A tram at Quarry Hill. | Photo Credit: N. Adeyemi")}</figcaption></figure>
<div class="articlebody"><div id="content-body-69">
{weave(s.body(), {2: f'<amp-ad width="300" height="250"><div placeholder>{s.gone("Advertisement")}</div></amp-ad>', 4: f'<div class="also-read"><a href="https://{s.place.host}/a9"><b>{s.gone("Also read:")}</b> {s.gone("A short history of the turning loop")}</a></div>'})}
</div></div><p class="pub">{s.gone("Published - December 04, 2024 09:58 pm IST")}</p><div class="topics"><h4>{s.gone("Related Topics")}</h4><p>{s.gone("public transport")} / {s.gone("Port Selwyn")}</p></div>
<div class="comment-note"><p>{s.gone("Comments have to be in English, and in full sentences. They cannot be abusive or personal.")}</p></div><div class="app-bar">{s.gone("Open in app")}</div></div></body></html>
"""
