"""Small trends for the four columns: SVG paths that arrive with the page, so they show without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.charts.points import runs
from kpi.metric import Status
from kpi.result import Panel, Result

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 240.0, 56.0, 4.0
FAMILIES = 4


@dataclass(frozen=True)
class Spark:
    """A small trend for one column: SVG paths in a box of 240 x 56."""

    band: str
    line: str
    dots: tuple[tuple[float, float, str], ...]  # x, y and what the point is: last, carried or lone


def sparks(panel: Panel) -> tuple[Spark, ...]:
    """One small trend for each column, all over the same weeks."""
    return tuple(_spark([point.results[index] for point in panel.trend]) for index in range(FAMILIES))


def _spark(results: Sequence[Result]) -> Spark:
    shown = [result for result in results if result.shown]
    if not shown:
        return Spark("", "", ())
    edges = [edge for result in shown for edge in (result.low, result.value, result.high) if edge is not None]
    low, high = min(edges), max(edges)
    span = (high - low) or 1.0
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(1, len(results) - 1)

    def at(index: int, value: float | None) -> tuple[float, float]:
        height = SPARK_HEIGHT - 2 * SPARK_EDGE
        return round(SPARK_EDGE + index * step, 1), round(SPARK_HEIGHT - SPARK_EDGE - ((value or 0.0) - low) / span * height, 1)

    bands, lines, dots = [], [], []
    for run in runs(results):
        lines.append("M" + "L".join("{} {}".format(*at(index, results[index].value)) for index in run))
        around = [index for index in run if results[index].low is not None and results[index].high is not None]
        edge = [at(index, results[index].high) for index in around] + [at(index, results[index].low) for index in reversed(around)]
        if edge:
            bands.append("M" + "L".join(f"{x} {y}" for x, y in edge) + "Z")
        if len(run) == 1:
            dots.append((*at(run[0], results[run[0]].value), "lone"))
    last = max(index for index, result in enumerate(results) if result.shown)
    kind = "carried" if results[last].status is Status.CARRIED_FORWARD else "last"
    return Spark("".join(bands), "".join(lines), (*dots, (*at(last, results[last].value), kind)))
