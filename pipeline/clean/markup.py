"""Markup that would cost a parser far more than it is worth, mended before it is parsed."""

import re
from collections.abc import Iterator

_MOST_ATTRIBUTES = 256
_LONG_TAG = 4 * _MOST_ATTRIBUTES  # characters: a shorter tag cannot have more of them
# One tag, quotes and all. Nothing here gives back what it took, so the time stays in step with the length.
_TAG = re.compile(r"""<([a-zA-Z][^\s/>]*+)((?:[^>"'=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|["'=])*+>?+)""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)""")


def without_absurd_tags(html: str) -> str:
    """Return a page with the attributes gone from each tag that has more than 256 of them.

    libxml2 compares each attribute of a tag with all before it: 100,000 in one tag took it 10 s, and the page is
    parsed twice. No tag that is meant to be read has a tenth of what is let through.
    """
    # Looking at every tag costs a tenth of an extraction; few pages have one that is long enough to be looked at.
    return _TAG.sub(_bare, html) if any(map(_may_be_long, _long_pieces(html))) else html


def _long_pieces(html: str) -> Iterator[str]:
    """Yield what stands between a `<` and the next, where that is long.

    Where the last `<` within reach is near, all before it are nearer: a page is read in steps of almost that reach.
    """
    start = html.find("<") + 1
    while start > 0 and len(html) - start > _LONG_TAG:
        last = html.rfind("<", start, start + _LONG_TAG + 1)
        if last >= 0:
            start = last + 1
            continue
        end = html.find("<", start + _LONG_TAG + 1)
        yield html[start:end] if end >= 0 else html[start:]
        start = end + 1


def _may_be_long(piece: str) -> bool:
    """Tell whether what follows a `<`, and is long itself, may be a long tag: its end is not near, or within quotes."""
    end = piece.find(">", 0, _LONG_TAG)
    tag = piece[:end]
    return end < 0 or tag.count('"') % 2 == 1 or tag.count("'") % 2 == 1


def _bare(tag: re.Match[str]) -> str:
    if len(tag[2]) <= _LONG_TAG or len(_VALUE.sub(" ", tag[2]).replace("/", " ").split()) <= _MOST_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}>"
