import pytest

from pipeline.clean.flags import read_flags
from pipeline.clean.jsonld import LinkedData

PART = {"@type": "WebPageElement", "isAccessibleForFree": "http://schema.org/False"}


@pytest.mark.parametrize(
    ("meta", "article", "flags"),
    [
        ({}, {"isAccessibleForFree": False}, [("paywall", "json-ld")]),
        ({}, {"hasPart": [PART]}, [("paywall", "json-ld")]),
        ({"article:content_tier": ["metered"]}, {}, [("paywall", "opengraph")]),
        ({"article:content_tier": ["locked"]}, {"isAccessibleForFree": "false"}, [("paywall", "json-ld")]),
        ({"isaccessibleforfree": ["False"]}, {}, [("paywall", "microdata")]),
        (
            {},
            {"@type": ["LiveBlogPosting"], "isAccessibleForFree": "no"},
            [("paywall", "json-ld"), ("live-blog", "json-ld")],
        ),
        ({"article:content_tier": ["free"]}, {"isAccessibleForFree": "True", "hasPart": ["x"]}, []),
    ],
)
def test_a_flag_says_where_it_was_stated(meta, article, flags):
    assert [(flag.value, flag.origin) for flag in read_flags(meta, LinkedData(article=article))] == flags
