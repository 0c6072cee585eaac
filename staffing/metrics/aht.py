"""Average handling time: talk, hold and after-contact work of a contact that a person handled."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._shapes import mean_of
from kpi.metrics._shared import example_totals, totals_of, whole_period
from staffing.weeks import HANDLED_BY_A_PERSON, HANDLING_SECONDS

# Tenths of a second: squares of more decimals would outgrow whole numbers.
HANDLED = Measure("handled_s", "interaction", pl.when(HANDLED_BY_A_PERSON).then(HANDLING_SECONDS), squares=True, scale=10)
AFTER = Measure("after_contact_s", "interaction", pl.when(HANDLED_BY_A_PERSON).then(pl.col("wrap_s")), scale=10)


def estimate(evidence: Evidence) -> Estimate:
    totals = totals_of(evidence, "period")
    return mean_of(totals[HANDLED], parts={"acw": totals[AFTER].mean})


def _example() -> Example:
    """1 000 contacts of 300 s with a deviation of 150 s, 45 s of them after the contact."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    totals = example_totals({HANDLED: (1000, 300_000, 1000 * 300**2 + 999 * 150**2), AFTER: (1000, 45_000)})
    return Example(Evidence(frame, {"period": totals}), gives=300.0)


METRIC = Metric(
    key="aht",
    label=_("Average handling time"),
    family=Family.RESOLUTION,
    unit=Unit.SECONDS,
    better=Direction.NEITHER,
    measures=(HANDLED, AFTER),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="capacity",
    section=_("How is the work done?"),
    place=50,
    shows={"acw": Part(_("of it after the contact:"), Unit.SECONDS)},
    by=("team", "channel", "queue"),
    words=_("How long a person works on a contact: talking, holding and the work afterwards; in chats divided by those held at once."),
    formula=_("(talk + hold + after-contact work) ÷ concurrency, mean over contacts that a person handled and nobody abandoned"),
    caveat=_(
        "Shorter is not better by itself: AI takes the easy contacts and leaves the long ones, and a contact cut short comes back. "
        "Read it beside first contact resolution."
    ),
    sample=_("contacts handled by a person"),
    source="E1",
    example=_example(),
)
