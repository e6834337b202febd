import pytest

from pipeline.clean.missing import not_found_line


@pytest.mark.parametrize(
    "headline",
    [
        "404",
        "Error 404",
        "404 Not Found",
        "404: Page not found",
        "Page not found – Harbour Wire",
        "Harbour Wire | Page Not Found!",
        "Sorry, this page could not be found.",
        "Oops! That page can’t be found.",
        "The page you requested was not found",
        "The page you are looking for is no longer available",
        "This page doesn't exist",
        "Article not found",
        "Сторінку не знайдено",
        "Помилка 404",
        "Страница не найдена",
        "Seite nicht gefunden - Die Hafenpost",
        "Die angeforderte Seite wurde nicht gefunden",
        "Page introuvable",
        "Cette page n’existe pas",
        "Nie znaleziono strony",
    ],
)
def test_a_headline_that_says_so_is_found(headline):
    assert not_found_line(["The Harbour Post", headline], "Try the search.") == headline


@pytest.mark.parametrize(
    "headline",
    [
        "",
        "Wreck of the ferry not found after nine days",
        "Flight 404 lands in the harbour",
        "Why your page was not found: a guide to dead links",
        "Missing page of the treaty found",
        "Черговий корабель не знайдено",
        "Evidence not found, court says",
    ],
)
def test_a_headline_of_an_article_is_not(headline):
    assert not_found_line([headline], "The host spoke.") is None


def test_a_page_with_much_text_is_believed_to_be_there():
    assert not_found_line(["Page not found"], "word " * 151) is None
    assert not_found_line(["Page not found"], "word " * 150) == "Page not found"
