"""Which sentences two texts have, in whose words."""

from pipeline.match.carried import Carried, carried_sentences, character_span, is_quoted, lay_out
from pipeline.match.fingerprint import fingerprint
from pipeline.match.words import hash_words

_SAID = "Allies will do whatever it takes to keep the cables on the bed of the sea safe this winter."
_OTHER = "Nobody in the room doubted that the plan would need more ships, more crews and more money."


def _find(shorter: str, longer: str) -> tuple[list[Carried], list[tuple[str, str]]]:
    one, other = lay_out(shorter), lay_out(longer)
    found = carried_sentences(one, other)
    words = []
    for carried in found:
        spans = [
            text.text[slice(*character_span(text, place))]
            for text, place in zip((one, other), carried.places, strict=True)
        ]
        words.append((spans[0], spans[1]))
    return found, words


def test_a_sentence_that_both_have_is_found_whole_in_each_ones_own_spelling() -> None:
    found, words = _find(f"Short.\n{_SAID.upper()} The end.", f"{_OTHER} {_SAID} {_OTHER}")

    assert [(one.text, one.words, one.carried) for one in found] == [(_SAID, 19, (19, 19))]
    assert words == [(_SAID.upper(), _SAID)]


def test_a_sentence_has_one_key_wherever_it_stands() -> None:
    first, _ = _find(f"First. {_SAID}", f"{_OTHER} {_SAID} More.")
    second, _ = _find(f"“{_SAID}”", f"{_OTHER}\n{_SAID}\nAnd so on, and so forth.")

    assert [one.key for one in first] == [one.key for one in second]
    assert -(2**63) <= first[0].key < 2**63


def test_half_a_sentence_quoted_in_another_is_the_longer_texts_with_the_words_that_were_taken() -> None:
    quoting = "The chief said “whatever it takes to keep the cables on the bed of the sea safe” to us."

    found, words = _find(quoting, f"{_OTHER} {_SAID} {_OTHER}")

    assert [(one.text, one.carried) for one in found] == [(_SAID, (14, 19))]
    assert words == [("whatever it takes to keep the cables on the bed of the sea safe", _SAID)]
    assert is_quoted(lay_out(quoting), found[0].places[0])
    assert not is_quoted(lay_out(f"{_OTHER} {_SAID} {_OTHER}"), found[0].places[1])


def test_less_than_half_of_a_sentence_or_a_turn_of_phrase_is_not_carried() -> None:
    long = " ".join(f"word{number}" for number in range(40)) + "."

    assert _find("He said: " + " ".join(f"word{number}" for number in range(10)), long)[0] == []
    assert _find("We must do more now.", "We must do more now. " + _OTHER)[0] == []


def test_standing_passages_are_carried_by_nobody() -> None:
    text = "\n".join([_SAID, _OTHER])
    hashes = frozenset(fingerprint(hash_words(text)).tolist())

    assert len(carried_sentences(lay_out(text), lay_out(text))) == 2
    assert carried_sentences(lay_out(text), lay_out(text), hashes) == []
