"""The names that agencies and much quoted outlets go by, and the one that each is known under."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Agencies:
    """Folded names with the one name each stands for: in tags and datelines, and in prose, where short ones do not.

    `most_words` is how many words the longest name has, `firsts` the folded first words of the names of prose.
    """

    tagged: dict[str, str]
    in_prose: dict[str, str]
    most_words: int
    firsts: frozenset[str]


@cache
def agencies() -> Agencies:
    """Return the names of `agencies.toml`.

    Raises:
        ValueError: a name belongs to two entries.
    """
    text = files("pipeline.match").joinpath("agencies.toml").read_text("utf-8")
    tagged: dict[str, str] = {}
    in_prose: dict[str, str] = {}
    for entry in tomllib.loads(text)["agency"]:
        short = {fold_name(name) for name in entry.get("short", ())}
        for alias in (entry["name"], *entry.get("aliases", ()), *entry.get("short", ())):
            folded = fold_name(alias)
            if tagged.setdefault(folded, entry["name"]) != entry["name"]:
                raise ValueError(
                    f"{alias!r} is a name of two agencies: {tagged[folded]} and {entry['name']}."
                )
            if folded not in short:
                in_prose[folded] = entry["name"]
    return Agencies(
        tagged,
        in_prose,
        max(len(name.split()) for name in in_prose),
        frozenset(name.split()[0] for name in in_prose),
    )


def fold_name(name: str) -> str:
    """Return a name without case, quotation marks, outer punctuation and doubled spaces, with one kind of dash."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("–", "-").replace("‑", "-")
    return " ".join(folded.split()).strip(" .,:;()[]«»“”„\"'’‘/")


def agency_name(name: str) -> str:
    """Return the name that an agency or outlet is known under (`Укрінформ`: `Ukrinform`), else the name as it is."""
    return agencies().tagged.get(fold_name(name), name)
