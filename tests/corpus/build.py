"""Writes the corpus's pages: `python -m tests.corpus.build`. What it wrote is data; a test holds that it writes the same."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from json import dumps
from pathlib import Path

from tests.corpus.plan import LATER, OPENED, SEEN, UNSEEN
from tests.corpus.sheet import Place, Sheet
from tests.corpus.writing import article

PAGES = Path(__file__).with_name("pages")

_FLAGS = {
    "special.paywalled": ["paywall"],
    "special.live": ["live-blog"],
    "others.ticker": ["live-blog"],
    "themes.piano": ["paywall"],
}


def built() -> Iterator[tuple[str, bytes]]:
    """Yield every file of the corpus: its path under `pages/`, and its bytes."""
    lots = (
        ("seen", "seen", SEEN),
        ("unseen", "unseen", UNSEEN),
        ("later", "seen", OPENED),
        ("later", "unseen", LATER),
    )
    for lot, group, places in lots:
        for place in places:
            sheet = Sheet(lot, article(lot, place.article), place)
            html = place.template(sheet)
            yield f"{place.slug}/page.html", html.encode(place.charset, "xmlcharrefreplace")
            yield f"{place.slug}/gold.toml", _toml(_gold(sheet)).encode()
            yield f"{place.slug}/meta.toml", _toml(_meta(group, place)).encode()


def _gold(sheet: Sheet) -> Mapping[str, object]:
    if sheet.place.reason:
        return {"article": False, "reason": sheet.place.reason}
    text = sheet.article
    lines = [block.line for block in sheet.blocks]
    residue = [line for line in dict.fromkeys(sheet.residue) if line and line not in lines]
    return {
        "article": True,
        "title": text.title,
        "standfirst": text.standfirst,
        "standfirst_shown": sheet.shows_standfirst,
        "authors": list(text.authors) if sheet.states_authors else [],
        "section": text.section if sheet.states_section else "",
        "credit": sheet.credit,
        "language": text.language,
        "flags": _FLAGS.get(_template(sheet.place), []),
        **sheet.gold_dates(),
        "text": lines,
        "stays": [block.line for block in sheet.blocks if block.stays],
        "residue": residue,
    }


def _meta(group: str, place: Place) -> Mapping[str, object]:
    return {
        "set": group,
        "style": _template(place),
        "address": f"https://{place.host}{place.path or '/' + place.slug}",
        "host": place.host,
        "content_type": place.content_type,
        "charset": place.charset,
        "captured_at": place.captured,
        "timezone": place.zone,
    }


def _template(place: Place) -> str:
    return f"{place.template.__module__.rpartition('.')[2]}.{place.template.__name__}"


def _toml(entries: Mapping[str, object]) -> str:
    rows = []
    for key, value in entries.items():
        if isinstance(value, list):
            inner = "".join(f"  {dumps(item, ensure_ascii=False)},\n" for item in value)
            rows.append(f"{key} = [\n{inner}]\n" if value else f"{key} = []\n")
        else:
            rows.append(f"{key} = {dumps(value, ensure_ascii=False)}\n")
    return "".join(rows)


def main() -> None:
    """Write all pages anew."""
    files = list(built())
    shutil.rmtree(PAGES, ignore_errors=True)
    number = 0
    for name, content in files:
        path = PAGES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        number += path.name == "page.html"
    sys.stdout.write(f"{number} pages written to {PAGES}\n")


if __name__ == "__main__":
    main()
