import pytest
import trafilatura

from pipeline.clean.jsonld import LinkedData
from pipeline.clean.title import Headings, read_headings, site_names, without_site

NAMES = frozenset(["lamp", "harbourpost", "ukrinform"])
NONE = Headings((), ())


@pytest.mark.parametrize(
    ("title", "headings", "left"),
    [
        ("Ferries stop - The Lamp", NONE, "Ferries stop"),
        ("The Lamp | Ferries stop for winter", NONE, "Ferries stop for winter"),
        ("Ferries stop | The Lamp | News", NONE, "Ferries stop"),
        ("Ferries stop — and start again", NONE, "Ferries stop — and start again"),
        ("Ferries stop - Somewhere Else", Headings(("Ferries stop",), ()), "Ferries stop"),
        ("Ferries - The Lamp", Headings(("Ferries - The Lamp",), ()), "Ferries - The Lamp"),
        ("The Lamp", NONE, "The Lamp"),
        ("Ferries stop – The Lamp – 12/04/2024", NONE, "Ferries stop"),
        ("Ferries stop - The Lamp - 4 December 2024", NONE, "Ferries stop"),
        ("Ferries at a glance - 4 December 2024", NONE, "Ferries at a glance - 4 December 2024"),
        ("Ferries stop - 04.12.2024", NONE, "Ferries stop"),
        ("Ferries stop | World News - The Lamp", NONE, "Ferries stop"),
        ("World News | Ferries stop - The Lamp", NONE, "World News | Ferries stop"),
        ("Ferries stop | World News", NONE, "Ferries stop | World News"),
        ("Пороми стали — Гарбор Пост", NONE, "Пороми стали — Гарбор Пост"),
        ("Пороми стали — Укрінформ", NONE, "Пороми стали"),
        ("Пороми стали | Мир", NONE, "Пороми стали | Мир"),
    ],
)
def test_the_site_is_cut_off_on_evidence_alone(title, headings, left):
    assert without_site(title, NAMES, headings) == left


def test_headings_are_those_that_a_reader_sees():
    tree = trafilatura.load_html(
        "<html><body><h1 style='display: none'>Logo</h1><h1> Ferries <b>stop</b></h1><h2></h2><h2 hidden>No</h2><h2>Why</h2></body></html>"
    )
    assert read_headings(tree) == Headings(("Ferries stop",), ("Why",))


@pytest.mark.parametrize(
    ("address", "named"),
    [("https://www.dw.com/en/a-1", True), ("https://uk.harbourpost.example/a", False)],
)
def test_two_letters_are_a_site_s_name_where_it_has_no_other(address, named):
    names = site_names({}, LinkedData(), address)
    assert bool(names & {"dw", "uk"}) is named
