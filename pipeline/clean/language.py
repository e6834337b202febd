"""The language of a text: as declared, else as detected on the text itself."""

from pipeline.items import Claim

_ENOUGH = 40  # characters; under this a guess is a coin toss
_SAMPLE = 4000


def language_of(text: str, declared: Claim | None) -> Claim | None:
    """Return an ISO 639-1 code and its origin; None for a text too short to tell."""
    if declared is not None:
        return declared
    if len(text) < _ENOUGH:
        return None
    # The model takes half a second to load.
    import py3langid  # noqa: PLC0415

    code, _ = py3langid.classify(text[:_SAMPLE])
    return Claim(str(code), "detected")
