"""The residue catalogue as typed rules, read once from `residue.toml`."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from pipeline.clean.page import Page
from pipeline.clean.signs import SIGNS, Sign

Where = Literal["head", "tail", "edges", "anywhere", "label", "line-end"]
Informs = Literal["title", "date", "credit"]

LONGEST_RESIDUE = 400
"""Characters. No longer line is residue, and no pattern gets to backtrack over one."""

ENGINE_VERSION = "3"
"""Raise it when the code beside the catalogue (page, signs, dates, residue) would take other lines."""


@dataclass(frozen=True, slots=True)
class Case:
    """A whole text, the title known from elsewhere, and the lines that one rule removes from it."""

    text: str
    removed: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of residue; `residue.toml` explains the fields."""

    name: str
    where: Where
    reason: str
    pattern: re.Pattern[str] | None = None
    sign: Sign | None = None
    informs: Informs | None = None
    removes: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()

    def reads(self, page: Page, index: int) -> str | None:
        """Return what the rule takes from a line, the part that informs; None where it does not fit."""
        if self.sign is not None:
            return self.sign(page, index)
        line = page.lines[index]
        if self.pattern is None or not line or len(line) > LONGEST_RESIDUE:
            return None
        match = self.pattern.fullmatch(line)
        if match is None:
            return None
        return match["value"] if "value" in self.pattern.groupindex and match["value"] else match[0]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rules, in order, and the version that goes into the recipe."""

    rules: tuple[Rule, ...]
    version: str

    def rules_at(self, *where: Where) -> tuple[Rule, ...]:
        """Return the rules that look in any of these places, in catalogue order."""
        return tuple(rule for rule in self.rules if rule.where in where)


def _rule(entry: Mapping[str, Any]) -> Rule:
    name = entry["name"]
    unknown = entry.keys() - {
        "name", "where", "pattern", "sign", "informs", "reason", "removes", "spares", "cases"
    }  # fmt: skip
    if unknown:
        raise ValueError(f"The residue rule {name!r} has unknown keys: {', '.join(sorted(unknown))}.")
    if entry["where"] not in get_args(Where):
        raise ValueError(f"The residue rule {name!r} looks in {entry['where']!r}, which is no place.")
    if ("pattern" in entry) == ("sign" in entry):
        raise ValueError(f"The residue rule {name!r} needs either a pattern or a sign.")
    return Rule(
        name=name,
        where=entry["where"],
        reason=entry["reason"],
        pattern=re.compile(entry["pattern"]) if "pattern" in entry else None,
        sign=SIGNS[entry["sign"]] if "sign" in entry else None,
        informs=entry.get("informs"),
        removes=tuple(entry.get("removes", ())),
        spares=tuple(entry.get("spares", ())),
        cases=tuple(
            Case(case["text"], tuple(case["removed"]), case.get("title")) for case in entry.get("cases", ())
        ),
    )


def read_catalogue(toml: str) -> Catalogue:
    """Read a catalogue from TOML.

    Raises:
        ValueError: an entry is malformed; the message names the rule.
    """
    rules = tuple(_rule(entry) for entry in tomllib.loads(toml)["rule"])
    names = [rule.name for rule in rules]
    if len(set(names)) != len(names):
        raise ValueError("Two residue rules have the same name.")
    version = hashlib.sha256(toml.encode()).hexdigest()[:10]
    return Catalogue(rules, f"{ENGINE_VERSION}-{version}")


@cache
def catalogue() -> Catalogue:
    """Return the catalogue that newsfold ships."""
    return read_catalogue(files("pipeline.clean").joinpath("residue.toml").read_text("utf-8"))
