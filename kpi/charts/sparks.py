"""Small trends for the four columns: SVG paths that arrive with the page, so they show without a script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.charts.points import runs
from kpi.facts import Beside
from kpi.result import Panel, Result

WIDTH, HEIGHT, EDGE = 240.0, 56.0, 4.0
FAMILIES = 4


@dataclass(frozen=True)
class Spark:
    """Paths in a box of 240 x 56: the interval, the line, and the line to points that can still change; all break at a gap."""

    band: str = ""
    line: str = ""
    young: str = ""


@dataclass(frozen=True)
class _Box:
    """From a point and a value to a place in the box."""

    low: float
    span: float
    step: float

    def at(self, index: float, value: float | None) -> str:
        up = ((value or 0.0) - self.low) / self.span * (HEIGHT - 2 * EDGE)
        return f"{EDGE + index * self.step:.1f} {HEIGHT - EDGE - up:.1f}"


def sparks(panel: Panel) -> tuple[Spark, ...]:
    """One small trend for each column, all over the same weeks."""
    return _sparks.of(panel.trend, lambda: tuple(_spark([point.results[index] for point in panel.trend]) for index in range(FAMILIES)))


_sparks: Beside[tuple[Spark, ...]] = Beside(most=256)


def _spark(results: Sequence[Result]) -> Spark:
    edges = [edge for result in results if result.shown for edge in (result.low, result.value, result.high) if edge is not None]
    if not edges:
        return Spark()
    box = _Box(min(edges), (max(edges) - min(edges)) or 1.0, (WIDTH - 2 * EDGE) / max(1, len(results) - 1))
    found = list(runs(results))
    firm = [[index for index in run if not results[index].provisional] for run in found]
    young = [[index for index in run if any(results[at].provisional for at in run if at in (index, index + 1))] for run in found]
    return Spark(*("".join(draw(box, results, run) for run in each) for draw, each in ((_band, found), (_line, firm), (_line, young))))


def _line(box: _Box, results: Sequence[Result], run: Sequence[int]) -> str:
    """A point without neighbours becomes a short dash, or it would not be seen."""
    if not run:
        return ""
    places = [(float(index), results[index].value) for index in run]
    if len(places) == 1:
        [(index, value)] = places
        places = [(index - 0.15, value), (index + 0.15, value)]
    return "M" + "L".join(box.at(index, value) for index, value in places)


def _band(box: _Box, results: Sequence[Result], run: Sequence[int]) -> str:
    around = [index for index in run if results[index].low is not None and results[index].high is not None]
    edge = [box.at(index, results[index].high) for index in around] + [box.at(index, results[index].low) for index in reversed(around)]
    return "M" + "L".join(edge) + "Z" if edge else ""
