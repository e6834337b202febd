"""The commands about stories: by reach, one in full, two texts beside each other, and analysts' rulings."""

import getpass
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from pipeline.commands.base import AsJson, open_engine

_LISTED = 50

rulings_app = typer.Typer(help="List what was ruled of stories; take a ruling back.")

Because = Annotated[str, typer.Option("--because", help="Why, in a sentence; it is kept with the ruling.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by", envvar="NEWSFOLD_ANALYST", help="Who rules; by default who you are on this machine."
    ),
]
Hash = Annotated[str, typer.Argument(metavar="A", help="A content hash, how one begins, or an address.")]


def stories(
    *,
    limit: Annotated[
        int | None, typer.Option(min=1, help="How many to list; by default 50, and all of them as JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the stories that most outlets printed: lead, outlets, copies by kind, first and last seen."""
    from pipeline.printing import console, story_tables  # noqa: PLC0415
    from pipeline.store.reach import rank_stories  # noqa: PLC0415

    rows = rank_stories(open_engine(), limit=limit if limit or as_json else _LISTED)
    console.print_json(rows) if as_json else console.print_table(story_tables.reach_table, rows)


def story(
    name: Annotated[
        str,
        typer.Argument(
            metavar="HASH|ID", help="A document of it, or its number; story:12 is always a number."
        ),
    ],
    *,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="How many copies to show; by default 50, and all of them as JSON."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one story: why its lead leads, and what each copy took of it, added, cut and credits."""
    from pipeline.printing import console, story_tables  # noqa: PLC0415
    from pipeline.store.storypage import show_story  # noqa: PLC0415

    row = show_story(open_engine(), name, limit=limit if limit or as_json else _LISTED)
    console.print_json(row) if as_json else console.print_table(story_tables.story_page, row)


def diff(
    one: Hash,
    other: Annotated[str, typer.Argument(metavar="B", help="The document to set beside it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Set two texts side by side: what they share, what was moved, what is quotation, what each has alone."""
    from pipeline.printing import console, story_tables  # noqa: PLC0415
    from pipeline.store.comparing import compare_documents  # noqa: PLC0415

    found = compare_documents(open_engine(), one, other)
    console.print_json(found) if as_json else console.print_table(story_tables.difference_page, found)


def merge(
    one: Hash,
    other: Annotated[str, typer.Argument(metavar="B", help="The document that is of one story with it.")],
    *,
    because: Because,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Rule that two documents are one story; it holds until it is taken back or overruled."""
    from pipeline.store import rulings  # noqa: PLC0415

    _tell(rulings.merge(open_engine(), one, other, because=because, by=_who(by)), as_json=as_json)


def split(
    one: Hash,
    other: Annotated[
        str | None,
        typer.Argument(metavar="[B]", help="What it is no copy of; by default the lead of its story."),
    ] = None,
    *,
    because: Because,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Rule that a document is not of one story with another; the other copies go with the closer of the two."""
    from pipeline.store import rulings  # noqa: PLC0415

    _tell(rulings.split(open_engine(), one, other, because=because, by=_who(by)), as_json=as_json)


@rulings_app.callback(invoke_without_command=True)
def rulings_list(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List every ruling, the latest first: who made it, when and why, and whether it is in force."""
    if context.invoked_subcommand is not None:
        return
    from pipeline.printing import console, story_tables  # noqa: PLC0415
    from pipeline.store.rulings import list_rulings  # noqa: PLC0415

    rows = list_rulings(open_engine())
    if as_json:
        console.print_json(rows)
    elif rows:
        console.print_table(story_tables.rulings_table, rows)
    else:
        typer.echo("Nothing was ruled yet: see `newsfold merge --help` and `newsfold split --help`.")


@rulings_app.command("undo")
def rulings_undo(
    number: Annotated[int, typer.Argument(metavar="N", help="The number that `newsfold rulings` shows.")],
    *,
    because: Because,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a ruling back; the row stays, and says so."""
    from pipeline.store import rulings  # noqa: PLC0415

    _tell(rulings.undo(open_engine(), number, because=because, by=_who(by)), as_json=as_json)


def _who(by: str | None) -> str:
    return by if by is not None else getpass.getuser()


def _tell(ruling: Mapping[str, Any], *, as_json: bool) -> None:
    from pipeline.printing import console  # noqa: PLC0415

    if as_json:
        console.print_json(ruling)
        return
    between = "with" if ruling["kind"] == "merge" else "from"
    stories_ = " and ".join(", ".join(map(str, ids)) or "none" for ids in ruling["stories"])
    typer.echo(
        f"Ruling {ruling['number']}, {ruling['kind']} {ruling['one']} {between} {ruling['other']}: {ruling['state']}. "
        f"Their stories now: {stories_}."
    )
