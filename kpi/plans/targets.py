"""Targets: a floor, a ceiling or both, what may be one, and what a figure with its doubt says about it (metrics.md F1, F2). Pure.

Nothing is called missed or met that the interval does not show. A target on a saving carries floors for the three it stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Direction, Family, Unit

COMPANIONS = ("csat", "agent_wellbeing_index", "resolution_quality")
POINTS = frozenset({Unit.SHARE, Unit.GAP, Unit.PERCENT, Unit.FIVES})  # their differences are points of percent
LIMITS = {Unit.SHARE: (0.0, 1.0), Unit.PERCENT: (0.0, 1.0), Unit.FIVES: (0.0, 1.0), Unit.GAP: (-1.0, 1.0), Unit.INDEX: (0.0, 100.0)}
WIDTH = 240  # of the drawn band


@dataclass(frozen=True)
class Range:
    """What is aimed at; at least one of the two is there."""

    floor: float | None = None
    ceiling: float | None = None


class State(StrEnum):
    """Where a figure stands. `UNCLEAR`: one of the bounds lies inside its interval."""

    WITHIN = "within"
    BELOW = "below"
    ABOVE = "above"
    UNCLEAR = "unclear"
    NONE = "none"  # no figure, or none with an interval


@dataclass(frozen=True)
class Figure:
    """A value with its interval, in the unit of its metric."""

    value: float | None
    low: float | None
    high: float | None


def judge(figure: Figure, aim: Range) -> State:
    """Beyond a bound only where the whole interval is; within only where none of it is."""
    if figure.value is None or figure.low is None or figure.high is None:
        return State.NONE
    if aim.floor is not None and figure.high < aim.floor:
        return State.BELOW
    if aim.ceiling is not None and figure.low > aim.ceiling:
        return State.ABOVE
    clear = (aim.floor is None or figure.low >= aim.floor) and (aim.ceiling is None or figure.high <= aim.ceiling)
    return State.WITHIN if clear else State.UNCLEAR


def told(figure: Figure, aim: Range, unit: Unit) -> str:
    """The state in words, with the distance where there is one."""
    state = judge(figure, aim)
    value = figure.value or 0.0
    if state is State.WITHIN:
        return _("within the target")
    if state is State.BELOW:
        return _("below the floor by %(by)s, beyond the interval") % {"by": distance((aim.floor or 0.0) - value, unit)}
    if state is State.ABOVE:
        return _("above the ceiling by %(by)s, beyond the interval") % {"by": distance(value - (aim.ceiling or 0.0), unit)}
    if state is State.NONE:
        return _("cannot be judged: no figure with an interval")
    near = _near(figure, aim)
    return {
        (True, True): _("cannot be told from floor and ceiling at this sample"),
        (True, False): _("cannot be told from the floor at this sample"),
        (False, True): _("cannot be told from the ceiling at this sample"),
    }[near]


def _near(figure: Figure, aim: Range) -> tuple[bool, bool]:
    """Which bounds lie inside the interval."""
    low, high = figure.low or 0.0, figure.high or 0.0
    return aim.floor is not None and low < aim.floor, aim.ceiling is not None and high > aim.ceiling


def distance(size: float, unit: Unit) -> str:
    """A difference as it stands in a sentence: "2.1 pt", "4 points", "12 s"."""
    return in_units(words.number(words.scaled(abs(size), unit), words.DECIMALS[unit]), unit)


def in_units(size: str, unit: Unit) -> str:
    """A difference that is written already, with what it is counted in."""
    name = _("pt") if unit in POINTS else _("points") if unit is Unit.INDEX else words.unit_word(unit)
    return f"{size}{words.NARROW}{name}".rstrip(words.NARROW)


def range_text(aim: Range, unit: Unit) -> str:
    """ "at least 80.0 %", "at most 20.0 %", "60.0 % to 80.0 %"."""
    if aim.floor is not None and aim.ceiling is not None:
        return _("%(floor)s to %(ceiling)s") % {"floor": words.with_unit(aim.floor, unit), "ceiling": words.with_unit(aim.ceiling, unit)}
    if aim.floor is not None:
        return _("at least %(floor)s") % {"floor": words.with_unit(aim.floor, unit)}
    return _("at most %(ceiling)s") % {"ceiling": words.with_unit(aim.ceiling, unit)}


def problems(family: Family, unit: Unit, better: Direction, aim: Range, floors: Mapping[str, float | None]) -> dict[str, str]:
    """Why this can be no target, by field; empty where it can. `floors` are those of the companions, by metric."""
    found = _bounds(unit, better, family, aim)
    if family is Family.SAVINGS:
        if any(floors.get(name) is None for name in COMPANIONS):
            found[""] = _("A target on a saving alone is refused: it carries a floor for CSAT, for wellbeing and for resolution quality.")
    elif any(value is not None for value in floors.values()):
        found[""] = _("Floors for the companions belong to a target on a saving; any other metric has targets of its own.")
    return found


def _bounds(unit: Unit, better: Direction, family: Family, aim: Range) -> dict[str, str]:
    found: dict[str, str] = {}
    low, high = LIMITS.get(unit, (None, None))
    for name, value in (("floor", aim.floor), ("ceiling", aim.ceiling)):
        if value is not None and low is not None and high is not None and not low <= value <= high:
            said = {"low": words.with_unit(low, unit), "high": words.with_unit(high, unit)}
            found[name] = _("This metric lies between %(low)s and %(high)s.") % said
    if aim.floor is None and aim.ceiling is None:
        found["floor"] = _("A target has a floor, a ceiling or both.")
    elif aim.floor is not None and aim.ceiling is not None and aim.floor >= aim.ceiling:
        found["ceiling"] = _("The ceiling lies above the floor.")
    elif better is Direction.NEITHER and family is not Family.SAVINGS and (aim.floor is None or aim.ceiling is None):
        missing = "floor" if aim.floor is None else "ceiling"
        found[missing] = _(
            "More of this is neither better nor worse by itself: a ceiling cannot ensure a least, nor a floor a most. Set both."
        )
    elif better is Direction.UP and aim.floor is None:
        found["floor"] = _("More of this is better: the target needs a floor.")
    elif better is Direction.DOWN and aim.ceiling is None:
        found["ceiling"] = _("Less of this is better: the target needs a ceiling.")
    return found


@dataclass(frozen=True)
class Band:
    """The target and the figure on one line of WIDTH: where the band begins and ends, the interval, the value."""

    start: float
    length: float
    low: float
    high: float
    value: float


def band(figure: Figure, aim: Range) -> Band | None:
    """For a drawing without numbers: the words beside it say all of it. An open side of the band goes to the edge."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    known = [figure.low, figure.high, figure.value, *(bound for bound in (aim.floor, aim.ceiling) if bound is not None)]
    room = (max(known) - min(known) or 1.0) * 0.25
    first, last = min(known) - room, max(known) + room
    place = [round((at - first) / (last - first) * WIDTH, 1) for at in (figure.low, figure.high, figure.value)]
    start = 0.0 if aim.floor is None else round((aim.floor - first) / (last - first) * WIDTH, 1)
    end = WIDTH if aim.ceiling is None else round((aim.ceiling - first) / (last - first) * WIDTH, 1)
    return Band(start, round(end - start, 1), *place)
