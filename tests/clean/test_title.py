import pytest
import trafilatura

from pipeline.clean.title import Headings, read_headings, without_site

NAMES = frozenset(["lamp", "harbourpost"])
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
    ],
)
def test_the_site_is_cut_off_on_evidence_alone(title, headings, left):
    assert without_site(title, NAMES, headings) == left


def test_headings_are_those_that_a_reader_sees():
    tree = trafilatura.load_html(
        "<html><body><h1 style='display: none'>Logo</h1><h1> Ferries <b>stop</b></h1><h2></h2><h2 hidden>No</h2><h2>Why</h2></body></html>"
    )
    assert read_headings(tree) == Headings(("Ferries stop",), ("Why",))
