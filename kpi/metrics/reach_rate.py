"""Reach rate: of those who asked for a person, how many reached one within a day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Unit
from kpi.metrics._requests import ATTEMPTS, OPEN_FOR, REACHED
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, example_totals, ratio, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """F2. Attempts per reached request count those in vain too: giving up does not make the figure look better."""
    totals = totals_of(evidence, "period")
    requests, tries = totals[REACHED], totals[ATTEMPTS].mean
    parts = {
        "attempts_per_reached": ratio(tries * requests.n, requests.sum) if tries is not None else None,
        "in_vain": requests.n - requests.sum,
    }
    return open_until(share_of(requests, parts=parts), evidence.frame, OPEN_FOR, "reach:open")


def _example() -> Example:
    """170 of 200 who asked reached a person, 340 attempts in all: two for each who did."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": example_totals({REACHED: (200, 170), ATTEMPTS: (200, 340)})}), gives=0.85)


METRIC = Metric(
    key="reach_rate",
    label=_("Reached a person"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(REACHED, ATTEMPTS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Those who asked for a person"),
    place=10,
    shows={
        "attempts_per_reached": Part(_("attempts for each who reached one:"), Unit.MEAN),
        "in_vain": Part(_("in vain:"), Unit.COUNT),
    },
    by=("channel", "queue", "intent", "tier"),
    words=_("Of the customers who asked for a person, how many reached one within 24 hours."),
    formula=_("requests for a person that reached one within 24 hours ÷ requests"),
    caveat=_("Counts only those who asked, by button, word or key: who gave up before asking is not in it."),
    sample=_("requests"),
    source="F2",
    example=_example(),
)
