"""Pages that say they are not there, though the server said they are."""

import re
from collections.abc import Iterable

_MOST_WORDS = 150
# A title has parts: the headline, the section, the site's name.
_PARTS = re.compile(r"\s+[|•·–—-]\s+|\s*[|»:]\s+")
_SAYINGS = (
    r"(?:error |fehler |erreur |помилка |ошибка )?#?404(?:[,:]? (?:error|fehler))?",
    r"not found|nothing (?:was )?found|file not found",
    (
        r"(?:(?:the|this|that|requested) )*(?:page|article|story|content) (?:you (?:requested|are looking for) )?"
        r"(?:(?:was |is |could |can ?)?(?:no[tn]|n't|no longer) (?:be )?(?:found|available)|(?:does not|doesn't) exist"
        r"|(?:couldn't|can't) be found|(?:isn't|wasn't) (?:found|available))"
    ),
    r"сторінк[ау] не (?:знайден[оа]|існує)|нічого не знайдено|статтю не знайдено",
    r"(?:страница|статья) не (?:найдена|существует)|ничего не найдено",
    r"(?:die )?(?:angeforderte )?(?:seite|artikel) (?:(?:wurde|konnte) )?nicht gefunden(?: werden)?",
    r"(?:(?:cette|la) )?page (?:demandée )?(?:(?:est )?introuvable|non trouvée|n'existe pas)|article introuvable",
    r"página no (?:encontrada|existe)|pagina non trovata|pagina niet gevonden|sayfa bulunamadı",
    r"nie znaleziono strony|strona nie (?:została znaleziona|istnieje)",
)
# The whole of a headline or of a part: an article may well be about pages that are not found.
_SAYS = re.compile(
    rf"(?:(?:oops|sorry)[,!.…]* )?(?:(?:error )?404[,!.:]? )?(?:{'|'.join(_SAYINGS)})", re.IGNORECASE
)


def not_found_line(headlines: Iterable[str], text: str) -> str | None:
    """Return the headline by which a page sent with status 200 says that it is not there (a "soft 404"), or None.

    It must be all that a heading or a part of the title says, in one of the languages that dates are read in, and
    the text have at most 150 words: such pages go on with what else there is to read.
    """
    if len(text.split()) > _MOST_WORDS:
        return None
    return next((headline for headline in headlines if headline and _is_said(headline)), None)


def _is_said(headline: str) -> bool:
    headline = headline.replace("’", "'")
    return any(_SAYS.fullmatch(part.strip(" .!?…")) for part in (headline, *_PARTS.split(headline)))
