"""Is growth still absorbing the gain? Weekly contacts of a unit, their phase and the week of the turn (metrics.md E7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import between, gaps, registry, words
from kpi.lifecycle import Phase, displayed_phase, turning_range, turning_week
from kpi.metric import Measure, Window
from kpi.result import Growth, WeekVolume
from kpi.scopes import Unit
from kpi.seasonality import STL_WEEKS
from kpi.totals import Request, read_totals
from kpi.warm import standing

LOOK_BACK_WEEKS = 117  # the 104 that tell a season, and a quarter of a year in reserve for weeks that are not known
CONTACTS = "contacts"
CREW = "agents"
STOPPED = ("plateau", "decline")  # only where the phase itself says so is a turn named


def growth_of(unit: Unit, *, as_of: date, known_gaps: gaps.Gaps, least: int = 0, also: Sequence[Measure] = (), version: str = "") -> Growth:
    """Over the last complete ISO weeks (117 at most); a week with a gap is None, never zero.

    Nor is a week told that fewer than `least` agents worked in: how much a few handled is a figure about them (metrics.md C2).
    """
    key = ("growth of", unit, as_of - timedelta(as_of.weekday()), least, get_language())
    found: Growth | None = standing.recall(version, key) or between.recall(version, [key])[0]
    if found is None:
        found = _growth(_weeks(unit, as_of, known_gaps, least, also, version), version)
        between.keep(version, [key], [found])
    standing.keep(version, key, found)
    return found


def hidden() -> Growth:
    """Of a group that is protected nothing is told, neither its weeks nor where they lead."""
    text = _("Weekly contacts are not shown here: fewer than five agents handled them, or they would tell about a group that small.")
    return Growth("insufficient", None, None, None, None, None, (), text)


def _growth(weeks: tuple[WeekVolume, ...], version: str) -> Growth:
    counts = [week.contacts for week in weeks]
    if not any(counts):
        return Growth("insufficient", None, None, None, None, None, (), _("No complete week of contacts yet."))
    key = ("growth", tuple(counts))
    known = standing.recall(version, key)
    if known is None:
        known = _course(counts)
        standing.keep(version, key, known)
    found, turn, between = known
    at = weeks[turn].start if turn is not None else None
    spread = (weeks[between[0]].start, weeks[between[1]].start) if between else (None, None)
    made = Growth(found.phase, found.slope_per_quarter, found.low, found.high, at, at, weeks, "", found.n, *spread)
    return replace(made, text=_text(made))


def _course(counts: Sequence[int | None]) -> tuple[Phase, int | None, tuple[int, int] | None]:
    """The phase, and where it turned: a matter of many fits."""
    found = displayed_phase(counts)
    turn = turning_week(counts) if found.phase in STOPPED else None
    return found, turn, turning_range(counts) if turn is not None else None


def _weeks(unit: Unit, as_of: date, known: gaps.Gaps, least: int, also: Sequence[Measure], version: str) -> tuple[WeekVolume, ...]:
    measure, crew = registry.measures().get(CONTACTS), registry.measures().get(CREW)
    if measure is None:
        return ()
    end = as_of - timedelta(as_of.weekday())
    first = gaps.first_day(version)
    start = max(end - timedelta(weeks=LOOK_BACK_WEEKS), _next_monday(first)) if first else end
    if start >= end:
        return ()
    window = Window("interaction", start, end, by="week")
    lost = gaps.missing(known, unit.sites, start, end)
    [blocks] = read_totals([Request(unit.work, window, lost)], [measure, *([crew] if crew else []), *also], version)
    few = {day for day, totals in blocks if crew and 0 < totals[crew].n < least}
    counts = {day: totals[measure].n for day, totals in blocks if day not in few}
    starts = [start + timedelta(weeks=i) for i in range((end - start).days // 7)]
    return tuple(WeekVolume(day, counts.get(day)) for day in starts)


def _next_monday(day: date) -> date:
    return day + timedelta(-day.weekday() % 7)


def _text(growth: Growth) -> str:
    """What the weeks do, with its doubt; nothing is said about hours or savings here."""
    if growth.phase == "insufficient":
        return _("At least twelve complete weeks are needed to tell.")
    slope = _slope(growth)
    if growth.turn is None:
        return _("Weekly contacts: %(slope)s.") % {"slope": slope} + " " + _season(growth)
    said = {"when": words.turn(growth), "slope": slope}
    return _("Weekly contacts stopped growing in %(when)s; now: %(slope)s.") % said + " " + _season(growth)


def _season(growth: Growth) -> str:
    """G2: whether the season of the year is taken out, and what it would take."""
    known = sum(1 for week in growth.weeks if week.contacts)
    if known >= STL_WEEKS:
        return _("The season of the year is taken out (STL over %(n)d weeks).") % {"n": known}
    return _("The season of the year is not taken out: it takes %(least)d weeks, %(n)d are known.") % {"least": STL_WEEKS, "n": known}


def _slope(growth: Growth) -> str:
    """The change of a quarter with its 90 % interval; a direction only where that leaves zero out."""
    if growth.per_quarter is None or growth.low is None or growth.high is None:
        return _("no clear direction")
    least, most = (words.number(100 * limit, 1, sign=True) for limit in (growth.low, growth.high))
    limits = f"{words.between(least, most)}{words.NARROW}%"
    if growth.low <= 0 <= growth.high:
        return _("no clear direction (%(limits)s a quarter, 90 %% interval)") % {"limits": limits}
    said = {"share": words.percent(abs(growth.per_quarter)), "limits": limits}
    if growth.per_quarter > 0:
        return _("growing by %(share)s a quarter (%(limits)s, 90 %% interval)") % said
    return _("falling by %(share)s a quarter (%(limits)s, 90 %% interval)") % said


def phases(growth: Growth) -> Sequence[tuple[date, date, str]]:
    """Stretches to shade: before the turn and after it."""
    if not growth.weeks or growth.turn is None:
        return ()
    last = growth.weeks[-1].start + timedelta(7)
    return ((growth.weeks[0].start, growth.turn, "growth"), (growth.turn, last, growth.phase))
