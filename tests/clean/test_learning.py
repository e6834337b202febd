"""A host of which no word list knows a word: what is learned of it, and what is not."""

from datetime import timedelta

import pytest

from pipeline.clean.furniture import NO_FURNITURE, RULE, Block, Furniture
from pipeline.clean.learning import LEAST_PAGES, LearnedBlock, StoryLines, learn, least_stories
from pipeline.clean.residue import clean
from pipeline.clean.structure import Place
from tests.builders import NOON, prose

HEAD = "Skogsbladet – for those who walk"
TAIL = ["Ring the bell at number 7 for the paper edition", "The Skogsbladet is printed on moss"]
BACKGROUND = (
    "The cables were laid in the year of the flood and have been cut three times since then, the navy says."
)


def text(number: int, lines: list[str], story: int | None = None) -> StoryLines:
    return StoryLines(story or number, number, lines, NOON + timedelta(hours=number))


def page(number: int) -> list[str]:
    paragraphs = prose(number, 90).split("\n")
    lines = [HEAD, *paragraphs[:1], f"Fact {number} of 365", "Moss is soft", *paragraphs[1:], *TAIL]
    return lines if number % 4 else lines[1:-1]


def furniture_of(blocks: list[LearnedBlock], host: str = "odd.test") -> Furniture:
    return Furniture(
        tuple(
            Block(number, host, block.region, block.lines, None, block.stories, block.pages)
            for number, block in enumerate(blocks)
        )
    )


def test_twenty_pages_of_an_unknown_host_teach_all_its_standing_lines_and_nothing_else():
    blocks = learn(text(number, page(number)) for number in range(1, 21))
    assert {(block.region, block.sample) for block in blocks} >= {
        ("head", (HEAD,)),
        ("tail", (TAIL[0],)),
        ("tail", (TAIL[1],)),
    }
    standing = {HEAD, *TAIL, "Moss is soft"}
    found = false = missed = 0
    for number in range(101, 111):
        lines = page(number)
        cleaned = clean(lines, host="www.odd.test", furniture=furniture_of(blocks))
        gone = {line.text for line in cleaned.removed if line.rule == RULE}
        wanted = {line for line in lines if line in standing or line.startswith("Fact ")}
        found, false, missed = (
            found + len(gone & wanted),
            false + len(gone - wanted),
            missed + len(wanted - gone),
        )
        assert clean(lines).removed == (), "a word list knows a line of this host"
    assert (false, missed) == (0, 0)
    assert found > 40


def test_versions_of_one_story_teach_nothing():
    others = [text(number, prose(number).split("\n")) for number in range(1, 20)]
    versions = [text(100 + number, page(number), story=99) for number in range(1, 20)]
    assert learn([*others, *versions]) == []


def test_a_host_of_few_stories_teaches_nothing():
    assert learn(text(number, page(number)) for number in range(1, LEAST_PAGES)) == []


def test_more_pages_ask_for_more_stories():
    assert [least_stories(pages) for pages in (8, 20, 100, 10_000)] == [4, 5, 10, 100]


def test_a_background_paragraph_that_a_third_of_the_stories_end_in_is_text():
    texts = [
        text(number, [*prose(number).split("\n"), *([BACKGROUND] if number % 3 == 0 else [])])
        for number in range(1, 31)
    ]
    assert learn(texts) == []


def test_a_speaker_who_opens_and_goes_on_is_no_furniture():
    texts = [
        text(
            number,
            [
                "Spokesperson Anna Example",
                prose(number, 30),
                "Spokesperson Anna Example",
                prose(90 + number, 30),
            ],
        )
        for number in range(1, 21)
    ]
    assert learn(texts) == []


def test_a_note_in_brackets_is_no_furniture():
    assert learn(text(number, ["(As delivered)", prose(number, 60)]) for number in range(1, 21)) == []


def test_a_heading_between_paragraphs_is_no_furniture_until_every_second_story_has_it():
    def lines(number: int) -> list[str]:
        return [*prose(number, 60).split("\n"), "What we know", *prose(90 + number, 60).split("\n")]

    texts = [text(n, lines(n) if n % 3 == 0 else prose(n).split("\n")) for n in range(1, 31)]
    assert learn(texts) == []


@pytest.mark.parametrize("region", ["head", "tail"])
def test_a_block_of_one_end_stays_at_the_other(region):
    furniture = Furniture((Block(1, "odd.test", region, ("moss is soft",)),))
    body = prose(1, 60).split("\n")
    head, tail = ["Moss is soft", *body], [*body, "Moss is soft"]
    goes, stays = (head, tail) if region == "head" else (tail, head)
    assert clean(goes, host="odd.test", furniture=furniture).text == "\n".join(body)
    assert clean(stays, host="odd.test", furniture=furniture).text == "\n".join(stays)


def test_what_was_learned_of_one_host_holds_on_no_other():
    furniture = Furniture((Block(1, "odd.test", "head", ("moss is soft",)),))
    lines = ["Moss is soft", *prose(1, 60).split("\n")]
    for host in ("other.test", "sub.odd.test", None):
        assert clean(lines, host=host, furniture=furniture).removed == ()


def test_a_line_that_came_another_way_than_its_block_stays():
    furniture = Furniture((Block(1, "odd.test", "head", ("moss is soft",), path="main>p"),))
    lines = ["Moss is soft", *prose(1, 60).split("\n")]
    for path, is_taken in (("main>p", True), ("main>blockquote", False)):
        places = [Place("p", path=path), *[None] * (len(lines) - 1)]
        cleaned = clean(lines, places=places, host="odd.test", furniture=furniture)
        assert bool(cleaned.removed) is is_taken
    assert clean(lines, host="odd.test", furniture=furniture).removed, "no way is known, so none contradicts"


def test_a_run_goes_whole_or_not_at_all():
    furniture = Furniture((Block(1, "odd.test", "anywhere", ("moss is soft", "so is snow")),))
    body = prose(1, 60).split("\n")
    whole = [body[0], "Moss is soft", "So is snow", *body[1:]]
    assert clean(whole, host="odd.test", furniture=furniture).text == "\n".join(body)
    half = [body[0], "Moss is soft", *body[1:]]
    assert clean(half, host="odd.test", furniture=furniture).text == "\n".join(half)


def test_a_removal_by_furniture_says_how_sure_it_is():
    furniture = Furniture((Block(1, "odd.test", "head", ("moss is soft",), stories=15, pages=20),))
    [line] = clean(["Moss is soft", *prose(1, 60).split("\n")], host="odd.test", furniture=furniture).removed
    assert (line.rule, line.rule_class, line.position, line.confidence) == (RULE, "learned", "head", 0.75)


def test_the_version_is_of_the_lines_alone_and_of_one_host():
    one = Furniture((Block(1, "odd.test", "head", ("moss is soft",), stories=5, pages=20),))
    again = Furniture((Block(9, "odd.test", "head", ("moss is soft",), stories=6, pages=21),))
    more = Furniture((*one.blocks, Block(2, "odd.test", "tail", ("snow is too",))))
    assert one.version("odd.test") == again.version("www.odd.test") != ""
    assert more.version("odd.test") != one.version("odd.test")
    assert one.version("other.test") == one.version(None) == NO_FURNITURE.version("odd.test") == ""
