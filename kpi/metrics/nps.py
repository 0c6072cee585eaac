"""NPS: promoters minus detractors of those asked whether they would recommend."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, example_totals, totals_of, whole_period
from kpi.uncertainty import nps

PROMOTERS = Measure("nps_promoters", "interaction", pl.col("nps") >= 9)
DETRACTORS = Measure("nps_detractors", "interaction", pl.col("nps") <= 6)


def estimate(evidence: Evidence) -> Estimate:
    """A5: hidden below 30 answers."""
    totals = totals_of(evidence, "period")
    n, promoters, detractors = totals[PROMOTERS].n, round(totals[PROMOTERS].sum), round(totals[DETRACTORS].sum)
    found = nps(promoters, n - promoters - detractors, detractors)
    if found.value is None:
        return Estimate(found.status, n=n, reasons=("sample:below_30",) if n else ())
    shares = {"promoters": promoters / n, "passives": (n - promoters - detractors) / n, "detractors": detractors / n}
    made = Estimate(found.status, found.value, found.low, found.high, n, "normal, of three counts", parts=shares)
    return open_until(made, evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    """200 answers: 100 promoters, 40 passives, 60 detractors."""
    totals = example_totals({PROMOTERS: (200, 100), DETRACTORS: (200, 60)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=20.0)


METRIC = Metric(
    key="nps",
    label=_("Net promoter score"),
    family=Family.CUSTOMER,
    unit=Unit.POINTS,
    better=Direction.UP,
    measures=(PROMOTERS, DETRACTORS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Other questions, never pooled with satisfaction"),
    place=40,
    shows={
        "promoters": Part(_("promoters (9, 10):"), Unit.SHARE),
        "passives": Part(_("passives (7, 8):"), Unit.SHARE),
        "detractors": Part(_("detractors (0 to 6):"), Unit.SHARE),
    },
    by=("channel", "queue"),
    words=_("Of those asked whether they would recommend us, how many more would than would not."),
    formula=_("100 × (answers of 9 and 10 − answers of 0 to 6) ÷ answers"),
    caveat=_("It rates the company more than the contact, and few answers make it swing: read the interval."),
    sample=_("answers"),
    source="A5",
    example=_example(),
)
