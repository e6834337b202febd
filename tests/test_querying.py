"""The questions of docs/querying.md, asked of the seeds: each gives what stands under it."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from pipeline.imports import import_seeds
from pipeline.settings import CHECKOUT, Settings
from pipeline.store.asking import VIEWS, ask
from pipeline.store.database import open_database
from pipeline.store.reading import open_reading
from tests.conftest import SEEDS, _Databases

_PAGE = (CHECKOUT / "docs" / "querying.md").read_text(encoding="utf-8")
_QUESTION = re.compile(
    r"^### (?P<number>\d+)\. (?P<question>.+)\n\n(?:[A-Z].+\n\n)?```sql\n(?P<sql>(?s:.+?))\n```\n\n(?P<answer>(?:\|.*\n)+|No row\.\n)",
    re.M,
)
QUESTIONS = [(match["question"], match["sql"], match["answer"]) for match in _QUESTION.finditer(_PAGE)]


@pytest.fixture(scope="module")
def seeded(_databases: _Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database with the seeds, opened for reading."""
    name = _databases.take()
    settings = Settings(tmp_path_factory.mktemp("home"), _databases.url(name))
    engine = open_database(settings)
    import_seeds(engine, settings, SEEDS)
    engine.dispose()
    reading = open_reading(settings)
    yield reading
    reading.dispose()
    _databases.give_back(name)


def answer(engine: Engine, statement: str) -> str:
    """Ask, and write the answer as the page does."""
    found = ask(engine, statement)
    if not found.rows:
        return "No row.\n"
    rows = [found.columns, ["---"] * len(found.columns), *found.rows]
    return "".join("| " + " | ".join(_cell(value) for value in row) + " |\n" for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("|", "\\|").replace("\n", " ").replace("\xa0", "·")


def test_the_page_has_thirty_eight_questions_and_every_view_is_asked() -> None:
    assert len(QUESTIONS) == 38
    assert len(re.findall(r"^### ", _PAGE, re.M)) == 38
    asked = " ".join(sql for _, sql, _ in QUESTIONS)
    assert [view for view in VIEWS if not re.search(rf"\b{view}\b", asked)] == []


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
@pytest.mark.parametrize(
    ("question", "sql", "expected"), QUESTIONS, ids=[question for question, _, _ in QUESTIONS]
)
def test_a_question_gives_the_answer_that_stands_under_it(
    seeded: Engine, question: str, sql: str, expected: str
) -> None:
    assert answer(seeded, sql) == expected


@pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)
def test_no_column_is_of_a_type_that_another_tool_does_not_know(seeded: Engine) -> None:
    found = ask(
        seeded,
        "select distinct data_type, udt_name from information_schema.columns "
        f"where table_schema = 'public' and table_name in ({', '.join(repr(view) for view in VIEWS)})",
    )

    assert {name for _, name in found.rows} == {
        "text", "int4", "int8", "float8", "bool", "date", "timestamptz", "_text"
    }  # fmt: skip
