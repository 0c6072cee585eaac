"""Is growth still absorbing the gain? Weekly contacts of a unit, their phase and the week of the turn (metrics.md E7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kpi import gaps, registry, words
from kpi.lifecycle import displayed_phase, turning_week
from kpi.metric import Window
from kpi.result import Growth, WeekVolume
from kpi.scopes import Unit
from kpi.totals import Request, read_totals

LOOK_BACK_WEEKS = 104
CONTACTS = "contacts"
STOPPED = ("plateau", "decline")  # only where the phase itself says so is a turn named


def growth_of(unit: Unit, *, as_of: date, known_gaps: gaps.Gaps) -> Growth:
    """Over the last complete ISO weeks (104 at most); a week with a gap is None, never zero."""
    weeks = _weeks(unit, as_of, known_gaps)
    counts = [week.contacts for week in weeks]
    if not any(counts):
        return Growth("insufficient", None, None, None, None, None, (), _("No complete week of contacts yet."))
    found = displayed_phase(counts)
    turn = turning_week(counts) if found.phase in STOPPED else None
    at = weeks[turn].start if turn is not None else None
    text = _text(found.phase, found.slope_per_quarter, at)
    return Growth(found.phase, found.slope_per_quarter, found.low, found.high, at, at, weeks, text, found.n)


def _weeks(unit: Unit, as_of: date, known: gaps.Gaps) -> tuple[WeekVolume, ...]:
    measure = registry.measures().get(CONTACTS)
    if measure is None:
        return ()
    end = as_of - timedelta(as_of.weekday())
    first = gaps.first_day()
    start = max(end - timedelta(weeks=LOOK_BACK_WEEKS), _next_monday(first)) if first else end
    if start >= end:
        return ()
    window = Window("interaction", start, end, by="week")
    lost = gaps.missing(known, unit.sites, start, end)
    [blocks] = read_totals([Request(unit.work, window, lost)])
    counts = {day: totals[measure].n for day, totals in blocks}
    starts = [start + timedelta(weeks=i) for i in range((end - start).days // 7)]
    return tuple(WeekVolume(day, counts.get(day)) for day in starts)


def _next_monday(day: date) -> date:
    return day + timedelta(-day.weekday() % 7)


def _text(phase: str, per_quarter: float | None, turn: date | None) -> str:
    share = words.percent(abs(per_quarter)) if per_quarter is not None else ""
    if phase == "growth":
        return _("Weekly contacts grow by %(share)s a quarter; growth takes up the freed hours.") % {"share": share}
    if phase == "undetermined":
        return _("The weekly contacts show no clear direction.")
    if phase == "insufficient":
        return _("At least twelve complete weeks are needed to tell.")
    now = _("flat") if phase == "plateau" else _("falling by %(share)s a quarter") % {"share": share}
    if turn is None:
        return _("Weekly contacts are %(now)s.") % {"now": now}
    return _("Growth stopped absorbing the gain in the week of %(week)s; weekly contacts are %(now)s.") % {
        "week": words.day(turn),
        "now": now,
    }


def phases(growth: Growth) -> Sequence[tuple[date, date, str]]:
    """Stretches to shade: before the turn and after it."""
    if not growth.weeks or growth.turn is None:
        return ()
    last = growth.weeks[-1].start + timedelta(7)
    return ((growth.weeks[0].start, growth.turn, "growth"), (growth.turn, last, growth.phase))
