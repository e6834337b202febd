"""The folder that an export fills: nothing in it is ever written over, and a file has its name only once it is whole.

While an export runs, the folder has a journal of what was asked for and which files are finished. One that was
interrupted goes on from there, if the same is asked for and the database has not changed since. It may have been killed
at any moment: the journal is only added to, says of an unfinished file that it will be made before it is, and of a
finished one that it is whole before it has its name. What the journal does not name is somebody else's, and is left.
"""

import errno
import fcntl
import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import Refuse, SetupError

PACKAGE = "datapackage.json"
JOURNAL = ".newsfold-export.json"
UNFINISHED = ".part"

_OURS = '{"asked":'  # how every line of a journal begins


class ExportFolder:
    """A folder that one export at a time fills."""

    def __init__(self, path: Path, asked: Mapping[str, Any], state: str) -> None:
        """Open a folder, made if need be, for an export.

        Args:
            path: the folder.
            asked: what is asked for, in JSON's types; only the same may be gone on with.
            state: a word that changes when the database does.

        Raises:
            Refuse: the folder has an export, finished or begun, that this one is not a continuation of.
            SetupError: the folder cannot be made or written to.
        """
        self.path = path
        with _written(path):
            if path.exists() and not path.is_dir():
                raise Refuse(
                    "no-folder", f"{path} is a file; an export needs a folder. Name another with --out."
                )
            path.mkdir(parents=True, exist_ok=True)
        self._refuse_finished()
        with _written(path):
            self._journal = self._locked(path / JOURNAL)
        try:
            self._refuse_finished()  # by another one, just before we had the lock
            with _written(path):
                told = _read(self._journal)
            self._entries = _begun(path, told, asked, state)
            self.resumed = bool(self._entries["files"])
            with _written(path):
                self._write()
        except BaseException:
            os.close(self._journal)
            raise

    @property
    def finished(self) -> dict[str, dict[str, Any]]:
        """The files that are finished, by name, each with what was noted of it."""
        files: dict[str, dict[str, Any]] = self._entries["files"]
        return files

    def add(self, name: str, make: Callable[[Path], Mapping[str, Any]]) -> None:
        """Make a file, and note what `make` says of it with its size and digest; one that is finished stays.

        `make` is given the path of a file that is not there yet, and opens it so that it writes over none (mode "x").

        Raises:
            Refuse: the folder has another file of that name.
            SetupError: it cannot be written.
        """
        if name in self.finished:
            return
        final = self.path / name
        with _written(self.path):
            noted = self._entries["whole"].get(name)
            if os.path.lexists(final) and (noted is None or {**noted, **_measured(final)} != noted):
                raise _in_the_way(final)
            unfinished = self._clear(name)
            if not final.exists():
                self._entries["making"] = name
                self._write()
                said = make(unfinished)
                noted = {**said, **_measured(unfinished)}
                self._entries["whole"] = {name: noted}
                self._write()
                _rename(unfinished, final)
            self.finished[name] = noted
            self._entries["whole"], self._entries["making"] = {}, None
            self._write()

    def close(self, package: Mapping[str, Any] | None = None) -> None:
        """Leave the folder, with the package's description if the export is whole.

        Raises:
            Refuse: the folder has another file of the description's name.
            SetupError: it cannot be written.
        """
        try:
            if package is not None:
                with _written(self.path):
                    unfinished = self._clear(PACKAGE)
                    self._entries["making"] = PACKAGE
                    self._write()
                    words = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
                    with unfinished.open("x", encoding="utf-8", errors="replace") as file:
                        file.write(words)
                    _rename(unfinished, self.path / PACKAGE)
                    (self.path / JOURNAL).unlink()
        finally:
            os.close(self._journal)

    def _clear(self, name: str) -> Path:
        """Take away what an interrupted run of this very export left of a file; the journal is ours, and locked."""
        unfinished = self.path / f"{name}{UNFINISHED}"
        if self._entries["making"] == name:
            unfinished.unlink(missing_ok=True)
        elif os.path.lexists(unfinished):
            raise _in_the_way(unfinished)
        return unfinished

    def _refuse_finished(self) -> None:
        if os.path.lexists(self.path / PACKAGE):
            raise Refuse(
                "exported",
                f"{self.path} has a finished export, which is not written over. Name another folder with --out.",
            )

    def _locked(self, path: Path) -> int:
        try:
            # Neither through a link to a file elsewhere, nor waiting for whoever is at the other end of a pipe.
            journal = os.open(
                path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666
            )
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
                raise _in_the_way(path) from None
            raise
        if not stat.S_ISREG(os.fstat(journal).st_mode):
            os.close(journal)
            raise _in_the_way(path)
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(journal)
            raise Refuse(
                "busy", f"Another export is filling {self.path} just now. Wait for it, or name another folder with --out."
            ) from None  # fmt: skip
        except BaseException:
            os.close(journal)
            raise
        return journal

    def _write(self) -> None:
        # The line before may have been cut short. A journal is not replaced: the lock is on this very file.
        line = ("\n" + json.dumps(self._entries)).encode()
        while line:
            line = line[os.write(self._journal, line) :]
        os.fsync(self._journal)


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Say in a sentence that the folder cannot be made or written to."""
    try:
        yield
    except BrokenPipeError:  # whoever read what is printed went away
        raise
    except OSError as error:
        raise SetupError(
            f"The export cannot be written to {folder}: {error.strerror or error}. Once that is mended, the same command "
            "goes on with what was begun; or name another folder with --out."
        ) from error


def _read(journal: int) -> str:
    pieces = []
    while piece := os.read(journal, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces).decode("utf-8", "replace")


def _begun(path: Path, told: str, asked: Mapping[str, Any], state: str) -> dict[str, Any]:
    """Return the journal's last entries, new ones where there are none yet."""
    lines = [line for line in told.split("\n") if line]
    if not all(line.startswith(_OURS) or _OURS.startswith(line) for line in lines):
        raise _in_the_way(path / JOURNAL)
    entries = _last(lines)
    if entries is None:
        return {"asked": dict(asked), "state": state, "files": {}, "whole": {}, "making": None}
    if entries["asked"] != json.loads(json.dumps(asked)):
        raise Refuse(
            "other-export",
            f"{path} has the beginning of another export ({_said(entries['asked'])}). Ask for the same to finish it, "
            "or name another folder with --out.",
        )
    if entries["state"] != state:
        raise Refuse(
            "changed",
            f"{path} has the beginning of an export, and the database has changed since: its files and the rest would "
            "not be of one moment. Export into another folder.",
        )
    lost = [name for name in entries["files"] if not (path / name).exists()]
    for name in lost:  # taken away meanwhile: made again
        del entries["files"][name]
    return entries


def _last(lines: list[str]) -> dict[str, Any] | None:
    for line in reversed(lines):
        try:
            entries: dict[str, Any] = json.loads(line)
        except ValueError:  # killed while it was written
            continue
        return {"whole": {}, "making": None, **entries}
    return None


def _said(asked: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in asked.items() if value)


def _measured(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest.hexdigest()}"}


def _rename(unfinished: Path, final: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    try:
        os.link(unfinished, final)  # a rename would replace what is there; a link does not
    except FileExistsError:
        raise _in_the_way(final) from None
    except OSError:  # a file system without links
        if final.exists():
            raise _in_the_way(final) from None
        unfinished.rename(final)
        return
    unfinished.unlink()


def _in_the_way(path: Path) -> Refuse:
    return Refuse(
        "in-the-way", f"{path} is there already and is not written over. Name another folder with --out."
    )
