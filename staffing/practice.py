"""What a site signed for: its baseline window, paid hours and planning values (metrics.md E6). The only database access of the savings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from kpi.metric import Period
from staffing.models import Baseline, StaffingAssumption


@dataclass(frozen=True)
class SitePractice:
    """What holds at one site. Without a baseline or an assumption there is no saving to speak of."""

    site: int
    baseline_start: date | None = None
    baseline_end: date | None = None
    go_live: date | None = None
    paid_hours_per_week: float | None = None
    assumed_occupancy: float | None = None
    assumed_shrinkage: float | None = None
    baseline_text: str = ""
    assumption_text: str = ""


def practice_of(sites: Sequence[int], period: Period) -> dict[int, SitePractice]:
    """By site: the latest version of its baseline, and the assumption in force when the period ends; its own before the common one."""
    baselines = {row.site_id: row for row in Baseline.objects.filter(_for(sites)).order_by("version")}
    assumptions = {
        row.site_id: row
        for row in StaffingAssumption.objects.filter(_for(sites), valid_from__lt=period.end).order_by("valid_from", "signed_on", "pk")
    }
    return {site: _practice(site, baselines.get(site, baselines.get(None)), assumptions.get(site, assumptions.get(None))) for site in sites}


def _for(sites: Sequence[int]) -> Q:
    return Q(site__in=sites) | Q(site__isnull=True)


def _practice(site: int, baseline: Baseline | None, assumption: StaffingAssumption | None) -> SitePractice:
    end = baseline.first_day + timedelta(weeks=baseline.weeks) if baseline else None
    return SitePractice(
        site=site,
        baseline_start=baseline.first_day if baseline else None,
        baseline_end=end,
        go_live=baseline.go_live if baseline else None,
        paid_hours_per_week=assumption.paid_hours_per_week if assumption else None,
        assumed_occupancy=assumption.occupancy if assumption else None,
        assumed_shrinkage=assumption.shrinkage if assumption else None,
        baseline_text=_baseline_text(baseline, end) if baseline and end else "",
        assumption_text=_assumption_text(assumption) if assumption else "",
    )


def _baseline_text(baseline: Baseline, end: date) -> str:
    last = end - timedelta(days=1)
    said = {"weeks": baseline.weeks, "day": f"{last.day} {last:%b %Y}", "version": baseline.version, "who": baseline.signed_by}
    return _("%(weeks)s weeks to %(day)s, version %(version)s, signed by %(who)s") % said


def _assumption_text(assumption: StaffingAssumption) -> str:
    said = {"hours": f"{assumption.paid_hours_per_week:g}", "day": assumption.valid_from.isoformat(), "who": assumption.signed_by}
    return _("%(hours)s paid hours per FTE and week from %(day)s, signed by %(who)s") % said
