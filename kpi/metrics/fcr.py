"""First contact resolution: of issues opened, those whose customer did not come back within seven days, on any channel."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Unit, Window
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, OUTCOMES_OPEN, example_totals, mature_end, totals_of, whole_period
from kpi.metrics.resolution_quality import MANY_UNIDENTIFIED, RESOLVED_FIRST, UNIDENTIFIED


def windows(frame: Frame) -> dict[str, Window]:
    """Openers count once their seven days have passed; who is unidentified is known at once."""
    mature, start = mature_end(frame), frame.period.start
    return whole_period(frame) | ({"mature": Window("interaction", start, mature)} if mature > start else {})


def estimate(evidence: Evidence) -> Estimate:
    """D1: younger openers are censored, not counted as resolved; their share is shown."""
    everyone, mature = totals_of(evidence, "period"), totals_of(evidence, "mature")
    unknown, openers = everyone[UNIDENTIFIED].mean, everyone[RESOLVED_FIRST].n
    reasons = ("unidentified:many",) if unknown is not None and unknown > MANY_UNIDENTIFIED else ()
    parts = {
        "immature_share": 1 - mature[RESOLVED_FIRST].n / openers if openers else None,
        "unidentified_share": unknown,
    }
    return open_until(share_of(mature[RESOLVED_FIRST], reasons=reasons, parts=parts), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """The first part of the worked example of D6."""
    totals = example_totals({RESOLVED_FIRST: (1000, 720), UNIDENTIFIED: (1100, 55)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals, "mature": totals}), gives=0.72)


METRIC = Metric(
    key="fcr",
    label=_("First contact resolution"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(RESOLVED_FIRST, UNIDENTIFIED, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Solved, as the records and the customers say"),
    place=10,
    shows={
        "immature_share": Part(_("too young to count:"), Unit.SHARE),
        "unidentified_share": Part(_("customer unknown:"), Unit.SHARE),
    },
    by=("team", "channel", "queue", "intent", "tier"),
    words=_("Of the issues customers opened, how many needed no further contact within seven days, on whatever channel."),
    formula=_(
        "issues without a contact of the same customer and intent group in the seven days after closing "
        "÷ issues whose seven days have passed"
    ),
    caveat=_("A customer who gives up does not come back either: read it beside confirmed resolution."),
    sample=_("issues"),
    source="D1",
    example=_example(),
)
