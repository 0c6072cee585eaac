"""Even service between value tiers: the same share for both, standardised on the intents both have (F4). Not a metric."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.access import Counts, Gap, Intent, equity_gap
from kpi.metric import NOTHING, Estimate, Measure, Part, Total, Totals, Unit

HIGH, LOW = pl.col("high_tier"), ~pl.col("high_tier")
Tiers = tuple[Measure, Measure]  # high, low
SHOWS = {
    "p_high": Part(_("high tier:"), Unit.SHARE),
    "p_low": Part(_("other tiers:"), Unit.SHARE),
    "ratio": Part(_("other ÷ high:"), Unit.MEAN),
    "coverage": Part(_("contacts in intents both have:"), Unit.SHARE),
}
CAVEAT = _(
    "Which tiers are high is told by their names (high, gold, premium, vip, platinum); every other named tier is taken together. "
    "Intents that only one of them has are left out; kinds of contact within an intent may still differ."
)


def tiers(key: str, share: pl.Expr) -> Tiers:
    """`share` counted for customers of the high tier and of the others; customers without a tier are in neither."""
    high, low = (
        Measure(f"{key}_{name}", "interaction", pl.when(tier).then(share), stratified=True) for name, tier in (("high", HIGH), ("low", LOW))
    )
    return high, low


def gap_of(totals: Totals, measures: Tiers) -> Estimate:
    """High minus low tier at the same mix of intents."""
    found = equity_gap(_intents(totals, measures))
    n = sum(totals[measure].n for measure in measures)
    reasons = _reasons(found, n)
    if found.gap is None:
        return Estimate(found.status, n=n, reasons=reasons)
    parts = {
        "p_high": found.p_high,
        "p_low": found.p_low,
        "ratio": found.ratio,
        "coverage": found.coverage,
        "flag": float(bool(found.flag)),
    }
    return Estimate(found.status, found.gap, found.low, found.high, n, "normal, directly standardised", reasons, parts)


def _intents(totals: Totals, measures: Tiers) -> list[Intent]:
    """By intent group, over channels, AI or not. Contacts without an intent are no common ground: they only lower the coverage."""
    found: dict[str, list[Total]] = defaultdict(lambda: [NOTHING, NOTHING])
    for place, measure in enumerate(measures):
        for stratum, total in totals.strata(measure).items():
            found[stratum.intent_group][place] += total
    high, low = found.pop("", [NOTHING, NOTHING])
    alone = [Intent(_counts(high), _counts(NOTHING)), Intent(_counts(NOTHING), _counts(low))]
    return [*(Intent(_counts(pair[0]), _counts(pair[1])) for pair in found.values()), *alone]


def _counts(total: Total) -> Counts:
    return Counts(total.sum, total.n)


def _reasons(found: Gap, n: int) -> tuple[str, ...]:
    said = (
        ("equity:material", found.flag),
        ("equity:coverage", found.low_coverage),
        ("equity:one_tier", bool(n) and found.coverage is not None and found.gap is None),
    )
    return tuple(reason for reason, holds in said if holds)
