"""Where the FTE come from: a waterfall from base practice to now, drawn only where the panel gives steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpi.result import Step

Figure = dict[str, Any]


def waterfall(steps: Sequence[Step]) -> Figure | None:
    """From base practice to now; only the panel decides whether there are steps at all."""
    if not steps:
        return None
    low, high = _levels(steps)
    trace: Figure = {
        "type": "waterfall",
        "x": [step.label for step in steps],
        "y": [step.value for step in steps],
        "measure": ["absolute" if step.total else "relative" for step in steps],
        "text": [step.text for step in steps],
        "textposition": "outside",
        "hoverinfo": "skip",
        "cliponaxis": False,
        "meta": {"role": "savings", "part": "waterfall"},
    }
    room = (high - low) * 0.15 or 1.0
    floor = max(0.0, low - 2 * room) if low > (high - low) else min(0.0, low - room)
    layout: Figure = {"showlegend": False, "dragmode": False, "xaxis": {"type": "category", "fixedrange": True}}
    layout["yaxis"] = {"range": [floor, high + room], "fixedrange": True, "nticks": 5, "title": {"text": _("FTE")}}
    return {"data": [trace], "layout": layout | {"meta": {"cut": floor > 0}}}


def _levels(steps: Sequence[Step]) -> tuple[float, float]:
    """The lowest and the highest level the bars reach."""
    level, seen = 0.0, []
    for step in steps:
        level = step.value if step.total else level + step.value
        seen.append(level)
    return min(seen), max(seen)


def axis_is_cut(figure: Figure | None) -> bool:
    return bool(figure and figure["layout"]["meta"]["cut"])
