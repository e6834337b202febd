import codecs
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.decode import decode_text
from pipeline.errors import Quarantine

ENGLISH = "The envoy’s “plan” — agreed in the café — costs €40 billion, and the coöperation goes on.\n" * 4
UKRAINIAN = (
    "Міністри погодили заходи проти диверсій на кабелях у Балтійському морі. "
    "Посланці зустрінуться знову навесні, повідомили в середу чиновники.\n"
) * 4


@pytest.mark.parametrize("text", [ENGLISH, UKRAINIAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_in_unicode_is_read_without_doubt(text, encoding):
    decoded = decode_text(text.encode(encoding))
    assert (decoded.text, decoded.doubt) == (text, None)


def test_big_endian_marks_are_known():
    assert decode_text(codecs.BOM_UTF16_BE + ENGLISH.encode("utf-16-be")).text == ENGLISH
    assert decode_text(codecs.BOM_UTF32_BE + ENGLISH.encode("utf-32-be")).text == ENGLISH


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_its_mark_is_read(encoding):
    assert decode_text(ENGLISH.encode(encoding)).text == ENGLISH


@pytest.mark.parametrize(("text", "encoding"), [(ENGLISH, "cp1252"), (UKRAINIAN, "cp1251")])
def test_a_legacy_encoding_is_guessed_and_the_guess_is_told(text, encoding):
    decoded = decode_text(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)
    assert encoding in decoded.doubt


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"some text\x00and more of it", "not-text"),
        (bytes(64), "not-text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "not-text"),
        ("Café, über, señor, naïve".encode() + b" and one \xff damaged byte", "bad-encoding"),
        (codecs.BOM_UTF16_LE + b"a\x00b", "bad-encoding"),
        (codecs.BOM_UTF8 + b"\xff\xff", "bad-encoding"),
    ],
)
def test_what_is_not_text_is_set_aside_with_its_reason(body, reason):
    with pytest.raises(Quarantine) as caught:
        decode_text(body)
    assert caught.value.reason == reason


@given(st.binary(max_size=300))
def test_any_bytes_are_either_read_without_nul_or_set_aside(body):
    with suppress(Quarantine):
        assert "\0" not in decode_text(body).text
