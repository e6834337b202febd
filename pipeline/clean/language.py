"""The language of a text, as the text itself tells it."""

_ENOUGH = 40  # characters; under this a guess is a coin toss
_SAMPLE = 600  # characters: enough to tell, and detection takes longer than in proportion to them


def detected_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that a text is written in; None for one too short to tell."""
    if len(text) < _ENOUGH:
        return None
    # The model takes half a second to load.
    import py3langid  # noqa: PLC0415

    code, _ = py3langid.classify(text[:_SAMPLE])
    return str(code)
