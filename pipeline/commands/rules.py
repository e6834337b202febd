"""The commands about what is not the article: the residue rules, and the furniture that was learned."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.base import AsJson, Sources, complain, names_of, open_engine
from pipeline.settings import Settings

rules_app = typer.Typer(help="List the residue rules, and what each did; try new ones on the archive.")
_NO_FURNITURE = "Nothing was learned yet: `newsfold furniture learn` looks through what is stored."

furniture_app = typer.Typer(
    help="Learn, list and forget the lines that a host sets beside every story, and a source's standing passages."
)


@rules_app.callback(invoke_without_command=True)
def rules(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Only the rules and the hits of this host.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every rule: its class, where it looks, its reason, its hits by host, the last lines it removed."""
    if context.invoked_subcommand is not None:
        return
    from pipeline.clean.catalogue import catalogue  # noqa: PLC0415
    from pipeline.printing import console, rule_tables  # noqa: PLC0415
    from pipeline.store.rulebook import rules_at_work  # noqa: PLC0415

    shipped = catalogue()
    here = shipped.for_host(host)
    known = list(here.rules)
    if not host:
        known += [rule for own in shipped.hosts.values() for rule in own.rules]
    at_work = rules_at_work(open_engine(), host)
    rows = [
        {
            "rule": rule.name,
            "class": rule.rule_class,
            "on": here.is_on(rule),
            "where": rule.where,
            "host": rule.host,
            "reason": rule.reason,
            "hits": 0,
            "hosts": {},
            "last": [],
            **at_work.pop(rule.name, {}),
        }
        for rule in known
    ]
    # What removed lines and is not in the catalogue: learned furniture, and rules of earlier recipes.
    for name, did in at_work.items():
        learned = name == "furniture"
        rows.append(
            {
                "rule": name,
                "class": "learned" if learned else "former",
                "on": learned,
                "where": "anywhere",
                "host": None,
                "reason": "The host sets it beside every story: see `newsfold furniture list`."
                if learned
                else "A rule of an earlier recipe; it goes when its captures are prepared again.",
                **did,
            }
        )
    console.print_json(rows) if as_json else console.print_table(rule_tables.rules_table, rows)


@rules_app.command("test")
def rules_test(
    file: Annotated[Path, typer.Argument(help="A TOML file with [[rule]] tables, or the file of a host.")],
    *,
    source: Sources = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest captures to try it on.")] = 200,
    as_json: AsJson = False,
) -> None:
    """Try rules on the archive: which lines each document would lose, and which it would keep. Nothing is written.

    A rule with the name of one that there is takes its place.
    """
    from dataclasses import asdict  # noqa: PLC0415

    from pipeline.printing import console, rule_tables  # noqa: PLC0415
    from pipeline.trial import read_trial, try_rules  # noqa: PLC0415

    trial = read_trial(file)
    tried = list(
        try_rules(open_engine(), Settings.from_environment(), trial, sources=names_of(source), limit=limit)
    )
    changed = [asdict(one) for one in tried if one.removed or one.kept or one.trouble]
    if as_json:
        console.print_json({"documents": len(tried), "changed": changed})
    elif changed:
        console.print_table(rule_tables.trial_table, changed)
    if not as_json:
        lost = sum(len(one.removed) for one in tried)
        kept = sum(len(one.kept) for one in tried)
        typer.echo(
            f"Tried on {len(tried)} captures: {lost} more lines would be removed, {kept} would not be any more. "
            "Nothing was written."
        )


@furniture_app.callback(invoke_without_command=True)
def furniture(context: typer.Context, *, source: Sources = None, as_json: AsJson = False) -> None:
    """List what was learned: the lines that are cut from pages, and the passages that count for nothing in matching."""
    if context.invoked_subcommand is None:
        _list_furniture(names_of(source), as_json=as_json)


@furniture_app.command("learn")
def furniture_learn(*, source: Sources = None, as_json: AsJson = False) -> None:
    """Learn which lines each host sets beside every story, and which passages a source sets into many, with the evidence."""
    from dataclasses import asdict  # noqa: PLC0415

    from pipeline.furniture import learn_furniture  # noqa: PLC0415
    from pipeline.printing import console  # noqa: PLC0415
    from pipeline.store.relook import learn_passages  # noqa: PLC0415

    engine = open_engine()
    found = list(learn_furniture(engine, Settings.from_environment(), names_of(source)))
    standing = list(learn_passages(engine, names_of(source)))
    if as_json:
        lines = [
            {"host": one.host, "texts": one.texts, "stories": one.stories, "blocks": len(one.blocks),
             "new": one.new}
            for one in found
        ]  # fmt: skip
        console.print_json({"lines": lines, "passages": [asdict(one) for one in standing]})
        return
    for one in found:
        typer.echo(
            f"{one.host}: {len(one.blocks)} blocks recur in {one.stories} distinct stories, {one.new} of them new."
        )
    for passages in standing:
        if passages.passages or passages.documents:
            typer.echo(
                f"{passages.source}: {passages.passages} passages stand in its texts; {passages.documents} documents "
                "were related anew."
            )
    if not found:
        complain("No article of a web address is stored yet, so there is nothing to learn from.")
    elif any(one.new for one in found):
        typer.echo("New pages are cleaned with them; stored ones are when they are prepared again.")


@furniture_app.command("list")
def furniture_list(*, source: Sources = None, as_json: AsJson = False) -> None:
    """List what was learned, as `newsfold furniture` does: where, how many distinct stories had it, the words."""
    _list_furniture(names_of(source), as_json=as_json)


def _list_furniture(sources: tuple[str, ...], *, as_json: bool) -> None:
    from pipeline.printing import console, rule_tables  # noqa: PLC0415
    from pipeline.store.furniture import list_furniture  # noqa: PLC0415
    from pipeline.store.passages import list_passages  # noqa: PLC0415

    engine = open_engine()
    lines, passages = list_furniture(engine, sources), list_passages(engine, sources)
    if as_json:
        console.print_json({"lines": lines, "passages": passages})
        return
    if lines or not passages:
        console.print_table(rule_tables.furniture_table, lines, nothing=_NO_FURNITURE)
    if passages:
        console.print_table(rule_tables.passages_table, passages)


@furniture_app.command("forget")
def furniture_forget(
    number: Annotated[
        str, typer.Argument(metavar="ID", help="As the list shows it: 3 is a block of lines, p3 a passage.")
    ],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Use it again.")] = False,
) -> None:
    """Take a block or a passage back: it is not used any more, and not learned again."""
    from pipeline.store.furniture import forget, restore  # noqa: PLC0415
    from pipeline.store.relook import forget_passage, restore_passage  # noqa: PLC0415

    digits = number.removeprefix("p")
    if not (digits.isascii() and digits.isdigit()):
        raise typer.BadParameter(
            f"{number!r} is no number of the list; write 3 for a block, p3 for a passage."
        )
    if number.startswith("p"):
        change = restore_passage if undo else forget_passage
    else:
        change = restore if undo else forget
    said = change(open_engine(), int(digits))
    typer.echo(f"{'Used again' if undo else 'Forgotten'}: {said!r}.")
