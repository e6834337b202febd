"""Whether a text is about the event: terms, groups, languages, and the event file that ships."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.events import read_event
from pipeline.match.topic import Group, Topic, score, term_parts
from tests.conftest import SEEDS

MINISTERIAL = read_event(SEEDS / "nato-ministerial-2024-12.toml").topic
SEED_TEXTS = sorted(SEEDS.glob("*.txt"))

ON_TOPIC = {
    "Ukrainian": (
        "Рютте: союзники посилять захист від диверсій",
        (
            "У Брюсселі завершилася дводенна зустріч очільників МЗС країн НАТО. Генсек НАТО Марк Рютте повідомив, що "
            "домовлено краще берегти критичну інфраструктуру й стежити за тіньовим флотом. Говорили і з Сибігою."
        ),
    ),
    "Ukrainian, inflected": (
        None,
        (
            "На засіданні з міністрами закордонних справ держав НАТО 4 грудня йшлося про північнокорейських солдатів. "
            "Штаб-квартира НАТО чекає нової допомоги Києву, сказав Рютте."
        ),
    ),
    "German": (
        "Nato-Aussenminister wollen enger zusammenrücken",
        (
            "Beim Außenministertreffen in Brüssel hat Generalsekretär Rutte vor Sabotageakten gewarnt. Auch Seekabel "
            "und die Schattenflotte waren am 4. Dezember ein Thema, hieß es bei der NATO."
        ),
    ),
    "French": (
        None,
        (
            "Réunis au siège de l’OTAN à Bruxelles, les chefs de la diplomatie ont reçu le roi Abdallah. M. Rutte, à la "
            "tête de l'Otan, veut mieux protéger les câbles sous-marins contre le sabotage."
        ),
    ),
    "English, and short": (
        "NATO ministers to share more about sabotage",
        "Foreign ministers of the alliance agreed in Brussels, said its chief Mark Rutte.",
    ),
}

OFF_TOPIC = {
    "a NATO exercise in summer": (
        "NATO fleet trains in the Baltic",
        (
            "Forty ships of NATO met off Gotland in June. NATO crews practised clearing mines and guarding undersea "
            "cables; the Swedish foreign minister came aboard. Russia watched the NATO exercise from afar."
        ),
    ),
    "the European Union's foreign ministers": (
        "EU foreign ministers weigh sanctions",
        (
            "Foreign ministers of the European Union met in Brussels, chaired by Kaja Kallas. Andrii Sybiha joined by "
            "video and asked for air defences against North Korean missiles; hybrid attacks were discussed too."
        ),
    ),
    "a text that mentions NATO once": (
        "EU foreign ministers weigh sanctions",
        (
            "Foreign ministers met in Brussels with Kallas and Sybiha. A summit of NATO follows next year. North "
            "Korea's troops and hybrid attacks were on the agenda."
        ),
    ),
    "sports": (
        "Late goal in Brussels",
        "The hosts won 2-1 on 4 December, in front of King Philippe and 40,000 fans. Their coach praised the wing.",
    ),
    "NATO's defence ministers": (
        "NATO defence ministers meet",
        "Defence ministers of NATO met in Brussels. Rutte spoke of air defence and Wiesbaden, said NATO.",
    ),
    "a later meeting": (
        "NATO foreign ministers meet in Brussels",
        "NATO chief Rutte thanked Secretary Rubio. Sybiha and Kallas came to the NATO-Ukraine Council on Thursday.",
    ),
    "German politics": (
        "Streit um den Haushalt",
        "Die Außenministerin sprach im Bundestag über die NATO und die NATO-Quote. Sabotage sei möglich.",
    ),
    "nothing at all": (None, ""),
}


def topic(
    *required: str, any_of: tuple[str, ...] = (), least: int = 1, excluded: tuple[str, ...] = ()
) -> Topic:
    """Return a topic whose groups have a term each."""
    return Topic(
        tuple(Group(term, (term,)) for term in required),
        tuple(Group(term, (term,)) for term in any_of),
        least,
        excluded,
    )


@pytest.mark.parametrize("path", SEED_TEXTS, ids=lambda path: path.stem)
def test_every_seed_is_on_the_topic_even_without_a_title(path: Path):
    judged = score(None, path.read_text(), MINISTERIAL)
    assert judged.relevant, judged.reason
    assert judged.score > 0.5


def test_there_are_five_seeds():
    assert len(SEED_TEXTS) == 5


@pytest.mark.parametrize("name", ON_TOPIC)
def test_the_event_is_recognised_in_every_language(name):
    judged = score(*ON_TOPIC[name], MINISTERIAL)
    assert judged.relevant, judged.reason


@pytest.mark.parametrize("name", OFF_TOPIC)
def test_other_news_is_off_the_topic(name):
    judged = score(*OFF_TOPIC[name], MINISTERIAL)
    assert not judged.relevant, judged


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("NATO", "nato"),
        ("NATO", "NATO’s plan"),
        ("NATO", "Nato-Außenminister"),
        ("OTAN", "le siège de l’OTAN"),
        ("OTAN", "ce qu'Otan dit, et d'OTAN"),
        ("НАТО", "у штаб-квартирі НАТО."),
        ("міністр* закордонних справ", "з Міністрами закордонних справ"),
        ("Außenminister", "AUSSENMINISTER"),
        ("Sabotage*", "Sabotageakte"),
        ("Conseil de l'Atlantique Nord", "au conseil de l’Atlantique Nord"),
        ("air defence", "air defense"),
        ("air defense*", "Air defences"),
        ("organiz*", "organised"),
        ("organis*", "organised"),
        ("décembre", "de\u0301cembre"),
        ("cyber-attack*", "cyber\nattacks"),
        ("3-4 December", "on 3–4 December"),
        ("外交部长", "北约外交部长会议"),
    ],
)
def test_a_term_is_found_however_it_is_written(term, text):
    judged = score(None, text, topic(term))
    assert judged.relevant
    assert judged.found == (term,)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("NATO", "anatomy of a senator"),
        ("NATO", "natotown"),
        ("foreign ministers", "ministers foreign"),
        ("foreign ministers", "foreign"),
        ("foreign ministers", "foreign and other ministers"),
        ("міністр* закордонних справ", "міністр справ"),
        ("Sabotage*", "sabot"),
        ("3 December", "13 December"),
    ],
)
def test_a_term_is_not_found_in_other_words(term, text):
    assert not score(None, text, topic(term)).relevant


@pytest.mark.parametrize(
    ("term", "says"),
    [
        ("", "no word"),
        ("—", "no word"),
        ("*", "not at the end of a word"),
        ("sab*tage", "not at the end of a word"),
        ("**", "not at the end of a word"),
        ("na*", "3 letters"),
    ],
)
def test_what_is_no_term_is_refused_with_a_reason(term, says):
    with pytest.raises(ValueError, match=says):
        term_parts(term)


def test_the_reason_names_the_required_group_that_is_missing():
    judged = score(None, "Rutte spoke.", topic("Rutte", "NATO"))
    assert judged.reason == "Nothing of the required group 'NATO' was found."
    assert judged.found == ("Rutte",)


def test_a_group_may_ask_to_be_named_more_than_once_and_a_title_counts_twice():
    twice = Topic((Group("nato", ("NATO", "OTAN"), times=2),))
    assert score(None, "NATO met.", twice).reason == "The required group 'nato' was found 1 of 2 times."
    assert score(None, "NATO met, l'OTAN aussi.", twice).relevant
    assert score("NATO met", "", twice).relevant


def test_two_terms_at_one_word_name_their_group_once():
    twice = Topic((Group("nato", ("NATO", "NATO allies"), times=2),))
    assert not score(None, "NATO allies met.", twice).relevant


def test_the_reason_names_the_any_of_groups_that_were_found():
    judged = score(None, "Rutte spoke.", topic(any_of=("Rutte", "Brussels", "Amman"), least=2))
    assert judged.reason == "Only 1 of 3 any-of groups were found (Rutte), and 2 are needed."


def test_an_excluded_term_outweighs_all_others():
    judged = score(None, "NATO and Rubio.", topic("NATO", excluded=("Rubio",)))
    assert not judged.relevant
    assert judged.reason == "The excluded term 'Rubio' was found."


def test_a_term_of_two_languages_is_found_once():
    assert score(None, "Sabotage!", topic(any_of=("sabotage*", "Sabotage*"))).found == ("sabotage*",)


def test_what_stands_in_the_title_or_the_lead_weighs_more():
    late = "word " * 200 + "NATO"
    assert score(None, late, topic("NATO")).score == 0.5
    assert score(None, "NATO " + late, topic("NATO")).score == 1.0
    assert score("NATO", late, topic("NATO")).score == 1.0
    assert score("NATO", late, topic("NATO", "Rutte")).score == 0.5


_texts = st.text() | st.lists(
    st.sampled_from(
        ["NATO", "foreign ministers", "Rutte", "l'OTAN", "Брюсселі", "sabotage", "Secretary Rubio", "\n"]
    )
).map(" ".join)


@given(st.none() | _texts, _texts)
def test_a_score_is_a_share_with_a_sentence_and_always_the_same(title, text):
    judged = score(title, text, MINISTERIAL)
    assert 0.0 <= judged.score <= 1.0
    assert judged.reason.endswith(".")
    assert judged == score(title, text, MINISTERIAL)


@given(_texts, _texts)
def test_more_text_never_lowers_the_score(text, more):
    assert score(None, f"{text}\n{more}", MINISTERIAL).score >= score(None, text, MINISTERIAL).score
