"""The residue catalogue as typed rules, read once from the `residue*.toml` files and `hosts/`."""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.clean.rule import LONGEST_RESIDUE, USUAL_LONGEST, Case, Informs, Rule, Where, rule_from
from pipeline.errors import SetupError

__all__ = [
    "LONGEST_RESIDUE",
    "OPTIONAL_RULES",
    "USUAL_LONGEST",
    "Case",
    "Catalogue",
    "HostRules",
    "Informs",
    "Rule",
    "Where",
    "catalogue",
    "read_catalogue",
]

OPTIONAL_RULES = "NEWSFOLD_OPTIONAL_RULES"
"""The variable of the environment that switches optional rules on: their names, with commas between them."""

ENGINE_VERSION = "6"
"""Raise it when the code beside the catalogue (page, signs, structure, dates, residue) would take other lines."""


@dataclass(frozen=True, slots=True)
class HostRules:
    """What is said of one host: its own rules, and which of all hosts' are switched on or off for it.

    `page` is the saved page that shows the need.
    """

    host: str
    page: str
    rules: tuple[Rule, ...] = ()
    enable: frozenset[str] = frozenset()
    disable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """All rules, in order, those of single hosts apart, and the version that goes into the recipe."""

    rules: tuple[Rule, ...]
    version: str
    hosts: Mapping[str, HostRules] = field(default_factory=dict)
    enabled: frozenset[str] = frozenset()
    _places: dict[tuple[Where, ...], tuple[Rule, ...]] = field(default_factory=dict)
    _long: dict[tuple[Rule, ...], tuple[Rule, ...]] = field(default_factory=dict)
    _of_host: dict[str, "Catalogue"] = field(default_factory=dict)

    def rules_at(self, *where: Where) -> tuple[Rule, ...]:
        """Return the rules that look in any of these places, in catalogue order; optional ones where enabled."""
        if where not in self._places:
            self._places[where] = tuple(
                rule for rule in self.rules if rule.where in where and self.is_on(rule)
            )
        return self._places[where]

    def for_long(self, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        """Return those of some rules that look at long lines: most lines are paragraphs, and most rules do not."""
        if rules not in self._long:
            self._long[rules] = tuple(rule for rule in rules if rule.longest > USUAL_LONGEST)
        return self._long[rules]

    def for_host(self, host: str | None) -> "Catalogue":
        """Return the rules that hold on a host: everybody's, and its own before them."""
        own = self.hosts.get((host or "").removeprefix("www."))
        if own is None:
            return self
        if own.host not in self._of_host:
            shared = (rule for rule in self.rules if rule.name not in own.disable)
            rules = (*own.rules, *shared)
            self._of_host[own.host] = Catalogue(rules, self.version, enabled=self.enabled | own.enable)
        return self._of_host[own.host]

    def with_optional(self, names: Iterable[str]) -> "Catalogue":
        """Return this catalogue with optional rules switched on, which its version names.

        Raises:
            SetupError: there is no optional rule of such a name; the sentence names those that there are.
        """
        asked = frozenset(names)
        known = {rule.name for rule in self.rules if rule.rule_class == "optional"}
        if asked - known:
            raise SetupError(
                f"{OPTIONAL_RULES} names {', '.join(sorted(asked - known))}, and no optional rule is called so. "
                f"There are {', '.join(sorted(known))}."
            )
        if not asked:
            return self
        version = f"{self.version}+{'+'.join(sorted(asked))}"
        return Catalogue(self.rules, version, self.hosts, self.enabled | asked)

    def is_on(self, rule: Rule) -> bool:
        """Tell whether a rule is at work: all are but the optional ones that nobody switched on."""
        return rule.rule_class != "optional" or rule.name in self.enabled

    def with_trial(self, trial: "Catalogue") -> "Catalogue":
        """Return this catalogue with another one's rules: in the place of those of the same name, else behind all.

        An optional rule that is tried is switched on.
        """
        tried = {rule.name: rule for rule in trial.rules}
        kept = [tried.get(rule.name, rule) for rule in self.rules]
        known = {rule.name for rule in self.rules}
        added = [rule for rule in trial.rules if rule.name not in known]
        rules = tuple(
            replace(rule, rule_class="judged")
            if rule.name in tried and rule.rule_class == "optional"
            else rule
            for rule in (*kept, *added)
        )
        version = f"{self.version}+{trial.version}"
        return Catalogue(rules, version, {**self.hosts, **trial.hosts}, self.enabled)


def read_catalogue(*tomls: str, hosts: Iterable[str] = ()) -> Catalogue:
    """Read a catalogue from TOML texts, and the files of single hosts from others.

    Raises:
        ValueError: an entry is malformed; the message names the rule.
    """
    hosts = tuple(hosts)
    rules = tuple(rule_from(entry) for toml in tomls for entry in _entries(tomllib.loads(toml)))
    own = [_host_rules(tomllib.loads(toml)) for toml in hosts]
    names = [rule.name for rule in rules] + [rule.name for one in own for rule in one.rules]
    if len(set(names)) != len(names):
        raise ValueError("Two residue rules have the same name.")
    for one in own:
        unknown = (one.enable | one.disable) - set(names)
        if unknown:
            raise ValueError(
                f"The rules of {one.host} switch rules that there are not: {', '.join(sorted(unknown))}."
            )
    by_host = {one.host: one for one in own}
    if len(by_host) != len(own):
        raise ValueError("Two files hold the rules of one host.")
    version = hashlib.sha256("\0".join((*tomls, "hosts", *hosts)).encode()).hexdigest()[:10]
    return Catalogue(rules, f"{ENGINE_VERSION}-{version}", by_host)


def _entries(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = document.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("A residue rule is written as a table under [[rule]].")
    return entries


def _host_rules(document: Mapping[str, Any]) -> HostRules:
    host = document.get("host")
    if not isinstance(host, str) or not host or host != host.lower().removeprefix("www."):
        raise ValueError("A host's file needs the host's name, in small letters and without www.")
    unknown = document.keys() - {"host", "page", "enable", "disable", "rule"}
    if unknown:
        raise ValueError(f"The rules of {host} have unknown keys: {', '.join(sorted(unknown))}.")
    if not document.get("page"):
        raise ValueError(f"The rules of {host} name no saved page that shows the need.")
    return HostRules(
        host,
        document["page"],
        tuple(rule_from(entry, host) for entry in _entries(document)),
        frozenset(document.get("enable", ())),
        frozenset(document.get("disable", ())),
    )


@cache
def catalogue() -> Catalogue:
    """Return the catalogue that newsfold ships, with the optional rules that the environment asks for.

    Raises:
        SetupError: the environment asks for an optional rule that there is not.
    """
    folder = files("pipeline.clean")
    shared = sorted(
        (
            file
            for file in folder.iterdir()
            if file.name.startswith("residue") and file.name.endswith(".toml")
        ),
        key=lambda file: file.name,
    )
    own = folder.joinpath("hosts")
    hosts = sorted(
        (file for file in own.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    shipped = read_catalogue(
        *(file.read_text("utf-8") for file in shared), hosts=[file.read_text("utf-8") for file in hosts]
    )
    asked = os.environ.get(OPTIONAL_RULES, "").replace(",", " ").split()
    return shipped.with_optional(asked)
