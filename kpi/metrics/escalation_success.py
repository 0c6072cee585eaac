"""Escalation success: of those who asked for a person, how many reached one and did not have to come back."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit, Window
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, OUTCOMES_OPEN, example_totals, mature_end, totals_of

_ASKED = pl.col("human_requested_at").is_not_null() & pl.col("returned").is_not_null()
_REACHED = pl.col("human_reached_at").is_not_null()
HELPED = Measure("escalation_helped", "interaction", pl.when(_ASKED).then(_REACHED & ~pl.col("returned")))
IN_VAIN = Measure("escalation_in_vain", "interaction", pl.when(_ASKED).then(~_REACHED))


def windows(frame: Frame) -> dict[str, Window]:
    """Requests count once the seven days in which the customer may come back have passed."""
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """D5: who never reached anybody is a failure, whether or not they came back."""
    totals = totals_of(evidence, "mature")
    helped, in_vain = totals[HELPED].mean, totals[IN_VAIN].mean
    back = None if helped is None or in_vain is None else 1 - helped - in_vain
    found = share_of(totals[HELPED], parts={"in_vain": in_vain, "came_back": back})
    return open_until(found, evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Of 200 who asked 30 reached nobody and 34 reached somebody but came back."""
    totals = example_totals({HELPED: (200, 136), IN_VAIN: (200, 30)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"mature": totals}), gives=0.68)


METRIC = Metric(
    key="escalation_success",
    label=_("Asked for a person, and it helped"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(HELPED, IN_VAIN, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Left to the AI: contained, and in name only"),
    place=45,
    shows={
        "in_vain": Part(_("reached nobody:"), Unit.SHARE),
        "came_back": Part(_("reached somebody, but came back:"), Unit.SHARE),
    },
    by=("channel", "queue"),
    words=_("Of the customers who asked the AI for a person, how many reached one and did not have to come back within seven days."),
    formula=_("requests where a person was reached and the customer did not return within seven days ÷ requests of known customers"),
    caveat=_("Requests of unknown customers are left out: whether they came back cannot be known."),
    sample=_("requests"),
    source="D5",
    example=_example(),
)
