"""What a `[source.KEY]` table says of an outlet, in an event file and in a sidecar alike."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.items import Source
from pipeline.tomlfile import Table

SOURCE_KEYS = {"name", "hosts", "country", "language", "timezone"}
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEY_FORM = "made of small letters, digits and hyphens"
LANGUAGE = re.compile(r"[a-z]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def read_source(table: Table) -> Source:
    """Read what a `[source.KEY]` table says of the outlet itself; the last part of its place is the key.

    Raises:
        SetupError: it has no name, or a key, host, language, country or time zone that is none.
    """
    key = str(table.where[-1])
    if not KEY.fullmatch(key):
        table.fail("", f"has a key that is not {KEY_FORM}")
    for host in (hosts := table.texts("hosts")):
        if not _HOST.fullmatch(host):
            table.fail(
                "hosts", f"has {host!r}, which is no host in small letters, such as www.nato.int", host
            )
    timezone = table.take("timezone", str)
    try:
        ZoneInfo("UTC" if timezone is None else timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.fail("timezone", f"is {timezone!r}, which is no time zone; write it as Europe/Kyiv")
    return Source(
        key=key,
        name=table.need("name", str),
        hosts=hosts,
        country=table.shaped("country", _COUNTRY, "two capital letters, such as UA"),
        language=table.shaped("language", LANGUAGE, "two small letters, such as uk"),
        timezone=timezone,
    )
