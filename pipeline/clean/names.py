"""Bylines as names: what a line that says who wrote a text says, with what else stands in it left out."""

import re
from collections.abc import Iterator

from pipeline.clean.canonical import fold_title, tidy_line
from pipeline.items import AuthorKind

AGENCIES = frozenset(
    """afp|agence france-presse|agence france presse|ap|associated press|the associated press|reuters|thomson reuters
    |dpa|deutsche presse-agentur|ansa|adnkronos|askanews|efe|agencia efe|europa press|pap|polska agencja prasowa|anp
    |belga|tass|interfax|interfax-ukraine|interfax ukraine|ukrinform|unian|ria novosti|anadolu|anadolu agency
    |anadolu ajansı|aa|dha|iha|upi|united press international|xinhua|kyodo|kyodo news|yonhap|apa|sda|keystone-sda|tt
    |ntb|ritzau|stt|bloomberg|afp-jiji|cna|ani|pti|ians|lusa|mti|ctk|čtk|tasr|hina|beta|tanjug|укрінформ|інтерфакс-україна
    |уніан|рбк-україна|интерфакс|тасс|риа новости|sid|kna|epd|pa media|press association|canadian press|the canadian press
    |australian associated press|aap|rferl|pa|агентства|agencies|news agencies|agenturen""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
"""News agencies, folded: a byline that is one of them is a credit."""

_MARK = r"\s*(?:[:|—–-]\s*)+"
# Words that lead a name in by themselves, and nouns that need a mark behind them to do so.
_LEADS = (
    r"(?:(?:written|posted|published|reported|submitted|created|words|story|text|report|analysis|opinion|commentary) )?by|von|par|di|da|por|przez"
    r"|door|yazan|(?:ein(?:e)? )?(?:verfasst|geschrieben|eingereicht|erstellt|veröffentlicht|bericht|analyse|kommentar) von"
    r"|(?:soumis|publié|rédigé|écrit|posté|proposé) par|texte de|(?:scritto|pubblicato|inserito) da|testo di|(?:un )?articolo di"
    r"|(?:enviado|publicado|escrito|redactado) por|texto de|(?:geplaatst|geschreven|ingezonden) door|(?:napisane|opublikowane|dodane) przez"
    r"|מאת|כתבה?|بقلم|كتبت?"
)
_NOUNS = (
    r"words|text|texto|testo|texte|tekst|текст|матеріал|материал|автор(?:[аи]|ка|ы|ки)?(?: (?:новини|статті|статьи))?|authors?|autor(?:in|inn?en|en|es|a|ka)?"
    r"|autore|autori|auteurs?|yazar(?:lar)?|haber|reporter|reporting|журналіст(?:ка)?|корреспондент|кореспондент(?:ка)?|كتابة|الكاتب"
)
_LEAD = re.compile(rf"(?:(?:{_LEADS})(?:{_MARK}|\s+)|(?:{_NOUNS}){_MARK})(?:(?:{_LEADS})\s+)?", re.IGNORECASE)
# In an element that is named for a byline the noun alone will do.
_LOOSE_LEAD = re.compile(rf"(?:(?:{_LEADS}|{_NOUNS})(?:{_MARK}|\s+))(?:(?:{_LEADS})\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*(?:,|;|/|\||•|·|&|\+|\s[—–-]\s)\s*|\s+(?:and|und|et|e|y|i|en|та|і|й|и|ve|with|mit|avec|con|met|for|für|pour)\s+",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan|feb|mar|mär|apr|abr|avr|ma[iy]|jun|jul|jui|aug|août|ago|sep|oct|okt|ott|nov|de[cz]|dic|déc|gen|gru|lut|kwi|maj|cze"
    r"|lip|sie|wrz|paź|lis|mei|oca|şub|nis|haz|tem|ağu|eyl|eki|kas|ara|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|янв|фев"
    r"|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|mon|tue|wed|thu|fri|sat|sun"
)
# From here on a line speaks of something else: of pictures, translation, editing, dates, addresses, places.
_REST = re.compile(
    r"\s*(?:\b(?:photo|foto|фото|bild(?:er)?\b|picture|image|video|відео|видео|illustration|zdjęci|translat|übersetz|tradu[cz]|перекла"
    r"|перев[её]?[лдо]|tłumacz|verta(?:al|ling)|çevir|edited by|editing by|reviewed by|fact[- ]checked|produced by|published|updated|posted"
    r"|last (?:updated|modified)|modified|veröffentlicht|aktualisiert|publié|mis à jour|pubblicato|aggiornato|publicado|actualizado|opublikowano"
    r"|aktualizacja|gepubliceerd|bijgewerkt|güncelle|оновлено|опубліковано|обновлено|опубликовано|stand:)"
    rf"|(?:\b(?:{_MONTHS})\w*\.?,?\s+)?\d|@|\(|\[|<|\b(?:in|aus|à|desde|из|з)\s+(?=(?-i:[^\W\d_a-zа-яіїє]))|https?:|www\.).*",
    re.IGNORECASE | re.DOTALL,
)
# "Ann Lee in Paris and Bo Olsen in Rome": the first place ends no byline where another name with its place follows.
_AND_IN = re.compile(
    r"\s+(?:in|aus|à)\s+(?-i:[^\W\d_a-zа-яіїє])[^,()\d]{1,30}?"
    r"(?=\s*(?:,\s*(?:and\s+)?|\s(?:and|und|et|e|y)\s+)(?!(?:in|aus|à)\s)(?:(?-i:[^\W\d_a-zа-яіїє])[\w.'’-]*\s+){2,4}(?:in|aus|à)\s+(?-i:[^\W\d_a-zа-яіїє]))",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"\d|[<>{}\[\]=_*#\"“”«»?!:]|[a-zа-я]\.[a-zа-я]{2,}|[.!?…]$", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|[\s.-])[^\W\d_]\.|\b(?:jr|sr|dr|st|prof|mr|mrs|ms)\.(?:\s|$)", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:super ?user|(?:site |web ?)?admin(?:istrator)?|root|web ?master|guest|anonym(?:ous)?|unknown|null|undefined|none|n/a|author|user"
    r"|автор|адміністратор|администратор|share|save|print|listen|follow|email|e-mail|comments?|subscribe|read more|more|home|news|menu"
    r"|twitter|facebook|x|linkedin|instagram|telegram|whatsapp|bluesky|copy link|teilen|drucken|merken|partager|condividi|compartir"
    r"|поділитися|поделиться|(?:share|save|print|listen to|follow|email|show|view|read|see|hide|about|more|all|visit|contact)\b.*)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:editors?|editorial|reporters?|correspondents?|staff|writers?|team|desk|redak\w*|rédaction|redazione|redacción|redactie|newsroom"
    r"|\w*news\w*|press|agency|agencies|online|admin\w*|редакці[яї]|редакци[яи]|agenc[jz]i?[ae]|agentur|contributors?|web ?master|digital"
    r"|services?|bureau|newspaper|times|post|media|group|network|tv|radio|ajans[ıi]|pressebüro|ministry|ministerium|ministère|міністерство"
    r"|министерство|government|gemeinde|stadtverwaltung|landkreis|city|county|comune|mairie|ville|ayuntamiento|gmina|urząd|gemeente|belediyesi|рада"
    r"|адміністрація|администрация|foundation|embassy|party|команда|агентство|university|institute|council|office|служба|пресслужба|пресс-служба|новини|новости|מערכת|التحرير|وكالة|وكالات)\b",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"[^\W\d_a-zà-öø-ÿа-яёіїєґ]{2,6}|The .+")
_OFFICE = re.compile(
    r"\b(?:editors?|reporters?|correspondents?|writers?|contributors?|columnists?|redakteur(?:in)?|korrespondent(?:in)?|journaliste?|giornalista"
    r"|periodista|dziennikar(?:z|ka)|chief|кореспондент(?:ка)?|корреспондент|журналіст(?:ка)?|журналист(?:ка)?|chef\w*|head|директор|оглядач)\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"(?:The|A|An|And|All|Air|Sea|Land|Der|Die|Das|Den|Le|La|Les|Los|El|Un|Una)\s")
_CASED = re.compile(r"[a-zà-öø-ÿа-яёіїєґα-ω]", re.IGNORECASE)
_PARTICLES = frozenset(["van", "von", "de", "der", "den", "del", "della", "dello", "degli", "la", "le", "el", "di", "da", "dal", "du", "des", "dos", "das", "do",
                        "bin", "ibn", "bint", "al", "ten", "ter", "te", "zu", "zum", "af", "y", "e", "abu", "’t", "'t"])  # fmt: skip
_AND = frozenset(["and", "und", "et", "i", "en", "та", "і", "й", "и", "ve"])
_WORD = re.compile(r"[^\W\d_]+")
_SCOTTISH = re.compile(r"\bMc([^\W\d_])")
_LONGEST = 60  # characters of one name
_LONGEST_LINE = 200
_LONGEST_BYLINE = 80
_MOST_WORDS = 6
_CAPITALS = re.compile(r"[^\W\d_a-zà-öø-ÿа-яёіїєґ]{2,5}")
_GENERATION = frozenset(["II", "III", "IV"])
_WITH = re.compile(r"(?P<outlet>.+?)\s+(?:with|avec|mit|con|met|/)\s+(?P<agency>[^,]+)", re.IGNORECASE)
# "FRANCE 24", "Rai 1": the number is no date's.
_CHANNEL = re.compile(rf"(?!(?i:{_MONTHS})\w{{0,7}}\.?\s)[^\W\d_a-zà-öø-ÿа-яёіїєґ][^\W\d_]+ \d{{1,2}}")
_PAIR = re.compile(r"(?P<family>[^\W\d_][\w’'-]+), (?P<given>[^\W\d_][\w’'-]+)")


def split_byline(line: str) -> tuple[str, ...]:
    """Return the names in a byline (`By Ann Lee and Bo Olsen, Reuters`); none where it holds no names.

    What else a byline says (a date, an address, who took the pictures, who translated) is left out.
    """
    line = tidy_line(line)
    if len(line) > _LONGEST_LINE or "://" in line:
        return ()
    lead = _LOOSE_LEAD.match(line)
    line = _AND_IN.sub("", line[lead.end() :] if lead else line)
    shared = _WITH.fullmatch(line)
    outlet = shared["outlet"] if shared else line
    if _CHANNEL.fullmatch(outlet):
        if shared and fold_title(shared["agency"]) in AGENCIES:
            return outlet, shared["agency"]
        if shared is None and outlet.isupper():
            return (outlet,)
    line = _REST.sub("", line, count=1) if _REST.search(line) else line
    return tuple(name for part in _BETWEEN.split(line) if (name := _name(part)))


def people_and_others(line: str) -> Iterator[tuple[str, AuthorKind]]:
    """Yield the names in a byline with what each is: a person, or an organisation.

    Beside a person's name, "political editor" is what the person is, a single word the place they wrote from, and
    what has a broadcaster's letters in it ("ARD Brüssel") whom they wrote for.
    """
    found = [(name, kind_of_name(name)) for name in split_byline(line)]
    has_person = False
    beside = any(kind == "person" and " " in name for name, kind in found)
    for name, kind in found:
        is_place = kind == "person" and (" " not in name or (has_person and _has_letters(name)))
        if beside and (_OFFICE.search(name) or is_place):
            continue
        has_person = has_person or (kind == "person" and " " in name)
        yield name, kind


def in_order(stated: str) -> str:
    """Return a name that stands in one field with its family name first (`Lee, Ann`) as it is read; others as they are."""
    pair = _PAIR.fullmatch(stated)
    if pair is None or any(
        fold_title(part) in AGENCIES
        or is_newsroom(part)
        or _CAPITALS.fullmatch(part)
        or not part[0].isupper()
        for part in pair.groups()
    ):
        return stated
    return f"{pair['given']} {pair['family']}"


def _has_letters(name: str) -> bool:
    """Tell whether a word of a name is an organisation's letters; two alone may be a person's ("MJ Lee")."""
    return any(
        _CAPITALS.fullmatch(word)
        and word not in _GENERATION
        and (len(word) > 2 or fold_title(word) in AGENCIES)
        for word in name.split()
    )


def kind_of_name(name: str) -> AuthorKind:
    """Tell a newsroom, an office or an agency from a person, by the words of its name."""
    is_short = _ABBREVIATION.fullmatch(name) and _CASED.match(name)
    return "organization" if is_short or is_newsroom(name) or _CHANNEL.fullmatch(name) else "person"


def is_newsroom(name: str) -> bool:
    """Tell whether a name has a word of a newsroom or an office in it."""
    return _ORGANISATION.search(name) is not None


def is_byline(line: str) -> bool:
    """Tell whether a line is a byline by its own words: it begins with "By" or its like, and goes on with names alone."""
    lead = _LEAD.match(line) if len(line) <= _LONGEST_BYLINE else None
    if lead is None:
        return False
    rest = _REST.sub("", line[lead.end() :], count=1)
    if _NO_NAME.match(rest):
        return False
    names = [word for word in re.split(r"[\s,&|/]+", rest) if word and word not in _PARTICLES | _AND]
    return len(names) >= 2 and all(word[0].isupper() or not _CASED.match(word) for word in names)


def _name(part: str) -> str | None:
    """Return a name that is tidy, or None: names have letters, few words, and begin with a capital where there are any."""
    part = part.strip(" ,;:|–—-*•·")
    if len(part) < 2 or len(part) > _LONGEST:
        return None
    if fold_title(part) in AGENCIES:
        return part
    part = _in_small_letters(part) if part.isupper() and " " in part else part
    if _NOBODY.fullmatch(part) or (_NOT_A_NAME.search(part) and not _INITIAL.search(part)):
        return None
    words = part.split()
    if len(words) > _MOST_WORDS or not any(letter.isalpha() for letter in part):
        return None
    begins_small = words[0][0].islower() and words[0].lower() not in _PARTICLES
    small = sum(1 for word in words if word[0].islower() and word not in _PARTICLES)
    return None if begins_small or small > 1 else part


def _in_small_letters(name: str) -> str:
    """Return a name that was set in capitals as it is written: `ANN MCLEE-O'HARA` is `Ann McLee-O'Hara`."""
    words = [_WORD.sub(lambda word: word[0].capitalize(), word) for word in name.lower().split()]
    return " ".join(
        word.lower() if word.lower() in _PARTICLES else _SCOTTISH.sub(lambda m: f"Mc{m[1].upper()}", word)
        for word in words
    )
