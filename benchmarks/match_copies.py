"""What outlets make of one agency report, and what only looks like it: a stream of documents with known truth.

A copy is a document that has most of a report's own words, or whose words are most in it. What shares only a
quotation, yesterday's background or a form with another report is no copy of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.match_templates import FORMS
from benchmarks.match_texts import Story, Writer

_SPELLINGS = [
    ("defence", "defense"), ("harbour", "harbor"), ("programme", "program"), ("licence", "license"),
    ("per cent", "percent"), ("organis", "organiz"), ("kilometres", "kilometers"), ("grey", "gray"), ("labour", "labor"),
]  # fmt: skip
_SYNONYMS = {
    "said": "stated", "about": "around", "some": "about", "will": "is to", "wants": "hopes", "fell": "dropped",
    "report": "study", "found": "showed", "due": "expected", "warned": "cautioned", "members": "deputies",
    "nobody": "no one", "because": "as", "critics": "opponents", "ordered": "told", "obliges": "requires",
    "delayed": "held up", "damaged": "harmed", "promised": "pledged", "expected": "likely", "residents": "inhabitants",
    "promise": "pledge", "traders": "dealers", "lose": "shed", "discuss": "talk over", "tried": "attempted",
}  # fmt: skip
_PLEAS = [
    "Sign up for our newsletter and receive the most important stories of the day in your inbox every morning.",
    "Support independent journalism: become a member today and help us to keep our reporting free for everyone.",
    "Do you have information about this story? Write to our news desk in confidence; we answer every message we get.",
    "This article was produced with the help of our correspondents abroad and edited by the desk in the capital.",
    "Follow us on social media for the latest news, and download our app to be told when something important happens.",
    "Our editors select the stories on this page. Comments close after three days and are read before they appear.",
]
_AGENCIES = ["Northwire", "Compact Press", "Unipress", "Meridian News"]
_MONTHS = ["Oct", "Nov", "Dec"]

COPIES = ("styled", "trimmed", "wrapped", "retitled", "respelled", "corrected", "interleaved", "quoting", "updated",
          "reworded", "trimmed and wrapped", "brief")  # fmt: skip
FRIENDS = ("form", "quotation", "follow-up", "furniture")


@dataclass(frozen=True, slots=True)
class Doc:
    """One document: copies of one report have one family; `kind` says how the document was made."""

    text: str
    family: int
    kind: str


def _curly(text: str) -> str:
    return re.sub(r'"([^"\n]*)"', "“\\1”", text).replace("'", "’")


class Desk:
    """Makes the stream."""

    def __init__(self, seed: int) -> None:
        self.writer = Writer(seed)
        self.draw = self.writer.draw
        self.family = 0

    def stream(self, count: int) -> list[Doc]:
        """So many documents in the order of arrival, which is mixed."""
        docs: list[Doc] = []
        turn = 0
        while len(docs) < count:
            docs += self._family(turn)
            turn += 1
        del docs[count:]
        self.draw.shuffle(docs)
        return docs

    def _family(self, turn: int) -> list[Doc]:
        self.family += 1
        if turn % 20 < 9:
            kind = COPIES[(turn // 20 * 9 + turn % 20) % len(COPIES)]
            return self.copied(kind)
        if turn % 20 < 12:
            return [Doc(FORMS[self.draw.randrange(len(FORMS))](self.writer), self.family, "form")]
        if turn % 20 == 15:
            return self.sharing_a_quotation()
        if turn % 20 == 16:
            return self.sharing_background()
        if turn % 20 == 17:
            text = self.printed(self.writer.story().paragraphs, agency=False)
            return [
                Doc(
                    f"{text}\n{self.draw.choice(_PLEAS)}\n{self.draw.choice(_PLEAS)}",
                    self.family,
                    "furniture",
                )
            ]
        return [Doc(self.printed(self.writer.story().paragraphs), self.family, "original")]

    def printed(self, paragraphs: list[str], *, agency: bool = True, place: str = "") -> str:
        """Paragraphs in some outlet's style: its dateline, its quotation marks, its last line."""
        draw = self.draw
        lines = list(paragraphs)
        if agency and draw.random() < 0.5:
            place = (place or self.writer.name(2)).upper()
            lines[0] = (
                f"{place}, {draw.choice(_MONTHS)} {draw.randint(1, 28)} ({draw.choice(_AGENCIES)}) - {lines[0]}"
            )
        if draw.random() < 0.3:
            lines.append(draw.choice([f"(Reporting by {self.writer.name()} {self.writer.name()})", "(With inputs from agencies.)",
                                      f"© {draw.choice(_AGENCIES)}. All rights reserved.", draw.choice(_PLEAS)]))  # fmt: skip
        text = "\n".join(lines)
        return _curly(text) if draw.random() < 0.5 else text

    def copied(self, kind: str) -> list[Doc]:
        """A report and one or two copies of it, made in one way."""
        words = self.draw.randint(35, 60) if kind == "brief" else None
        story = self.writer.story(words)
        make: Callable[[Story], list[str]] = getattr(self, "_" + kind.replace(" ", "_"))
        docs = [Doc(self.printed(story.paragraphs, place=story.place), self.family, "original")]
        docs += [
            Doc(self.printed(make(story)), self.family, kind) for _ in range(self.draw.choice((1, 1, 2)))
        ]
        return docs

    def _styled(self, story: Story) -> list[str]:
        return story.paragraphs

    def _brief(self, story: Story) -> list[str]:
        return self._corrected(story) if self.draw.random() < 0.4 else story.paragraphs

    def _trimmed(self, story: Story) -> list[str]:
        """Cut from the end, as agencies write for; a paragraph may lose its last sentences."""
        whole = "\n".join(story.paragraphs)
        sentences = re.split(r"(?<=\.)(?= )|(?<=\n)", whole)
        keep = max(1, round(len(sentences) * self.draw.uniform(0.3, 0.85)))
        return "".join(sentences[:keep]).strip().split("\n")

    def _own(self, words: int) -> list[str]:
        return self.writer.story(max(words, 20)).paragraphs

    def _wrapped(self, story: Story) -> list[str]:
        own = self._own(round(_count(story.paragraphs) * self.draw.uniform(1, 5)))
        cut = self.draw.randint(0, len(own))
        return own[:cut] + story.paragraphs + own[cut:]

    def _trimmed_and_wrapped(self, story: Story) -> list[str]:
        sentences = re.split(r"(?<=\.)(?= )|(?<=\n)", "\n".join(story.paragraphs))
        kept = (
            "".join(sentences[: max(1, round(len(sentences) * self.draw.uniform(0.78, 0.95)))])
            .strip()
            .split("\n")
        )
        own = self._own(round(_count(kept) * self.draw.uniform(0.2, 1.5)))
        return own[:1] + kept + own[1:]

    def _retitled(self, story: Story) -> list[str]:
        new = self.writer.story(20)
        first = re.split(r"(?<=\.) ", story.paragraphs[0], maxsplit=1)
        rest = [first[1]] if len(first) > 1 and _count(story.paragraphs) > 120 else [story.paragraphs[0]]
        return [new.title, *rest, *story.paragraphs[1:]]

    def _respelled(self, story: Story) -> list[str]:
        text = "\n".join(story.paragraphs)
        for one, other in _SPELLINGS:
            text = text.replace(one, other)
        return text.split("\n")

    def _corrected(self, story: Story) -> list[str]:
        text = "\n".join(story.paragraphs)
        for figure in self.draw.sample(found := re.findall(r"\b\d[\d,]*\b", text), min(2, len(found))):
            text = text.replace(figure, self.writer.number(), 1)
        lines = text.split("\n")
        if self.draw.random() < 0.5:
            lines.insert(0, "(Corrects figure in the text)")
        return lines

    def _interleaved(self, story: Story) -> list[str]:
        own = iter(self._own(round(_count(story.paragraphs) * self.draw.uniform(0.8, 2))))
        lines: list[str] = []
        for paragraph in story.paragraphs:
            lines += [paragraph, *([mine] if (mine := next(own, None)) and self.draw.random() < 0.7 else [])]
        return lines + list(own)

    def _quoting(self, story: Story) -> list[str]:
        """The whole report, handed on in quotation marks."""
        own = self._own(round(_count(story.paragraphs) * self.draw.uniform(0.1, 0.6)))
        quoted = [f"“{line.replace(chr(34), chr(39))}" for line in story.paragraphs]
        return [own[0], f"{self.draw.choice(_AGENCIES)} reports:", *quoted[:-1], quoted[-1] + "”", *own[1:]]

    def _updated(self, story: Story) -> list[str]:
        """The same story some hours on: a new lead, more paragraphs, some figures newer."""
        cast = self.writer.cast()
        lines = self._corrected(story)
        keep = self.draw.uniform(0.7, 1.0)
        lines = [line for line in lines if self.draw.random() < keep] or lines
        for _ in range(self.draw.randint(1, 2 + len(lines) // 3)):
            lines.insert(self.draw.randint(0, len(lines)), " ".join(self.writer.sentences(2, cast)))
        return lines

    def _reworded(self, story: Story) -> list[str]:
        return [
            self._light(line) for line in story.paragraphs if self.draw.random() < 0.95
        ] or story.paragraphs

    def _light(self, line: str, share: float = 0.3) -> str:
        def swap(match: re.Match[str]) -> str:
            word = match.group()
            other = _SYNONYMS.get(word.lower())
            if other is None or self.draw.random() > share or '"' in line:
                return word
            return other.capitalize() if word[0].isupper() else other

        return re.sub(r"[A-Za-z]+", swap, line)

    def paraphrased(self) -> list[Doc]:
        """A report and the same facts in other sentences: out of reach of any shingle."""
        cast = self.writer.cast()
        self.family += 1
        docs = []
        state = self.draw.getrandbits(64)
        for kind in ("original", "paraphrased"):
            teller = Writer(state)
            lines = [" ".join(teller.sentences(3, cast)) for _ in range(6)]
            if kind == "paraphrased":
                lines = [_told_again(line) for line in lines]
            docs.append(Doc(self.printed(lines, agency=False), self.family, kind))
        return docs

    def sharing_a_quotation(self) -> list[Doc]:
        """Two or three reports of one press conference: the words spoken are the same, the reporting is not."""
        cast = self.writer.cast()
        spoken = [self.writer.quotation(cast) for _ in range(self.draw.randint(1, 4))]
        docs = []
        for _ in range(self.draw.randint(2, 3)):
            self.family += 1
            own = self.writer.story(self.draw.randint(60, 300)).paragraphs
            lines = list(own)
            for said, who in spoken:
                lines.insert(self.draw.randint(0, len(lines)), f'"{said}," {who.split()[-1]} said.')
            docs.append(Doc(self.printed(lines), self.family, "quotation"))
        return docs

    def sharing_background(self) -> list[Doc]:
        """A story and the next day's: new events, and the same paragraphs of background below them."""
        cast = self.writer.cast()
        background = self.writer.story(self.draw.randint(50, 220), cast).paragraphs
        docs = []
        for _ in range(self.draw.randint(2, 3)):
            self.family += 1
            news = self.writer.story(round(_count(background) * self.draw.uniform(0.9, 2)), cast).paragraphs
            docs.append(Doc(self.printed(news + background), self.family, "follow-up"))
        return docs


def _count(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _told_again(line: str) -> str:
    """Each sentence's words in another order with other words: the second half first, every third word another."""
    told = []
    for sentence in re.split(r"(?<=\.) ", line):
        words = sentence.rstrip(".").split()
        half = len(words) // 2
        words = [_SYNONYMS.get(word.lower(), word) for word in words[half:] + words[:half]]
        told.append(" ".join(["meanwhile" if n % 6 == 5 else word for n, word in enumerate(words)]) + ".")
    return " ".join(told)
