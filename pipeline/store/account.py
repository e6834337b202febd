"""The system account that the embedded server runs under when newsfold itself is root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError

ACCOUNT = "newsfold"


@dataclass(frozen=True, slots=True)
class Account:
    """A system account, by its numbers."""

    uid: int
    gid: int


def server_account(folder: Path, binaries: Path) -> Account | None:
    """Return the account to run as, made if need be; None unless we are root, which PostgreSQL refuses.

    The account is let through the folders above `folder` and `binaries`, where others could not pass.

    Raises:
        SetupError: the account is not there and cannot be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],  # noqa: S607
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise SetupError(
                "PostgreSQL does not run as root, and the account `newsfold` for it could not be made: "
                f"{last_line(made.stderr)}. Run newsfold as a normal user, or set DATABASE_URL."
            ) from None
        entry = pwd.getpwnam(ACCOUNT)
    _let_through(folder)
    _let_through(binaries)
    if not binaries.stat().st_mode & stat.S_IXOTH:
        _let_read(binaries.parent)
    return Account(entry.pw_uid, entry.pw_gid)


def as_account(account: Account | None) -> dict[str, Any]:
    """Return what `subprocess` needs to run a program as the account, or as ourselves for None."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def _let_through(path: Path) -> None:
    """Let other users pass through the folders above a path (not list them: only `x` is given)."""
    for folder in [path, *path.parents]:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(path: Path) -> None:
    for item in [path, *path.rglob("*")]:
        mode = item.lstat().st_mode
        if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and mode & stat.S_IXUSR):
            item.chmod(mode | stat.S_IROTH | stat.S_IXOTH)
        elif stat.S_ISREG(mode):
            item.chmod(mode | stat.S_IROTH)


def last_line(text: str) -> str:
    """Return the last line in which a program said something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
