from pipeline.match.standing import standing_passages
from pipeline.prepare import fingerprint, hash_words
from tests.builders import prose


def test_a_passage_is_shown_as_it_stands_between_what_does_not_recur() -> None:
    standing = "About us: " + prose(1, 60).replace("\n", " ")
    one, other = f"{prose(2, 90)}\n{standing}\n{prose(3, 90)}", f"{prose(4, 90)}\n{standing}\n{prose(5, 90)}"
    recurring = set(fingerprint(hash_words(one)).tolist()) & set(fingerprint(hash_words(other)).tolist())
    [found] = standing_passages(one, recurring)
    assert found.words in standing
    assert len(found.words.split()) >= len(standing.split()) - 2 * 16
    assert found.hashes == recurring
    assert standing_passages(prose(6, 90), recurring) == []
