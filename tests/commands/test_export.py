"""`newsfold export`, as it is typed."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import Refuse
from pipeline.settings import Settings
from tests.builders import arrival, prose, take_in

pytestmark = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


def test_export_as_it_is_typed(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSFOLD_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    take_in(
        engine, settings.archive, arrival("https://a.test/1", prose(1)), arrival("https://b.test/1", prose(2))
    )

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["export", *words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return f"{result.output}{result.exit_code}"

    out = tmp_path / "out"
    assert "coverage 2 rows, stories 2 rows" in run("--format", "csv", "--out", str(out))
    with pytest.raises(Refuse, match="finished export"):
        run("--format", "csv", "--out", str(out))
    said = run(
        "--format",
        "jsonl",
        "--out",
        str(tmp_path / "2"),
        "--since",
        "2024-12-01",
        "--tables",
        "all",
        "--json",
    )
    told = json.loads(said[:-1])
    assert told["left_out_undated"] == 2
    # Of a choice, what sums up everything is left out of `all`.
    assert told["rows"]["coverage"] == 0
    assert "timeline" in told["rows"]
    assert "sources_overlap" not in told["rows"]
    assert "citations 2 rows" in run("--format", "bibtex", "--out", str(tmp_path / "3"))
    assert run("--format", "bibtex", "--out", str(tmp_path / "4"), "--tables", "texts").endswith("2")
    with pytest.raises(Refuse, match="no table 'nothing'"):
        run("--format", "csv", "--out", str(tmp_path / "4"), "--tables", "nothing")
    assert not (tmp_path / "4").exists()
    monkeypatch.chdir(tmp_path)
    assert "names no folder" in run("--format", "csv", "--out", "")
    assert not (tmp_path / "datapackage.json").exists()
