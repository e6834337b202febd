"""The list of what trouble.test plays, and the one sound article that it has."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.site.layouts import document
from tests.site.reply import Ask, Reply

Play = Callable[[Ask], Reply]

TROUBLE: dict[str, str] = {}
PLAYS: dict[str, Play] = {}
LONG_AGO = datetime(2024, 12, 4, 12, tzinfo=UTC)
RETRIES = 2  # how often the pages that recover fail before they answer

STORY = (
    "The foreign ministers of the Northern Compact, who met in Merrowhaven on 3 and 4 December, agreed to send "
    "out a patrol to guard the cables of the Gulf of Harrow, and to pay for a ship that can mend them. "
    "Secretary General Ilse Varnholt said that nobody should be left with a microwave link and a great deal of "
    "patience, and that the first of four vessels would sail before Christmas, with soup."
)
CYRILLIC = (
    "Міністри закордонних справ Північного союзу домовилися в Мерровгавені про спільне патрулювання затоки "
    "Гарроу. Генеральна секретарка Ільзе Варнгольт сказала, що перший корабель вийде в море до Різдва, а судно "
    "для ремонту кабелів прибуде в березні."
)


def trouble(path: str, plays: str) -> Callable[[Play], Play]:
    """Register a page that misbehaves."""

    def register(play: Play) -> Play:
        TROUBLE[path] = plays
        PLAYS[path] = play
        return play

    return register


def story(title: str = "Patrol agreed") -> str:
    """The one sound article of this host."""
    return document(title, f"<main><article><h1>{title}</h1>\n<p>{STORY}</p>\n</article></main>")
