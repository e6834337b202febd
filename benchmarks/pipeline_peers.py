"""One peer over the made-up pages, run by the interpreter that has it; prints what it took as a line of JSON.

It imports nothing of the project but the pages. Nothing it does reaches a network; the database of `news-please, stored` is
reached through a socket in a folder.
"""

# ruff: noqa: PLC0415, SLF001, D103 - each peer is imported by its own run; its settings come from a file only

import argparse
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from benchmarks.extractors import _block_the_network
from benchmarks.newspages import page

_COLUMNS = ("date_modify", "date_download", "localpath", "filename", "source_domain", "url", "image_url", "title",
            "title_page", "title_rss", "maintext", "description", "date_publish", "authors", "language", "ancestor",
            "descendant", "version")  # fmt: skip


def _address(number: int) -> str:
    return f"https://bench.example/article/{number}.html"


def trafilatura(_: argparse.Namespace) -> Callable[[int, str], None]:
    import trafilatura

    return lambda _number, html: void(trafilatura.extract(html, include_comments=False))


def newspaper4k(_: argparse.Namespace) -> Callable[[int, str], None]:
    import newspaper

    def run(number: int, html: str) -> None:
        made = newspaper.Article(_address(number), fetch_images=False)
        made.download(input_html=html)
        made.parse()

    return run


def news_please(_: argparse.Namespace) -> Callable[[int, str], None]:
    from newsplease import NewsPlease

    return lambda number, html: void(NewsPlease.from_html(html, url=_address(number)))


def news_please_stored(options: argparse.Namespace) -> Callable[[int, str], None]:
    """Extract, and put each article where its own pipeline would; its tables are not in its wheel, so made here."""
    import psycopg2
    from newsplease import NewsPlease
    from newsplease.config import CrawlerConfig
    from newsplease.pipeline.pipelines import PostgresqlStorage

    place = {"host": options.host, "port": options.port, "user": options.user, "password": "", "schema": ""}
    with psycopg2.connect(
        database=options.database, **{k: v for k, v in place.items() if k != "schema"}
    ) as own:
        columns = ", ".join(
            f"{name} {'integer' if name in _COLUMNS[-3:] else 'text[]' if name == 'authors' else 'text'}"
            for name in _COLUMNS
        )
        own.cursor().execute(
            f"create table CurrentVersions (id serial primary key, {columns}); create index on CurrentVersions (url)"
        )
    own.close()
    settings = CrawlerConfig.get_instance()
    settings._CrawlerConfig__config = {"Postgresql": place | {"database": options.database}}
    storage = PostgresqlStorage()

    def run(number: int, html: str) -> None:
        made = NewsPlease.from_html(html, url=_address(number))
        storage.process_item(_item(made), None)
        # It logs what the database refuses, and goes on.
        storage.cursor.execute("select count(*) from CurrentVersions where url = %s", (made.url,))
        if storage.cursor.fetchone() != (1,):
            raise RuntimeError("It was not stored.")

    return run


def _item(made: Any) -> dict[str, Any]:
    """An article as its crawler hands it to its storage."""
    return {
        "article_author": made.authors, "download_date": None, "modified_date": None,
        "article_publish_date": made.date_publish and made.date_publish.isoformat(),
        "article_description": made.description, "filename": "", "article_image": made.image_url,
        "article_language": made.language, "local_path": "", "article_title": made.title,
        "html_title": made.title or "", "rss_title": "", "source_domain": made.source_domain or "",
        "article_text": made.maintext, "url": made.url,
    }  # fmt: skip


def void(_: object) -> None:
    """Drop an answer."""


PEERS: dict[str, Callable[[argparse.Namespace], Callable[[int, str], None]]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "news-please, stored": news_please_stored,
}


def main() -> None:
    """Run a peer over the pages, after a few to warm up."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--pages", type=int, required=True)
    for name in ("host", "port", "user", "database"):
        parser.add_argument(f"--{name}")
    options = parser.parse_args()
    tried = _block_the_network()
    logging.disable(logging.CRITICAL)
    run = PEERS[options.peer](options)
    warm = min(10, options.pages)
    for number in range(warm):
        run(-1 - number, page(number).decode())
    made = [page(number).decode() for number in range(options.pages)]
    tried.clear()
    errors = 0
    cpu, clock = time.process_time(), time.perf_counter()
    for number, html in enumerate(made):
        try:
            run(number, html)
        except Exception:  # noqa: BLE001 - whatever a peer raises is counted
            errors += 1
    print(
        json.dumps(
            {
                "cpu": time.process_time() - cpu,
                "clock": time.perf_counter() - clock,
                "errors": errors,
                "blocked": len(tried),
            }
        )
    )


if __name__ == "__main__":
    main()
