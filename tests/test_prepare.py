import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.canonical import join_lines, tidy_line
from pipeline.clean.choosing import TRUST, choose_published
from pipeline.errors import Quarantine
from pipeline.items import Capture, Claim, Credit, DateClaim, Declared, Listed, Prepared, Source
from pipeline.prepare import prepare
from pipeline.settings import CHECKOUT
from tests.clean.test_extract import ARTICLE, PARAGRAPHS, linked, page
from tests.site.client import get
from tests.site.server import Site
from tests.site.truth import OUTLETS, ZONES, of_host

CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)
HEADLINE = 2  # seed 003's headline, by its line's number
# The number, the rule and the text of every line that goes.
REMOVED: dict[str, list[tuple[int, str, str | int]]] = {
    "000": [],
    "001": [(8, "white-space", " "), (10, "white-space", " ")],
    "002": [(4, "earlier-link", "EARLIER: Russia suspected in deep sea cables sabotage")],
    "003": [
        (0, "date-banner", "16:28 04.12.2024"),
        (2, "repeated-headline", HEADLINE),
        (4, "reading-time", "3 min read"),
        (5, "repeated-headline", HEADLINE),
        (33, "ad-marker", "AD"),
        (34, "ad-marker", "AD"),
        (35, "ad-marker", "AD"),
        (36, "ad-marker", "AD"),
    ],
    "004": [
        (0, "page-date", "Sun. Jan 26th, 2025"),
        (1, "caption", "The flags of Ukraine and NATO. Source: NATO"),
        (3, "dateline", "Brussels, 4 December 2024"),
        (5, "languages", "Also available in French and Ukrainian"),
        (21, "empty-label", "Further information"),
        (22, "empty-label", "Topics"),
        (24, "source-line", "Source – NATO"),
        (26, "white-space", "\u00a0"),
        (77, "white-space", "\u00a0"),
        (204, "source-line", "Source –\u00a0NATO"),
        (206, "white-space", "\u00a0"),
        (208, "share-prompt", "Forward to your friends"),
    ],
}
SEED = pytest.mark.parametrize("number", REMOVED)


def seed_bytes(number: str) -> bytes:
    (path,) = (CHECKOUT / "seeds").glob(f"{number}_*.txt")
    return path.read_bytes()


def prepared(body: bytes | str, media_type: str = "text/plain", **fields) -> Prepared:
    body = body if isinstance(body, bytes) else body.encode()
    return prepare(Capture("a test", body, media_type, CAPTURED, **fields))


@SEED
def test_a_seed_loses_exactly_the_lines_that_are_not_the_article(number):
    lines = seed_bytes(number).decode().split("\n")
    expected = [
        (at, rule, lines[text] if isinstance(text, int) else text) for at, rule, text in REMOVED[number]
    ]
    found = prepared(seed_bytes(number)).removed
    assert [(line.number, line.rule, line.text) for line in found] == expected


@SEED
def test_everything_else_in_a_seed_stays(number):
    gone = {at for at, _, _ in REMOVED[number]}
    lines = seed_bytes(number).decode().split("\n")
    kept = join_lines(tidy_line(line) for at, line in enumerate(lines) if at not in gone)
    assert prepared(seed_bytes(number)).text == kept


@SEED
def test_a_clean_seed_has_nothing_left_to_remove(number):
    clean = prepared(seed_bytes(number))
    again = prepared(clean.text)
    assert (again.removed, again.sha256) == ((), clean.sha256)


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_a_seed_that_states_neither_title_nor_date_gets_none(number):
    clean = prepared(seed_bytes(number))
    assert (clean.title, clean.published, clean.dates, clean.credits) == (None, None, (), ())


def test_the_agency_seed_tells_its_headline_and_its_minute():
    clean = prepared(seed_bytes("003"), timezone="Europe/Kyiv")
    assert clean.title == Claim(seed_bytes("003").decode().split("\n")[HEADLINE], "headline")
    assert clean.published.at == datetime(2024, 12, 4, 14, 28, tzinfo=UTC)
    assert (clean.published.local, clean.published.zone) == (
        datetime.fromisoformat("2024-12-04 16:28"),
        "Europe/Kyiv",
    )


def test_the_monitoring_seed_is_dated_by_its_dateline_and_never_by_the_page():
    clean = prepared(seed_bytes("004"))
    assert (clean.title, clean.credits) == (None, (Credit("NATO", "source-line", evidence="Source – NATO"),))
    assert (clean.published.day, clean.published.origin) == (date(2024, 12, 4), "dateline")
    assert [claim.kind for claim in clean.dates if claim.day == date(2025, 1, 26)] == ["page"]


def test_headings_and_speakers_of_the_seeds_stay():
    lines = prepared(seed_bytes("004")).text.split("\n")
    assert {
        "(As delivered)",
        "Q&A",
        "Max Delaney, AFP",
        "Andrew Gray, Reuters",
        "Iryna Somer, Interfax Ukraine",
    } <= set(lines)
    assert lines.count("NATO Secretary General Mark Rutte") == 9
    assert lines.count("NATO Spokesperson Farah Dakhlallah") == 9
    assert any(line.startswith("Press conference by NATO Secretary General") for line in lines)
    assert "UKRAINE" in prepared(seed_bytes("002")).text.split("\n")


RECODED = {
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-le without its mark": lambda text: text.encode("utf-16-le"),
    "utf-32": lambda text: text.encode("utf-32"),
    "cp1252": lambda text: text.encode("cp1252"),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
    "nfd": lambda text: unicodedata.normalize("NFD", text).encode(),
    "spaces at the ends": lambda text: text.replace("\n", " \u00a0\n\t").encode(),
}


@pytest.mark.parametrize("recode", RECODED.values(), ids=RECODED)
@SEED
def test_a_seed_in_another_encoding_is_the_same_document(number, recode):
    again = prepared(recode(seed_bytes(number).decode()))
    assert again.sha256 == prepared(seed_bytes(number)).sha256


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_text_with_marks_is_one_document_in_either_form(form):
    text = "Посланці Її Величності в Гаазі йшли повільно; café, señor, Århus."
    assert prepared(unicodedata.normalize(form, text)).text == text


AGENCY = [
    "Envoys of nine states agree to open a school for ferry pilots in the spring",
    "Nine states will open a school for ferry pilots in the spring, the host of the talks said on Tuesday.",
    '"We have enough ships, and too few crews," he said after the talks had ended in the harbour town.',
    "The school will take forty pupils a year, and the states will share what it costs.",
]


@pytest.mark.parametrize("adverts", ["AD AD AD", "AD\nAD\n\nAD", "AD\n\nAD AD"])
def test_an_agency_page_never_seen_before_is_cleaned(adverts):
    headline, *paragraphs = AGENCY
    text = "\n\n".join(["09:05 11.03.2025", headline, f"2 min read\n{headline}", *paragraphs, adverts])
    clean = prepared(text, timezone="Europe/Kyiv")
    assert clean.text == "\n".join(paragraphs)
    assert clean.title == Claim(headline, "headline")
    assert clean.published.at == datetime(2025, 3, 11, 7, 5, tzinfo=UTC)


def test_ad_markers_glued_to_the_last_paragraph_go_too():
    headline, *paragraphs = AGENCY
    text = "\n".join(["09:05 11.03.2025", headline, "2 min read", *paragraphs])
    clean = prepared(f"{text} AD AD AD")
    assert (clean.text, clean.title) == ("\n".join(paragraphs), Claim(headline, "headline"))


MONITORING = """Tue. Apr 15th, 2025
The harbour at dawn. Source: Council of the EU

The Hague, 11 March 2025

Also available in German and Polish

{}

Further information
Topics

Source – Council of the EU

\u00a0

Doorstep by the host of the talks, on his way to the meeting in the harbour town

(As delivered)

Good morning.

{}

Q&A

Otto Example, Reuters
{}

Source – Council of the EU

Forward to your friends
"""


def test_a_monitoring_page_never_seen_before_is_cleaned():
    clean = prepared(MONITORING.format(*AGENCY[1:]))
    assert clean.text.split("\n") == [
        AGENCY[1],
        "Doorstep by the host of the talks, on his way to the meeting in the harbour town",
        "(As delivered)",
        "Good morning.",
        AGENCY[2],
        "Q&A",
        "Otto Example, Reuters",
        AGENCY[3],
    ]
    assert clean.credits == (
        Credit("Council of the EU", "source-line", evidence="Source – Council of the EU"),
    )
    assert (clean.published.day, clean.published.origin) == (date(2025, 3, 11), "dateline")
    assert clean.title is None


HTML_HEAD = (
    linked(ARTICLE)
    + '<meta property="og:title" content="Nine states agree on the ferries - The Harbour Post">'
)


def test_a_page_gives_its_text_without_the_title_and_its_stated_date():
    body = "<h1>Nine states agree on the ferries</h1><!-- share -->"
    clean = prepared(page(HTML_HEAD, body, between="<!-- slot --><p>Advertisement</p>"), "text/html")
    assert clean.text == "\n".join(PARAGRAPHS)
    assert clean.title == Claim("Nine states agree on the ferries", "json-ld")
    assert clean.published.at == datetime(2025, 3, 11, 7, 5, tzinfo=UTC)
    assert clean.language == Claim("en", "html-lang")


def test_a_title_in_other_quotation_marks_is_not_left_in_the_body():
    head = '<meta property="og:title" content="Nine states\' envoys agree">'
    clean = prepared(page(head, "<h1>Nine states’ envoys agree</h1>"), "text/html")
    assert clean.text == "\n".join(PARAGRAPHS)


def test_the_same_article_as_a_page_and_as_a_file_is_one_document():
    assert prepared(page(HTML_HEAD), "text/html").sha256 == prepared("\n\n".join(PARAGRAPHS)).sha256


def test_a_page_without_an_article_is_set_aside():
    with pytest.raises(Quarantine) as caught:
        prepared(b"<html><head><title>Nothing</title></head><body></body></html>", "text/html")
    assert caught.value.reason == "empty"


@pytest.mark.parametrize("body", ["AD\nAD", "🙂🙂", "…", "4 December 2024", "\ufeff"])
def test_a_text_of_which_nothing_is_left_is_set_aside(body):
    with pytest.raises(Quarantine) as caught:
        prepared(body)
    assert caught.value.reason == "no-article"


def test_another_media_type_is_set_aside():
    with pytest.raises(Quarantine) as caught:
        prepared(b"%PDF-1.7", "application/pdf")
    assert caught.value.reason == "media-type"


def test_what_is_declared_beats_what_the_text_tells():
    declared = Declared("00ff00ff00ff00ff", " The  declared title ", date(2025, 3, 10), "uk")
    clean = prepared("\n".join(["09:05 11.03.2025", AGENCY[0], "2 min read", *AGENCY[1:]]), declared=declared)
    assert (clean.content_hash, clean.hash_origin) == ("00ff00ff00ff00ff", "declared")
    assert clean.title == Claim("The declared title", "declared")
    assert (clean.published.day, clean.published.origin) == (date(2025, 3, 10), "declared")
    assert clean.language == Claim("uk", "declared")


def test_a_document_without_a_declared_hash_is_named_by_its_digest():
    clean = prepared(AGENCY[1])
    assert (clean.content_hash, clean.hash_origin) == (clean.sha256.hex()[:16], "computed")


def test_a_date_after_the_capture_is_not_the_publication():
    clean = prepared(f"The Hague, 11 March 2027\n{AGENCY[1]}")
    assert clean.published is None
    assert [claim.day for claim in clean.dates] == [date(2027, 3, 11)]


def test_a_date_that_could_be_two_days_is_noted_and_not_used():
    clean = prepared(f"04/12/2024 16:28\n{AGENCY[1]}")
    assert (clean.published, clean.dates) == (None, ())
    assert "04/12/2024" in clean.notes[0]


def test_a_guessed_encoding_is_noted():
    clean = prepared(f"“Encore,” said the café’s owner. {AGENCY[1]}".encode("cp1252"))
    assert "cp1252" in clean.notes[0]


@given(st.text(max_size=200) | st.sampled_from([seed_bytes(number).decode() for number in REMOVED]))
def test_the_same_bytes_always_give_the_same_result(text):
    def facts() -> tuple[object, ...]:
        try:
            clean = prepared(text.encode("utf-8", "surrogatepass"))
        except Quarantine as caught:
            return (caught.reason,)
        return (
            clean.sha256,
            clean.fingerprint.tolist(),
            clean.word_count,
            clean.title,
            clean.dates,
            clean.published,
            clean.removed,
            clean.notes,
            clean.recipe,
        )

    assert facts() == facts()


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "unit", ["word ", "a", "AD ", "AD\n", " \n", "Share\n", '"“ ', "🙂 ok ", "وزير ", "Topics\n\n"]
)
def test_a_text_of_a_megabyte_is_prepared_in_time(unit):
    clean = prepared(unit * (1_000_000 // len(unit.encode())) + "\nThe end of it all.")
    assert clean.text.endswith("The end of it all.")


def test_a_page_of_nothing_but_navigation_is_no_article():
    body = b"<html><body><nav><a href=/>Home</a></nav></body></html>"
    with pytest.raises(Quarantine) as caught:
        prepare(Capture("https://a.test/", body, "text/html", datetime(2025, 1, 26, tzinfo=UTC)))
    assert caught.value.reason == "no-article"


AT = "https://www.harbour.example/2025/03/11/ferries/"


def at(address: str, head: str = "", hosts: tuple[str, ...] = (), **fields) -> Prepared:
    source = Source("harbour", "The Harbour Post", hosts=hosts)
    return prepare(Capture(address, page(HTML_HEAD + head), "text/html", CAPTURED, source=source, **fields))


def test_a_page_that_states_another_address_of_its_own_is_published_there():
    head = f'<link rel=canonical href="{AT}"><link rel=amphtml href="amp/">'
    assert at(AT + "?utm_source=x", head).article_address == AT
    assert at(AT, head).article_address is None
    assert at(AT, head).twins == (AT + "amp/",)
    assert at(AT + "amp/", head.replace("amp/", AT + "amp/")).article_address == AT


def test_an_address_that_only_the_tracker_tells_apart_is_put_right_without_a_statement():
    assert at(AT + "?fbclid=1").article_address == AT
    assert prepared(AGENCY[1]).article_address is None
    text = Capture("https://a.example/b?utm_source=x", AGENCY[1].encode(), "text/plain", CAPTURED)
    assert prepare(text).article_address == "https://a.example/b"


def test_an_address_on_a_foreign_site_is_believed_only_of_the_source_itself():
    head = '<link rel=canonical href="https://agency.example/a-1"><link rel=shortlink href="https://agency.example/1">'
    assert (at(AT, head).article_address, at(AT, head).twins) == (None, ())
    own = at(AT, head, hosts=("agency.example",))
    assert (own.article_address, own.twins) == ("https://agency.example/a-1", ("https://agency.example/1",))


NO_HEAD = page()


def listed_as(origin: str, body: bytes = NO_HEAD, **fields) -> Prepared:
    return prepared(body, "text/html", listed=Listed(origin, **fields))


@pytest.mark.parametrize("origin", ["news-sitemap", "wordpress", "feed", "listing"])
def test_a_page_without_a_title_has_the_one_it_was_listed_with(origin):
    assert listed_as(origin, title=" Nine  states agree ").title == Claim("Nine states agree", origin)
    assert listed_as(origin, page(HTML_HEAD), title="Read on").title.origin == "json-ld"


@pytest.mark.parametrize("origin", ["section", "wayback", "sitemap"])
def test_the_words_of_a_link_are_no_title(origin):
    assert listed_as(origin, title="Read more").title is None


def test_a_listed_headline_is_not_left_at_the_head_of_the_text():
    clean = listed_as("feed", page(body=f"<p>{AGENCY[0]}</p>"), title=AGENCY[0])
    assert clean.text == "\n".join(PARAGRAPHS)
    assert clean.title.value == AGENCY[0]


def test_what_the_text_says_of_its_title_beats_what_a_listing_says():
    text = "\n".join(["09:05 11.03.2025", AGENCY[0], "2 min read", AGENCY[0], *AGENCY[1:]])
    assert prepared(text, listed=Listed("feed", title="Ferries")).title == Claim(AGENCY[0], "headline")


NINE = datetime(2025, 3, 11, 9, 5, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("origin", ["news-sitemap", "wordpress", "feed", "listing"])
def test_a_page_without_a_date_has_the_one_it_was_listed_with(origin):
    found = listed_as(
        origin, published="Tue, 11 Mar 2025 09:05 +0200", published_at=NINE, published_on=NINE.date()
    ).published
    assert (found.origin, found.raw, found.day) == (
        origin,
        "Tue, 11 Mar 2025 09:05 +0200",
        date(2025, 3, 11),
    )
    assert (found.at, found.local, found.zone) == (NINE, NINE.replace(tzinfo=None), "+0200")


def test_a_listed_day_without_a_zone_is_a_day():
    found = listed_as("feed", published="2025-03-11 09:05", published_on=NINE.date()).published
    assert (found.day, found.at, found.local) == (date(2025, 3, 11), None, None)


@pytest.mark.parametrize("origin", ["sitemap", "news-sitemap", "feed"])
def test_when_a_listed_page_was_modified_is_not_when_it_was_published(origin):
    found = listed_as(origin, modified="2025-03-12", modified_on=date(2025, 3, 12))
    assert found.published is None
    assert [(claim.kind, claim.origin, claim.day) for claim in found.dates] == [
        ("modified", origin, date(2025, 3, 12))
    ]


@pytest.mark.parametrize("origin", ["sitemap", "section", "wayback"])
def test_no_publication_is_taken_from_a_page_that_only_links(origin):
    assert listed_as(origin, published="2025-03-11", published_on=NINE.date()).dates == ()


@given(st.permutations(TRUST), st.integers(1, len(TRUST)))
def test_the_most_trusted_date_is_chosen_whatever_the_order(origins, number):
    claims = tuple(DateClaim("published", origin, "", date(2025, 3, 11)) for origin in origins[:number])
    chosen, _ = choose_published(claims, CAPTURED)
    assert chosen.origin == min(origins[:number], key=TRUST.index)


def test_every_page_of_the_local_site_is_dated_as_it_states_and_stands_where_it_was_fetched():
    seen = 0
    with Site() as site:
        for host in OUTLETS:
            for article in of_host(host):
                got = get(site, host, article.path)
                if got.status != 200:
                    continue
                address = f"http://{host}:{site.port}{article.path}"
                clean = prepare(Capture(address, got.body, "text/html", CAPTURED, timezone=ZONES[host]))
                stated = article.stated or ""
                assert clean.published.day.isoformat() == stated[:10], address
                if len(stated) > 10:
                    moment = datetime.fromisoformat(stated)
                    local = clean.published.local
                    assert local == moment.replace(tzinfo=None), address
                assert clean.article_address is None
                seen += 1
    assert seen > 30
