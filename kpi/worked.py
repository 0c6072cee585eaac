"""A definition worked through with the viewer's own numbers: the widest scope they may see, the last complete weeks.

Nothing is computed here that a page does not show: a headline comes from the panel, a further figure from its page, protected
and gated there. A saving brings the whole panel along.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kpi import words
from kpi.metric import Family, Metric, Period, Unit
from kpi.notes import part_notes
from kpi.panel import build_panel
from kpi.result import Column, Panel, Query, Result, Viewer
from kpi.sheet import build_figures, build_sheet

# How intervals are made, as results name it; a page says it in the reader's language.
METHODS = (
    gettext_noop("wilson"), gettext_noop("wilson, post-stratified"), gettext_noop("wilson, of the inverse"),
    gettext_noop("linearised ratio"),
    gettext_noop("bootstrap of whole weeks"), gettext_noop("bootstrap of respondents within teams, finite population"),
    gettext_noop("delta method on the log scale"), gettext_noop("weekly sums, cluster-robust t"), gettext_noop("t, finite population"),
    gettext_noop("normal, of three counts"), gettext_noop("normal, directly standardised"), gettext_noop("normal, clipped"),
)  # fmt: skip


@dataclass(frozen=True)
class Worked:
    """One figure with its steps in words; `panel` where it is a saving, of the same scope and period."""

    result: Result
    scope_text: str
    period_text: str
    steps: tuple[str, ...]
    panel: Panel | None = None


def work_through(viewer: Viewer, query: Query, metric: Metric) -> Worked | None:
    """The metric for this question as its page would show it; None where no page shows it."""
    if metric.family is Family.SAVINGS:
        panel = build_panel(viewer, query)
        found = next(
            (column.result for column in _columns_beside(viewer, query, metric, panel) if column.result.metric == metric.key), None
        )
        return _worked(metric, found, panel) if found else None
    results = build_figures(viewer, query, [metric.key])
    return _worked(metric, results[metric.key]) if metric.key in results else None


def _columns_beside(viewer: Viewer, query: Query, metric: Metric, panel: Panel) -> tuple[Column, ...]:
    if metric.headline or not metric.page:
        return panel.columns
    return tuple(column for section in build_sheet(viewer, query, metric.page).sections for column in section.columns)


def _worked(metric: Metric, result: Result, panel: Panel | None = None) -> Worked:
    period = words.span(Period(result.period_start, result.period_end))
    return Worked(result, result.scope or _("All sites"), period, tuple(_steps(metric, result)) if result.shown else (), panel)


def _steps(metric: Metric, result: Result) -> list[str]:
    """The formula's halves where they are whole records, then the parts, then the doubt."""
    found = [_halves(metric, result), *part_notes(metric, result)]
    if result.interval_text:
        known = {"interval": result.interval_text, "method": _(result.ci_method) if result.ci_method else _("not named")}
        text = _("limits: %(interval)s (%(method)s)") if result.conf is None else _("95 %% interval: %(interval)s (%(method)s)")
        found.append(text % known)
    return [step for step in found if step]


def _value(result: Result) -> str:
    return f"{result.text}{words.NARROW}{result.unit_text}".strip()


def _halves(metric: Metric, result: Result) -> str:
    """A plain share of records is k of n. A weighted share is not, and of people only what C6 lets out is told."""
    if result.value is None or not result.n:
        return ""
    counted = metric.unit is Unit.SHARE and result.ci_method == "wilson" and not (metric.people_scope or metric.crowd)
    if not counted:
        return _("%(value)s from %(sample)s") % {"value": _value(result), "sample": result.sample_text} if result.sample_text else ""
    k = words.number(result.value * result.n)
    return _("%(k)s ÷ %(n)s %(sample)s = %(value)s") % {
        "k": k,
        "n": words.number(result.n),
        "sample": metric.sample,
        "value": _value(result),
    }
