"""The trends once more as words and as a table: the same figures for those who do not see the picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import words
from kpi.charts.marks import breaks
from kpi.charts.points import settles, told, unit_of
from kpi.facts import Beside
from kpi.result import Panel, Result


@dataclass(frozen=True)
class Line:
    """One stretch of the time axis with all four."""

    days: str
    cells: tuple[str, ...]


_tables: Beside[tuple[Line, ...]] = Beside(most=256)


def trend_table(panel: Panel) -> tuple[Line, ...]:
    """The very same lines as long as the trend is the same."""
    return _tables.of(panel.trend, lambda: _lines(panel), get_language())


def _lines(panel: Panel) -> tuple[Line, ...]:
    return tuple(
        Line(words.span(point.period), tuple(_cell(result, _signal(panel, family, index)) for family, result in enumerate(point.results)))
        for index, point in enumerate(panel.trend)
    )


def _signal(panel: Panel, family: int, index: int) -> str:
    return panel.controls[family].signal_at(index) if panel.controls else ""


def _cell(result: Result, signal: str) -> str:
    return told(result, signal) if result.shown else words.status_word(result.status)


def summaries(panel: Panel) -> tuple[str, ...]:
    """How many points, between which figures, and the latest. No change is claimed here."""
    return _summaries.of(
        panel.trend, lambda: tuple(map(_summary, zip(*(point.results for point in panel.trend), strict=True))), get_language()
    )


_summaries: Beside[tuple[str, ...]] = Beside(most=256)


def _summary(results: tuple[Result, ...]) -> str:
    shown = [result for result in results if result.shown]
    if not shown:
        return _("%(name)s: no figure can be shown on this axis.") % {"name": results[0].label}
    unit = unit_of(shown[-1])
    values = [result.value or 0.0 for result in shown]
    said = {
        "name": results[0].label,
        "n": len(shown),
        "all": len(results),
        "low": words.figure(min(values), unit),
        "high": words.figure(max(values), unit),
        "last": words.figure(values[-1], unit),
        "unit": words.unit_word(unit),
    }
    return (
        _("%(name)s: %(n)d of %(all)d points can be shown, between %(low)s and %(high)s %(unit)s; the latest is %(last)s %(unit)s.") % said
    )


def broken(panel: Panel) -> tuple[str, ...]:
    """A sentence for each mark of a broken series."""
    text = _("%(name)s from %(day)s on is made in another way than before: the two sides are not to be compared.")
    return tuple(text % {"name": panel.columns[index].result.label, "day": words.day(day)} for day, index in breaks(panel))


def youngest(panel: Panel) -> str:
    """Which points are drawn apart, and until when they can change; empty where all are firm."""
    said = []
    for results in zip(*(point.results for point in panel.trend), strict=True):
        young = [result for result in results if result.provisional]
        if young:
            said.append(_("%(name)s until %(day)s") % {"name": young[-1].label, "day": words.day(max(map(settles, young)))})
    if not said:
        return ""
    text = _("Dotted and hatched points are provisional, for answers and outcomes of their last days can still arrive: %(names)s.")
    return text % {"names": ", ".join(said)}
