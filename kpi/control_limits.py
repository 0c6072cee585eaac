"""The control charts of a trend (metrics.md G3): which chart for which metric, and when there is none. Reads nothing.

Shares have a p chart, widened to p' where they vary more than chance alone; indices and FTE an XmR chart. Survey means have none: their
waves are compared by B6. Only points that are shown, firm and made of the same parts belong to a chart, at least twelve of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import control, registry, words
from kpi.facts import Beside
from kpi.metric import Metric, Period, Status, Unit
from kpi.over_time import Control, Signal
from kpi.result import Result, TrendPoint

Limits = tuple[str, float, Sequence[float], Sequence[float], control.Signals]  # chart, centre, lower, upper, signals
RANGES = {Unit.INDEX: (0.0, 100.0), Unit.SHARE: (0.0, 1.0)}


def controls_of(trend: Sequence[TrendPoint]) -> tuple[Control, ...]:
    """One for each family, in their order; empty without a trend."""
    return _controls.of(trend, lambda: _find(trend), get_language())


_controls: Beside[tuple[Control, ...]] = Beside(most=256)


def _find(trend: Sequence[TrendPoint]) -> tuple[Control, ...]:
    families = list(zip(*(point.results for point in trend), strict=True))
    return tuple(control_of(results) for results in families)


def control_of(results: Sequence[Result]) -> Control:
    """The chart of one series, or why there is none."""
    metric, name = registry.metrics().get(results[0].metric), results[0].label
    if metric is None:
        return Control(results[0].metric, "none", "")
    if metric.people_scope:
        return Control(metric.key, "none", _("%(name)s: no control limits, for its surveys come in waves.") % {"name": name})
    inside = comparable(results)
    found = _limits(metric, [results[index] for index in inside])
    if found is None:
        said = {"name": name, "n": len(inside), "least": control.FEWEST_POINTS}
        return Control(
            metric.key, "none", _("%(name)s: no control limits, for %(n)d firm points can be compared and it takes %(least)d.") % said
        )
    chart, centre, lower, upper, signals = found
    marks = _signals(signals, inside)
    spread = [_spread(values, inside, len(results), metric.unit) for values in (lower, upper)]
    made = Control(metric.key, chart, "", centre, spread[0], spread[1], marks)
    return Control(metric.key, chart, _text(made, results, inside, metric), centre, spread[0], spread[1], marks)


def comparable(results: Sequence[Result]) -> list[int]:
    """Points that are shown, cannot change any more, lack no days, and are made of the same parts as the latest of them."""
    firm = [index for index, result in enumerate(results) if result.shown and not result.provisional and not _lacks_days(result)]
    if not firm:
        return []
    parts = _missing(results[firm[-1]])
    return [index for index in firm if _missing(results[index]) == parts]


def _lacks_days(result: Result) -> bool:
    """0.6: what is not over or has a gap is left out."""
    return result.status is Status.PARTIAL and any(reason.startswith(("gap:", "period:")) for reason in result.reasons)


def _missing(result: Result) -> frozenset[str]:
    return frozenset(result.extra.get("missing", ()))


def _limits(metric: Metric, results: Sequence[Result]) -> Limits | None:
    """None with fewer than twelve points."""
    values = [result.value or 0.0 for result in results]
    baseline = control.running_baseline(len(values))
    if len(values) < control.FEWEST_POINTS:
        return None
    if metric.unit is Unit.SHARE:
        n = [_sample(result) for result in results]
        shares = control.share_chart([value * size for value, size in zip(values, n, strict=True)], n, baseline)
        if shares is None:
            return None
        return "p" if shares.sigma_z is None else "laney", shares.p_bar, shares.lower, shares.upper, shares.signals
    found = control.xmr(values, baseline)
    if found is None:
        return None
    return "xmr", found.mean, [found.lower] * len(values), [found.upper] * len(values), found.signals


def _sample(result: Result) -> float:
    """Answers, counted as weighting lets them count (A3)."""
    return max(1.0, result.parts.get("n_eff") or float(result.n or 1))


def _spread(values: Sequence[float], inside: Sequence[int], points: int, unit: Unit) -> tuple[float | None, ...]:
    """Limits at their points, inside what the unit can be."""
    least, most = RANGES.get(unit, (float("-inf"), float("inf")))
    at = dict(zip(inside, (min(most, max(least, value)) for value in values), strict=True))
    return tuple(at.get(index) for index in range(points))


def _signals(found: control.Signals, inside: Sequence[int]) -> tuple[Signal, ...]:
    said = {"r1": _("outside the limits"), "r2": _("eight in a row on one side of the mean"), "r3": _("six in a row in one direction")}
    rules: dict[int, list[str]] = defaultdict(list)
    for rule, places in (("r1", found.r1), ("r2", found.r2), ("r3", found.r3)):
        for place in places:
            rules[inside[place]].append(rule)
    return tuple(Signal(index, tuple(each), ", ".join(said[rule] for rule in each)) for index, each in sorted(rules.items()))


def _text(made: Control, results: Sequence[Result], inside: Sequence[int], metric: Metric) -> str:
    """Mean, latest limits and signals; which of them is good or bad is not said."""
    name = {"p": _("p chart"), "laney": _("p′ chart"), "xmr": _("XmR chart")}[made.chart]
    said = {
        "name": results[0].label,
        "chart": name,
        "n": len(inside),
        "mean": words.with_unit(made.centre, metric.unit),
        "limits": words.interval(made.lower[inside[-1]], made.upper[inside[-1]], metric.unit),
    }
    text = _("%(name)s: %(chart)s of %(n)d firm points, mean %(mean)s, limits now %(limits)s;") % said
    if not made.signals:
        return text + " " + _("no signal.")
    last = made.signals[-1]
    when = words.span(Period(results[last.index].period_start, results[last.index].period_end))
    count = _("1 signal") if len(made.signals) == 1 else _("%(n)d signals") % {"n": len(made.signals)}
    return text + " " + _("%(count)s, the latest at %(day)s: %(what)s.") % {"count": count, "day": when, "what": last.text}
