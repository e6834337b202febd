"""The folder that an export fills: nothing in it is ever written over, and a file has its name only once it is whole.

While an export runs, the folder has a journal of what was asked for and which files are finished. One that was
interrupted goes on from there, if the same is asked for and the database has not changed since. It may have been killed
at any moment: the journal is only added to, and says of a file that it is whole before the file has its name.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from pipeline.errors import Refuse

PACKAGE = "datapackage.json"
JOURNAL = ".newsfold-export.json"
UNFINISHED = ".part"


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
        """
        self.path = path
        if path.exists() and not path.is_dir():
            raise Refuse("no-folder", f"{path} is a file; an export needs a folder. Name another with --out.")
        path.mkdir(parents=True, exist_ok=True)
        self._refuse_finished()
        self._journal = self._locked(path / JOURNAL)
        told = self._journal.read()
        try:
            self._refuse_finished()  # by another one, just before we had the lock
            self._entries = _begun(path, told, asked, state)
        except Refuse:
            self._journal.close()
            raise
        self.resumed = bool(self._entries["files"])
        self._write()

    @property
    def finished(self) -> dict[str, dict[str, Any]]:
        """The files that are finished, by name, each with what was noted of it."""
        files: dict[str, dict[str, Any]] = self._entries["files"]
        return files

    def add(self, name: str, make: Callable[[Path], Mapping[str, Any]]) -> None:
        """Make a file, and note what `make` says of it with its size and digest; one that is finished stays.

        Raises:
            Refuse: the folder has another file of that name.
        """
        if name in self.finished:
            return
        final, unfinished = self.path / name, self.path / f"{name}{UNFINISHED}"
        noted = self._entries["whole"].get(name)
        if final.exists() and (noted is None or {**noted, **_measured(final)} != noted):
            raise _in_the_way(final)
        # Only an interrupted run of this very export leaves one: the journal is ours, and locked.
        unfinished.unlink(missing_ok=True)
        if not final.exists():
            said = make(unfinished)
            noted = {**said, **_measured(unfinished)}
            self._entries["whole"] = {name: noted}
            self._write()
            _rename(unfinished, final)
        self.finished[name] = noted
        self._entries["whole"] = {}
        self._write()

    def close(self, package: Mapping[str, Any] | None = None) -> None:
        """Leave the folder, with the package's description if the export is whole."""
        if package is not None:
            unfinished = self.path / f"{PACKAGE}{UNFINISHED}"
            unfinished.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            _rename(unfinished, self.path / PACKAGE)
            (self.path / JOURNAL).unlink()
        self._journal.close()

    def _refuse_finished(self) -> None:
        if (self.path / PACKAGE).exists():
            raise Refuse(
                "exported",
                f"{self.path} has a finished export, which is not written over. Name another folder with --out.",
            )

    def _locked(self, path: Path) -> IO[str]:
        journal = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            journal.close()
            raise Refuse(
                "busy", f"Another export is filling {self.path} just now. Wait for it, or name another folder with --out."
            ) from None  # fmt: skip
        journal.seek(0)
        return journal

    def _write(self) -> None:
        # The line before may have been cut short. A journal is not replaced: the lock is on this very file.
        self._journal.write("\n" + json.dumps(self._entries, ensure_ascii=False))
        self._journal.flush()
        os.fsync(self._journal.fileno())


def _begun(path: Path, told: str, asked: Mapping[str, Any], state: str) -> dict[str, Any]:
    """Return the journal's last entries, new ones where there are none yet."""
    entries = _last(told)
    if entries is None:
        return {"asked": dict(asked), "state": state, "files": {}, "whole": {}}
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


def _last(told: str) -> dict[str, Any] | None:
    for line in reversed(told.split("\n")):
        try:
            entries: dict[str, Any] = json.loads(line)
        except ValueError:  # killed while it was written
            continue
        return {"whole": {}, **entries}
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
