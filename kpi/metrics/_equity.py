"""Even service between value tiers: the same share for both, standardised on the intents both have (F4). Not a metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.access import Counts, Gap, Intent, equity_gap
from kpi.metric import (
    NOTHING,
    Direction,
    Estimate,
    Evidence,
    Example,
    Family,
    Frame,
    Measure,
    Metric,
    Part,
    Period,
    Stratum,
    Total,
    Totals,
    Unit,
    Window,
)  # fmt: skip
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, totals_of, whole_period

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text

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


def gap_metric(
    *,
    key: str,
    label: Text,
    family: Family,
    place: int,
    measures: Tiers,
    open_for: timedelta,
    still_open: str,
    words: Text,
    sample: Text,
    windows: Callable[[Frame], Mapping[str, Window]] = whole_period,
    window: str = "period",
) -> Metric:
    """The gap of one share (F4), provisional with the reason `still_open` until `open_for` after the end of the period."""

    def estimate(evidence: Evidence) -> Estimate:
        return open_until(gap_of(totals_of(evidence, window), measures), evidence.frame, open_for, still_open)

    return Metric(
        key=key,
        label=label,
        family=family,
        unit=Unit.GAP,
        better=Direction.NEITHER,
        measures=(*measures, AGENTS),
        windows=windows,
        estimate=estimate,
        min_people=5,
        page="human-ai",
        section=_("Even service: the high value tier minus the others"),
        place=place,
        shows=SHOWS,
        by=("channel",),
        words=words,
        formula=_("sum over intents of (contacts of both tiers ÷ all) × (share of the high tier − share of the others)"),
        caveat=CAVEAT,
        sample=sample,
        source="F4",
        example=_example(measures, window),
    )


def _example(measures: Tiers, window: str) -> Example:
    """Half of the contacts are about billing, half about orders: 0.5 × (0.90 − 0.80) + 0.5 × (0.80 − 0.76)."""
    billing, orders = (Stratum("voice", group, machine_only=False) for group in ("billing", "orders"))
    high, low = measures
    totals = Totals(
        {
            high.key: {billing: Total(200, 180), orders: Total(100, 80)},
            low.key: {billing: Total(200, 160), orders: Total(300, 228)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {window: totals}), gives=0.07)


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
