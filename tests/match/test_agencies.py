import pytest

from pipeline.match.agencies import agencies, agency_name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Укрінформ", "Ukrinform"),
        ("the associated press", "Associated Press"),
        ("AP", "Associated Press"),
        ("(Reuters)", "Reuters"),
        ("Інтерфакс-Україна", "Interfax-Ukraine"),
        ("Interfax–Ukraine", "Interfax-Ukraine"),
        ("Council of the EU", "Council of the EU"),
    ],
)
def test_a_name_is_known_by_all_that_it_goes_by(written: str, name: str) -> None:
    assert agency_name(written) == name


def test_short_names_count_in_tags_alone_and_no_name_belongs_to_two() -> None:
    known = agencies()
    assert known.tagged["aa"] == "Anadolu Agency"
    assert "aa" not in known.in_prose
    assert known.in_prose["reuters"] == "Reuters"
