"""Override rate: of the AI prompts shown to people, those they dismissed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Total, Unit
from kpi.metrics._shapes import ratio_of, share_of
from kpi.metrics._shared import AGENTS, example_totals, ratio, totals_of, whole_period

_BOTH = pl.when((pl.col("prompts_shown") > 0) & (pl.col("prompts_dismissed") <= pl.col("prompts_shown")))
SHOWN = Measure("prompts_shown", "interaction", _BOTH.then(pl.col("prompts_shown")), squares=True)
DISMISSED = Measure("prompts_dismissed", "interaction", _BOTH.then(pl.col("prompts_dismissed")), squares=True)
PRODUCT = Measure("prompts_product", "interaction", _BOTH.then(pl.col("prompts_shown") * pl.col("prompts_dismissed")))


def estimate(evidence: Evidence) -> Estimate:
    """F5, from contacts: prompts of one contact are alike, so its interval is that of a ratio of sums over contacts."""
    totals = totals_of(evidence, "period")
    shown, dismissed = totals[SHOWN], totals[DISMISSED]
    found = share_of(Total(round(shown.sum), dismissed.sum), parts={"per_contact": ratio(shown.sum, shown.n), "contacts": float(shown.n)})
    limits = ratio_of(dismissed, shown, totals[PRODUCT].sum, shown.n)
    if found.value is None or limits is None:
        return found if found.value is None else Estimate(Status.INSUFFICIENT, n=found.n, reasons=("sample:below_5",))
    return replace(found, low=limits.low, high=min(1.0, limits.high), ci_method="linearised ratio")


def _example() -> Example:
    """Two prompts in each of 500 contacts: both dismissed in 100, one in 150, none in 250."""
    totals = example_totals({SHOWN: (500, 1000, 2000), DISMISSED: (500, 350, 550), PRODUCT: (500, 700)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.35)


METRIC = Metric(
    key="override_rate",
    label=_("Prompts dismissed"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(SHOWN, DISMISSED, PRODUCT, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("The AI towards customers and people"),
    place=65,
    shows={
        "per_contact": Part(_("prompts for each contact that had one:"), Unit.MEAN),
        "contacts": Part(_("contacts with prompts:"), Unit.COUNT),
    },
    by=("team", "channel", "queue"),
    words=_("Of the prompts the AI showed to people at work, how many they dismissed."),
    formula=_("prompts dismissed ÷ prompts shown, in contacts that had one"),
    caveat=_(
        "Prompts that were ignored are not in the records and count as followed. Dismissing is neither good nor bad. Whether those who "
        "dismiss much are scored worse (F5) would need a figure for each person, and none is computed, stored or shown here (0.5): "
        "there is no penalty check. Read beside it what teams say: whether prompts may be switched off, and reviews by team."
    ),
    sample=_("prompts"),
    source="F5",
    example=_example(),
)
