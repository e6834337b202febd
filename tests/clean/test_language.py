import pytest

from pipeline.clean.language import language_of
from pipeline.items import Claim


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The envoys spoke for an hour about the winter that lies ahead of all of them.", "en"),
        ("Посланці годину говорили про зиму, що надходить, і про захист підводних кабелів.", "uk"),
        ("Die Gesandten sprachen eine Stunde lang über den Winter, der vor ihnen liegt.", "de"),
    ],
)
def test_the_language_is_detected_on_the_text(text, code):
    assert language_of(text, None) == Claim(code, "detected")


def test_a_declared_language_stands_whatever_the_text():
    declared = Claim("uk", "declared")
    assert language_of("The envoys spoke for an hour about the winter that lies ahead.", declared) == declared


def test_a_text_too_short_to_tell_has_no_language():
    assert language_of("Q&A", None) is None
