"""News stories by the thousand, made up: prose, quotations, figures, and the names and places of each story.

Everything is drawn from one seeded generator, so every run has the same stories. The sentences are built from
patterns that real reports use, since unrelated stories share many such phrases; their cast, their figures and what
happens in them are a story's own.
"""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


@dataclass
class Story:
    """A report: a headline, a place, and paragraphs; `said` are its quotations, with whom they are from."""

    title: str
    place: str
    paragraphs: list[str]
    said: list[tuple[str, str]] = field(default_factory=list)


class Writer:
    """Writes stories; one generator of chance drives all of it."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - made-up news needs no secrecy

    def name(self, syllables: int = 2) -> str:
        """A name that no other story is likely to have."""
        draw = self.draw
        return "".join(
            draw.choice(_LISTS["onsets"]) + draw.choice(_LISTS["vowels"]) + draw.choice(_LISTS["endings"])
            for _ in range(syllables)
        ).capitalize()

    def number(self, top: int = 900) -> str:
        """A figure; small ones are as common as large ones."""
        value = int(10 ** self.draw.uniform(0.31, 4)) % top + 2
        return f"{value:,}"

    def cast(self) -> dict[str, list[str]]:
        """The people, places and things that one story is about."""
        draw = self.draw
        return {
            "person": [f"{self.name()} {self.name(draw.choice((2, 3)))}" for _ in range(draw.randint(2, 4))],
            "place": [self.name(draw.choice((2, 3))) for _ in range(draw.randint(1, 3))],
            "body": draw.sample(_LISTS["bodies"], 3),
            "thing": draw.sample(_LISTS["things"], 4),
            "risk": draw.sample(_LISTS["risks"], 3),
            "paper": [f"{self.name()} Gazette"],
        }

    def fill(self, pattern: str, cast: dict[str, list[str]]) -> str:
        """A pattern with its gaps filled from a story's cast, gaps within what fills them too."""
        draw = self.draw
        others = {"adj": _LISTS["adjectives"], "month": _LISTS["months"], "day": _LISTS["days"], "role": _LISTS["roles"], "plan": _LISTS["plans"], "said": _LISTS["said"],
                  "fraction": ["third", "quarter", "fifth", "tenth"]}  # fmt: skip
        while "{" in pattern:
            before, _, rest = pattern.partition("{")
            slot, _, after = rest.partition("}")
            if slot in {"n", "m"}:
                value = self.number()
            elif slot == "year":
                value = str(draw.randint(1961, 2024))
            elif slot == "surname":
                value = draw.choice(cast["person"]).split()[-1]
            else:
                value = draw.choice(cast[slot] if slot in cast else others[slot])
            pattern = before + value + after
        return pattern[0].upper() + pattern[1:]

    def sentences(self, count: int, cast: dict[str, list[str]]) -> list[str]:
        """So many sentences of reporting."""
        draw = self.draw
        chosen = [
            p
            for _ in range(count // len(_LISTS["sentences"]) + 1)
            for p in draw.sample(_LISTS["sentences"], len(_LISTS["sentences"]))
        ]
        return [self.fill(pattern, cast) for pattern in chosen[:count]]

    def quotation(self, cast: dict[str, list[str]]) -> tuple[str, str]:
        """What somebody said, in one to three sentences, and who."""
        lines = [self.fill(p, cast) for p in self.draw.sample(_LISTS["quotations"], self.draw.randint(1, 3))]
        return ". ".join(lines), self.draw.choice(cast["person"])

    def story(self, words: int | None = None, cast: dict[str, list[str]] | None = None) -> Story:
        """A report of about so many words."""
        draw = self.draw
        cast = cast or self.cast()
        wanted = words or int(draw.lognormvariate(5.45, 0.6))
        title = self.fill("{body} to {plan}", cast).capitalize()
        story = Story(title, cast["place"][0], [])
        count = 0
        while count < wanted or not story.paragraphs:
            if draw.random() < 0.28 and count:
                words_said, who = self.quotation(cast)
                story.said.append((words_said, who))
                paragraph = f'"{words_said}," {who.split()[-1]} said.'
            else:
                paragraph = " ".join(self.sentences(draw.randint(1, 3), cast))
            story.paragraphs.append(paragraph)
            count += len(paragraph.split())
        return story
