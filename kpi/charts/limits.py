"""Control limits in the strip of their family: the mean, two dashed limits, and a frame around every point that signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kpi.charts.points import drawn, unit_of
from kpi.metric import Family
from kpi.over_time import Control
from kpi.result import Result

Figure = dict[str, Any]


def limits(control: Control, days: Sequence[str], results: Sequence[Result], family: Family, axis: str) -> list[Figure]:
    """Nothing where there is no chart."""
    inside = [index for index, value in enumerate(control.lower) if value is not None]
    if not inside:
        return []
    unit, x = unit_of(results[0]), [days[index] for index in inside]
    both = [drawn(control.upper[index], unit) for index in inside], [drawn(control.lower[index], unit) for index in inside]
    look: Figure = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "xaxis": "x", "yaxis": axis}
    made = [
        {**look, "x": [x[0], x[-1]], "y": [drawn(control.centre, unit)] * 2, "meta": {"role": family.value, "part": "centre"}},
        {**look, "x": [*x, None, *x], "y": [*both[0], None, *both[1]], "meta": {"role": family.value, "part": "limits"}},
    ]
    if control.signals:
        at = [signal.index for signal in control.signals]
        made.append(
            {
                **look,
                "mode": "markers",
                "x": [days[index] for index in at],
                "y": [drawn(results[index].value, unit) for index in at],
                "marker": {"symbol": "square-open", "size": 15},
                "meta": {"role": family.value, "part": "signal"},
            }
        )
    return made
