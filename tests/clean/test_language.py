import pytest

from pipeline.clean.language import detected_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The envoys spoke for an hour about the winter that lies ahead of all of them.", "en"),
        ("Посланці годину говорили про зиму, що надходить, і про захист підводних кабелів.", "uk"),
        ("Die Gesandten sprachen eine Stunde lang über den Winter, der vor ihnen liegt.", "de"),
    ],
)
def test_the_language_is_detected_on_the_text(text, code):
    assert detected_language(text) == code


def test_a_text_too_short_to_tell_has_no_language():
    assert detected_language("Q&A") is None


def test_what_a_text_begins_with_does_not_decide_where_it_is_not_clear():
    signs = "Oslo, Bergen, Narvik, Tromsø, Kirkenes, Hammerfest, Alta, Bodø, Vardø. " * 3
    text = f"{signs}Die Gesandten sprachen eine Stunde lang über den Winter, der vor ihnen liegt, und über Kabel am Grund der See."
    assert detected_language(text) == "de"
    assert detected_language(signs) != "de"
