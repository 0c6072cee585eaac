"""FTE reduction: what today's load would need at base practice, minus what it needs now. Capacity, not people who left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext_lazy as _

from kpi.metric import (
    Direction,
    Estimate,
    Evidence,
    Example,
    Family,
    Frame,
    Measure,
    Metric,
    Period,
    Status,
    Stratum,
    Total,
    Totals,
    Unit,
    Window,
)
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, OUTCOMES_OPEN
from kpi.uncertainty import worst
from staffing.capacity import Change, Plan, change, measured
from staffing.practice import SitePractice, practice_of
from staffing.weeks import HANDLING, ON_QUEUE, PAID, Series, aligned, series_of
from staffing.workload import PARTS

BASELINE_WEEKS, CURRENT_WEEKS, CURRENT_CONTACTS = 8, 4, 1000
MEASURES: tuple[Measure, ...] = (CONTACTS, FALSELY_CONTAINED, HANDLING, DAY_HANDLING, DAY_WAITING, ON_QUEUE, PAID)


def windows(frame: Frame) -> dict[str, Window]:
    """Weeks of the baseline and of the period, for contacts and working days; the period alone where no baseline is signed."""
    found = _weeks("current", frame.period.start, frame.period.end)
    practice = frame.context
    if isinstance(practice, SitePractice) and practice.baseline_start and practice.baseline_end:
        found |= _weeks("baseline", practice.baseline_start, practice.baseline_end)
    return found


def _weeks(name: str, start: date, end: date) -> dict[str, Window]:
    return {
        name: Window("interaction", start, end, by="week"),
        f"{name}_days": Window("agent_day", start, end, by="week"),
    }


@dataclass(frozen=True)
class _Site:
    """One site: its change, or why there is none."""

    contacts: int
    status: Status
    reasons: tuple[str, ...] = ()
    change: Change | None = None


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    """Sites are computed apart and added up: each has its own baseline."""
    sites = [_site(evidence) for evidence in pieces]
    counted = [(site, site.change) for site in sites if site.change is not None]
    contacts = sum(site.contacts for site, _ in counted)
    if not counted:
        return _nothing(sites)
    if contacts < CURRENT_CONTACTS:
        return Estimate(Status.INSUFFICIENT, n=contacts, reasons=("current:contacts",))
    reasons = tuple(dict.fromkeys(reason for site in sites if site.contacts for reason in site.reasons))
    changes = [found for _, found in counted]
    status = worst(*(site.status for site, _ in counted))
    if any(site.contacts and site.change is None for site in sites):
        status = worst(status, Status.PARTIAL)
    return _added_up(changes, pieces, status=status, contacts=contacts, reasons=reasons)


def _nothing(sites: Sequence[_Site]) -> Estimate:
    """No site gives a figure: nothing was there, or the best reason any of them has."""
    with_contacts = [site for site in sites if site.contacts]
    if not with_contacts:
        return Estimate(Status.NO_DATA)
    known = {site.status for site in with_contacts}
    status = Status.INSUFFICIENT if Status.INSUFFICIENT in known else Status.NOT_APPLICABLE
    reasons = dict.fromkeys(reason for site in with_contacts if site.status is status for reason in site.reasons)
    return Estimate(status, n=sum(site.contacts for site in with_contacts), reasons=tuple(reasons))


def _added_up(
    changes: Sequence[Change], pieces: Sequence[Evidence], *, status: Status, contacts: int, reasons: tuple[str, ...]
) -> Estimate:
    base, counterfactual = sum(item.required_base for item in changes), sum(item.counterfactual for item in changes)
    now = sum(item.required_now for item in changes)
    low, high = np.percentile(np.sum([item.draws for item in changes], axis=0), [2.5, 97.5]).tolist()
    signed = [evidence.frame.context for evidence in pieces if isinstance(evidence.frame.context, SitePractice)]
    return Estimate(
        status=status,
        value=counterfactual - now,
        low=low,
        high=high,
        n=contacts,
        ci_method="bootstrap of whole weeks",
        reasons=reasons,
        parts={
            "required_base": base,
            "counterfactual": counterfactual,
            "required_now": now,
            "volume_effect": counterfactual - base,
            **{name: sum(item.parts[name] for item in changes) for name in PARTS},
            "percent": (counterfactual - now) / counterfactual if counterfactual > 0 else None,
        },
        extra={
            "baseline": "; ".join(dict.fromkeys(item.baseline_text for item in signed if item.baseline_text)),
            "assumption": "; ".join(dict.fromkeys(item.assumption_text for item in signed if item.assumption_text)),
        },
    )


def _site(evidence: Evidence) -> _Site:
    """The change of one site, or the first thing that is missing."""
    frame, practice = evidence.frame, evidence.frame.context
    now = series_of(evidence, "current", frame.period.start, frame.period.end)
    if not now.contacts:
        return _Site(0, Status.NO_DATA)
    if (
        not isinstance(practice, SitePractice)
        or practice.baseline_start is None
        or practice.baseline_end is None
        or practice.go_live is None
    ):
        return _Site(now.contacts, Status.INSUFFICIENT, ("baseline:absent",))
    if frame.period.end <= practice.go_live:
        return _Site(now.contacts, Status.NOT_APPLICABLE, ("go_live:later",))
    if frame.period.start < practice.go_live:  # base practice would be compared with itself, beside companions of other days
        return _Site(now.contacts, Status.INSUFFICIENT, ("go_live:inside",))
    base = series_of(evidence, "baseline", practice.baseline_start, practice.baseline_end)
    reason = _gap(base, now, practice)
    if reason:
        return _Site(now.contacts, Status.INSUFFICIENT, (reason,))
    return _changed(base, now, practice, frame)


def _gap(base: Series, now: Series, practice: SitePractice) -> str:
    """What is missing for a figure; empty where nothing is."""
    checks = {
        "assumption:absent": practice.paid_hours_per_week is None,
        "baseline:weeks": base.weeks < BASELINE_WEEKS,
        "current:weeks": now.weeks < CURRENT_WEEKS,
        "current:immature": not now.mature_weeks,
        "handling:unknown": not (base.handled and now.handled),
    }
    return next((reason for reason, missing in checks.items() if missing), "")


def _changed(base: Series, now: Series, practice: SitePractice, frame: Frame) -> _Site:
    """Occupancy and shrinkage are measured in both windows or assumed in both: a guess against a measurement is no saving."""
    before, after = aligned(base, now)
    occupancy, shrinkage = (all(both) for both in zip(measured(before), measured(after), strict=True))
    plan = Plan(
        paid_hours=practice.paid_hours_per_week or 0.0,
        occupancy=None if occupancy else practice.assumed_occupancy,
        shrinkage=None if shrinkage else practice.assumed_shrinkage,
    )
    flags = {"occupancy:assumed": not occupancy, "shrinkage:assumed": not shrinkage, "containment:unknown": now.containment_unknown}
    partial = tuple(reason for reason, raised in flags.items() if raised)
    still_open = frame.period.end + OUTCOMES_OPEN > frame.as_of
    status = Status.PARTIAL if partial else Status.PROVISIONAL if still_open else Status.OK
    reasons = (*partial, "provisional:outcomes") if still_open else partial
    return _Site(now.contacts, status, reasons, change(before, after, plan))


def _example() -> Example:
    """The vector decline_with_ai a week at a time (40 paid hours a week for 160 in four); every other week is 2 % busier."""
    week, go_live = timedelta(weeks=1), date(2026, 3, 2)
    practice = SitePractice(1, go_live - 8 * week, go_live, go_live, 40.0, 0.85, 0.30, "8 weeks to 1 Mar 2026", "40 paid hours")
    base = [_week(round(50_000 * size), 0.0, aht=300, occupancy=0.80, shrinkage=0.30) for size in 4 * (0.98, 1.02)]
    now = [_week(round(45_000 * size), 0.3, aht=270, occupancy=0.85, shrinkage=0.28) for size in 2 * (0.98, 1.02)]
    blocks = {
        f"{name}{part}": [(start + i * week, totals[part]) for i, totals in enumerate(weeks)]
        for name, start, weeks in (("baseline", go_live - 8 * week, base), ("current", go_live, now))
        for part in ("", "_days")
    }
    return Example((Evidence(Frame(Period(go_live, go_live + 4 * week), date(2026, 6, 1), practice), {}, blocks),), gives=70.9033613445378)


def _week(contacts: int, contained: float, *, aht: float, occupancy: float, shrinkage: float) -> dict[str, Totals]:
    """A week in which a tenth of what the AI handled alone came back."""
    human, machine = (Stratum("voice", "billing", machine_only=only) for only in (False, True))
    alone = round(contacts * contained / 0.9)
    work: dict[str, dict[Stratum | None, Total]] = {
        CONTACTS.key: {human: Total(contacts - alone, contacts - alone), machine: Total(alone, alone)},
        FALSELY_CONTAINED.key: {machine: Total(alone, alone / 10)},
        HANDLING.key: {human: Total(1000, 1000 * aht)},
    }
    halves = {DAY_HANDLING: occupancy, DAY_WAITING: 1 - occupancy, ON_QUEUE: 1 - shrinkage, PAID: 1.0}
    return {"": Totals(work), "_days": Totals({measure.key: {None: Total(100, 1e6 * part)} for measure, part in halves.items()})}


METRIC = Metric(
    key="fte_reduction",
    label=_("FTE reduction"),
    family=Family.SAVINGS,
    headline=True,
    unit=Unit.FTE,
    better=Direction.NEITHER,
    measures=MEASURES,
    windows=windows,
    estimate=estimate,
    per_site=True,
    context=practice_of,
    at=SitePractice.at,
    words=_("How many fewer full-time posts today's contacts need than they would at the way of working before the AI."),
    formula=_(
        "R(volume now; base practice) − R(volume now; practice now), with R = V (1 − c) h ÷ 3600 ÷ (o (1 − s) H), "
        "summed over channels and intent groups"
    ),
    caveat=_(
        "Capacity, not people: it does not say who left or where the hours went. Higher occupancy counts as a saving here and is paid for "
        "in wellbeing; customers who give up need nobody. Never read it without the other three."
    ),
    sample=_("contacts"),
    source="E1, E2, E6",
    example=_example(),
)
