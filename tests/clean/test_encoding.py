import pytest

from pipeline.clean.encoding import decode_page, without_double_encoding

RU = "Посланці дев'яти держав говорили про зиму, що надходить, і про захист підводних кабелів. " * 5
FR = "Les envoyés ont parlé de l'été à Genève, où la réunion s'est terminée très tôt. " * 5


def page(text: str, meta: str = "") -> str:
    declared = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{declared}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "header", "text", "noted"),
    [
        (page(RU).encode(), None, RU, False),
        (page(RU).encode("utf-16"), "text/html", RU, False),
        (page(RU, "windows-1251").encode("cp1251"), "text/html", RU, False),
        (page(RU).encode("cp1251"), "text/html; charset=windows-1251", RU, False),
        (page(RU, "iso-8859-1").encode(), "text/html", RU, True),
        (page(RU, "iso-8859-1").encode("cp1251"), "text/html; charset=utf-8", RU, True),
        (page(RU, "iso-8859-1").encode("cp1251"), None, RU, True),
        (page(RU).encode("cp1251"), None, RU, True),
        (page(FR).encode("cp1252"), None, FR, True),
        (page(FR, "iso-8859-1").encode("cp1252"), None, FR, False),
        (page(FR, "merrow-9").encode(), "text/html; charset=merrow-9", FR, False),
    ],
)
def test_a_page_is_read_by_evidence(body, header, text, noted):
    found = decode_page(body, header)
    assert text in found.text
    assert bool(found.notes) is noted


def test_a_few_broken_bytes_cost_themselves_alone():
    found = decode_page(page(RU).encode().replace("зиму".encode(), b"\xd0\xff", 1), None)
    assert "Посланці" in found.text
    assert found.notes == ("2 bytes of the page did not fit UTF-8.",)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_text_that_was_encoded_twice_is_put_right(encoding):
    twice = FR.encode().decode(encoding)
    assert twice != FR
    found = decode_page(page(twice).encode(), None)
    assert FR.strip() in found.text
    assert "put right" in found.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "A page may show Ã© where an é was meant.",  # an article about it
        "São João, Ângela, l'été à Ãvora, РСФСР и «СССР», Åland, Ñandú. " * 9,
        "plain",
    ],
)
def test_text_that_only_looks_like_it_stays(text):
    assert without_double_encoding(text) == (text, 0)
