"""Tables and intervals, the same for all benchmarks."""

import random
import statistics
from typing import List, NamedTuple, Sequence


class Estimate(NamedTuple):
    """A median and its 5 to 95 % interval."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate_median(values: Sequence[float], resamples: int = 2000) -> Estimate:
    """The median, and how far it moves (5 to 95 %) when the values are drawn again at random."""
    chance = random.Random(0)  # so that the same values always give the same interval
    medians = sorted(
        statistics.median(chance.choices(values, k=len(values))) for _ in range(resamples)
    )
    return Estimate(statistics.median(values), quantile(medians, 0.05), quantile(medians, 0.95))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of the ordered values doesn't exceed."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns also line up as plain text."""
    table = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    lines: List[str] = []
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths)]
        lines.append("| " + " | ".join(cells) + " |")
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
