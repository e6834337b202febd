"""The language of a text, as the text itself tells it."""

_ENOUGH = 40  # characters; under this a guess is a coin toss
_FIRST = 240  # characters: enough to tell nearly always, and detection costs in proportion to them
_SAMPLE = 600
_CLEAR = 25.0
"""The logarithm of how many times likelier than the next the first language must be for the short sample to do."""


def detected_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a text is written in; None for one too short to tell."""
    if len(text) < _ENOUGH:
        return None
    # The model takes half a second to load.
    import py3langid  # noqa: PLC0415

    ranked = py3langid.rank(text[:_FIRST])
    if len(text) > _FIRST and ranked[0][1] - ranked[1][1] < _CLEAR:
        ranked = py3langid.rank(text[:_SAMPLE])
    return str(ranked[0][0])
