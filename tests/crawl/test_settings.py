"""Plain Scrapy finds our settings, and they keep what they promise."""

import subprocess
import sys
from pathlib import Path

from scrapy.utils.project import get_project_settings

from pipeline.settings import CHECKOUT


def test_scrapy_list_runs() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "scrapy", "list"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_safe_settings_are_in_force() -> None:
    settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("COOKIES_ENABLED")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert settings.getint("DOWNLOAD_MAXSIZE") <= 10 * 1024 * 1024
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert [scheme for scheme, handler in handlers.items() if handler] == ["http", "https"]
