import pytest

from pipeline.clean.names import is_byline, kind_of_name, people_and_others, split_byline


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee, Bo Olsen and Cy Dee", ["Ann Lee", "Bo Olsen", "Cy Dee"]),
        ("Von Ann Lee und Bo Olsen", ["Ann Lee", "Bo Olsen"]),
        ("Par Anne Exemple", ["Anne Exemple"]),
        ("Автор: Олена Коваль", ["Олена Коваль"]),
        ("Текст — Марта Приклад", ["Марта Приклад"]),
        ("מאת נועה ברקת", ["נועה ברקת"]),
        ("بقلم ليلى حمدان", ["ليلى حمدان"]),
        ("Text: Henrike Muster, Foto: Bo Olsen", ["Henrike Muster"]),
        ("Ann Lee, translated by Bo Olsen", ["Ann Lee"]),
        ("Ann Lee in Brussels", ["Ann Lee"]),
        ("By Ann Lee, Brussels", ["Ann Lee"]),
        ("By Ann Lee, political editor", ["Ann Lee"]),
        ("Ann Lee 4 Dec 2024, 16:28", ["Ann Lee"]),
        ("Ann Lee (ann@outlet.example)", ["Ann Lee"]),
        ("ANN MCLEE-O'HARA", ["Ann McLee-O'Hara"]),
        ("ANN VAN DER LEE", ["Ann van der Lee"]),
        ("Ruben Postma", ["Ruben Postma"]),
        ("J. R. Smith Jr.", ["J. R. Smith Jr."]),
        ("Photo: Ann Lee", []),
        ("facebook.com/ann", []),
        ("https://outlet.example/ann", []),
        ("Super User", []),
        ("admin", []),
        ("Share", []),
    ],
)
def test_a_byline_holds_names_and_nothing_else_of_it_is_one(line, names):
    assert [name for name, _ in people_and_others(line)] == names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ann Lee", "person"),
        ("Ruben Postma", "person"),
        ("Bo Presser", "person"),
        ("Newsroom", "organization"),
        ("Harbour Post", "organization"),
        ("Gemeinde Altdorf", "organization"),
        ("BBC", "organization"),
        ("The Lamp", "organization"),
        ("редакція", "organization"),
        ("王毅", "person"),
    ],
)
def test_a_newsroom_is_told_from_a_person_by_whole_words(name, kind):
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    "line", ["By Ann Lee", "Words: Ann Lee", "Di Ginevra Malatesta", "Tekst: Ewa Drozd", "מאת נועה ברקת"]
)
def test_a_line_says_by_its_own_words_that_it_is_a_byline(line):
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By noon the ferries were full",
        "By The Sea",
        "Text messages: Ann Lee",
        "Von Ruhe keine Spur",
        "Ann Lee",
        "Words and Music",
    ],
)
def test_other_lines_that_begin_so_are_none(line):
    assert not is_byline(line)


def test_what_is_too_long_names_nobody():
    assert split_byline("By Ann Lee " + "and Bo Olsen " * 30) == ()
