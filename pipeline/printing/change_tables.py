"""What a re-processing changed, as tables that fit the terminal: by rule, by source, and the documents themselves."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.changes import Summary
from pipeline.printing.tables import count, plain_table
from pipeline.store.changed import ChangedDocument

_STYLES = {"removed": ("-", "red"), "lost": ("-", "red"), "restored": ("+", "green"), "found": ("+", "green")}
_MOST_LINES = 12
_LONGEST_LINE = 160

KINDS = {
    "text": "have another text",
    "facts": "have the same text and other facts",
    "appeared": "give a text now",
    "vanished": "give no text any more",
}


def summary_page(summary: Summary, *, foreseen: bool) -> RenderableType:
    """Lay out all that changed, or would; `foreseen` says which."""
    parts: list[RenderableType] = [_sentence(summary, foreseen=foreseen)]
    if summary.rules:
        parts.append(_rules(summary))
    if summary.documents:
        parts.append(_sources(summary))
    if summary.worst:
        parts.append(_documents(summary.worst))
    if summary.moves:
        parts.append(_moved(summary))
    return Group(*parts)


def _sentence(summary: Summary, *, foreseen: bool) -> Text:
    if not summary.documents:
        return Text("Nothing would change." if foreseen else "Nothing changed.")
    would = "would change" if foreseen else "changed"
    kinds = ", ".join(f"{summary.kinds[kind]} {said}" for kind, said in KINDS.items() if summary.kinds[kind])
    facts = ", ".join(f"{name} {number}" for name, number in summary.facts.most_common())
    said = f"{count(summary.documents, 'document')} {would}: {kinds}."
    return Text(said + (f" Facts: {facts}." if facts else ""))


def _rules(summary: Summary) -> Table:
    table = plain_table("lines, by rule")
    table.add_column("rule", style="cyan")
    table.add_column("removes now", justify="right", style="red")
    table.add_column("gives back", justify="right", style="green")
    table.add_column("in documents", justify="right")
    for name, rule in sorted(summary.rules.items(), key=lambda item: -item[1].removed - item[1].restored):
        table.add_row(name or "(extractor)", str(rule.removed), str(rule.restored), str(rule.documents))
    return table


def _sources(summary: Summary) -> Table:
    table = plain_table("documents, by source")
    table.add_column("source", style="cyan")
    kinds = [kind for kind in KINDS if summary.kinds[kind]]
    for kind in kinds:
        table.add_column(kind, justify="right")
    for name, found in sorted(summary.sources.items(), key=lambda item: (-item[1].total(), item[0])):
        table.add_row(name or "no source", *(str(found[kind] or "") for kind in kinds))
    return table


def _documents(worst: list[ChangedDocument]) -> Table:
    table = plain_table("the documents whose lines change most")
    table.add_column("document", ratio=1)
    table.add_column("lines", ratio=2)
    for change in worst:
        hashes = " → ".join(one[:8] for one in (change.before, change.after) if one)
        name = Text(f"{change.title or 'no title'}\n{change.address}\n")
        table.add_row(name.append(hashes, style="cyan"), Text("\n").join(_lines(change)))
    table.caption = "-: goes. +: comes back. In brackets the rule; without one it is the extractor's doing."
    return table


def _lines(change: ChangedDocument) -> Iterator[Text]:
    for line in change.lines[:_MOST_LINES]:
        sign, style = _STYLES[line.what]
        text = line.text if len(line.text) <= _LONGEST_LINE else line.text[: _LONGEST_LINE - 2] + " …"
        yield Text(f"{sign} {text}" + (f"  [{line.rule}]" if line.rule else ""), style=style)
    if len(change.lines) > _MOST_LINES:
        yield Text(f"and {count(len(change.lines) - _MOST_LINES, 'more line')}", style="dim")


def _moved(summary: Summary) -> Table:
    table = plain_table(f"{count(summary.moves, 'document')} in another story")
    table.add_column("document", ratio=1)
    table.add_column("story before", justify="right")
    table.add_column("story then", justify="right")
    for change in summary.moved:
        before, after = (
            ", ".join(map(str, stories)) or "its own"
            for stories in (change.stories_before, change.stories_after)
        )
        table.add_row(Text(f"{change.title or 'no title'}\n{change.address}"), before, after)
    if summary.moves > len(summary.moved):
        table.caption = f"The first {len(summary.moved)} of them."
    return table
