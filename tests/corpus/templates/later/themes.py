"""Themes and builders on WordPress (Elementor, tagDiv, Divi, Jannah), and pages of papers with a wall or in AMP."""

from tests.corpus.sheet import Sheet, links, script, weave


def elementor(s: Sheet) -> str:
    """Elementor: widgets within sections within containers; the byline is a list of icons; buttons to the next post."""
    s.states_authors = True
    wrap = '<div class="elementor-element elementor-widget elementor-widget-{}" data-element_type="widget"><div class="elementor-widget-container">{}</div></div>'
    info = f"""<ul class="elementor-inline-items elementor-icon-list-items elementor-post-info"><li class="elementor-icon-list-item" itemprop="author"><a href="/author/rosalind/"><span class="elementor-icon-list-text elementor-post-info__item elementor-post-info__item--type-author">{s.gone(s.article.authors[0])}</span></a></li>
<li class="elementor-icon-list-item" itemprop="datePublished"><span class="elementor-icon-list-text elementor-post-info__item--type-date"><time>{s.gone(s.shown("MMMM d, y"))}</time></span></li>
<li class="elementor-icon-list-item"><span class="elementor-icon-list-text">{s.gone("4:28 pm")}</span></li><li class="elementor-icon-list-item" itemprop="commentCount"><span>{s.gone("2 Comments")}</span></li></ul>"""
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="UTF-8"><title>{s.article.title} - {s.place.site}</title>
<meta property="article:published_time" content="{s.stamp(s.published)}"><meta property="og:title" content="{s.article.title} - {s.place.site}"><meta property="og:site_name" content="{s.place.site}">
<meta name="author" content="admin"><meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="admin">{s.bulk(8)}</head>
<body class="post-template-default single single-post elementor-default elementor-page-77 hello-elementor sidebar-right">
<div class="elementor elementor-location-header">{wrap.format("nav-menu", "<nav><ul>" + links(["Home", "Garden", "Kitchen", "About"]) + "</ul></nav>")}</div>
<div class="elementor elementor-77 elementor-location-single post type-post"><section class="elementor-section"><div class="elementor-container"><div class="elementor-column"><div class="elementor-widget-wrap">
{wrap.format("theme-post-title", f'<h1 class="elementor-heading-title elementor-size-default">{s.gone(s.article.title)}</h1>')}
{wrap.format("post-info", info)}
{wrap.format("theme-post-featured-image", '<img src="/wp-content/uploads/orchard.jpg">')}
{wrap.format("theme-post-content", weave(s.body(), {3: f'<p><a href="https://{s.place.host}/quince/">{s.gone("You might also enjoy: The quince nobody planted")}</a></p>'}))}
{wrap.format("share-buttons", f'<div class="elementor-grid"><div class="elementor-share-btn"><span class="elementor-share-btn__title">{s.gone("Facebook")}</span></div><div class="elementor-share-btn"><span>{s.gone("WhatsApp")}</span></div></div>')}
{wrap.format("post-navigation", f'<div class="elementor-post-navigation"><a rel="prev" href="/p"><span>{s.gone("Previous")}</span> <span>{s.gone("A wheelbarrow with a past")}</span></a><a rel="next" href="/n">{s.gone("Next")}</a></div>')}
{wrap.format("author-box", f'<div class="elementor-author-box"><h4>{s.gone("Rosalind Achebe")}</h4><p>{s.gone("Rosalind gardens badly and writes about it every fortnight.")}</p></div>')}
{wrap.format("form", f'<h3>{s.gone("Never miss a blossom")}</h3><form><input type="email"><button>{s.gone("Sign me up")}</button></form>')}
</div></div></div></section></div><div class="elementor-location-footer"><p>© 2024 {s.place.site}</p></div></body></html>
"""


def tagdiv(s: Sheet) -> str:
    """The Newspaper theme of tagDiv on an Indian portal: a feed's disclaimers, channels to join, previous and next article."""
    s.states_section = False
    s.credit = "PTI"
    node = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Article",
                "headline": s.article.title,
                "datePublished": s.stamp(s.published),
                "dateModified": s.stamp(s.modified),
                "author": {"name": "PTI", "@id": "#/schema/person/9"},
                "mainEntityOfPage": {"@id": s.address},
            },
            {"@type": "Person", "@id": "#/schema/person/9", "name": "PTI"},
        ],
    }
    return f"""<!doctype html><html lang="en-US"><head><meta charset="UTF-8"/><title>{s.article.title} | {s.place.site}</title><meta name="author" content="PTI"/>
<meta property="og:title" content="{s.article.title}"/><meta property="og:site_name" content="{s.place.site}"/>{script(node)}{s.bulk(9)}</head>
<body class="post-template-default single single-post td-standard-pack global-block-template-1 tdb_template_55"><div id="td-outer-wrap" class="td-theme-wrap"><div class="td-header-wrap"><ul id="menu-td-demo" class="sf-menu">{links(["Home", "India", "World", "Sports"])}</ul></div>
<article class="post type-post status-publish tdb-single-content"><div class="td_block_wrap tdb_breadcrumbs"><a class="tdb-entry-crumb" href="/">{s.gone("Home")}</a> <a class="tdb-entry-crumb" href="/india">{s.gone("India")}</a></div>
<div class="td_block_wrap tdb_title"><h1 class="tdb-title-text">{s.gone(s.article.title)}</h1></div>
<div class="td_block_wrap tdb_single_author"><div class="tdb-author-name-wrap"><span class="tdb-author-by">{s.gone("By")}</span> <a class="tdb-author-name" href="/author/pti">{s.gone("PTI")}</a></div></div>
<div class="td_block_wrap tdb_single_date"><time class="entry-date updated td-module-date" datetime="{s.stamp(s.published)}">{s.gone(s.shown("MMMM d, y"))}</time></div>
<div class="td-post-sharing-visible"><a class="td-social-sharing-button"><div class="td-social-but-text">{s.gone("Share")}</div></a></div>
<div class="td_block_wrap tdb_single_content td-post-content tagdiv-type"><div class="tdb-block-inner td-fix-index">
{weave(s.body(), {2: "<p><strong>" + s.gone("Also Read | Goats get a barge of their own") + "</strong></p>", 3: f'<div class="td-a-rec td-a-rec-id-content_inline"><span class="td-adspot-title">{s.gone("- Advertisement -")}</span></div>'})}
<p><em>{s.gone("(This story has been published from a wire agency feed without modifications to the text. Only the headline has been changed.)")}</em></p>
<p>{s.gone("Disclaimer: This story is from the syndicated feed. Nothing has been changed except the headline.")}</p>
<p><strong>{s.gone("Get Breaking News on your phone. Join our WhatsApp Channel")}</strong></p>
<p>{s.gone("Follow us on Google News, Facebook and X for the latest updates")}</p></div></div>
<div class="td_block_wrap tdb_single_tags"><ul class="tdb-tags"><li><span>{s.gone("Tags")}</span></li>{links([s.gone(tag) for tag in s.article.tags])}</ul></div>
<div class="td_block_wrap tdb_single_next_prev"><div class="tdb-next-post tdb-next-post-bg"><span>{s.gone("Previous article")}</span><div><a href="/p">{s.gone("Mango growers eye the north")}</a></div></div><div class="tdb-next-post"><span>{s.gone("Next article")}</span></div></div>
<div class="td_block_wrap td_flex_block_1"><h4 class="td-block-title"><span>{s.gone("Related Articles")}</span></h4><div class="td_module_flex"><h3 class="entry-title td-module-title"><a href="/r">{s.gone("Gauge at Tilwara gets a new keeper")}</a></h3></div></div></article></div></body></html>
"""


def divi(s: Sheet) -> str:
    """Divi: modules with numbers for names, the facts of the post in one line, an excerpt above the text."""
    s.states_authors = True
    return f"""<!DOCTYPE html><html lang="it-IT"><head><meta charset="UTF-8" /><title>{s.article.title} - {s.place.site}</title><meta name="description" content="{s.article.standfirst}" />
<meta property="og:title" content="{s.article.title}" /><meta property="article:published_time" content="{s.stamp(s.published)}" /><meta property="article:author" content="https://www.facebook.com/ginevra.malatesta" />
{s.bulk(6)}</head><body class="post-template-default single single-post et_pb_button_helper_class et_fixed_nav et_right_sidebar et_divi_theme et-db">
<header id="main-header"><nav id="top-menu-nav"><ul id="top-menu" class="nav">{links(["Home", "Cronaca", "Cultura", "Contatti"])}</ul></nav></header>
<div id="et-main-area"><div id="main-content"><article id="post-9" class="et_pb_post post"><div class="entry-content"><div class="et-l et-l--post"><div class="et_builder_inner_content et_pb_gutters3">
<div class="et_pb_section et_pb_section_0 et_section_regular"><div class="et_pb_row et_pb_row_0"><div class="et_pb_column et_pb_column_4_4"><div class="et_pb_module et_pb_post_title et_pb_post_title_0"><div class="et_pb_title_container"><h1 class="entry-title">{s.gone(s.article.title)}</h1>
<p class="et_pb_title_meta_container">{s.gone("da")} <span class="author vcard"><a href="/author/gmalatesta/" title="Post di Ginevra Malatesta" rel="author">{s.gone(s.article.authors[0])}</a></span> | <span class="published">{s.gone(s.shown("d MMM y"))}</span> | <a href="/cronaca" rel="category tag">{s.gone("Cronaca")}</a> | <span class="comments-number">{s.gone("0 commenti")}</span></p></div></div>
<div class="et_pb_module et_pb_text et_pb_text_0"><div class="et_pb_text_inner"><h3>{s.standfirst()}</h3></div></div>
<div class="et_pb_module et_pb_text et_pb_text_1"><div class="et_pb_text_inner">
{weave(s.body(), {2: "<p>" + s.gone("Leggi anche: Il ponte di Rocca Santa cambia colore") + "</p>"})}
<p><em>{s.gone("Foto di repertorio")}</em></p><p>{s.gone("Per restare sempre aggiornato, iscriviti al nostro canale Telegram")}</p></div></div>
<div class="et_pb_module et_pb_social_media_follow"><ul><li class="et_pb_social_facebook"><a class="icon"><span class="et_pb_social_media_follow_network_name">{s.gone("Segui")}</span></a></li></ul></div>
<div class="et_pb_module et_pb_comments_0"><h1 id="comments" class="page_title">{s.gone("0 commenti")}</h1><h3 class="comment-reply-title">{s.gone("Invia un commento")}</h3><p class="comment-notes">{s.gone("Il tuo indirizzo email non sarà pubblicato. I campi obbligatori sono contrassegnati *")}</p></div>
</div></div></div></div></div></div></article></div><footer id="main-footer"><div id="footer-info">Riproduzione riservata</div></footer></div></body></html>
"""


def jannah(s: Sheet) -> str:
    """Jannah in Arabic: times as "ago", a reading time, shares, related posts set between the paragraphs."""
    s.states_authors = True
    return f"""<!DOCTYPE html><html dir="rtl" lang="ar" class="" data-skin="light"><head><meta charset="UTF-8" /><title>{s.article.title} - {s.place.site}</title>
<meta property="og:title" content="{s.article.title}" /><meta property="og:site_name" content="{s.place.site}" /><meta property="article:published_time" content="{s.stamp(s.published)}" />{s.bulk(7)}</head>
<body id="tie-body" class="rtl single single-post wrapper-has-shadow sidebar-left has-sidebar"><header id="theme-header"><nav><ul id="menu-main">{links(["الرئيسية", "محليات", "اقتصاد", "رياضة"])}</ul></nav></header>
<div id="content" class="site-content"><div class="main-content tie-col-md-8"><article id="the-post" class="container-wrapper post-content tie-standard"><header class="entry-header-outer"><nav id="breadcrumb"><a href="/">{s.gone("الرئيسية")}</a><em class="delimiter">/</em><a href="/l">{s.gone("محليات")}</a></nav>
<div class="entry-header"><h1 class="post-title entry-title">{s.gone(s.article.title)}</h1><div class="single-post-meta post-meta clearfix"><span class="author-meta single-author no-avatars"><span class="meta-item meta-author-wrapper"><span class="meta-author"><a href="/author/layla/" class="author-name tie-icon">{s.gone(s.article.authors[0])}</a></span></span></span><span class="date meta-item tie-icon">{s.gone("منذ 3 ساعات")}</span><div class="tie-alignright"><span class="meta-views meta-item">{s.gone("1,204")}</span><span class="meta-reading-time meta-item">{s.gone("دقيقة واحدة")}</span></div></div></div></header>
<div class="entry-content entry clearfix">
{weave(s.body(), {1: f'<div id="inline-related-post" class="mag-box"><p>{s.gone("اقرأ أيضا: حارس المنارة يطلب نظارات")}</p></div>', 3: "<p>" + s.gone("إعلان") + "</p>"})}
<p>{s.gone("المصدر: وكالات")}</p><p>{s.gone("تابعنا على أخبار جوجل")}</p></div>
<div id="share-buttons-bottom" class="share-buttons"><div class="share-links"><span class="share-text">{s.gone("شاركها")}</span><a><span class="social-text">{s.gone("فيسبوك")}</span></a></div></div></article>
<div id="related-posts" class="container-wrapper"><h3>{s.gone("مقالات ذات صلة")}</h3><div class="related-item"><h3 class="post-title"><a href="/r">{s.gone("سوق الوادي ينتقل إلى الساحة")}</a></h3></div></div></div></div>
<footer id="footer"><div>© حقوق النشر 2024، جميع الحقوق محفوظة</div></footer></body></html>
"""


def piano(s: Sheet) -> str:
    """A paper with Piano's wall: the first paragraphs, a fade, the offer, and the article's own facts in two languages of markup."""
    s.states_authors, s.states_section = True, True
    node = {
        "@context": "https://schema.org/",
        "@type": "NewsArticle",
        "headline": s.article.title,
        "alternativeHeadline": s.article.standfirst,
        "articleSection": [s.article.section, "Portada"],
        "datePublished": s.stamp(s.published),
        "author": [
            {"@type": "Person", "name": name, "url": f"https://{s.place.host}/autor/{n}"}
            for n, name in enumerate(s.article.authors)
        ],
        "isAccessibleForFree": "False",
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"},
    }
    return f"""<!DOCTYPE html><html lang="es-ES"><head><meta charset="utf-8"><title>{s.article.title} | {s.article.section} | {s.place.site}</title><meta name="cXenseParse:author" content="{s.article.authors[0]}">
<meta property="og:site_name" content="{s.place.site}">{script(node)}{s.bulk(6)}</head><body class="noticia premium"><div class="voc-header"><ul>{links(["España", "Local", "Opinión", "Deportes"])}</ul></div>
<main class="voc-p"><article class="voc-article"><div class="voc-onplus"><span>{s.gone("Exclusivo suscriptores")}</span></div><h1 class="voc-title">{s.gone(s.article.title)}</h1><h2 class="voc-subtitle">{s.standfirst()}</h2>
<figure class="voc-img-container"><img src="/r.jpg"><figcaption class="voc-fig-caption">{s.gone("La torre de Almendral, el domingo")} <span class="voc-figcaption-author">{s.gone("Rafa Llorente")}</span></figcaption></figure>
<div class="voc-author"><p class="voc-author__name"><a href="/autor/0">{s.gone(s.article.authors[0])}</a> y <a href="/autor/1">{s.gone(s.article.authors[1])}</a></p><p class="voc-author__city">{s.gone("Almendral")}</p></div>
<div class="voc-author__time"><time datetime="{s.stamp(s.published)}">{s.gone("04/12/2024 a las 17:28h.")}</time></div>
<div class="voc-d-c-wrapper paid">
{weave(s.body(), {2: f'<div class="voc-modulo"><p class="voc-modulo__t">{s.gone("Noticia relacionada")}</p><p><a href="https://{s.place.host}/n/3">{s.gone("El campanero que no oía")}</a></p></div>'})}
<div class="voc-wall tp-container-inner" id="piano-inline"><p>{s.gone("Este artículo es solo para suscriptores")}</p><p>{s.gone("Suscríbete por 1 euro al mes y accede a todo el contenido")}</p><p>{s.gone("¿Ya eres suscriptor? Inicia sesión")}</p></div></div>
<div class="voc-comments"><span>{s.gone("Ver comentarios (4)")}</span></div><div class="voc-report"><a>{s.gone("Reporta un error")}</a></div></article></main><footer>{s.gone("© Todos los derechos reservados")}</footer></body></html>
"""


def portal_tr(s: Sheet) -> str:
    """A Turkish portal's software: buttons for the size of the letters, counts, an offer of the channel at every corner."""
    s.states_authors = True
    return f"""<!DOCTYPE html><html lang="tr" itemscope itemtype="http://schema.org/NewsArticle"><head><meta charset="utf-8"/><title>{s.article.title} - {s.place.site}</title>
<meta itemprop="datePublished" content="{s.stamp(s.published)}"/><meta itemprop="articleSection" content="{s.article.section}"/><meta name="articleAuthor" content="{s.article.authors[0]}"/><meta property="og:title" content="{s.article.title} - {s.place.site}"/><meta property="og:site_name" content="{s.place.site}"/>{s.bulk(5)}</head>
<body><div class="ust"><ul>{links(["Anasayfa", "Gündem", "Spor", "Ekonomi"])}</ul></div><div class="container"><div class="haber-detay"><div class="yol"><a href="/">{s.gone("Anasayfa")}</a> / <a href="/g">{s.gone("Gündem")}</a></div>
<h1>{s.gone(s.article.title)}</h1><h2 class="spot">{s.standfirst()}</h2>
<div class="bilgi"><span class="editor">{s.gone("Haber: Elif Sayın")}</span><span>{s.gone("Giriş: 04.12.2024 - 19:28")}</span><span>{s.gone("Güncelleme: 04.12.2024 - 19:40")}</span><span>{s.gone("Yazı Boyutu:")} <a>{s.gone("A+")}</a> <a>{s.gone("A-")}</a></span><a class="gn">{s.gone("Google News'te Abone Ol")}</a></div>
<img src="/v.jpg" class="resim"/><div class="metin">
{weave(s.body(), {2: f'<div class="ilgili"><a href="/x"><b>{s.gone("İLGİLİ HABER")}</b> {s.gone("Martılar iskeleyi terk etti")}</a></div>', 3: f'<p class="rek">{s.gone("REKLAM")}</p>'})}
<p>{s.gone("Kaynak: Haber Merkezi")}</p><p>{s.gone("Son dakika gelişmelerini WhatsApp kanalımızdan takip edebilirsiniz.")}</p></div>
<div class="etiket"><b>{s.gone("Etiketler:")}</b> {links([s.gone(tag) for tag in s.article.tags], row='<a href="/{}">{}</a> ')}</div>
<div class="yorum"><h3>{s.gone("Yorumlar (0)")}</h3><p>{s.gone("Bu habere ilk yorumu siz yapın")}</p><p>{s.gone("Yasal uyarı: Yazılan yorumlardan sitemiz sorumlu tutulamaz.")}</p></div></div></div></body></html>
"""
