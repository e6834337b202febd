"""What each threshold of the comparison is worth: precision and recall with one of them moved."""

from collections.abc import Mapping
from unittest.mock import patch

from benchmarks.match_measures import Pair, Truth, score
from pipeline.match import relation
from pipeline.match.relation import Evidence, Kind, classify

_VALUES: dict[str, tuple[float, ...]] = {
    "CONTAINED": (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8),
    "CONTAINED_WHEN_SHORT": (0.6, 0.7, 0.8, 0.9),
    "UNQUOTED": (0.0, 0.35, 0.45, 0.55, 0.65),
    "PARTICULARS_LOST": (2, 3, 4, 99),
    "PARTICULARS_KEPT": (0.2, 0.3, 0.4, 0.5, 0.6),
}


def sweep(known: Mapping[Pair, tuple[Kind, Evidence]], truth: Truth) -> list[list[str]]:
    """Return a row a value: threshold, value (the one in use in bold), precision, recall, F1."""
    rows = []
    for name, values in _VALUES.items():
        in_use = getattr(relation, name)
        for value in sorted({*values, in_use}):
            with patch.object(relation, name, value):
                copies = [
                    pair
                    for pair, (kind, evidence) in known.items()
                    if kind == "identical" or classify(evidence) in {"near", "contains"}
                ]
            found = score(copies, truth)
            shown = f"**{value}**" if value == in_use else f"{value}"
            rows.append(
                [f"`{name}`", shown, f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.f1:.4f}"]
            )
    return rows
