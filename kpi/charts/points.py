"""What all figures share: where a point stands, in which unit and words, and where a line must break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import registry, words
from kpi.facts import Beside
from kpi.metric import Unit
from kpi.metrics._shared import ANSWERS_OPEN, OUTCOMES_OPEN
from kpi.result import Result, TrendPoint

WEEK = timedelta(days=7)


def unit_of(result: Result) -> Unit:
    metric = registry.metrics().get(result.metric)
    return metric.unit if metric else Unit.INDEX


def drawn(value: float | None, unit: Unit) -> float | None:
    """Shares are stored as fractions and drawn as percent; four decimals are more than a screen can show."""
    return None if value is None else round(words.scaled(value, unit), 4)


def place(point: TrendPoint) -> date:
    """Where a point stands on the time axis: its week; the last week of a longer stretch."""
    return max(point.period.start, point.period.end - WEEK)


def settles(result: Result) -> date:
    """The day from which nothing belongs to the figure any more that has not arrived (G4): answers after 7 days, outcomes after 14."""
    open_for = {reason for reason in result.reasons if reason.startswith("provisional:") or reason.endswith(":open")}
    return result.period_end + (ANSWERS_OPEN if open_for == {"provisional:answers"} else OUTCOMES_OPEN)


def runs(results: Sequence[Result]) -> Iterator[list[int]]:
    """Indices of neighbouring points that are shown: a gap stays open."""
    run: list[int] = []
    for index, result in enumerate(results):
        if result.shown:
            run.append(index)
        elif run:
            yield run
            run = []
    if run:
        yield run


def sample_of(result: Result) -> str:
    """n and what it counts; a group of people only as a band, as everywhere."""
    metric = registry.metrics().get(result.metric)
    if result.sample_text or not result.n or metric is None:
        return result.sample_text
    least = words.number(result.n)
    return f"{least}+ {metric.sample}" if metric.people_scope else f"{least} {metric.sample}"


_told_of: Beside[str] = Beside()


def told(result: Result, signal: str = "") -> str:
    """The number with its doubt, its sample, its state, what it signals, and what was published before where it was restated."""
    return _told_of.of(result, lambda: _told(result, signal), (signal, get_language()))


def _told(result: Result, signal: str) -> str:
    unit = unit_of(result)
    figure = f"{words.figure(result.value, unit)} {words.unit_word(unit)}"
    doubt = words.interval(result.low, result.high, unit)
    past = result.restated.text if result.restated else ""
    told_by = _("signal: %(what)s") % {"what": signal} if signal else ""
    return " · ".join(
        part for part in (f"{figure} ({doubt})" if doubt else figure, sample_of(result), words.state(result), told_by, past) if part
    )
