"""What became of an initiative or an action: the panel of equal whole weeks before and after it, and what its companions did.

A saving is only ever shown in that panel; here it is never taken out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kpi import registry, words
from kpi.compare import compared
from kpi.events import around
from kpi.metric import Family, Period, Unit
from kpi.models import Limits
from kpi.panel import build_panel, data_as_of
from kpi.plans import verdicts
from kpi.plans.targets import distance, in_units
from kpi.result import Change, Column, Panel, Query, Result, Scope, Viewer
from kpi.sheet import build_figures
from kpi.version import one_version

COMPARED = "baseline"
MARGINS = {Family.CUSTOMER: ("csat", Unit.SHARE), Family.WELLBEING: ("awi", Unit.INDEX), Family.RESOLUTION: ("rq", Unit.INDEX)}


@dataclass(frozen=True)
class Companion:
    """One of the three against its limit."""

    label: str
    state: str  # held, eroded, unknown
    word: str
    limit: str  # "may fall by 2.0 pt"
    change: str  # what it did, with its interval, or why it cannot be told


@dataclass(frozen=True)
class Weighed:
    """The verdict, with the panel it was read from; neither before the after-window is over."""

    baseline: Period
    after: Period
    lead: str
    sentence: str
    overall: str
    companions: tuple[Companion, ...] = ()
    panel: Panel | None = None


def weigh(viewer: Viewer, scope: Scope, limits: Limits) -> Weighed:
    """NotAllowed where the viewer may not see the scope. Before the last day is loaded nothing is looked at: a look would be a choice."""
    baseline, after = limits.windows
    with one_version():
        as_of = data_as_of()
        if as_of is None or after.end > as_of:
            return Weighed(baseline, after, _("Not over yet."), _waits(after, as_of), verdicts.UNKNOWN)
        panel = build_panel(viewer, Query(after, scope, baseline, COMPARED, "custom"))
    found = tuple(_companion(column, limits) for column in panel.columns[:3])
    states = found[0].state, found[1].state, found[2].state
    overall = verdicts.overall(states)
    return Weighed(baseline, after, str(verdicts.LEADS[overall]), verdicts.sentence(states), overall, found, panel)


def _waits(after: Period, as_of: date | None) -> str:
    text = _("The after-window runs %(days)s. Its verdict is given once, when all of it is loaded; nothing is looked at before.")
    said = text % {"days": words.span(after)}
    return f"{said} {_('Data reach to %(day)s.') % {'day': words.day(as_of)}}" if as_of else said


def _companion(column: Column, limits: Limits) -> Companion:
    name, unit = MARGINS[column.result.family]
    margin, change = float(getattr(limits, name)), column.change
    state = verdicts.state(change.low, change.high, margin)
    return Companion(
        column.result.label,
        state,
        str(verdicts.WORDS[state]),
        _("may fall by %(margin)s") % {"margin": distance(margin, unit)},
        _changed(column, unit),
    )


def _changed(column: Column, unit: Unit) -> str:
    change = column.change
    if change.low is None or change.high is None or change.value is None:
        return change.words if column.result.shown else "; ".join(column.result.why) or change.words
    return _("%(change)s (95 %% interval %(low)s to %(high)s)") % {
        "change": in_units(signed(change.value, unit), unit),
        "low": signed(change.low, unit),
        "high": signed(change.high, unit),
    }


def signed(value: float, unit: Unit) -> str:
    return words.number(words.scaled(value, unit), words.DECIMALS[unit], sign=True)


@dataclass(frozen=True)
class Followed:
    """A metric in equal whole weeks before an action began and after it was done; a saving is told by its panel alone."""

    text: str  # which weeks, or why there are none
    before: Result | None = None
    after: Result | None = None
    change: Change | None = None
    interval: str = ""  # of the difference
    panel: Panel | None = None

    @property
    def sides(self) -> list[tuple[str, Result]]:
        """Both with their names, as a table has them."""
        return [(_("Before"), self.before), (_("After"), self.after)] if self.before and self.after else []


def before_and_after(viewer: Viewer, scope: Scope, metric: str, starts_on: date, done_on: date | None) -> Followed:
    """NotAllowed where the viewer may not see the scope."""
    named = registry.metrics().get(metric)
    if named is None:
        return Followed(_("This metric is measured no more."))
    if done_on is None:
        return Followed(_("It is compared once it is done, in whole weeks before its start and after its end."))
    with one_version():
        as_of = data_as_of()
        sides = around(starts_on, as_of, last_day=done_on) if as_of else None
        if sides is None:
            return Followed(_("Not one whole week after its end is loaded yet."))
        before, after = sides
        text = _("%(after)s against %(before)s") % {"after": words.span(after), "before": words.span(before)}
        if named.headline:
            panel = build_panel(viewer, Query(after, scope, before, COMPARED, "custom"))
            if named.family is Family.SAVINGS:
                return Followed(text, panel=panel)
            then = build_panel(viewer, Query(before, scope, None, "none", "custom"))
            now, earlier = _of(panel, metric), _of(then, metric)
        else:
            now, earlier = (
                build_figures(viewer, Query(side, scope, None, "none", "custom"), (metric,))[metric] for side in (after, before)
            )
    change = compared(now, earlier)
    return Followed(text, earlier, now, change, words.interval(change.low, change.high, named.unit))


def _of(panel: Panel, metric: str) -> Result:
    return next(column.result for column in panel.columns if column.result.metric == metric)
