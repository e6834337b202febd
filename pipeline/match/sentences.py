"""Where the sentences of a text begin and end."""

import re
from collections.abc import Iterator

# A sentence ends with its mark, the quotation marks and brackets that close after it, and a space. Scripts
# without spaces have marks of their own that need none.
_END = re.compile(r"""[.!?…؟۔।]+["'”’»“)\]]*(?=\s)|[。！？]+[」』”’）]*|\n+""")

_ABBREVIATED = re.compile(
    r"""(?:^|[\s("“„«‘'-])(?:
        \w | \w\.\w | (?:\w\.)+\w |             # an initial, U.S, e.g
        Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Sen|Rep|Gov|Rev|Hon|St|Jr|Sr|Messrs|Mme|Mlle|Sig|Sra?|
        Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|Nos|vs|approx|etc|cf|Inc|Ltd|Co|Corp|Bros|
        Nr|Hr|Fr|Str|bzw|ca|usw|sog|M|Mme|
        им|г|гг|руб|тыс|млн|млрд|вул|ім|р|рр|тис
    )$""",
    re.VERBOSE,
)
_GOES_ON = re.compile(r"\s+[\"'“„«(\[]*[a-zà-öø-ÿа-яёіїєґ]")
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}$")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence stands, in order: first, past the last character, without the spaces around it.

    A line break always ends one. An initial, a usual abbreviation, or a small letter that follows tells that
    a full stop does not.
    """
    start = 0
    for match in _END.finditer(text):
        if not _ends(text, start, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    mark = match[0]
    if mark[0] in "\n。！？؟۔।":
        return True
    if _GOES_ON.match(text, match.end()):
        return False
    if mark != ".":
        return True
    before = text[max(start, match.start() - 24) : match.start()]
    return _ABBREVIATED.search(before) is None and _ORDINAL.search(before) is None


def _trimmed(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    if first < last:
        yield first, last
