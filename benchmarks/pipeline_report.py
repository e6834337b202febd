"""The table and the plot of `make bench-pipeline`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

_WIDTH, _HEIGHT, _EDGE = 640, 320, 60


@dataclass(frozen=True)
class Round:
    """An archive of so many pages taken in. Seconds are of processors, but for `clock`; sizes are bytes."""

    pages: int
    stored: int
    used: float
    served: float
    clock: float
    sizes: Mapping[str, int]
    rows: Mapping[str, int]
    kept: int
    archive: int

    @property
    def milliseconds(self) -> float:
        """Processor time a page, with the server's."""
        return 1000 * (self.used + self.served) / self.pages

    def line(self) -> str:
        """Return it as a line for the terminal."""
        return (
            f"{self.pages} pages, {self.stored} documents matched: {self.pages / self.clock:.1f} pages/s by the clock, "
            f"{self.milliseconds:.1f} ms a page of processors (newsfold {1000 * self.used / self.pages:.1f}, "
            f"server {1000 * self.served / self.pages:.1f})"
        )


@dataclass(frozen=True)
class Peer:
    """What a peer took for so many pages in one process."""

    name: str
    pages: int
    used: float
    served: float
    clock: float
    errors: int
    blocked: int

    @property
    def milliseconds(self) -> float:
        """Processor time a page, with the server's."""
        return 1000 * (self.used + self.served) / self.pages

    def line(self) -> str:
        """Return it as a line for the terminal."""
        return (
            f"{self.name}: {self.milliseconds:.1f} ms a page of processors, {self.errors} errors, "
            f"{self.blocked} attempts to reach the network"
        )


def write_report(
    folder: Path, rounds: Sequence[Round], peers: Sequence[Peer], facts: Mapping[str, str]
) -> None:
    """Write `pipeline.md` and `pipeline.svg` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    alone = [peer.milliseconds for peer in peers if peer.name == "trafilatura"]
    base = sum(alone) / len(alone)
    lines = [
        "# Pages through the whole pipeline",
        "",
        f"Command: `{facts['command']}`, on {facts['cores']} cores.",
        "Versions: " + ", ".join(f"{name} {value}" for name, value in facts.items() if name not in {"command", "cores"}) + ".",
        "",
        "`newsfold ingest` reads a WARC file, keeps each record in its own archive, extracts, cleans, stores, matches and folds,",
        "and commits. The others get the same pages as strings in memory, in one process.",
        "Milliseconds are of processors, the database server's included where there is one; the ratio is to bare trafilatura, before",
        f"and after in the same run ({' and '.join(f'{one:.1f}' for one in alone)} ms a page).",
        "",
        "| what | pages | ms a page | of it the server's | ratio | pages a second by the clock |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    named: list[tuple[str, Round | Peer]] = [("newsfold, archive to matched rows", one) for one in rounds]
    named += [(f"{peer.name}, one process", peer) for peer in peers]
    lines += [
        f"| {name} | {one.pages:,} | {one.milliseconds:.1f} | {1000 * one.served / one.pages:.1f} | "
        f"{one.milliseconds / base:.2f} | {one.pages / one.clock:.1f} |"
        for name, one in named
    ]
    largest = rounds[-1]
    lines += [
        "",
        "![Milliseconds a page by the number of pages](pipeline.svg)",
        "",
        f"What {largest.pages:,} pages take up, indexes included:",
        "",
        "| table | rows a page | bytes a page |",
        "| --- | ---: | ---: |",
        *(
            f"| {name} | {largest.rows[name] / largest.pages:.2f} | {size / largest.pages:,.0f} |"
            for name, size in largest.sizes.items()
            if size
        ),
        f"| the archive (gzip) | 1 | {largest.kept / largest.pages:,.0f} |",
        "",
    ]
    (folder / "pipeline.md").write_text("\n".join(lines))
    (folder / "pipeline.svg").write_text(_plot(rounds, peers))


def _plot(rounds: Sequence[Round], peers: Sequence[Peer]) -> str:
    """Return a plot of milliseconds a page over pages, whose scale is logarithmic."""
    top = 1.15 * max(one.milliseconds for one in [*rounds, *peers])
    low, high = log10(rounds[0].pages), log10(rounds[-1].pages)

    def x(pages: int) -> float:
        return _EDGE + (_WIDTH - 3 * _EDGE) * ((log10(pages) - low) / (high - low) if high > low else 0.5)

    def y(value: float) -> float:
        return _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * value / top

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_EDGE}" y="30" font-size="13">Milliseconds of processors a page</text>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(
            f'<path d="M{_EDGE} {y(value):.1f}H{_WIDTH - 2 * _EDGE}" stroke="#ddd"/>'
            f'<text x="{_EDGE - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.0f}</text>'
        )
    for peer in {peer.name: peer for peer in peers}.values():
        height = y(peer.milliseconds)
        parts.append(
            f'<path d="M{_EDGE} {height:.1f}H{_WIDTH - 2 * _EDGE}" stroke="#999" stroke-dasharray="4 3"/>'
            f'<text x="{_WIDTH - 2 * _EDGE + 4}" y="{height + 4:.1f}" fill="#555">{peer.name}</text>'
        )
    points = " ".join(f"{x(one.pages):.1f},{y(one.milliseconds):.1f}" for one in rounds)
    parts.append(f'<polyline points="{points}" fill="none" stroke="#06c" stroke-width="2"/>')
    parts += [
        f'<circle cx="{x(one.pages):.1f}" cy="{y(one.milliseconds):.1f}" r="3" fill="#06c"/>'
        f'<text x="{x(one.pages):.1f}" y="{_HEIGHT - _EDGE + 18}" text-anchor="middle">{one.pages:,}</text>'
        for one in rounds
    ]
    parts.append(
        f'<text x="{_WIDTH - 2 * _EDGE + 4}" y="{y(rounds[-1].milliseconds) - 6:.1f}" fill="#06c">newsfold</text></svg>\n'
    )
    return "\n".join(parts)
