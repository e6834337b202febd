"""Articles as literature: BibTeX for LaTeX, CSL-JSON for Zotero, pandoc and word processors.

Nothing is made up for the sake of an entry. Where no title is stated there is none, and a note says how the text
begins; where no date is stated there is none; a person's name is not taken apart.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.export.writers import Record
from pipeline.store.columns import Column

Entry = Mapping[str, Any]
"""An article by the names of its columns, as `pipeline.store.exporting` reads them for citing."""

_SPECIAL = {
    "\\": r"\textbackslash{}",
    # BibTeX counts the braces of \{ and \} as well.
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
# In an address a brace would unbalance the entry, and a backslash or a space end it.
_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20", '"': "%22"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class BibtexWriter:
    """A BibTeX file in UTF-8, an `@misc` for each article: every style and every program knows that kind."""

    notes: Mapping[str, str] = {}

    def __init__(self, path: Path, columns: Sequence[Column], _provenance: Mapping[str, str]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("x", encoding="utf-8", newline="\n")

    def write(self, rows: Sequence[Record]) -> None:
        """Add articles."""
        for row in rows:
            self._file.write(bibtex_entry(dict(zip(self._names, row, strict=True))) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class CslWriter:
    """A CSL-JSON file: one array, an item a line."""

    notes: Mapping[str, str] = {}

    def __init__(self, path: Path, columns: Sequence[Column], _provenance: Mapping[str, str]) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("x", encoding="utf-8", newline="\n")
        self._before = "[\n"

    def write(self, rows: Sequence[Record]) -> None:
        """Add articles."""
        for row in rows:
            item = csl_item(dict(zip(self._names, row, strict=True)))
            self._file.write(self._before + json.dumps(item, ensure_ascii=False))
            self._before = ",\n"

    def close(self) -> None:
        """Finish the file."""
        self._file.write("\n]\n" if self._before != "[\n" else "[]\n")
        self._file.close()


def citation_key(entry: Entry) -> str:
    """Return what an article is cited by: outlet, year and twelve digits of its address's SHA-256.

    It is the same in every database and every export, as long as the outlet's key and the date are.
    """
    outlet = entry["source"] or re.sub(r"[^a-z0-9]+", "-", _host(entry["address"])).strip("-") or "text"
    year = str(entry["published_on"].year) if entry["published_on"] else "undated"
    return f"{outlet}-{year}-{hashlib.sha256(entry['address'].encode()).hexdigest()[:12]}"


def bibtex_entry(entry: Entry) -> str:
    """Return one article as a BibTeX entry."""
    fields: dict[str, str] = {}
    names = [
        # A second pair of braces keeps an organization's name, and a name with `and` or a comma in it, in one piece.
        f"{{{escaped(name['name'])}}}"
        if name["kind"] == "organization" or re.search(r",|\band\b", name["name"], re.IGNORECASE)
        else escaped(name["name"])
        for name in entry["authors"]
    ]
    if names:
        fields["author"] = " and ".join(names)
    if entry["title"]:
        fields["title"] = f"{{{escaped(entry['title'])}}}"
    if entry["outlet"]:
        # Of the fields for it, the one that the oldest styles print too.
        fields["howpublished"] = escaped(entry["outlet"])
    on: date | None = entry["published_on"]
    if on:
        fields |= {"year": str(on.year), "day": str(on.day), "date": on.isoformat()}
    address = _link(entry["address"])
    if address:
        fields |= {"url": address, "urldate": entry["captured_on"].isoformat()}
    if entry["language"]:
        fields["language"] = escaped(entry["language"])
    fields["note"] = escaped(_note(entry))
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    if on:
        lines.append(f"  month = {_MONTHS[on.month - 1]}")
    return f"@misc{{{citation_key(entry)},\n" + ",\n".join(lines) + "\n}\n"


def csl_item(entry: Entry) -> dict[str, Any]:
    """Return one article as an item of CSL-JSON (docs.citationstyles.org, schema 1.0)."""
    item: dict[str, Any] = {"id": citation_key(entry), "type": "article-newspaper"}
    if entry["title"]:
        item["title"] = entry["title"]
    if entry["authors"]:
        item["author"] = [{"literal": name["name"]} for name in entry["authors"]]
    if entry["outlet"]:
        item["container-title"] = entry["outlet"]
    if entry["published_on"]:
        item["issued"] = {"date-parts": [_parts(entry["published_on"])]}
    address = _link(entry["address"])
    if address:
        item["URL"] = address
        item["accessed"] = {"date-parts": [_parts(entry["captured_on"])]}
    if entry["language"]:
        item["language"] = entry["language"]
    item["note"] = _note(entry)
    return item


def escaped(words: str) -> str:
    """Return a text as LaTeX prints it as it is, on one line."""
    return "".join(_SPECIAL.get(sign, sign) for sign in " ".join(words.split()))


def _note(entry: Entry) -> str:
    hashed = f"newsfold {entry['content_hash']}"
    if entry["title"]:
        return hashed
    start = " ".join(entry["opening"].split("\n", 1)[0][:60].split(" ")[:-1])
    return f"No title is stated; begins “{start} …”. {hashed}"


def _link(address: str) -> str | None:
    """Return an address that can be followed; a file that was imported from this machine has none."""
    if not address.startswith(("http://", "https://")):
        return None
    return "".join(_ADDRESS.get(sign, sign) for sign in address)


def _host(address: str) -> str:
    found = re.match(r"https?://(?:www\.)?([^/:?#]+)", address)
    return found[1].lower() if found else ""


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
