"""JSON-LD as sites state it: an article alone, a graph of many nodes, authors as people, agencies or plain names."""

from typing import Any

from tests.corpus.sheet import Sheet, script, words


def article_node(sheet: Sheet, *, kind: str = "NewsArticle", authors: str = "people") -> dict[str, Any]:
    """The node of the page's own article; `authors` is how they are stated: people, names, agency, none."""
    text, place = sheet.article, sheet.place
    node: dict[str, Any] = {
        "@type": kind,
        "mainEntityOfPage": {"@type": "WebPage", "@id": sheet.address},
        "headline": _entities(text.title) if sheet.has("entities") else text.title,
        "image": [f"https://{place.host}/media/{text.key}-1200.jpg"],
        "publisher": {"@type": "NewsMediaOrganization", "name": place.site, "url": f"https://{place.host}/"},
        "articleSection": text.section,
        "inLanguage": text.language,
    }
    sheet.states_section = True
    if text.standfirst:
        node["description"] = text.standfirst
    if sheet.states("ld"):
        node["datePublished"] = sheet.stamp(sheet.published)
        node["dateModified"] = sheet.stamp(sheet.modified)
    if authors == "agency" and text.agency:
        node["author"] = {"@type": "Organization", "name": text.agency}
        sheet.credit = text.agency
    elif authors != "none" and text.signed:
        sheet.states_authors = True
        named = [
            {"@type": "Person", "name": name, "url": f"https://{place.host}/a/{n}"}
            for n, name in enumerate(text.signed)
        ]
        if sheet.has("joined"):
            named = [{"@type": "Person", "name": " and ".join(text.signed)}]
        node["author"] = list(text.signed) if authors == "names" else named if len(named) > 1 else named[0]
    return node


def _entities(title: str) -> str:
    """A headline as a site writes it that escapes for HTML what goes into JSON."""
    return "".join(f"&#{ord(mark)};" if mark in "‘’'«»–" else mark for mark in title)


def alone(sheet: Sheet, **form: str) -> str:
    """A script with the article's node alone."""
    return script({"@context": "https://schema.org", **article_node(sheet, **form)})


def graph(sheet: Sheet, **form: str) -> str:
    """A graph as WordPress plugins write it."""
    home = f"https://{sheet.place.host}/"
    return script(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "@id": f"{home}#website", "url": home, "name": sheet.place.site},
                {
                    "@type": "WebPage",
                    "@id": sheet.address,
                    "url": sheet.address,
                    "name": f"{sheet.article.title} - {sheet.place.site}",
                },
                {
                    "@type": "BreadcrumbList",
                    "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home", "item": home}],
                },
                article_node(sheet, **form),
            ],
        }
    )


def others(sheet: Sheet) -> str:
    """A script with the nodes of other articles, which must not win over the page's own."""
    headlines = words(sheet.group)[sheet.article.language]["related"]
    return script(
        [
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "url": f"https://{sheet.place.host}/other/{n}",
                "mainEntityOfPage": f"https://{sheet.place.host}/other/{n}",
                "headline": headline,
                "datePublished": f"2024-11-{10 + n}T08:00:00+00:00",
                "author": {"@type": "Person", "name": "Somebody Else"},
            }
            for n, headline in enumerate(headlines[:3])
        ]
    )
