import time

import pytest

from pipeline.items import Claim, Source
from pipeline.match.credit import credits_in, publisher_credits
from tests.builders import prose

BODY = "\n".join(["The ministers met on Wednesday and talked about cables."] * 3)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("BRUSSELS, Dec 4 (Reuters) - Ministers met on Wednesday.", "Reuters"),
        ("(Reuters) - Ministers met on Wednesday.", "Reuters"),
        ("BRUSSELS (AP) — Ministers met on Wednesday.", "Associated Press"),
        ("KYIV, Dec. 4 (Xinhua) -- Ministers met.", "Xinhua"),
        ("BRÜSSEL (dpa) - Die Minister trafen sich.", "dpa"),
        ("Brüssel (dpa). Die Minister trafen sich.", "dpa"),
        ("BRÜSSEL (dpa) Die Minister trafen sich.", "dpa"),
        ("Bruxelles, 4 déc 2024 (AFP) - Les ministres se sont réunis.", "AFP"),
        ("ROMA, 4 DIC (ANSA) - I ministri si sono riuniti.", "ANSA"),
        ("Bruselas, 4 dic (EFE).- Los ministros se reunieron.", "EFE"),
        ("МОСКВА, 4 декабря. /ТАСС/. Министры встретились.", "TASS"),
        ("КИЇВ. 4 грудня. УНН. Міністри зустрілися.", "UNN"),
        ("Київ. Інтерфакс-Україна. Міністри зустрілися.", "Interfax-Ukraine"),
        ("AFP — Les ministres se sont réunis mercredi.", "AFP"),
    ],
)
def test_a_dateline_names_whose_report_it_is(line: str, name: str) -> None:
    [credit] = credits_in(f"{line}\n{BODY}")
    assert (credit.value, credit.place, credit.kind) == (name, "dateline", "source")
    assert credit.evidence is not None
    assert line.startswith(credit.evidence)


def test_a_tag_may_name_two_agencies() -> None:
    found = credits_in(f"Brüssel (dpa/AFP) - Die Minister trafen sich.\n{BODY}")
    assert [credit.value for credit in found] == ["dpa", "AFP"]


@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("The talks went on into the night. (Reuters)", "Reuters"),
        ("The talks went on. (With inputs from agencies.)", "agencies"),
        ("The talks went on. With additional reporting by Reuters and AP", "Reuters"),
        ("Die Gespräche dauerten an. © AFP", "AFP"),
        ("Les discussions ont duré. — AFP", "AFP"),
        ("Разговор продолжался. /ТАСС/", "TASS"),
        ("Розмова тривала. Джерело: Укрінформ", "Ukrinform"),
    ],
)
def test_a_tag_at_the_end_does_so_too(end: str, name: str) -> None:
    found = credits_in(f"{BODY}\n{end}")
    assert (found[0].value, found[0].place, found[0].kind) == (name, "tail", "source")
    assert found[0].evidence
    assert found[0].evidence in end


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Ministers agreed to guard the cables, reports European Pravda.", "European Pravda"),
        ("Ministers agreed, as reported by Ukrinform, to guard the cables.", "Ukrinform"),
        ("Reuters reported on Wednesday that ministers had agreed.", "Reuters"),
        ("The Associated Press reported that ministers had agreed.", "Associated Press"),
        ("Про це повідомляє Укрінформ.", "Ukrinform"),
        ("Про це повідомляє «Європейська правда».", "European Pravda"),
        ("Про це пише УНН з посиланням на пресслужбу.", "UNN"),
        ("Об этом сообщает РБК-Украина.", "RBC-Ukraine"),
        ("Laut der Nachrichtenagentur dpa wurde lange beraten, heißt es laut dpa.", "dpa"),
        ("Les ministres ont décidé, selon l'AFP, de protéger les câbles.", "AFP"),
        ("Les ministres ont décidé, selon l’agence Reuters, de les protéger.", "Reuters"),
    ],
)
def test_prose_that_refers_to_a_report_cites_it(sentence: str, name: str) -> None:
    [credit] = credits_in(f"{sentence}\n{BODY}")
    assert (credit.value, credit.place, credit.kind) == (name, "prose", "cited")
    assert credit.evidence is not None
    assert credit.evidence in sentence


@pytest.mark.parametrize(
    "line",
    [
        "Ministers (all 32 of them) - met on Wednesday, officials said.",
        "The Guardian of the treaty met ministers, and the sun said goodbye.",
        "He told reporters that the spiegel was broken, according to the police.",
        "A and/or B were agreed upon. The AP course begins in May, she said.",
        "The minister told the BBC's rivals nothing. He writes letters.",
        "Kyiv. Ministers met on Wednesday in the capital and said little.",
        "Ministers met in the hall (see picture).",
        "The treaty, signed at 12/11/2024, reports say, holds.",
    ],
)
def test_what_only_looks_like_a_credit_is_none(line: str) -> None:
    assert credits_in(f"{line}\n{BODY}") == ()


def test_a_publisher_is_credited_where_it_is_an_agency_and_not_the_outlet() -> None:
    publisher = Claim("Reuters", "json-ld")
    assert [one.value for one in publisher_credits(publisher, Source("x", "The Outlet"))] == ["Reuters"]
    assert list(publisher_credits(publisher, Source("reuters", "reuters"))) == []
    assert list(publisher_credits(Claim("Outlet Media Ltd", "json-ld"), Source("x", "The Outlet"))) == []


def test_a_text_without_credits_costs_little() -> None:
    text = prose(1, 800)
    credits_in(text)
    start = time.process_time()
    for _ in range(100):
        credits_in(text)
    # Measured at .1 ms; a page takes about 30.
    assert time.process_time() - start < 0.1
