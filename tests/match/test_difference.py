from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.match.difference import tell_apart

ONE = "Ministers met on Wednesday in the old town hall."
TWO = "They agreed at once to guard every cable at sea."
THREE = '"We will not be surprised a second time," the host said at noon.'


def shown(segments) -> str:
    if segments is None:
        return "-"
    return "".join(
        f"<{'~' if part.moved else ''}{part.passage}{'q' if part.quoted else ''}:{part.text}>"
        if part.passage is not None
        else f"[{'q' if part.quoted else ''}{part.text}]"
        for part in segments
    )


def test_what_is_shared_cut_added_and_moved_is_told_apart() -> None:
    found = tell_apart(f"{ONE}\n{TWO}\n{THREE}", f"{TWO} A line of its own.\n{ONE}")
    assert [(shown(one), shown(other)) for one, other in found.rows()] == [
        (f"<~0:{ONE}>", "-"),
        (f"<1:{TWO}>", f"<1:{TWO} >[A line of its own.]"),
        ('[q"We will not be surprised a second time," ][the host said at noon.]', "-"),
        ("-", f"<~0:{ONE}>"),
    ]
    assert [(part.words, part.text.split()[0]) for part in found.one.own()] == [(13, "We")]
    assert [part.text for part in found.other.own()] == ["A line of its own"]
    assert found.one.shared == 19 / 32


def test_a_quotation_that_both_have_is_told_from_prose() -> None:
    quote = '"We will not be surprised a second time,"'
    found = tell_apart(f"{ONE} {quote} he said.", f"{TWO} {quote} she wrote.")
    assert [(part.quoted, part.passage) for part in found.rows()[0][0] or []] == [
        (False, None),
        (True, 0),
        (False, None),
    ]
    assert found.one.shared_prose == 0


def test_texts_that_share_nothing_stand_below_each_other() -> None:
    found = tell_apart(ONE, "***\n" + TWO)
    assert [(shown(one), shown(other)) for one, other in found.rows()] == [
        (f"[{ONE}]", "-"),
        ("-", "[***]"),
        ("-", f"[{TWO}]"),
    ]
    assert found.passages == ()


LINES = st.lists(st.sampled_from([ONE, TWO, THREE, "Ё — ½ liter!", "", "(so)"]), max_size=6).map("\n".join)


@settings(max_examples=60)
@given(LINES, LINES)
def test_nothing_of_either_text_is_lost(one: str, other: str) -> None:
    rows = tell_apart(one, other).rows()
    for side, text in ((0, one), (1, other)):
        lines = [row[side] for row in rows if row[side] is not None]
        assert "\n".join("".join(part.text for part in line or []) for line in lines) == text
