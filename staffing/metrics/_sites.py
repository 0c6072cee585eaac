"""Baseline against now, site by site: what the figures of a saving have in common. Not a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from kpi.metric import Estimate, Evidence, Frame, Status, Window
from kpi.metrics._shared import OUTCOMES_OPEN
from kpi.uncertainty import worst
from staffing.practice import SitePractice
from staffing.weeks import BASELINE, Series, series_of

BASELINE_WEEKS, CURRENT_WEEKS, CURRENT_CONTACTS = 8, 4, 1000
Found = TypeVar("Found")


@dataclass(frozen=True)
class Site(Generic[Found]):
    """What was found at one site, or why there is nothing."""

    contacts: int
    status: Status
    reasons: tuple[str, ...] = ()
    found: Found | None = None


@dataclass(frozen=True)
class Pair:
    """Both windows of a site that can be compared, and what it signed for."""

    base: Series
    now: Series
    practice: SitePractice


def windows(frame: Frame, practice: SitePractice | None) -> dict[str, Window]:
    """Weeks of the baseline and of the period, for contacts and working days; the period alone where no baseline is signed."""
    found = _weeks("current", frame.period.start, frame.period.end)
    if practice and practice.baseline_start and practice.baseline_end:
        found |= _weeks(BASELINE, practice.baseline_start, practice.baseline_end)
    return found


def _weeks(name: str, start: date, end: date) -> dict[str, Window]:
    return {
        name: Window("interaction", start, end, by="week"),
        f"{name}_days": Window("agent_day", start, end, by="week"),
    }


def pair_of(evidence: Evidence, practice: SitePractice | None) -> Site[Pair]:
    """Both windows of one site, or the first thing that is missing."""
    frame = evidence.frame
    now = series_of(evidence, "current", frame.period.start, frame.period.end)
    if not now.contacts:
        return Site(0, Status.NO_DATA)
    if practice is None or practice.baseline_start is None or practice.baseline_end is None or practice.go_live is None:
        return Site(now.contacts, Status.INSUFFICIENT, ("baseline:absent",))
    if frame.period.end <= practice.go_live:
        return Site(now.contacts, Status.NOT_APPLICABLE, ("go_live:later",))
    if frame.period.start < practice.go_live:  # base practice would be compared with itself, beside companions of other days
        return Site(now.contacts, Status.INSUFFICIENT, ("go_live:inside",))
    base = series_of(evidence, BASELINE, practice.baseline_start, practice.baseline_end)
    if reason := _gap(base, now, practice):
        return Site(now.contacts, Status.INSUFFICIENT, (reason,))
    return Site(now.contacts, Status.OK, (), Pair(base, now, practice))


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


def standing(contacts: int, found: Found, frame: Frame, flags: Sequence[str]) -> Site[Found]:
    """A figure with what it lacks: partial where something does, provisional while outcomes can still arrive."""
    still_open = frame.period.end + OUTCOMES_OPEN > frame.as_of
    status = Status.PARTIAL if flags else Status.PROVISIONAL if still_open else Status.OK
    return Site(contacts, status, (*flags, "provisional:outcomes") if still_open else tuple(flags), found)


def refused(sites: Sequence[Site[Found]]) -> Estimate | None:
    """The estimate without a value where no site gives a figure, or all of them too few contacts."""
    counted = [site for site in sites if site.found is not None]
    contacts = sum(site.contacts for site in counted)
    if not counted:
        return _nothing(sites)
    return Estimate(Status.INSUFFICIENT, n=contacts, reasons=("current:contacts",)) if contacts < CURRENT_CONTACTS else None


def _nothing(sites: Sequence[Site[Found]]) -> Estimate:
    """No site gives a figure: nothing was there, or the best reason any of them has."""
    with_contacts = [site for site in sites if site.contacts]
    if not with_contacts:
        return Estimate(Status.NO_DATA)
    known = {site.status for site in with_contacts}
    status = next((each for each in (Status.SUPPRESSED, Status.INSUFFICIENT) if each in known), Status.NOT_APPLICABLE)
    reasons = dict.fromkeys(reason for site in with_contacts if site.status is status for reason in site.reasons)
    return Estimate(status, n=sum(site.contacts for site in with_contacts), reasons=tuple(reasons))


def joined(sites: Sequence[Site[Found]]) -> tuple[Status, int, tuple[str, ...]]:
    """Status, contacts and reasons of all sites together: partial where one with contacts gives no figure."""
    counted = [site for site in sites if site.found is not None]
    reasons = tuple(dict.fromkeys(reason for site in sites if site.contacts for reason in site.reasons))
    status = worst(*(site.status for site in counted))
    if any(site.contacts and site.found is None for site in sites):
        status = worst(status, Status.PARTIAL)
    return status, sum(site.contacts for site in counted), reasons


def without(site: Site[Pair]) -> Site[Found]:
    """The reason of a pair that is none, for a figure that would have been made of it."""
    return replace(site, found=None)  # type: ignore[return-value]
