"""The spelling fold: British and American spellings of one word become the same letters."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _fold_rules() -> tuple[dict[str, str], re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """Return the whole words, a pattern for any of the parts, and the parts with what they become."""
    table = tomllib.loads(files("pipeline.match").joinpath("spelling.toml").read_text("utf-8"))
    parts = tuple((re.compile(part["find"]), part["put"]) for part in table["part"])
    # Most words have no such part: one look tells, instead of one for each.
    any_part = re.compile("|".join(f"(?:{part['find']})" for part in table["part"]))
    return table["words"], any_part, parts


def fold_spelling(word: str) -> str:
    """Return the folded form of one casefolded word; for hashing, never for showing."""
    words, any_part, parts = _fold_rules()
    if word in words:
        return words[word]
    if any_part.search(word) is None:
        return word
    for pattern, replacement in parts:
        word, count = pattern.subn(replacement, word, count=1)
        if count:
            break
    return word
