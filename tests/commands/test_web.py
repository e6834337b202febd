"""The commands `report` and `serve`, as they are typed."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.commands.base import event_shown
from pipeline.errors import SetupError
from pipeline.settings import Settings
from pipeline.store.runs import running
from pipeline.web.serving import listening
from tests.builders import arrival, prose, take_in
from tests.crawl.end_to_end.harness import SITE_EVENT

on_18 = pytest.mark.parametrize("server_url", ["postgres-18"], indirect=True)


@on_18
def test_the_report_is_written_whole_and_over_nothing(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWSFOLD_HOME", str(settings.home))
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    one, two = prose(1, 90), prose(2, 60)
    take_in(
        engine,
        settings.archive,
        arrival("https://a.test/1", f"{one}\n{two}", title="<script>alert(1)</script>\x1b[2J"),
        arrival("https://b.test/1", f"{two}\n{one}\nOur own line is this one here."),
    )
    out = tmp_path / "report.html"
    (tmp_path / "report.html.part").write_text("mine")
    assert "Wrote" in CliRunner().invoke(app, ["report", "--out", str(out)]).output
    written = out.read_text()
    assert "<script" not in written
    assert "&lt;script&gt;" in written
    assert "\x1b" not in written
    assert "default-src &#39;none&#39;" in written
    assert 'class="beside"' in written
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "report.html",
        "report.html.part",
    ]
    assert (tmp_path / "report.html.part").read_text() == "mine"
    assert out.stat().st_mode & 0o777 == (tmp_path / "report.html.part").stat().st_mode & 0o777
    again = CliRunner().invoke(app, ["report", "--out", str(out)])
    assert isinstance(again.exception, SetupError)
    assert "--force" in str(again.exception)
    assert CliRunner().invoke(app, ["report", "--out", str(out), "--force"]).exit_code == 0
    longest = tmp_path / ("x" * 255)
    assert CliRunner().invoke(app, ["report", "--out", str(longest)]).exit_code == 0
    for wrong, said in (
        ("", "is a folder"),
        (str(out / "sub"), "cannot be written: Not a directory"),
        (str(tmp_path / ("x" * 256)), "cannot be written: File name too long"),
    ):
        refused = CliRunner().invoke(app, ["report", "--out", wrong, "--force"])
        assert isinstance(refused.exception, SetupError)
        assert said in str(refused.exception)


def test_a_port_that_is_taken_and_a_host_of_others_are_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SetupError, match="--port"), listening("127.0.0.1", taken.getsockname()[1]):
            pass
    with pytest.raises(SetupError, match="Nothing can listen"), listening("192.0.2.1", 0):
        pass
    with listening("127.0.0.1", 0) as sock:
        assert sock.getsockname()[1] > 0


@on_18
def test_what_is_shown_is_of_the_newest_crawls_event(
    engine: Engine, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert event_shown(engine, None).key == "nato-ministerial-2024-12"
    crawled = tmp_path / "mine.toml"
    crawled.write_text(SITE_EVENT)
    for path in (crawled, tmp_path / "gone.toml"):
        with running(engine, "crawl", {"event": str(path)}):
            pass
        shown = event_shown(engine, None)
        assert shown.key == ("northern-compact-2024-12" if path.exists() else "nato-ministerial-2024-12")
    assert "gone.toml, is not there" in " ".join(capsys.readouterr().err.split())
    assert event_shown(engine, crawled).key == "northern-compact-2024-12"
