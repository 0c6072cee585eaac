"""Agreement of reviewers: weighted kappa over contacts that two of them looked at."""

from __future__ import annotations

import math
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import CONFIDENCE, Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Total, Unit
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, OUTCOMES_OPEN, example_totals, ratio, totals_of, whole_period
from kpi.metrics.resolution_quality import QA
from kpi.uncertainty import Interval, z_of

FEWEST, ENOUGH_AGREEMENT = 20, 0.6  # D3
FEWEST_REVIEWERS = 5  # C2: of fewer it would tell how two or three people judge
# Scores 0-100 of the two reviewers of a contact, in an order that says nothing about them, and how far apart they are, squared.
ONE = Measure("qa_pair_one", "interaction", pl.col("qa_one"), squares=True, scale=100)
OTHER = Measure("qa_pair_other", "interaction", pl.when(pl.col("qa_one").is_not_null()).then(pl.col("qa_other")), squares=True, scale=100)
APART = Measure("qa_pair_apart", "interaction", (pl.col("qa_one") - pl.col("qa_other")) ** 2, scale=100)
# Which of sixteen groups of pseudonyms the reviewers fall into: as many groups as are met, so many reviewers there are at least.
GROUPS = tuple(
    Measure(f"qa_pair_raters_{group}", "interaction", pl.when((pl.col("qa_raters") // 2**group) % 2 == 1).then(1)) for group in range(16)
)


def kappa(one: Total, other: Total, apart: Total) -> Interval | None:
    """Quadratically weighted kappa of scores as they are (Fleiss and Cohen 1973), from sums alone; limits by Fisher's z for two
    exchangeable raters. None where all scores are equal: agreement by chance would be complete."""
    n, mean_one, mean_other = one.n, one.sum / one.n, other.sum / other.n
    spread = one.squares / n - mean_one**2 + other.squares / n - mean_other**2 + (mean_one - mean_other) ** 2
    if spread <= 0:
        return None
    value = max(-1.0, 1 - apart.sum / n / spread)
    if value >= 1:
        return Interval(1.0, 1.0, 1.0)
    centre, reach = math.atanh(max(value, -1 + 1e-9)), z_of(CONFIDENCE) / math.sqrt(n - 1.5)
    return Interval(value, math.tanh(centre - reach), math.tanh(centre + reach))


def estimate(evidence: Evidence) -> Estimate:
    """D3: from twenty contacts with two reviews on, and never about fewer than five reviewers."""
    totals = totals_of(evidence, "period")
    pairs = totals[ONE]
    if not pairs.n:
        return Estimate(Status.NO_DATA, reasons=("raters:none",) if totals[QA].n else ())
    if pairs.n < FEWEST:
        return Estimate(Status.INSUFFICIENT, n=pairs.n, reasons=("sample:below_20",))
    if sum(totals[group].n > 0 for group in GROUPS) < FEWEST_REVIEWERS:
        return Estimate(Status.SUPPRESSED, reasons=("raters:few",))
    found = kappa(pairs, totals[OTHER], totals[APART])
    if found is None:
        return Estimate(Status.INSUFFICIENT, n=pairs.n, reasons=("raters:equal",))
    reasons = ("raters:disagree",) if found.value < ENOUGH_AGREEMENT else ()
    parts = {"pairs_share": ratio(pairs.n, totals[QA].n)}
    shown = Estimate(Status.OK, found.value, found.low, found.high, pairs.n, "Fisher z, two exchangeable raters", reasons, parts)
    return open_until(shown, evidence.frame, OUTCOMES_OPEN, "reviews:open")


def _example() -> Example:
    """A hundred pairs around 80 with a standard deviation of 10, on average 25 points squared apart: 1 − 25 ÷ 200."""
    scores = (100, 8000, 100 * (80**2 + 10**2))
    groups = dict.fromkeys(GROUPS[:6], (30, 30))
    totals = example_totals({ONE: scores, OTHER: scores, APART: (100, 2500), QA: (2000, 160_000, 13_000_000), **groups})
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"period": totals}), gives=0.875)


METRIC = Metric(
    key="qa_agreement",
    label=_("Agreement of reviewers"),
    family=Family.RESOLUTION,
    unit=Unit.MEAN,
    better=Direction.UP,
    measures=(ONE, OTHER, APART, QA, *GROUPS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("What it took, and how well it was done"),
    place=62,
    shows={"pairs_share": Part(_("of the reviewed contacts, reviewed twice:"), Unit.SHARE)},
    words=_("How far two reviewers of the same contact agree, beyond what chance would give: 1 is complete agreement, 0 is chance."),
    formula=_(
        "quadratically weighted kappa = 1 − mean of (score − other score)² ÷ (variance of the scores + variance of the other scores "
        "+ difference of their means squared)"
    ),
    caveat=_(
        "Needs contacts that two people reviewed, each without knowing the other's score. From 0.60 on reviews are taken to agree; below, "
        "the mean of the reviews says as much about the reviewer as about the contact. Fewer than five reviewers are not shown."
    ),
    sample=_("contacts reviewed twice"),
    source="D3",
    example=_example(),
)
