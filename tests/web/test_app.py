"""The reading room over HTTP: pages in each form, faults as pages, and what it refuses."""

import csv
import io
import re
from dataclasses import replace
from functools import partial

import pytest
from lxml import html
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from pipeline.store.searchwords import LONGEST_QUERY
from pipeline.web.answering import Room
from pipeline.web.app import make_app
from pipeline.web.aside import aside
from pipeline.web.guard import POLICY
from pipeline.web.rooms import _engine
from tests.web.conftest import HOSTILE_ADDRESS, ONE, TWINS

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def hash_of(client: TestClient, address: str) -> str:
    answer = client.get("/document", params={"address": address}, follow_redirects=False)
    assert answer.status_code == 302
    return answer.headers["location"].rsplit("/", 1)[1]


def test_every_page_has_html_and_json_and_every_link_on_it_leads_somewhere(client: TestClient) -> None:
    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        root = html.document_fromstring(answer.text)
        assert len(root.xpath("//h1")) == 1 or "/frame" in path, path
        assert not root.xpath("//script | //*[@style] | //style") or "/frame" in path, path
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids)), path
        for link in root.xpath("//a/@href | //iframe/@src | //link/@href"):
            if link.startswith("#"):
                assert link[1:] in ids, (path, link)
            elif link.startswith("/"):
                waiting.append(link)
            else:
                assert link.startswith("https://"), (path, link)
    for kind in (
        "story",
        "document",
        "compare",
        "quotes",
        "quote/",
        "quotes.csv",
        "source",
        "original",
        "run",
        "stories.csv",
        "index.json",
    ):
        assert any(path.startswith(f"/{kind}") for path in seen), kind


def test_each_answer_is_guarded(client: TestClient) -> None:
    for path in ("/", "/nothing", "/stories.json", "/newsfold.css", "/run/x", "/stories?page=0"):
        headers = client.get(path).headers
        assert headers["content-security-policy"] == POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_reading_is_answered(client: TestClient, method: str) -> None:
    answer = client.request(method, "/stories")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "only GET and HEAD" in answer.text
    assert client.head("/stories").content == b""


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LOCALHOST.:8000", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200),
        ("reading.example.org", 200), ("evil.test", 421), ("localhost.evil.test", 421), ("127.0.0.1.evil.test", 421),
        ("", 421), ("localhost@evil.test", 421), ("[evil", 421),
    ],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused(client: TestClient, host: str, status: int) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == status
    assert ("An event" in answer.text) == (status == 200)


def test_what_was_captured_stays_text(client: TestClient) -> None:
    shown = client.get(f"/document/{hash_of(client, 'https://a.test/1')}").text
    assert "<i>mended" not in shown
    assert "&lt;i&gt;mended&lt;/i&gt;" in shown
    hostile = client.get(f"/document/{hash_of(client, HOSTILE_ADDRESS)}").text
    assert "<script" not in hostile
    assert "The &lt;b&gt;Wire&lt;/b&gt;" in client.get("/sources").text


def test_an_original_is_inert_under_a_policy_of_its_own(client: TestClient) -> None:
    [original] = client.get(f"/document/{hash_of(client, HOSTILE_ADDRESS)}.json").json()["originals"]
    outer = client.get(f"/original/{original['sha256']}")
    [frame] = html.document_fromstring(outer.text).xpath("//iframe")
    assert frame.get("sandbox") == ""
    inner = client.get(frame.get("src"))
    policy = inner.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "unsafe-eval" not in policy
    assert "<script" not in inner.text
    assert client.get(f"/original/{'0' * 64}").status_code == 404
    assert client.get("/original/xyz/frame").status_code == 404


def test_an_original_is_shown_as_text_where_that_is_asked_for_and_where_making_it_inert_takes_too_long(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    [original] = client.get(f"/document/{hash_of(client, HOSTILE_ADDRESS)}.json").json()["originals"]
    outer = html.document_fromstring(client.get(f"/original/{original['sha256']}?text=1").text)
    [inner] = outer.xpath("//iframe/@src")
    assert "&lt;script&gt;" in client.get(inner).text
    monkeypatch.setattr("pipeline.web.app.inert_page", _never)
    monkeypatch.setattr("pipeline.web.app.aside", partial(aside, seconds=1.0))
    late = client.get(f"/original/{original['sha256']}/frame")
    assert "more than 1 seconds. All of it can be read as text" in late.text
    assert late.headers["content-security-policy"].startswith("sandbox;")


def _never(*_: object, **__: object) -> str:
    return str(7**10**9)  # holds the lock, and hears no signal


def test_a_comparison_that_takes_too_long_leads_to_the_command(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.web.rooms._compared", _never)
    monkeypatch.setattr("pipeline.web.rooms.aside", partial(aside, seconds=1.0))
    one, other = hash_of(client, "https://a.test/1"), hash_of(client, "https://b.test/1")
    answer = client.get(f"/compare/{one}/{other}")
    assert answer.status_code == 400
    assert f"newsfold diff {one} {other}" in answer.text


def test_a_lost_archive_is_said(client: TestClient, room: Room, tmp_path) -> None:
    [original] = client.get(f"/document/{hash_of(client, HOSTILE_ADDRESS)}.json").json()["originals"]
    lost = TestClient(make_app(replace(room, archive=tmp_path)), base_url="http://localhost")
    answer = lost.get(f"/original/{original['sha256']}")
    assert answer.status_code == 404
    assert "cannot be read" in answer.text


def test_moved_passages_are_linked_both_ways(client: TestClient) -> None:
    one, other = hash_of(client, "https://a.test/1"), hash_of(client, "https://b.test/1")
    root = html.document_fromstring(client.get(f"/compare/{one}/{other}").text)
    moved = root.xpath("//a[contains(., '⇄')]")
    assert {link.get("href") for link in moved} == {
        f"#{side}{n}" for side in "ab" for n in {link.get("id")[1:] for link in moved}
    }
    assert len(moved) == 2
    # The colour of moved passages is of no other one.
    assert {span.get("class") for span in root.xpath("//td//a[contains(., '⇄')]/..")} == {"p moved"}
    assert not root.xpath("//*[contains(@class, 'moved') and contains(@class, ' p')]")
    assert client.get(f"/compare/{one[:8]}/{other}").status_code == 200


def test_the_server_ends_what_a_comparison_asks_for_as_it_ends_a_page_s(room: Room) -> None:
    engine = _engine(room.engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert connection.scalar(text("show statement_timeout")) == "10s"
        assert connection.scalar(text("show transaction_read_only")) == "on"
    engine.dispose()


def test_lines_that_share_nothing_can_be_left_out_and_are_counted(client: TestClient) -> None:
    one, other = hash_of(client, "https://a.test/1"), hash_of(client, "https://b.test/1")
    whole, shared = (client.get(f"/compare/{one}/{other}.json{more}").json() for more in ("", "?shared=1"))
    assert (whole["unshared"], whole["gaps"]) == (1, [])
    assert len(whole["rows"]) - len(shared["rows"]) == shared["unshared"] == 1
    assert all(any(part["passage"] for side in row for part in side or ()) for row in shared["rows"])
    assert len(shared["gaps"]) == len(shared["rows"])
    assert sum(shared["gaps"]) + shared["unshared_after"] == 1
    assert "Leave out the 1 line with nothing in common" in client.get(f"/compare/{one}/{other}").text


def test_residue_is_there_on_demand(client: TestClient) -> None:
    path = f"/document/{hash_of(client, HOSTILE_ADDRESS)}"
    before, after = (html.document_fromstring(client.get(path + more).text) for more in ("", "?residue=1"))
    if not before.xpath("//*[@class='gone']"):
        pytest.fail("nothing was removed from the page: the test has nothing to look at")
    assert before.xpath("//input[@id='residue']/@checked") == []
    assert after.xpath("//input[@id='residue']/@checked") != []


def test_each_article_of_a_text_shows_what_was_removed_from_it(client: TestClient) -> None:
    path = f"/document/{hash_of(client, TWINS[0])}"
    shown = html.document_fromstring(client.get(path).text)
    links = shown.xpath("//nav[@aria-label='Whose removed lines']/a/@href")
    assert len(links) == 2
    removed = [
        html.document_fromstring(client.get(link).text).xpath("//*[@class='gone']/text()") for link in links
    ]
    assert [{line.strip() for line in lines} - {""} for lines in removed] == [
        {"Read also: One thing"},
        {"Read also: Another"},
    ]
    assert client.get(path, params={"article": "https://c.test/1"}).status_code == 404


def test_a_sentence_is_found_by_its_handle_its_number_and_who_carries_it(client: TestClient) -> None:
    listed = client.get("/quotes.json").json()
    assert listed["paging"]["total"] == len(listed["quotes"]) > 2
    for quote in listed["quotes"]:
        assert quote["outlets"] == len({one["outlet"] for one in quote["carriers"]})
        assert all(one["share"] <= 1 for one in quote["carriers"])
    quote = listed["quotes"][0]
    by_handle, by_number = (
        client.get(f"/quote/{word}.json").json()["quote"] for word in (quote["handle"], f"q{quote['id']}")
    )
    assert by_handle == by_number == quote
    of_wire = client.get("/quotes.json", params={"source": "wire"}).json()["quotes"]
    assert {one["source"] for row in of_wire for one in row["carriers"]} >= {"wire"}
    assert of_wire
    assert all("wire" in {one["source"] for one in row["carriers"]} for row in of_wire)
    own = hash_of(client, "https://b.test/1")
    for name in ("document", "story"):
        rows = client.get("/quotes.json", params={name: own}).json()["quotes"]
        assert rows
        assert all(own in {one["content_hash"] for one in row["carriers"]} for row in rows)
    quoted = client.get("/quotes.json", params={"quoted": "1"}).json()["quotes"]
    assert quoted == [row for row in listed["quotes"] if any(one["quoted"] for one in row["carriers"])]
    cells = list(csv.DictReader(io.StringIO(client.get("/quotes.csv").content.decode("utf-8-sig"))))
    assert len(cells) == sum(len(row["carriers"]) for row in listed["quotes"])
    assert f'href="/quote/{quote["handle"]}"' in client.get("/").text


def test_lists_are_csv_and_no_cell_is_a_formula(client: TestClient) -> None:
    answer = client.get("/stories.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="newsfold-stories.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == client.get("/stories.json").json()["paging"]["total"] == 4
    assert "'=HYPERLINK(1)" in {row["title"] for row in rows}
    assert client.get("/original/x.csv").status_code == 404


def test_pages_go_on_where_the_last_one_ended(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/stories.json").json()["stories"]
    monkeypatch.setattr("pipeline.web.rooms.STORIES", 2)
    pages = [client.get("/stories.json", params={"page": number}).json() for number in (1, 2)]
    assert [page["stories"] for page in pages] == [whole[:2], whole[2:]]
    assert 'rel="next"' in client.get("/stories").text
    assert client.get("/stories?shared=1").text.count('<article class="card"') == 1


@pytest.mark.parametrize(
    "question",
    [
        "'", '"', '"""', "a' or 1=1 --", "<script>alert(1)</script>", "& | ! ( ) :* <->", "\\", "%", "-", "*", "a:*:*",
        "\x00\x01", "\ud7ff\uffff", "(" * 300, "💥", "$1 :x {y} %(z)s", "a" * 300, " ",
    ],
)  # fmt: skip
def test_hostile_questions_are_only_questions(client: TestClient, question: str) -> None:
    answer = client.get("/search", params={"q": question})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert client.get("/search.json", params={"q": question, "source": question}).status_code == 200


def test_a_question_may_be_as_long_as_the_command_s_may(client: TestClient) -> None:
    for length, status in ((LONGEST_QUERY, 200), (LONGEST_QUERY + 1, 400)):
        answer = client.get("/search", params={"q": "a" * length})
        assert answer.status_code == status
        assert f'maxlength="{LONGEST_QUERY}"' in answer.text


def test_the_front_page_has_stories_of_one_outlet_only_where_there_are_no_others(
    client: TestClient, endless: TestClient
) -> None:
    listed = client.get("/stories.json").json()
    shown = client.get("/index.json").json()
    assert [row["id"] for row in shown["stories"]] == [
        row["id"] for row in listed["stories"] if row["outlets"] > 1
    ]
    assert 0 < len(shown["stories"]) == listed["paging"]["total"] - shown["more"]
    assert "that most outlets printed" in client.get("/").text
    alone = endless.get("/")
    assert "Stories, each of one outlet" in alone.text
    assert "that most outlets printed" not in alone.text


def test_search_finds_marks_and_filters(client: TestClient) -> None:
    word = max(ONE.split(), key=len).strip(".")
    answer = client.get("/search", params={"q": word})
    assert re.search(rf"<mark>{word}</mark>", answer.text, re.IGNORECASE)
    assert len(client.get("/search.json", params={"q": word, "all": "1"}).json()["hits"]) == 2
    assert client.get("/search.json", params={"q": word, "source": "nobody"}).json()["hits"] == []
    for wrong in (
        {"since": "soon"},
        {"kind": "odd"},
        {"q": "a " * 32 + "-b"},
        {"page": "0"},
        {"language": "x" * 13},
    ):
        assert client.get("/search", params={"q": word} | wrong).status_code == 400


def test_a_title_without_an_end_is_cut_wherever_a_page_shows_it(
    endless: TestClient,
) -> None:
    found = hash_of(endless, "https://long.test/1")
    other = hash_of(endless, "https://long.test/2")
    for path in ("/", "/stories", "/search?q=endless&all=1", f"/story/{found}", f"/document/{found}", "/sources", "/source/long",
                 f"/compare/{found}/{other}", "/quotes"):  # fmt: skip
        answer = endless.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 60_000, path
        assert "\x1b" not in answer.text
    assert " …</h1>" in endless.get(f"/document/{found}").text
    assert endless.get("/search?q=endless").text.count("<mark>") < 300


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nothing", 404, "leads nowhere"), ("/story/zzz", 404, "no content hash"), ("/document/", 404, "no content hash"),
        ("/run/99999999999999999", 404, "no run"), ("/run/1?outcome=odd", 400, "no outcome"), ("/source/x", 404, "no source"),
        ("/compare/zz/0", 404, "no content hash"), ("/document?address=https://x.test/", 404, "No article"),
        ("/quote/zz", 404, "no sentence"), ("/quote/q99999", 404, "No text carries"), ("/quote/00000000000000ff", 404, "No text"),
        ("/quotes?source=nobody", 404, "no source"), ("/quotes?story=zz", 404, "no content hash"),
        ("/story/1.xml", 404, "no content hash"), ("/document/%00", 404, "no content hash"),
        ("/source/%00", 404, "no source"), ("/run/%00", 404, "no run"), ("/quote/%00", 404, "no sentence"), ("/original/%00", 404, "64 hex"),
        ("/compare/%00/%00", 404, "no content hash"), ("/document?address=%00", 404, "no content hash"), ("/quotes?source=%00", 200, "Quotes"),
    ],
)  # fmt: skip
def test_faults_are_pages_with_a_sentence(client: TestClient, path: str, status: int, says: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert says in answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize("path", ["/stories?page=9999", "/stories?shared=1&page=2", "/runs?page=2", "/run/1?page=3", "/quotes?page=99",
                                  "/source/wire?page=2", "/search?q=a&page=9"])  # fmt: skip
def test_past_the_end_of_a_list_a_page_leads_to_its_beginning(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "The list has ended" in answer.text
    root = html.document_fromstring(answer.text)
    [way] = root.xpath("//a[contains(., 'from its beginning')]/@href")
    assert client.get(way).status_code == 200
    assert client.get(path.replace("?", ".json?")).json()["status"] == 404


def test_past_the_end_of_a_text_s_articles_a_page_leads_to_their_beginning(client: TestClient) -> None:
    path = f"/document/{hash_of(client, TWINS[0])}"
    answer = client.get(f"{path}?residue=1&articles=5")
    assert answer.status_code == 404
    [way] = html.document_fromstring(answer.text).xpath("//a[contains(., 'from its beginning')]/@href")
    assert way == f"{path}?residue=1"
    assert client.get(way).status_code == 200


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "newsfold seeds"), ("/stories", "newsfold crawl"), ("/quotes", "No two texts"), ("/sources", "event file"),
        ("/runs", "ledger"), ("/search?q=cable", "What may help"),
    ],
)  # fmt: skip
def test_an_empty_database_says_how_to_begin(empty: TestClient, path: str, says: str) -> None:
    answer = empty.get(path)
    assert answer.status_code == 200
    assert says in answer.text
    assert not re.search(r">0 (stories|articles|texts)", answer.text)


def test_a_fault_of_ours_is_a_guarded_page_without_its_insides(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a secret")

    monkeypatch.setattr("pipeline.store.shelf.count_all", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "a secret" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY


def test_a_question_that_takes_too_long_is_a_page_too(
    room: Room, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(engine, **_: object):
        with engine.connect() as connection:
            connection.execute(text("set statement_timeout = 50"))
            connection.execute(text("select pg_sleep(5)"))

    monkeypatch.setattr("pipeline.store.shelf.page_stories", slow)
    answer = client.get("/stories")
    assert answer.status_code == 503
    assert "longer than a page may take" in answer.text
    assert client.get("/stories.json").json()["status"] == 503


def test_nothing_can_be_written(room: Room) -> None:
    with pytest.raises(DBAPIError, match="read-only"), room.engine.begin() as connection:
        connection.execute(text("delete from document"))


def test_texts_too_long_to_wait_for_are_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.web.rooms.MOST_WORDS", 10)
    one, other = hash_of(client, "https://a.test/1"), hash_of(client, "https://b.test/1")
    answer = client.get(f"/compare/{one}/{other}")
    assert answer.status_code == 400
    assert f"newsfold diff {one} {other}" in answer.text
