"""FTE reduction: what today's load would need at base practice, minus what it needs now. Capacity, not people who left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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
    Part,
    Unit,
    Window,
)
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED
from kpi.uncertainty import percentiles
from staffing.capacity import Change, Plan, change, measured
from staffing.metrics import _sites
from staffing.metrics._assumptions import Lines, cross_check, practices, signed_for
from staffing.metrics._examples import decline_with_ai
from staffing.metrics._sites import Pair, Site
from staffing.practice import SitePractice, practice_of
from staffing.weeks import HANDLING, ON_QUEUE, PAID, aligned
from staffing.workload import PARTS

MEASURES: tuple[Measure, ...] = (CONTACTS, FALSELY_CONTAINED, HANDLING, DAY_HANDLING, DAY_WAITING, ON_QUEUE, PAID)


def windows(frame: Frame) -> dict[str, Window]:
    return _sites.windows(frame, _practice(frame))


def _practice(frame: Frame) -> SitePractice | None:
    return frame.context if isinstance(frame.context, SitePractice) else None


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    """Sites are computed apart and added up: each has its own baseline."""
    sites = [_site(evidence) for evidence in pieces]
    return _sites.refused(sites) or _added_up(sites, pieces)


def _added_up(sites: Sequence[Site[Change]], pieces: Sequence[Evidence]) -> Estimate:
    changes = [site.found for site in sites if site.found is not None]
    status, contacts, reasons = _sites.joined(sites)
    base, counterfactual = sum(item.required_base for item in changes), sum(item.counterfactual for item in changes)
    now = sum(item.required_now for item in changes)
    low, high = percentiles(np.sum([item.draws for item in changes], axis=0), 2.5, 97.5)
    signed = [practice for evidence in pieces if (practice := _practice(evidence.frame))]
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
            "assumptions": partial(_assumptions, signed, changes, reasons),
        },
    )


def _assumptions(signed: Sequence[SitePractice], changes: Sequence[Change], reasons: Sequence[str]) -> Lines:
    return (*signed_for(signed), *practices(changes, reasons), *cross_check(changes))


def _site(evidence: Evidence) -> Site[Change]:
    """The change of one site, or the first thing that is missing."""
    site = _sites.pair_of(evidence, _practice(evidence.frame))
    return _sites.without(site) if site.found is None else _changed(site.found, evidence.frame)


def _changed(pair: Pair, frame: Frame) -> Site[Change]:
    """Occupancy and shrinkage are measured in both windows or assumed in both: a guess against a measurement is no saving."""
    before, after = aligned(pair.base, pair.now)
    occupancy, shrinkage = (all(both) for both in zip(measured(before), measured(after), strict=True))
    plan = Plan(
        paid_hours=pair.practice.paid_hours_per_week or 0.0,
        occupancy=None if occupancy else pair.practice.assumed_occupancy,
        shrinkage=None if shrinkage else pair.practice.assumed_shrinkage,
    )
    flags = {"occupancy:assumed": not occupancy, "shrinkage:assumed": not shrinkage, "containment:unknown": pair.now.containment_unknown}
    raised = [reason for reason, is_raised in flags.items() if is_raised]
    return _sites.standing(pair.now.contacts, change(before, after, plan), frame, raised)


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
    page="capacity",
    section=_("Is less work needed than at base practice?"),
    place=10,
    shows={
        "required_base": Part(_("needed in the baseline:"), Unit.FTE),
        "volume_effect": Part(_("more or less volume since:"), Unit.FTE),
        "counterfactual": Part(_("today’s volume at base practice:"), Unit.FTE),
        "required_now": Part(_("needed now:"), Unit.FTE),
        "containment": Part(_("the reduction is made of AI resolution:"), Unit.FTE),
        "aht": Part(_("and handling time:"), Unit.FTE),
        "occupancy": Part(_("and occupancy, people busier or less busy:"), Unit.FTE),
        "shrinkage": Part(_("and shrinkage, less or more time off queue:"), Unit.FTE),
    },
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
    example=Example((decline_with_ai(),), gives=70.9033613445378),
)
