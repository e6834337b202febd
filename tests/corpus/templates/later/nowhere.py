"""Pages without an article, as content systems make them: lists by tag, a player, blocked and missing pages, a wall, a photo report."""

from tests.corpus.sheet import Sheet, links


def tag_list(s: Sheet) -> str:
    """The list of a tag in Bitrix: names, days and first sentences."""
    rows = "".join(
        f'<p class="news-item" id="bx_{n}"><span class="news-date-time">0{n}.12.2024</span> <a href="/news/{n}/"><b>{title}</b></a><br />{said}<br /></p>'
        for n, (title, said) in enumerate(
            [
                (
                    "У Зелентрузі ремонтуватимуть водогін",
                    "Воду вимикатимуть щоночі, повідомила голова селищної ради, доки не знайдуть трубу.",
                ),
                (
                    "Школа шукає вчителя фізики",
                    "Уже третій рік уроки веде директор, який за освітою ботанік, і діти знають усі рослини.",
                ),
                (
                    "Обрали найстарший комин",
                    "Журі обійшло сорок сім подвір’їв і не змогло домовитися, тож переможців двоє.",
                ),
                (
                    "Пошта повертається до Річкового",
                    "Відділення працюватиме двічі на тиждень, у вівторок і п’ятницю, з дев’ятої до полудня.",
                ),
                (
                    "Лелеки не відлетіли",
                    "Орнітологи радять не годувати птахів хлібом, а телефонувати до заповідника.",
                ),
            ],
            1,
        )
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Громада - {s.place.site}</title>{s.bulk(3)}</head><body><ul>{links(["Головна", "Новини", "Афіша"])}</ul>
<h1 id="pagetitle">Громада</h1><div class="news-list">{rows}</div><font class="text">Новини 1 - 5 з 214<br>Початок | Попер. | 1 2 3 | <a href="?p=2">Наст.</a> | Кінець</font></body></html>
"""


def player(s: Sheet) -> str:
    """A broadcaster's page of a clip: a player, two sentences, what runs next."""
    return f"""<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Video: Molen krijgt wieken | {s.place.site}</title><meta property="og:type" content="video.other"><meta property="og:title" content="Molen krijgt wieken">
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"VideoObject","name":"Molen krijgt wieken","description":"De wieken worden gehesen.","uploadDate":"2024-12-04","duration":"PT1M12S"}}</script>{s.bulk(4)}</head>
<body><nav>{links(["Nieuws", "Sport", "Video"])}</nav><h1>Molen krijgt wieken</h1><div class="player-wrap"><div id="jw" class="jwplayer"></div><video src="/v.mp4"></video></div>
<p>In Westerhaven zijn woensdag de eerste wieken van de zoutmolen gehesen. Een kraan uit de haven kwam er speciaal voor over de dijk rijden, en het hele dorp keek toe.</p>
<h2>Meer video's</h2><ul>{links(["Zeehond op het perron", "Kraan zakt weg in klei", "Schaatsers op de pannen"])}</ul></body></html>
"""


def blocked(s: Sheet) -> str:
    """A network's refusal, in German."""
    return f"""<!DOCTYPE html><html lang="de"><head><title>Nur einen Moment… | {s.place.host}</title><meta name="robots" content="noindex,nofollow"></head><body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">
<h1>{s.place.host}</h1><h2 id="challenge-running">Überprüfung, ob Sie ein Mensch sind. Dies kann einige Sekunden dauern.</h2><noscript><div class="cf-error">Aktivieren Sie JavaScript und Cookies, um fortzufahren</div></noscript>
<div id="challenge-body-text">{s.place.host} muss die Sicherheit Ihrer Verbindung überprüfen, bevor Sie fortfahren können.</div></div></div><div class="footer"><div>Ray-ID: <code>8ec1f2</code></div><div>Leistung und Sicherheit durch Nebelfront</div></div></body></html>
"""


def gone(s: Sheet) -> str:
    """A page that is not there, in Russian, with all that a front page has under it."""
    return f"""<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>404 Not Found</title></head><body><header><ul>{links(["Новости", "Общество", "Спорт"])}</ul></header>
<main><div class="error-page"><p class="error-page__code">404</p><h1>К сожалению, запрашиваемая страница не найдена</h1><p>Возможно, она была удалена или перенесена. Попробуйте воспользоваться поиском.</p><a href="/">На главную</a></div>
<section><h2>Читают сейчас</h2><ul>{links(["Трамвай №3 вернули на Набережную", "Почтальон нашёл письмо 1974 года", "В парке поселились совы"])}</ul></section></main></body></html>
"""


def wall(s: Sheet) -> str:
    """A wall in Italian: accept, or pay."""
    return f"""<!DOCTYPE html><html lang="it"><head><meta charset="utf-8"><title>{s.place.site}</title>{s.bulk(2)}</head><body class="iubenda-locked"><div id="iubenda-cs-banner" role="alertdialog" aria-modal="true"><div class="iubenda-cs-content"><p class="iubenda-cs-title">Se accetti, leggi gratis</p>
<p>Noi e 734 terze parti selezionate utilizziamo cookie o tecnologie simili per finalità tecniche e, con il tuo consenso, per misurazione e pubblicità personalizzate. Puoi liberamente prestare, rifiutare o revocare il tuo consenso, in qualsiasi momento, accedendo al pannello delle preferenze.</p>
<p>Usa il pulsante “Accetta” per acconsentire. In alternativa, abbonati e naviga senza tracciamento a 0,99 euro al mese.</p><button>Accetta e continua</button><button>Rifiuta e abbonati</button></div></div></body></html>
"""


def report(s: Sheet) -> str:
    """A photo report: one picture under another, each with a line or two."""
    said = [
        "Пекарня відчиняється о шостій. Черга стоїть уже від п’ятої, і перші тримають зошити.",
        "Любов Скиба слухає вірш про снігура. Хліб чекає на полиці.",
        "Найменшому читачеві чотири роки, і він знає чотири рядки.",
        "Після одинадцятої хвилини черга сідає на лавки.",
        "Буханець загортають у газету з кросвордом.",
        "Додому несуть по двоє: один хліб, одна парасоля.",
        "Зошит із віршами, які вже звучали; їх не повторюють.",
    ]
    rows = "".join(
        f'<div class="photo-item"><div class="photo-item__img"><img src="/r/{n}.jpg" alt=""></div><div class="photo-item__text"><p>{text}</p><span>{n} / {len(said)}</span></div></div>'
        for n, text in enumerate(said, 1)
    )
    return f"""<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>Хліб за вірші: фоторепортаж — {s.place.site}</title><meta property="og:type" content="website">{s.bulk(3)}</head><body><div class="menu">{links(["Новини", "Фото", "Ефір"], row='<a href="/{}">{}</a>')}</div>
<h1>Хліб за вірші: фоторепортаж</h1><div class="photo-report">{rows}</div></body></html>
"""
