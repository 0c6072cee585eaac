"""The gain ledger: where the hours went that AI and new ways of working freed. Exact: absorbed + released + relief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.lifecycle import Phase, displayed_phase
from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Status, Unit, Window
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, FALSELY_CONTAINED, NOTHING
from kpi.metrics._tables import Array
from staffing import capacity, gain
from staffing.hours import Hours, Paid, drawn, ledger, total
from staffing.metrics import _redeployed, _sites
from staffing.metrics._assumptions import Lines, signed_for
from staffing.metrics._examples import decline_with_ai
from staffing.metrics._sites import Pair, Site
from staffing.practice import SitePractice, practice_of
from staffing.weeks import HANDLING, Series, aligned

PAID_TIME = Measure("paid_s", "agent_day", pl.col("paid_s"), scale=1000)
LOOK_BACK = timedelta(weeks=117)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Gain:
    """The hours of one site as they were, and as drawn."""

    hours: Hours
    draws: Hours
    share: float  # of what these people handled on their working days, what the contacts took: less than 1 under a filter
    redeployed: float | None = None  # hours a week, at least; None where it is not known


def windows(frame: Frame) -> dict[str, Window]:
    """Both windows, the weeks that say whether contacts still grow, and who found other work in the house."""
    end, practice = _last_monday(frame), practice_in(frame)
    moved = _redeployed.windows(frame.period.start, frame.period.end, practice)
    return _sites.windows(frame, practice) | moved | {"history": Window("interaction", end - LOOK_BACK, end, by="week")}


def _last_monday(frame: Frame) -> date:
    end = min(frame.period.end, frame.as_of)
    return end - timedelta(end.weekday())


def practice_in(frame: Frame) -> SitePractice | None:
    return frame.context if isinstance(frame.context, SitePractice) else None


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    """Sites are computed apart and added up; whether contacts still grow is asked of all of them together."""
    sites = [site_gain(evidence, practice_in(evidence.frame)) for evidence in pieces]
    return _sites.refused(sites) or _added_up(sites, pieces)


def site_gain(evidence: Evidence, practice: SitePractice | None) -> Site[Gain]:
    """The hours of one site, or the first thing that is missing."""
    site = _sites.pair_of(evidence, practice)
    if site.found is None:
        return _sites.without(site)
    base, now = (_paid(evidence, name, series) for name, series in (("baseline", site.found.base), ("current", site.found.now)))
    if not (base.all() and now.all()):
        return Site(site.contacts, Status.INSUFFICIENT, ("paid:unknown",))
    found = _gained(site.found, base, now, evidence.frame)
    if found.found is None:
        return found
    hours = found.found.hours
    return replace(found, found=replace(found.found, redeployed=_redeployed.hours(evidence, hours.load_base.item(), hours.released.item())))


def _paid(evidence: Evidence, name: str, series: Series) -> Array:
    """Seconds paid in each week of the contacts."""
    by_week = dict(evidence.blocks.get(f"{name}_days", ()))
    return np.array([by_week.get(first, NOTHING)[PAID_TIME].sum for first in series.starts])


def _gained(pair: Pair, paid_base: Array, paid_now: Array, frame: Frame) -> Site[Gain]:
    before, after = aligned(pair.base, pair.now)
    base, now = Paid(before, paid_base), Paid(after, paid_now)
    hours = ledger(base, now)
    if max(hours.load_base / hours.paid_base, hours.load_now / hours.paid_now) > 1:
        return Site(pair.now.contacts, Status.INSUFFICIENT, ("paid:too_few",))
    flags = ("containment:unknown",) if pair.now.containment_unknown else ()
    return _sites.standing(pair.now.contacts, Gain(hours, drawn(base, now), min(map(_share, (pair.base, pair.now)))), frame, flags)


def _share(series: Series) -> float:
    """1 where the working days do not say what was handled."""
    handled = float(series.people[capacity.DAY_HANDLING].sum())
    return float(series.work[capacity.HANDLING_S].sum()) / handled if handled else 1.0


def _added_up(sites: Sequence[Site[Gain]], pieces: Sequence[Evidence]) -> Estimate:
    found = [site.found for site in sites if site.found is not None]
    status, contacts, reasons = _sites.joined(sites)
    hours, draws = total([item.hours for item in found]), total([item.draws for item in found])
    growth, released, relief, freed = (_settled(each.item(), hours) for each in (hours.growth, hours.released, hours.relief, hours.freed))
    redeployed = _redeployed.added_up([item.redeployed for item in found])
    phase = _phase(pieces)
    warned = gain.alerts(phase=phase.phase, freed_h=freed, growth_absorbed_h=growth, released_h=released, relief_h=relief)
    low, high = np.percentile(draws.freed, [2.5, 97.5]).tolist()
    relief_low, relief_high = np.percentile(draws.relief, [2.5, 97.5]).tolist()
    alerts = {"alert:substitution": warned.substitution_alert, "alert:intensification": warned.intensification_alert}
    return Estimate(
        status,
        freed,
        low,
        high,
        contacts,
        "bootstrap of whole weeks",
        (*reasons, *(name for name, is_raised in alerts.items() if is_raised)),
        parts={
            "growth_absorbed": growth,
            "released": released,
            "redeployed": redeployed,
            "relief": relief,
            "relief_low": relief_low,
            "relief_high": relief_high,
            "growth_share": growth / freed if freed > 0 else None,
            "released_share": warned.released_share,
            "relief_share": warned.relief_share,
        },
        extra={
            "phase": phase.phase,
            "assumptions": partial(_assumptions, hours, phase, pieces),
            "says": _says(freed, growth, warned, (low, high)),
        },
    )


def _settled(value: float, hours: Hours) -> float:
    """Nothing but the rounding of the machine is nothing: it raises no alert."""
    return 0.0 if abs(value) <= 1e-12 * (hours.paid_base.item() + hours.paid_now.item()) else value


def _says(freed: float, growth: float, warned: gain.Alerts, limits: tuple[float, float]) -> tuple[tuple[str, bool], ...]:
    """Where the hours went, in a sentence; what it warns of stands out."""
    low, high = sorted(map(abs, limits)) if limits[0] * limits[1] > 0 else limits
    said = {"hours": f"{words.number(abs(freed))}{words.NARROW}h", "interval": words.interval(low, high, Unit.HOURS)}
    if warned.released_share is None or warned.relief_share is None:
        return ((_now("Nothing was freed: %(hours)s (%(interval)s) a week more work than at base practice.") % said, False),)
    shares = {"growth": growth / freed, "released": warned.released_share, "relief": abs(warned.relief_share)}
    said |= {name: words.percent(share, 0) for name, share in shares.items()}
    text = _now(
        "%(hours)s (%(interval)s) a week less work than at base practice: %(growth)s met growth, %(released)s was taken out as paid hours,"
    )
    if warned.intensification_alert:
        end = _now("and %(relief)s more than was freed came from those who are left: they work denser.")
    else:
        end = _now("%(relief)s came back to people.")
    return ((f"{text} {end}" % said, warned.substitution_alert or warned.intensification_alert),)


def _phase(pieces: Sequence[Evidence]) -> Phase:
    """E7 over the weeks of all sites; a week that one of them lacks is not known. The first week may be a part of one."""
    end = _last_monday(pieces[0].frame)
    weeks = [{first: totals[CONTACTS].n for first, totals in evidence.blocks.get("history", ())} for evidence in pieces]
    starts = [end - LOOK_BACK + place * WEEK for place in range(LOOK_BACK // WEEK)]
    counts = [sum(each[first] for each in weeks) if all(first in each for each in weeks) else None for first in starts]
    begun = next((place for place, count in enumerate(counts) if count), len(counts))
    return displayed_phase(counts[begun + 1 :])


def _assumptions(hours: Hours, phase: Phase, pieces: Sequence[Evidence]) -> Lines:
    base, now = (words.number(each.item()) for each in (hours.paid_base, hours.paid_now))
    grown = words.interval(phase.low, phase.high, Unit.SHARE)
    names = {
        "growth": _now("growth"), "plateau": _now("plateau"), "decline": _now("decline"), "insufficient": _now("too few weeks to tell"),
    }  # fmt: skip
    said = names.get(phase.phase, _now("no clear direction"))
    return (
        *signed_for([practice for evidence in pieces if (practice := practice_in(evidence.frame))]),
        (_now("Paid hours a week"), _now("%(base)s in the baseline, %(now)s now") % {"base": base, "now": now}),
        (_now("Contacts"), f"{said} ({grown}{words.NARROW}% {_now('a quarter')})" if grown else said),
        (_now("Redeployed"), _redeployed.said(pieces)),
        (
            _now("Alerts"),
            _now("substitution: no growth, released above 50 % and relief below 25 %; intensification: relief below 0"),
        ),
    )


METRIC = Metric(
    key="gain_ledger",
    label=_("Hours freed a week"),
    family=Family.SAVINGS,
    unit=Unit.HOURS,
    better=Direction.NEITHER,
    measures=(CONTACTS, FALSELY_CONTAINED, HANDLING, DAY_HANDLING, PAID_TIME, *_redeployed.MEASURES),
    windows=windows,
    estimate=estimate,
    per_site=True,
    context=practice_of,
    at=SitePractice.at,
    page="capacity",
    section=_("Where did the freed hours go?"),
    place=20,
    shows={
        "growth_absorbed": Part(_("absorbed by growth:"), Unit.HOURS),
        "growth_share": Part(_("growth’s share:"), Unit.SHARE),
        "released": Part(_("released, paid hours taken out:"), Unit.HOURS),
        "released_share": Part(_("released share:"), Unit.SHARE),
        "redeployed": Part(_("of the released, redeployed to other work in the house, at least:"), Unit.HOURS),
        "relief": Part(_("relief for people, below zero they work denser:"), Unit.HOURS),
        "relief_share": Part(_("relief share:"), Unit.SHARE),
        "relief_low": Part(_("relief at least"), Unit.HOURS),
        "relief_high": Part(_("and at most"), Unit.HOURS),
    },
    words=_(
        "How many hours a week today’s contacts take less than at base practice, and where they went: growth took them up, "
        "posts were taken out, or people got them back as pauses, training and slack."
    ),
    formula=_(
        "V₁ [(1 − c₀) h₀ − (1 − c₁) h₁] = growth (V₁ − V₀)(1 − c₀) h₀ + released (P₀ − P₁) u₀ + relief P₁ (u₀ − u₁), with P paid hours and "
        "u handling ÷ paid; summed over channels and intent groups; redeployed = people whose role was taken out and who work in another, "
        "in steps of five × baseline load per head, at most the released"
    ),
    caveat=_(
        "Hours, not people. Relief below zero is intensification: more contacts per paid hour. Released hours "
        "that went to other work in the house are listed apart: never for fewer than ten people, and none where nobody recorded a new role."
    ),
    sample=_("contacts"),
    source="E7, E8",
    example=Example((decline_with_ai(PAID_TIME, hours=(7_440, 6_000)),), gives=1387.5),
)
