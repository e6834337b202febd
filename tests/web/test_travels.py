"""What is said of who carried a sentence: first as far as dates tell, how much later, in which other words."""

from pipeline.web.travels import first_of, later, marked_words, pointing_at, told_apart


def carrier(outlet: str, on: str | None, at: str | None = None, *, credits_others: bool = False):
    return {
        "outlet": outlet, "published": {"on": on, "at": at} if on else None, "credits_others": credits_others,
    }  # fmt: skip


def test_who_states_the_day_alone_may_have_been_first() -> None:
    wire = carrier("Wire", "2024-12-04", "2024-12-04T10:00:00+00:00")
    later_one = carrier("Later", "2024-12-04", "2024-12-04T13:00:00+02:00")
    host, early, undated = (
        carrier("Host", "2024-12-04"),
        carrier("Early", "2024-12-03"),
        carrier("None", None),
    )
    assert first_of([wire, later_one]) | {"published": 0} == {
        "outlets": ["Wire"], "published": 0, "perhaps": [], "undated": 0,
    }  # fmt: skip
    found = first_of([wire, later_one, host, undated])
    assert (found["outlets"], found["perhaps"], found["undated"]) == (["Wire"], ["Host"], 1)
    found = first_of([early, wire, host])
    assert (found["outlets"], found["perhaps"]) == (["Early"], [])
    assert first_of([undated])["outlets"] == []
    owing = carrier("Owing", "2024-12-04", credits_others=True)
    found = first_of([host, owing])
    assert (found["outlets"], found["perhaps"]) == (["Host"], [])
    assert first_of([owing])["outlets"] == ["Owing"]
    assert later(later_one, first_of([wire])) == "60\u00a0min later"
    assert later(host, first_of([wire])) is None


def test_words_that_differ_are_marked_and_marks_of_punctuation_are_not() -> None:
    parts = marked_words(
        "That trade would destabilise all of it.", "that trade would destabilize, “all of it"
    )
    assert [part["text"] for part in parts if part["differs"]] == ["destabilize,"]
    assert " ".join(part["text"] for part in parts) == "that trade would destabilize, “all of it"


def test_of_sentences_that_overlap_one_is_shown() -> None:
    def row(name: str, place: int):
        return {"handle": name, "carriers": [{"content_hash": "a", "place": place, "carried": "x" * 10}]}

    chosen = told_apart([row("one", 1), row("two", 8), row("three", 11), row("four", 30)], 2)
    assert [one["handle"] for one in chosen] == ["one", "three"]


def test_an_address_points_at_a_passage_by_its_ends_alone() -> None:
    assert pointing_at("a, b-c & d") == "#:~:text=a%2C%20b%2Dc%20%26%20d"
    assert pointing_at(" ".join("abcdefghijklm")) == "#:~:text=a%20b%20c%20d%20e,i%20j%20k%20l%20m"
    assert pointing_at(" ") == ""
