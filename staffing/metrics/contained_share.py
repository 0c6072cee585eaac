"""Contacts that needed no person: those the AI truly solved alone, of all contacts."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import (
    Direction,
    Estimate,
    Evidence,
    Example,
    Family,
    Frame,
    Metric,
    Part,
    Period,
    Status,
    Stratum,
    Total,
    Totals,
    Unit,
    Window,
)
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import CONTACTS, FALSELY_CONTAINED, OUTCOMES_OPEN, mature_end, totals_of


def windows(frame: Frame) -> dict[str, Window]:
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """E1 over contacts whose seven days have passed; where nobody can know which AI-only contacts were false, none is contained."""
    totals = totals_of(evidence, "mature")
    everyone, false = totals[CONTACTS].n, totals[FALSELY_CONTAINED].mean
    alone = sum(total.n for stratum, total in totals.strata(CONTACTS).items() if stratum.machine_only)
    if everyone and alone and false is None:
        return Estimate(Status.INSUFFICIENT, n=everyone, reasons=("containment:unknown",))
    contained = alone * (1 - (false or 0.0))
    parts = {"alone": alone / everyone if everyone else None, "false": false}
    return open_until(share_of(Total(everyone, contained), parts=parts), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Of 1 000 contacts the AI closed 300 alone, a tenth of them in name only."""
    human, machine = (Stratum("voice", "billing", machine_only=only) for only in (False, True))
    parts: dict[str, dict[Stratum | None, Total]] = {
        CONTACTS.key: {human: Total(700, 700), machine: Total(300, 300)},
        FALSELY_CONTAINED.key: {machine: Total(300, 30)},
    }
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"mature": Totals(parts)}), gives=0.27)


METRIC = Metric(
    key="contained_share",
    label=_("Contacts that needed no person"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(CONTACTS, FALSELY_CONTAINED),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="capacity",
    section=_("How is the work done?"),
    place=40,
    shows={"alone": Part(_("closed by the AI alone:"), Unit.SHARE), "false": Part(_("of these in name only:"), Unit.SHARE)},
    by=("channel", "queue"),
    words=_("Of all contacts, how many the AI solved without a person, those that came back or were not solved left out."),
    formula=_("AI-only contacts × (1 − false containment) ÷ all contacts whose seven days have passed"),
    caveat=_("A customer who gives up for good looks contained. It is the containment that the need for people is computed with."),
    sample=_("contacts"),
    source="E1, D4",
    example=_example(),
)
