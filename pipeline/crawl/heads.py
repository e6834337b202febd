"""The head of Scrapy's responses, as the rest of newsfold knows it."""

from scrapy.http import Response

from pipeline.archive.fields import Fields, folded


def fields_of(response: Response) -> Fields:
    """Return a response's header fields, repeated ones one by one; HTTP reads them as Latin-1."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def headers_of(response: Response) -> dict[str, str]:
    """Return a response's headers by lower-case name, each once."""
    return folded(fields_of(response))
