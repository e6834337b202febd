"""Content systems: Joomla, TYPO3, Bitrix, Drupal 7 and 10, Brightspot, Escenic, CoreMedia."""

from tests.corpus.sheet import Sheet, links, script, weave


def joomla(s: Sheet) -> str:
    """Joomla: the list of facts above the text, a super user in the meta elements, icons to print, previous and next."""
    s.states_authors = True
    names = " and ".join(s.article.authors)
    when = s.shown("dd MMMM y")
    return f"""<!DOCTYPE html><html lang="en-gb" dir="ltr" xmlns:og="http://ogp.me/ns#"><head>
<base href="{s.address}"><meta http-equiv="content-type" content="text/html; charset=utf-8">
<meta name="keywords" content="{", ".join(s.article.tags)}"><meta name="author" content="Super User">
<meta name="generator" content="Joomla! - Open Source Content Management"><title>{s.article.title} - {s.place.site}</title>{s.bulk(3)}</head>
<body class="site com_content view-article no-layout no-task itemid-101">
<nav class="navigation"><ul class="nav menu mod-list">{links(["Home", "News", "Transport", "Contact"])}</ul></nav>
<div class="row-fluid"><main id="content" role="main" class="span9"><div id="system-message-container"></div>
<div class="item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="en-GB">
<div class="page-header"><h2 itemprop="headline">{s.gone(s.article.title)}</h2></div>
<div class="icons"><div class="btn-group pull-right"><ul class="dropdown-menu"><li class="print-icon"><a href="?print=1" rel="nofollow">{s.gone("Print")}</a></li>
<li class="email-icon"><a href="/mailto" rel="nofollow">{s.gone("Email")}</a></li></ul></div></div>
<dl class="article-info muted"><dt class="article-info-term">{s.gone("Details")}</dt>
<dd class="createdby" itemprop="author" itemscope itemtype="https://schema.org/Person">{s.gone("Written by")} <span itemprop="name">{s.gone(names)}</span></dd>
<dd class="category-name">Category: <a href="/transport" itemprop="genre">{s.article.section}</a></dd>
<dd class="published"><time datetime="{s.stamp(s.published)}" itemprop="datePublished">Published: {when}</time></dd>
<dd class="hits">{s.gone("Hits: 1184")}</dd></dl>
<div itemprop="articleBody"><p><strong>{s.standfirst()}</strong></p>
{weave(s.body(), {3: f"<p>{s.gone('ALSO READ: Why the number 4 stops at the brewery')}</p>"})}
<p>{s.gone("Tweet")}</p></div>
<ul class="tags inline">{links([s.gone(tag) for tag in s.article.tags])}</ul>
<ul class="pager pagenav"><li class="previous"><a rel="prev" href="/p">{s.gone("Prev")}</a></li><li class="next"><a rel="next" href="/n">{s.gone("Next")}</a></li></ul>
</div></main></div><footer class="footer"><p class="pull-right"><a href="#top">{s.gone("Back to Top")}</a></p><p>© 2024 {s.place.site}</p></footer></body></html>
"""


def typo3(s: Sheet) -> str:
    """TYPO3 with its news extension: frames and layouts, a back link, the date above the headline, files to download."""
    s.states_authors = True
    return f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{s.article.title}: {s.place.site}</title>
<meta name="generator" content="TYPO3 CMS"><meta name="robots" content="index,follow"><meta name="author" content="Gemeinde Altenried">
<meta property="og:title" content="{s.article.title}"><meta name="twitter:card" content="summary">{s.bulk(4)}</head>
<body id="p214" class="page-214 pagelevel-3 language-0 layout-default"><a class="visually-hidden-focusable bp-page-header-skip" href="#content">Zum Hauptinhalt springen</a>
<header class="page-header"><ul class="navbar-nav">{links(["Rathaus", "Leben in Altenried", "Aktuelles", "Wirtschaft"])}</ul></header>
<div id="content"><div id="c811" class="frame frame-default frame-type-news_newsdetail frame-layout-0"><div class="frame-container"><div class="frame-inner">
<div class="news news-single"><div class="article" itemscope itemtype="http://schema.org/Article">
<div class="header"><p class="news-date"><time itemprop="datePublished" datetime="{s.stamp(s.published)}">{s.gone(s.shown("dd.MM.y"))}</time></p><h1 class="news-title" itemprop="headline">{s.gone(s.article.title)}</h1></div>
<div class="teaser-text" itemprop="description"><p>{s.standfirst()}</p></div>
<div class="news-img-wrap"><div class="outer"><div class="mediaelement mediaelement-image"><a href="/b.jpg" class="lightbox"><img src="/fileadmin/_processed_/b.jpg" alt="" width="460"></a></div></div>
<p class="news-img-caption">{s.gone("Die Bürgermeisterin am Schalter. Bild: Gemeinde/Vollmer")}</p></div>
<div class="news-text-wrap" itemprop="articleBody">
{weave(s.body(), {})}
<p class="text-end"><em>{s.gone("Text: Henrike Vollmer, Foto: Gemeinde Altenried")}</em></p></div>
<div class="news-related-wrap"><div class="news-related news-related-files"><h4>{s.gone("Dateien")}</h4><ul><li><a href="/f.pdf">{s.gone("Lageplan_Pumpwerk.pdf")}</a> <span class="news-related-files-size">{s.gone("1,2 MB")}</span></li></ul></div>
<div class="news-related news-related-news"><h4>{s.gone("Ähnliche Nachrichten")}</h4><ul>{links([s.gone("Kanal in der Mühlgasse gesperrt"), s.gone("Sprechstunde der Bauverwaltung entfällt")])}</ul></div></div>
<div class="news-backlink-wrap"><a href="/aktuelles">{s.gone("Zurück zur Übersicht")}</a></div></div></div></div></div></div></div>
<footer><p>{s.gone("Diese Seite teilen")}</p><ul>{links(["Impressum", "Datenschutz", "Barrierefreiheit"])}</ul></footer></body></html>
"""


def bitrix(s: Sheet) -> str:
    """Bitrix as regional sites run it: news-detail with line breaks, a source line, channels to subscribe to, comments."""
    s.states_authors = True
    text = "<br />\n<br />\n".join(block.removeprefix("<p>").removesuffix("</p>") for block in s.body())
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={s.place.charset}" />
<title>{s.article.title} | {s.place.site}</title><meta name="description" content="{s.article.blocks[0].text[:90]}..." />
<link href="/bitrix/cache/css/s1/main/page.css" type="text/css" rel="stylesheet" />{s.bulk(4)}</head><body>
<div id="panel"></div><div class="bx-wrapper"><div class="bx-top-nav"><ul>{links(["Головна", "Новини", "Громада", "Афіша", "Контакти"])}</ul></div>
<div class="bx-breadcrumb"><div class="bx-breadcrumb-item"><a href="/">Головна</a></div><div class="bx-breadcrumb-item"><a href="/news/">Новини</a></div></div>
<div class="workarea"><h1 id="pagetitle">{s.gone(s.article.title)}</h1><div class="news-detail">
<span class="news-date-time">{s.gone(s.shown("dd.MM.y HH:mm"))}</span> <span class="views">{s.gone("Переглядів: 731")}</span>
<img class="detail_picture" border="0" src="/upload/iblock/1f2/pipe.jpg" width="640" alt="" />
<div class="photo-sign">{s.gone("Ілюстративне фото з відкритих джерел")}</div>
{text}
<div style="clear:both"></div><br />
{s.gone("Оксана Дідух, спеціально для «Зелентруг.Online»")}<br />
<b>{s.gone("Підписуйтесь на наш Telegram-канал, щоб першими дізнаватися новини громади!")}</b>
<div class="news-detail-share"><noindex>{s.gone("Поділитися:")} <div class="ya-share2" data-services="telegram,viber"></div></noindex></div></div>
<p><a href="/news/">{s.gone("Повернення до списку")}</a></p>
<div class="news-list"><p class="news-item"><a href="/news/1/"><b>{s.gone("У Зелентрузі обрали найстарший комин")}</b></a></p><p class="news-item"><a href="/news/2/"><b>{s.gone("Школа шукає вчителя фізики")}</b></a></p></div></div></div>
<div class="bx-footer">© 2009–2024 {s.place.site}. {s.gone("При повному чи частковому використанні матеріалів гіперпосилання обов’язкове")}</div></body></html>
"""


def drupal7(s: Sheet) -> str:
    """Drupal 7: RDFa with its prefixes, fields within fields, service links, a block of what was read most."""
    s.states_authors = True
    name = s.article.authors[0]
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML+RDFa 1.0//EN" "http://www.w3.org/MarkUp/DTD/xhtml-rdfa-1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr" version="XHTML+RDFa 1.0" dir="ltr" xmlns:dc="http://purl.org/dc/terms/" xmlns:sioc="http://rdfs.org/sioc/ns#">
<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><meta name="Generator" content="Drupal 7 (http://drupal.org)" />
<link rel="canonical" href="/node/4411" /><link rel="shortlink" href="/node/4411" /><title>{s.article.title} | {s.place.site}</title>{s.bulk(4)}</head>
<body class="html not-front not-logged-in one-sidebar sidebar-second page-node page-node- page-node-4411 node-type-article">
<div id="skip-link"><a href="#main-content" class="element-invisible element-focusable">Aller au contenu principal</a></div>
<div id="page"><div id="main-menu"><ul class="links inline clearfix">{links(["Accueil", "Commune", "Culture", "Sports"])}</ul></div>
<div id="main-wrapper"><div id="content" class="column"><div class="section"><a id="main-content"></a><h1 class="title" id="page-title">{s.gone(s.article.title)}</h1>
<div class="tabs"></div><div class="region region-content"><div id="node-4411" class="node node-article node-promoted clearfix" about="/node/4411" typeof="sioc:Item foaf:Document">
<span property="dc:title" content="{s.article.title}" class="rdf-meta element-hidden"></span>
<div class="meta submitted"><span property="dc:date dc:created" content="{s.stamp(s.published)}" datatype="xsd:dateTime" rel="sioc:has_creator">{s.gone("Soumis par")} <span class="username" xml:lang="" about="/users/squemener" typeof="sioc:UserAccount" property="foaf:name" datatype="">{s.gone(name)}</span> le {s.shown("EEE, dd/MM/y - HH:mm")}</span></div>
<div class="content clearfix"><div class="field field-name-field-chapo field-type-text-long field-label-hidden"><div class="field-items"><div class="field-item even">{s.standfirst()}</div></div></div>
<div class="field field-name-field-image field-type-image"><div class="field-items"><div class="field-item even"><img typeof="foaf:Image" src="/sites/default/files/bus.jpg" width="480" height="320" alt="" title="Le bibliobus" /></div></div></div>
<div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even" property="content:encoded">
{weave(s.body(), {2: "<p><strong>" + s.gone("À lire aussi : La piscine de Tréhel ferme pour travaux") + "</strong></p>"})}
</div></div></div>
<div class="field field-name-field-tags field-type-taxonomy-term-reference field-label-above"><div class="field-label">{s.gone("Mots-clés :")}</div><ul class="links"><li class="taxonomy-term-reference-0" rel="dc:subject"><a href="/t/1">{s.gone("lecture")}</a></li></ul></div></div>
<div class="link-wrapper"><ul class="links inline"><li class="service-links-facebook first"><a href="/f" class="service-links">{s.gone("Facebook")}</a></li><li class="comment_forbidden last"><span><a href="/user/login">{s.gone("Connectez-vous")}</a> {s.gone("ou inscrivez-vous pour publier un commentaire")}</span></li></ul></div></div></div></div></div>
<div class="region region-sidebar-second"><div class="block block-views"><h2>Les plus lus</h2><div class="content"><ul>{links(["Le marché change de place", "Un hérisson au conseil"])}</ul></div></div></div></div></div></body></html>
"""


def drupal10(s: Sheet) -> str:
    """Drupal 10 on a ministry's portal: a press release with contacts, a facts list, a toolbar to read aloud and to resize."""
    return f"""<!DOCTYPE html><html lang="en" dir="ltr" prefix="og: https://ogp.me/ns#"><head><meta charset="utf-8" />
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" /><meta property="og:site_name" content="{s.place.site}" /><meta property="og:type" content="Article" />
<meta property="og:title" content="{s.article.title}" /><meta property="article:published_time" content="{s.stamp(s.published)}" /><link rel="canonical" href="{s.address}" />
<title>{s.article.title} | {s.place.site}</title>{s.bulk(3)}</head><body class="path-node page-node-type-press-release">
<a href="#main-content" class="visually-hidden focusable skip-link">Skip to main content</a>
<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><header role="banner"><ul>{links(["Ministry", "Lakes", "Forests", "Press"])}</ul></header>
<main role="main"><a id="main-content" tabindex="-1"></a><div class="layout-content"><div id="block-page-title"><h1><span>{s.gone(s.article.title)}</span></h1></div>
<div class="page-tools"><button>{s.gone("A-")}</button><button>{s.gone("A")}</button><button>{s.gone("A+")}</button><a href="#">{s.gone("Listen")}</a><a href="#">{s.gone("Download PDF")}</a></div>
<article role="article" about="/press/lanterns" class="node node--type-press-release node--view-mode-full"><div class="node__content">
<div class="field field--name-field-date field--type-datetime"><div class="field__label visually-hidden">Date</div><time datetime="{s.stamp(s.published)}" class="datetime">{s.gone(s.shown("d MMMM y"))}</time></div>
<div class="field field--name-field-kind">{s.gone("Press release No. 214/2024")}</div>
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary">
{weave(s.body(), {})}
</div>
<div class="field field--name-field-contact"><h3>{s.gone("Press contact")}</h3><p>{s.gone("Press Office, Ministry of Lakes and Forests")}<br>{s.gone("Phone: +00 555 0142")}<br>{s.gone("press@lakes.example")}</p></div></div></article>
<div class="views-element-container"><h2>{s.gone("More press releases")}</h2><ul>{links([s.gone("Pike season opens a week early"), s.gone("Minister visits the reed cutters")])}</ul></div></div></main>
<footer>{s.gone("Last modified: 4 December 2024")}<ul>{links(["Privacy", "Imprint"])}</ul></footer></div></body></html>
"""


def brightspot(s: Sheet) -> str:
    """Brightspot as agencies of record run it: custom elements, hub links in the text, an enhanced image, a note on who funds."""
    s.states_authors, s.states_section = True, True
    node = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "url": s.address,
        "headline": s.article.title,
        "articleSection": s.article.section,
        "datePublished": s.stamp(s.published),
        "dateModified": s.stamp(s.modified),
        "author": [
            {"@context": "http://schema.org", "@type": "Person", "name": s.article.authors[0].upper()}
        ],
        "publisher": {"@type": "Organization", "name": s.place.site},
    }
    names = s.article.authors[0].upper()
    return f"""<!DOCTYPE html><html class="Page ArticlePage" lang="en" itemscope itemtype="http://schema.org/WebPage"><head><meta charset="UTF-8"><title>{s.article.title} | {s.place.site}</title>
<meta property="og:title" content="{s.article.title}"><meta property="og:url" content="{s.address}"><meta property="og:site_name" content="{s.place.site}"><meta property="og:type" content="article">
<link rel="canonical" href="{s.address}">{script(node)}{s.bulk(8)}</head><body class="Page-body">
<bsp-header class="Page-header"><ul class="Page-header-navigation">{links(["World", "U.S.", "Politics", "Sports"])}</ul><a href="#c">Skip to content</a></bsp-header>
<div class="Page-content" id="c"><bsp-story-page class="StoryPage"><div class="Page-breadcrumbs"><a href="/us">{s.gone(s.article.section)}</a></div>
<h1 class="Page-headline">{s.gone(s.article.title)}</h1>
<div class="Page-lead"><bsp-carousel class="Carousel"><div class="Carousel-slides"><div class="Carousel-slide"><bsp-figure class="Figure"><img src="/1.jpg" alt=""><figcaption class="Figure-caption"><p>{s.gone("The Patience at her berth in Dunmore, Maine, Tuesday, Dec. 3, 2024. (Coastwire Photo/Ray Tull)")}</p></figcaption></bsp-figure><span>{s.gone("1 of 3")}</span></div></div><button>{s.gone("Read More")}</button></bsp-carousel></div>
<div class="Page-byline"><div class="Page-byline-info"><div class="Page-authors">{s.gone("By")} <span class="Link">{s.gone(names)}</span></div>
<div class="Page-dateModified"><bsp-timestamp data-timestamp="1733329680000" data-recalc-source>{s.gone("Updated 4:28 PM GMT, December 4, 2024")}</bsp-timestamp></div></div>
<div class="Page-actions"><button>{s.gone("Share")}</button><ul><li>{s.gone("Copy Link copied")}</li><li>{s.gone("Print")}</li></ul></div></div>
<div class="Page-storyBody gtmMainScrollContent"><div class="RichTextStoryBody RichTextBody">
{weave(s.body(), {2: f'<div class="Enhancement"><div class="Enhancement-item"><div class="PageListEnhancementGeneric-title">{s.gone("Related Stories")}</div><div class="PagePromo"><a class="Link" href="https://{s.place.host}/a/1"><span class="PagePromoContentIcons-text">{s.gone("Lighthouse keeper sues over fog")}</span></a></div></div></div>', 4: f'<div class="SovrnAd Advertisement Enhancement" data-module="">{s.gone("Advertisement")}</div>'})}
<p>___</p><p>{s.gone("Coastwire writer Ray Tull in Augusta contributed to this report.")}</p></div>
<div class="Tags"><a href="/hub/1">{s.gone("Courts")}</a></div></div></bsp-story-page>
<div class="Page-below"><h2>{s.gone("Most read")}</h2><ul>{links([s.gone("Harbour seals learn to open crates")])}</ul></div></div>
<footer class="Page-footer"><p>Copyright 2024 {s.place.site}. All Rights Reserved.</p></footer></body></html>
"""


def escenic(s: Sheet) -> str:
    """A tabloid on a system like Escenic: boxes upon boxes, a kicker in the headline's box, a counter of comments, teasers within."""
    s.states_authors = False
    box = f'<div class="c_related-teaser box"><div class="box__title">{s.gone("Lesen Sie auch:")}</div><a class="box__link" href="/a/1">{s.gone("Marder legt Sessellift lahm")}</a> <span>{s.gone("24.11.2024")}</span></div>'
    return f"""<!DOCTYPE html><html lang="de-at"><head><meta charset="utf-8"><title>{s.article.title.split(":")[0]} | {s.place.site}</title>
<meta name="description" content="Aufregung auf dem Hohen Gamsstein: Seit elf Uhr vormittags bewegt sich die Seilbahn nicht mehr. In der ..."><meta property="og:title" content="Dachs legt Seilbahn lahm">
<meta property="og:type" content="article"><meta property="og:url" content="{s.address}"><meta property="og:site_name" content="{s.place.site}"><meta name="date" content="{s.stamp(s.published)}">{s.bulk(7)}</head>
<body class="article article--default"><div class="c_toolbar">{links(["Bundesländer", "Sport", "Adabei", "Krone+"], row='<a href="/{}">{}</a>')}</div>
<div class="box article__container"><div class="bc__path"><a href="/bl">{s.gone("Bundesländer")}</a> &gt; <a href="/bl/sb">{s.gone("Gamsland")}</a></div>
<div class="c_time box">{s.gone(s.shown("dd.MM.y HH:mm"))}</div><div class="bc__title"><div class="bc__title__kicker">{s.gone("Schüler warten oben")}</div><h1 class="bc__headline">{s.gone(s.article.title)}</h1></div>
<div class="c_lead box"><p>{s.standfirst()}</p></div>
<div class="c_image box"><img src="/c.jpg"><div class="c_image__caption">{s.gone("Die Gondel hängt auf halber Strecke.")}</div><div class="c_image__credit">{s.gone("(Bild: Bergrettung Unterlenz)")}</div></div>
<div class="article__content box">
{weave(s.body(), {2: box, 4: f'<div class="ad_container"><span>{s.gone("Anzeige")}</span></div>'})}
</div>
<div class="c_author box"><img src="/a.png"><span>{s.gone("Krähennest-Redaktion")}</span></div>
<div class="c_social box">{s.gone("Teilen")} {s.gone("Artikel merken")}</div><div class="c_comments box"><span>{s.gone("Kommentare (38)")}</span><p>{s.gone("Eingeloggt als - nicht der richtige User? Logout")}</p></div>
<div class="c_newsletter box"><p>{s.gone("Das Wichtigste aus dem Gamsland jeden Morgen gratis ins Postfach")}</p></div></div>
<div class="c_footer">{s.place.site} © 2024</div></body></html>
"""


def coremedia(s: Sheet) -> str:
    """A public broadcaster on CoreMedia: teaser modules inside the text, an audio bar, the station's line under it."""
    s.states_authors = True
    node = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#org", "name": s.place.site},
            {
                "@type": "Person",
                "@id": "#p1",
                "name": s.article.authors[0],
                "url": f"https://{s.place.host}/wie/maartje",
            },
            {
                "@type": ["Article", "NewsArticle"],
                "headline": s.article.title,
                "mainEntityOfPage": {"@id": s.address},
                "datePublished": s.stamp(s.published),
                "author": {"@id": "#p1"},
                "publisher": {"@id": "#org"},
            },
        ],
    }
    return f"""<!doctype html><html lang="nl-NL" data-preset="light"><head><meta charset="utf-8"/><title>{s.article.title} - {s.place.site}</title>
<meta property="og:title" content="{s.article.title}"/><meta property="og:description" content="{s.article.standfirst}"/>{script(node)}{s.bulk(6)}</head>
<body><cm-header><nav>{links(["Nieuws", "Sport", "Uitzending gemist", "Radio"], row='<a href="/{}">{}</a>')}</nav></cm-header>
<div class="cm-grid"><div class="cm-module cm-module--article"><p class="cm-category">{s.gone("Binnenland")}</p><h1 class="cm-headline">{s.gone(s.article.title)}</h1>
<p class="cm-meta">{s.gone("Maartje Hoekstra, verslaggever Kust")} <time datetime="{s.stamp(s.published)}">{s.gone("gisteren, 17:28")}</time></p>
<div class="cm-audio"><button aria-label="Luister">{s.gone("Luister naar dit artikel")}</button><span>{s.gone("1 min 40")}</span></div>
<p class="cm-intro">{s.standfirst()}</p>
<div class="cm-richtext">
{weave(s.body(), {1: f'<div class="cm-teaser cm-teaser--inline"><a href="/artikel/22"><h3>{s.gone("Zoutkorst breekt record")}</h3><p>{s.gone("Nergens was de laag zo dik als in Westerhaven.")}</p></a></div>', 3: f'<div class="cm-video"><p>{s.gone("Bekijk hier hoe de molen er in 1950 bij stond:")}</p><video></video></div>'})}
</div><div class="cm-tip">{s.gone("Heb je een tip of opmerking? Mail de kustredactie: kust@zender.example")}</div>
<div class="cm-share">{s.gone("Deel artikel:")}</div></div>
<div class="cm-module cm-module--list"><h2>{s.gone("Meer uit Binnenland")}</h2>{links([s.gone("Veerpont zoekt schipper"), s.gone("Dijkschapen krijgen GPS")], row='<a href="/{}"><h3>{}</h3></a>')}</div></div></body></html>
"""
