"""The commands that show the database to people: the reading room, and the report to mail to a colleague."""

import os
import stat
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.base import ShownEvent, event_shown
from pipeline.errors import SetupError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.web.answering import Room

PAGE_SECONDS = 10.0
"""How long the database may take for one page."""
_REPORT_SECONDS = 300.0


def serve(
    *,
    host: Annotated[
        str, typer.Option(help="The address to listen at; this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A host name it is reached by besides localhost; may be given again."),
    ] = None,
    event: ShownEvent = None,
) -> None:
    """Open the reading room: the event's stories, copies, texts and sources as pages, read-only, until Ctrl-C."""
    from pipeline.web.app import make_app  # noqa: PLC0415
    from pipeline.web.aside import start_early  # noqa: PLC0415
    from pipeline.web.serving import listening, server_of  # noqa: PLC0415

    room = _room(event, PAGE_SECONDS)
    with listening(host, port) as sock:
        at = sock.getsockname()
        shown = f"[{at[0]}]" if ":" in at[0] else at[0]
        typer.echo(f"The reading room is open at http://{shown}:{at[1]}/ (Ctrl-C closes it).")
        if host not in ("127.0.0.1", "::1", "localhost"):
            typer.echo("Whoever reaches this machine can read it: there is no password.")
        start_early()
        server_of(make_app(room, name or ())).run(sockets=[sock])


def report(
    *,
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("report.html"),
    stories: Annotated[int, typer.Option(min=1, max=200, help="How many stories to show in full.")] = 20,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    event: ShownEvent = None,
) -> None:
    """Write the front page, the timeline, the stories and comparisons as one file that needs nothing else."""
    from pipeline.web.report import make_report  # noqa: PLC0415

    try:
        is_folder = stat.S_ISDIR(out.stat().st_mode)
    except FileNotFoundError:
        is_folder = False
    except OSError as error:
        raise SetupError(
            f"{out} cannot be written: {error.strerror}. Name another file with --out."
        ) from error
    if is_folder:
        raise SetupError(f"{out} is a folder. Name a file with --out.")
    if os.path.lexists(out) and not force:
        raise SetupError(
            f"{out} is there already. Name another file with --out, or write over it with --force."
        )
    made = make_report(_room(event, _REPORT_SECONDS), stories=stories)
    _keep(out, made.encode("utf-8", "replace"), force=force)
    typer.echo(f"Wrote {out}: {out.stat().st_size / 1000:,.0f} kB, with nothing outside it.")


def _keep(out: Path, made: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; an unfinished one has a name that no other file has, short whatever the file's is."""
    part = None
    try:
        with NamedTemporaryFile(dir=out.parent, prefix=".newsfold.", suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(made)
        part.chmod(0o666 & ~_mask())
        if force:
            part.replace(out)
        else:
            _link(part, out)
    except FileExistsError as error:
        raise SetupError(
            f"{out} is there already. Name another file with --out, or write over it with --force."
        ) from error
    except OSError as error:
        raise SetupError(
            f"{out} cannot be written: {error.strerror}. Name another file with --out."
        ) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _link(part: Path, out: Path) -> None:
    """Give a file its name; a rename would replace what came there meanwhile, a link does not."""
    try:
        os.link(part, out)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(out):
            raise FileExistsError from None
        part.replace(out)


def _mask() -> int:
    """Return what the system takes from the rights of a new file; it can be asked for only by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _room(event_file: Path | None, seconds: float) -> "Room":
    from pipeline.store.reading import open_reading  # noqa: PLC0415
    from pipeline.web.answering import Room  # noqa: PLC0415

    settings = Settings.from_environment()
    engine = open_reading(settings, seconds=seconds)
    event = event_shown(engine, event_file)
    return Room(engine, settings.archive, event.name, event.first_day, event.last_day)
