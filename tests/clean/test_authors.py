import pytest
import trafilatura

from pipeline.clean.stated import read_stated_facts
from pipeline.items import Claim
from tests.clean.test_extract import ARTICLE, linked, page

H1 = "<h1>Nine states agree on the ferries</h1>"
AT = "https://harbourpost.example/news/ferries"
SITE = '<meta property="og:site_name" content="Harbour Post">'


def read(head: str, body: str):
    stated = read_stated_facts(
        trafilatura.load_html(page(head, H1 + body).decode()), timezone=None, address=AT
    )[0]
    people = [author.name for author in stated.authors if author.kind == "person"]
    return people, stated


@pytest.mark.parametrize(
    ("head", "body", "people"),
    [
        (linked({**ARTICLE, "author": {"@type": "Person", "name": ["Ann Lee"], "sameAs": "https://x.example/a"}}), "", ["Ann Lee"]),
        (linked({**ARTICLE, "author": {"@type": "Person", "givenName": "Ann", "familyName": "Lee"}}), "", ["Ann Lee"]),
        (linked({**ARTICLE, "creator": ["Ann Lee", "Bo Olsen"]}), "", ["Ann Lee", "Bo Olsen"]),
        (linked({**ARTICLE, "author": {"@type": "Organization", "name": "Harbour Post"}}), "<p class=byline>By Ann Lee</p>", ["Ann Lee"]),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">', "", ["Ann Lee"]),
        ('<meta name="author" content="admin">', "<span class=author-name>Ann Lee</span>", ["Ann Lee"]),
        ("", "<div property='dc:date' rel='sioc:has_creator'>Submitted by <span class=username>Ann Lee</span> on Wed</div>", ["Ann Lee"]),
        ("", "<a rel='nofollow author' href=/a>Ann Lee</a>", ["Ann Lee"]),
        ("", "<div class=byline-wrapper><a href=/@a>By Ann Lee</a><time>1 Dec 2024</time><div>214</div></div>", ["Ann Lee"]),
        ("", "<p data-testid=byline>By <a href=/author/ann>Ann Lee</a> and <a href=/author/bo>Bo Olsen</a></p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<div class='author vcard'><span>Ann</span> <span>Lee</span></div>", ["Ann Lee"]),
        ("", "<p class=meta><a class=author href=/author/a>Ann Lee</a> <a class=author href=/author/b>Bo Olsen</a></p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<div class=by><span>Par <a class=article__author-link href=/a>Ann Lee</a> (Rome) et <a class=article__author-link href=/b>Bo Olsen</a></span></div>", ["Ann Lee", "Bo Olsen"]),
        ("", "<div><span data-testid=byline-contributor-0><b>Ann Lee</b></span><span data-testid=byline-contributor-1><b>Bo Olsen</b></span></div>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p class=byline__names>By <a class=byline__link href=/profiles/a><i class=byline__name>Ann Lee</i></a>, <i class=byline__name>Bo Olsen</i>, Lamp</p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p class=authors>By <a href=/author/a>ANN LEE</a>, <b>CY DOE</b> and <b>BO OLSEN</b></p>", ["Ann Lee", "Cy Doe", "Bo Olsen"]),
        ("", "<p class=authors>By <a href=/author/a>Ann Lee</a>, <b>New York</b> and <a href=/author/b>Bo Olsen</a></p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<ul><li><i class=author-name>Ann Lee</i></li><li><i class=author-name>Bo Olsen</i></li></ul>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p>By Ann Lee in Port Ennis and Bo Olsen in Merrow</p>", ["Ann Lee", "Bo Olsen"]),
        ("", "<p>By Ann Lee in Merrow and Port Ennis</p>", ["Ann Lee"]),
        ("", "<p class=author>Ann Lee</p><div><div class=teaser><h3>Fog</h3><p class=author>Bo Olsen</p></div></div>", ["Ann Lee"]),
        ("", f"<p class=author>Ann Lee</p><p>{'The ferries were full. ' * 12}</p><p class=author>Bo Olsen</p>", ["Ann Lee"]),
        ("", "<figure><span class=author>Ann Lee</span></figure>", []),
        ("", "<ol class=comments><li itemscope itemtype='https://schema.org/Comment'><b itemprop=author>Ann Lee</b></li></ol>", []),
        ("", "<div class=related-posts><a href=/author/ann>Ann Lee</a></div>", []),
        ("", "<div class='text sidebar'><a href=/author/ann>Ann Lee</a></div>", []),
    ],
)  # fmt: skip
def test_people_are_found_in_the_shapes_that_systems_state_them(head, body, people):
    assert read(head, body)[0] == people


def test_a_body_that_is_named_for_its_sidebar_hides_no_author():
    html = page("", f"{H1}<a href=/author/ann>Ann Lee</a>").replace(
        b"<body>", b"<body class='single right-sidebar'>"
    )
    stated = read_stated_facts(trafilatura.load_html(html.decode()), timezone=None, address=AT)[0]
    assert [author.name for author in stated.authors] == ["Ann Lee"]


def test_the_site_stands_beside_the_people_as_an_organisation_and_an_agency_is_a_credit():
    node = {
        **ARTICLE,
        "author": [
            {"@type": "Organization", "name": "Harbour Post"},
            {"@type": "Organization", "name": "Interlink"},
        ],
    }
    people, stated = read(SITE + linked(node), "<p class=byline>By Ann Lee</p>")
    assert people == ["Ann Lee"]
    assert [author.name for author in stated.authors if author.kind == "organization"] == ["Harbour Post"]
    assert stated.credits == (Claim("Interlink", "json-ld"),)


@pytest.mark.parametrize(
    ("name", "people", "others"),
    [
        ("Ann Lee, ARD Brüssel", ["Ann Lee"], []),
        ("Ann Lee, MJ Olsen", ["Ann Lee", "MJ Olsen"], []),
        ("ANN LEE, BO OLSEN", ["Ann Lee", "Bo Olsen"], []),
        ("Ann Lee, Bo Olsen III", ["Ann Lee", "Bo Olsen III"], []),
        ("Lee, Ann", ["Ann Lee"], []),
        ("Reuters, AFP", [], ["Reuters", "AFP"]),
        ("Harbour 24 with AFP", [], ["Harbour 24", "AFP"]),
        ("Ann Lee with AFP", ["Ann Lee"], ["AFP"]),
        ("FRANCE 24 with AFP", [], ["FRANCE 24", "AFP"]),
        ("MAY 24", [], []),
        ("Ann Lee December 4", ["Ann Lee"], []),
    ],
)
def test_one_name_in_one_field_is_one_person_and_what_lent_the_text_is_a_credit(name, people, others):
    found, stated = read(linked({**ARTICLE, "author": {"@type": "Person", "name": name}}), "")
    lent = [author.name for author in stated.authors if author.kind == "organization"]
    assert (found, [*lent, *(credit.value for credit in stated.credits)]) == (people, others)
