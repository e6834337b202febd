"""News stories by the thousand, made up: prose, quotations, figures, and the names and places of each story.

Everything is drawn from one seeded generator, so every run has the same stories. The sentences are built from
patterns that real reports use, since unrelated stories share many such phrases; their cast, their figures and what
happens in them are a story's own.
"""

import random
from dataclasses import dataclass, field

_ON = "b br c d dr f g gr h j k kr l m n p pr r s st t tr v vl w z ch sh".split()
_VOWEL = "a e i o u ai ei ou".split()
_OFF = ["", "", "n", "r", "s", "l", "k", "nd", "rt", "m", "v", "sk"]

_ROLES = """minister|spokesman|spokeswoman|chairman|director|governor|mayor|analyst|prosecutor|judge|commander|envoy|senator|economist|researcher|police chief|union leader|chief executive|deputy minister|lawyer|engineer|professor|inspector|ambassador|treasurer""".split(
    "|"
)
_BODIES = """ministry|central bank|council|port authority|railway company|court|parliament|commission|university|energy agency|shipping line|union|airline|border guard|hospital board|steel maker|grain board|regulator|oil company|cabinet|police|bank|brokerage|city hall|farm board|defence staff|food agency|coast guard|tax office|film studio|car maker|telephone company""".split(
    "|"
)
_THINGS = """budget|contract|treaty|pipeline|harbour|reform|loan|strike|embargo|licence|railway|tariff|election|inquiry|merger|tunnel|reactor|programme|tender|settlement|pension|quota|refinery|satellite|bridge|border crossing|wage agreement|water supply|timber export|grain harvest|steel plant|radar station|bond issue|ferry service|power line|subsidy|airport|vaccine|school|archive|museum|forest|dam|mine|fishing zone|cable|motorway|shipyard|debt plan|ceasefire|patrol|hospital""".split(
    "|"
)
_PLANS = """build a second {thing} near {place}|delay the {thing} until {month}|sell its share of the {thing}|cut spending on the {thing} by {n} per cent|reopen talks about the {thing}|withdraw from the {thing}|raise {n} million crowns for the {thing}|audit every {thing} in the region|close the {thing} for {n} weeks|extend the {thing} to {place}|hire {n} people to run the {thing}|move the {thing} to {place}|ask the {body} to take over the {thing}|challenge the {thing} in court|double the size of the {thing}|publish the terms of the {thing}|inspect the {thing} before {month}|put the {thing} to a vote|insure the {thing} against {risk}|rename the {thing} after {person}""".split(
    "|"
)
_RISKS = """flooding|fraud|a shortage of fuel|higher interest rates|sabotage|a fall in demand|bad weather|rising wages|a trade dispute|old equipment|public anger|a cyber attack|a weak currency|low water levels|a legal challenge|missing documents|strikes abroad|poor planning|drought|smuggling""".split(
    "|"
)
_ADJ = """new|second|disputed|long-awaited|costly|temporary|regional|joint|failed|revised|secret|northern|southern|coastal|ambitious|modest|controversial|unfinished|foreign|private|public|former|larger|smaller|rival""".split(
    "|"
)
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SAID = [
    "said",
    "told reporters",
    "said in a statement",
    "told a news conference",
    "wrote in a letter",
    "said late on {day}",
    "told the {paper}",
]
_PATTERNS = [
    "The {body} in {place} will {plan}, {person} {said}.",
    "{person}, the {role} of the {body}, {said} that the {adj} {thing} was threatened by {risk}.",
    "The {adj} {thing} has cost {n} million crowns since {month}, {m} million more than planned.",
    "About {n} people work for the {body}, which wants to {plan}.",
    "{surname} denied that {risk} had anything to do with the decision to {plan}.",
    "Two of the {n} members of the {body} voted against the {adj} {thing}, citing {risk}.",
    "In {month} the {body} promised to {plan}, but nothing has been done, according to {person}.",
    "The {role} of the {adj} {body} had earlier warned of {risk} in {place}.",
    "Traders in {place} said the {thing} could lose a {fraction} of its value because of {risk}.",
    "{person} joined the {body} in {year} after {n} years as {role} in {place}.",
    "Officials counted {n} cases of {risk} in the {adj} region around {place} last year, up from {m}.",
    "A court in {place} ordered the {body} to {plan} within {n} days.",
    "The agreement, reached after {n} hours of talks, obliges the {body} to {plan}.",
    "Neither {surname} nor the {body} would say whether they intended to {plan}.",
    "Shares in the {adj} {body} fell {n} per cent on {day} before they recovered in {place}.",
    "Critics say the {thing} was badly prepared and point to {risk}.",
    "The first stage of the {adj} {thing}, {n} kilometres from {place}, is due in {month}.",
    "Some {n} residents of {place} signed a petition asking the {body} to {plan}.",
    "A report by the {body} found that {risk} had delayed the {thing} by {n} months.",
    "Since {year} the {body} has tried {m} times to {plan}.",
    "The {role} flew to {place} on {day} to discuss the {adj} {thing} with {person}.",
    "{person} is expected to {plan} if the {body} agrees.",
    "If {risk} continues, the {body} may have to {plan}, {surname} {said}.",
    "Nobody was hurt when the {thing} was damaged by {risk} in {month}, the {body} {said}.",
    "It was the {adj} {thing} that brought {surname} and the {role} together in {year}.",
]
_QUOTES = [
    "We cannot {plan} while {risk} is still the first thing that people here talk about",
    "There is no {adj} {thing} that would be worth {n} million crowns to us",
    "I have told the {body} more than once that {risk} will not go away by itself",
    "Whoever wants to {plan} must first explain what happened to the {thing} in {place}",
    "The people of {place} have waited since {year} for somebody to {plan}",
    "Our position is clear and it has not changed: we will {plan}, and we will do it in {month}",
    "It would be a mistake to {plan} only because {person} asks for it",
    "This is about {risk}, and about the {thing} our children will need",
    "What the {role} did was neither wise nor legal, and the {body} knows that",
    "We looked at {n} other ways to {plan} and none of them was better",
]  # fmt: skip


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
            draw.choice(_ON) + draw.choice(_VOWEL) + draw.choice(_OFF) for _ in range(syllables)
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
            "body": draw.sample(_BODIES, 3),
            "thing": draw.sample(_THINGS, 4),
            "risk": draw.sample(_RISKS, 3),
            "paper": [f"{self.name()} Gazette"],
        }

    def fill(self, pattern: str, cast: dict[str, list[str]]) -> str:
        """A pattern with its gaps filled from a story's cast, gaps within what fills them too."""
        draw = self.draw
        others = {"adj": _ADJ, "month": _MONTHS, "day": _DAYS, "role": _ROLES, "plan": _PLANS, "said": _SAID,
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
            p for _ in range(count // len(_PATTERNS) + 1) for p in draw.sample(_PATTERNS, len(_PATTERNS))
        ]
        return [self.fill(pattern, cast) for pattern in chosen[:count]]

    def quotation(self, cast: dict[str, list[str]]) -> tuple[str, str]:
        """What somebody said, in one to three sentences, and who."""
        lines = [self.fill(p, cast) for p in self.draw.sample(_QUOTES, self.draw.randint(1, 3))]
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
