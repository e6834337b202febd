"""The commands about what is not the article: the residue rules, and the furniture that was learned."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli_base import AsJson, Sources, complain, names_of, open_engine
from pipeline.settings import Settings

rules_app = typer.Typer(help="List the residue rules, and what each did; try new ones on the archive.")
furniture_app = typer.Typer(
    no_args_is_help=True, help="Learn, list and forget the lines that a host sets beside every story."
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
    from pipeline import console, rule_tables  # noqa: PLC0415
    from pipeline.clean.catalogue import catalogue  # noqa: PLC0415
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

    from pipeline import console, rule_tables  # noqa: PLC0415
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


@furniture_app.command("learn")
def furniture_learn(*, source: Sources = None, as_json: AsJson = False) -> None:
    """Learn from what is stored which lines each host sets beside every story, and store them with the evidence."""
    from pipeline import console  # noqa: PLC0415
    from pipeline.furniture import learn_furniture  # noqa: PLC0415

    found = list(learn_furniture(open_engine(), Settings.from_environment(), names_of(source)))
    if as_json:
        console.print_json(
            [
                {"host": one.host, "texts": one.texts, "stories": one.stories, "blocks": len(one.blocks),
                 "new": one.new}
                for one in found
            ]
        )  # fmt: skip
        return
    for one in found:
        typer.echo(
            f"{one.host}: {len(one.blocks)} blocks recur in {one.stories} distinct stories, {one.new} of them new."
        )
    if not found:
        complain("No article of a web address is stored yet, so there is nothing to learn from.")
    elif any(one.new for one in found):
        typer.echo("New pages are cleaned with them; stored ones are when they are prepared again.")


@furniture_app.command("list")
def furniture_list(*, source: Sources = None, as_json: AsJson = False) -> None:
    """List what was learned: host, place, how many distinct stories had it, since when, the lines."""
    from pipeline import console, rule_tables  # noqa: PLC0415
    from pipeline.store.furniture import list_furniture  # noqa: PLC0415

    rows = list_furniture(open_engine(), names_of(source))
    console.print_json(rows) if as_json else console.print_table(rule_tables.furniture_table, rows)


@furniture_app.command("forget")
def furniture_forget(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number that `furniture list` shows.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Use it again.")] = False,
) -> None:
    """Take a block back: it is not used any more, and not learned again."""
    from pipeline.store.furniture import forget, restore  # noqa: PLC0415

    lines = (restore if undo else forget)(open_engine(), number)
    typer.echo(f"{'Used again' if undo else 'Forgotten'}: {lines!r}.")
