"""What a site signed for: its baseline window, paid hours and planning values (metrics.md E6). The only database access of the savings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Period
from kpi.version import known
from staffing.models import Baseline, StaffingAssumption


@dataclass(frozen=True)
class Terms:
    """A signed assumption, in force from a day on until the next one."""

    valid_from: date
    paid_hours_per_week: float
    occupancy: float
    shrinkage: float
    text: str


@dataclass(frozen=True)
class SitePractice:
    """What holds at one site when a period ends. Without a baseline or an assumption there is no saving to speak of."""

    site: int
    baseline_start: date | None = None
    baseline_end: date | None = None
    go_live: date | None = None
    paid_hours_per_week: float | None = None
    assumed_occupancy: float | None = None
    assumed_shrinkage: float | None = None
    baseline_text: str = ""
    assumption_text: str = ""
    terms: tuple[Terms, ...] = ()  # all its own, oldest first
    common: tuple[Terms, ...] = ()  # those of all sites

    def at(self, period: Period) -> SitePractice:
        """The same site with the assumption that was in force when another period ended."""
        own, common = ([terms for terms in known if terms.valid_from < period.end] for known in (self.terms, self.common))
        standing = own or common
        return replace(self, **_in_force(standing[-1] if standing else None))


def practice_of(sites: Sequence[int], period: Period) -> dict[int, SitePractice]:
    """By site: the latest version of its baseline, and the assumption in force when the period ends; its own before the common one."""
    signed = known(("signed", tuple(sites), get_language()), lambda: _signed(sites))
    return {site: practice.at(period) for site, practice in signed.items()}


def _signed(sites: Sequence[int]) -> dict[int, SitePractice]:
    """All that was ever signed, by site."""
    baselines = {row.site_id: row for row in Baseline.objects.filter(_for(sites)).order_by("version")}
    assumptions: dict[int | None, list[Terms]] = defaultdict(list)
    for row in StaffingAssumption.objects.filter(_for(sites)).order_by("valid_from", "signed_on", "pk"):
        assumptions[row.site_id].append(_terms(row))
    return {
        site: replace(_practice(site, baselines.get(site, baselines.get(None)), assumptions[site]), common=tuple(assumptions[None]))
        for site in sites
    }


def _terms(row: StaffingAssumption) -> Terms:
    return Terms(row.valid_from, row.paid_hours_per_week, row.occupancy, row.shrinkage, _assumption_text(row))


def _in_force(terms: Terms | None) -> dict[str, Any]:
    if terms is None:
        return {"paid_hours_per_week": None, "assumed_occupancy": None, "assumed_shrinkage": None, "assumption_text": ""}
    return {
        "paid_hours_per_week": terms.paid_hours_per_week,
        "assumed_occupancy": terms.occupancy,
        "assumed_shrinkage": terms.shrinkage,
        "assumption_text": terms.text,
    }


def _for(sites: Sequence[int]) -> Q:
    return Q(site__in=sites) | Q(site__isnull=True)


def _practice(site: int, baseline: Baseline | None, terms: Sequence[Terms]) -> SitePractice:
    end = baseline.first_day + timedelta(weeks=baseline.weeks) if baseline else None
    return SitePractice(
        site=site,
        baseline_start=baseline.first_day if baseline else None,
        baseline_end=end,
        go_live=baseline.go_live if baseline else None,
        baseline_text=_baseline_text(baseline, end) if baseline and end else "",
        terms=tuple(terms),
    )


def _baseline_text(baseline: Baseline, end: date) -> str:
    last = end - timedelta(days=1)
    said = {"weeks": baseline.weeks, "day": words.day(last), "version": baseline.version, "who": baseline.signed_by}
    return _("%(weeks)s weeks to %(day)s, version %(version)s, signed by %(who)s") % said


def _assumption_text(assumption: StaffingAssumption) -> str:
    hours = f"{assumption.paid_hours_per_week:g}".replace(".", words.decimal_point())
    said = {"hours": hours, "day": words.day(assumption.valid_from), "who": assumption.signed_by}
    return _("%(hours)s paid hours per FTE and week from %(day)s, signed by %(who)s") % said
