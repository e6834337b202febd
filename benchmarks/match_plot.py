"""A bar chart as SVG: a few lines of text need no plotting library."""

from html import escape

_ROW, _LABEL, _WIDTH = 20, 240, 420


def bars(title: str, values: list[tuple[str, float]]) -> str:
    """Horizontal bars of values from 0 to 1, the largest first; what is named newsfold is set off."""
    rows = sorted(values, key=lambda row: -row[1])
    height = (len(rows) + 2) * _ROW
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LABEL + _WIDTH + 60}" height="{height}" '
            f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        ),
        f'<rect width="100%" height="100%" fill="white"/><text x="8" y="16" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (name, value) in enumerate(rows, 1):
        top = number * _ROW + 6
        colour = "#b3402a" if name.startswith("newsfold") else "#5b7a99" if "verified" in name else "#a9b7c4"
        parts.append(
            f'<text x="{_LABEL - 8}" y="{top + 11}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{_LABEL}" y="{top}" width="{value * _WIDTH:.1f}" height="{_ROW - 6}" fill="{colour}"/>'
            f'<text x="{_LABEL + value * _WIDTH + 5:.1f}" y="{top + 11}">{value:.3f}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])
