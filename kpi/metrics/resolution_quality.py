"""Resolution quality: first contact resolution, confirmed resolution, reviewed quality and AI integrity as one figure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import (
    Direction,
    Estimate,
    Evidence,
    Example,
    Family,
    Frame,
    Measure,
    Metric,
    Period,
    Status,
    Stratum,
    Total,
    Totals,
    Unit,
    Window,
)
from kpi.metrics._shared import (
    AGENTS,
    BY_AI,
    CONTACTS,
    FALSELY_CONTAINED,
    OUTCOMES_OPEN,
    example_totals,
    mature_end,
    ratio,
    totals_of,
    whole_period,
)
from kpi.resolution import Part, resolution_quality
from kpi.uncertainty import worst

OPENER = 1
RESOLVED_FIRST = Measure("fcr", "interaction", pl.when(pl.col("role") == OPENER).then(~pl.col("returned")))
CONFIRMED = Measure("ccr", "interaction", pl.col("confirmed"))
QA = Measure("qa_score", "interaction", pl.col("qa_score"), squares=True, scale=100)
AI_SESSIONS = Measure("ai_sessions", "interaction", BY_AI)
AI_ALONE = Measure("ai_alone", "interaction", pl.col("machine_only"))
UNIDENTIFIED = Measure("unidentified", "interaction", pl.when(pl.col("role").is_not_null()).then(pl.col("role") == 0))
MANY_UNIDENTIFIED = 0.20


def windows(frame: Frame) -> dict[str, Window]:
    """Answers and reviews of the whole period; what a customer's return decides only where seven days have passed."""
    mature, start = mature_end(frame), frame.period.start
    return whole_period(frame) | ({"mature": Window("interaction", start, mature)} if mature > start else {})


def estimate(evidence: Evidence) -> Estimate:
    """D6 over D1, D2, D3 and D4."""
    period, mature = totals_of(evidence, "period"), totals_of(evidence, "mature")
    parts = {
        "fcr": _share(mature[RESOLVED_FIRST]),
        "ccr": _share(period[CONFIRMED]),
        "qa": _score(period[QA]),
        "ai_integrity": _share(_inverse(mature[FALSELY_CONTAINED])),
    }
    n = sum(part.n for part in parts.values() if part)
    if not n:
        return Estimate(Status.NO_DATA)
    found = resolution_quality(parts)
    reasons = tuple(f"missing:{name}" for name in found.missing)
    if found.interval is None:
        return Estimate(found.status, n=n, reasons=reasons)
    still_open = evidence.frame.period.end + OUTCOMES_OPEN > evidence.frame.as_of
    return Estimate(
        status=worst(found.status, Status.PROVISIONAL) if still_open else found.status,
        value=found.interval.value,
        low=found.interval.low,
        high=found.interval.high,
        n=n,
        ci_method="delta method on the log scale",
        reasons=(*reasons, *_flags(period), *(("provisional:outcomes",) if still_open else ())),
        parts=_shown(parts, found.missing) | _containment(mature),
        extra={"missing": found.missing},
        basis=parts,
    )


def alike(basis: Mapping[str, Part | None], without: frozenset[str]) -> tuple[float, float, float] | None:
    """The same figure from the parts that another period has too: before the AI there was no AI integrity."""
    found = resolution_quality({name: None if name in without else part for name, part in basis.items()}).interval
    return None if found is None else (found.value, found.low, found.high)


def _share(total: Total) -> Part | None:
    return Part.of_share(total.sum, total.n) if total.n else None


def _score(total: Total) -> Part | None:
    """A single review has no spread, and is far below the sample a part needs."""
    return Part.of_score(total.sum / total.n, math.sqrt(total.variance or 0.0), total.n) if total.n else None


def _inverse(total: Total) -> Total:
    return Total(total.n, total.n - total.sum)


def _flags(period: Totals) -> tuple[str, ...]:
    """D1: more than a fifth of the contacts without a known customer."""
    unknown = period[UNIDENTIFIED].mean
    return ("unidentified:many",) if unknown is not None and unknown > MANY_UNIDENTIFIED else ()


def _shown(parts: Mapping[str, Part | None], missing: Collection[str]) -> dict[str, float | None]:
    """The parts that count, as shares, and the sample of each, so that a reader sees what one lacks."""
    values = {name: part.p if part and name not in missing else None for name, part in parts.items()}
    return values | {f"{name}_n": float(part.n) if part else 0.0 for name, part in parts.items()}


def _containment(mature: Totals) -> dict[str, float | None]:
    """D4: raw containment never without the other two. The false rate is that of sessions whose customer is known."""
    false_rate, sessions = mature[FALSELY_CONTAINED].mean, mature[AI_SESSIONS].sum
    raw = ratio(mature[AI_ALONE].sum, sessions)
    if raw is None or false_rate is None:
        return {"raw_containment": None, "false_containment_rate": None, "true_containment": None, "ai_sessions": sessions}
    return {
        "raw_containment": raw,
        "false_containment_rate": false_rate,
        "true_containment": raw * (1 - false_rate),
        "ai_sessions": sessions,
    }


def _example() -> Example:
    """The worked example of D6."""
    period = example_totals({CONFIRMED: (300, 240), QA: (60, 60 * 86, 60 * 86**2 + 59 * 81)})
    machine = Stratum("chat", "billing", machine_only=True)
    known: dict[str, dict[Stratum | None, Total]] = {
        RESOLVED_FIRST.key: {None: Total(1000, 720)},
        FALSELY_CONTAINED.key: {machine: Total(800, 150)},
    }
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": period, "mature": Totals(known)}), gives=78.4699244865802)


METRIC = Metric(
    key="resolution_quality",
    label=_("Resolution quality"),
    family=Family.RESOLUTION,
    headline=True,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(CONTACTS, RESOLVED_FIRST, CONFIRMED, QA, FALSELY_CONTAINED, AI_SESSIONS, AI_ALONE, UNIDENTIFIED, AGENTS),
    windows=windows,
    estimate=estimate,
    alike=alike,
    min_people=5,
    words=_(
        "How well contacts are resolved: at the first contact, in the customer's own word, in reviews, and by the AI where it was alone."
    ),
    formula=_(
        "100 × weighted geometric mean of FCR (0.35), confirmed resolution (0.25), QA score ÷ 100 (0.20) and AI integrity (0.20) "
        "over the parts with at least 30 records (QA: 20)"
    ),
    caveat=_(
        "FCR counts a customer who gives up as resolved, confirmed resolution hears only those who answer: read the parts. "
        "Containment is no part; people cannot be kept away from people to raise this. The interval takes the parts as independent, though "
        "the same contacts are in several: it holds the truth in about 91 of 100 cases, not in 95."
    ),
    sample=_("outcomes, answers and reviews"),
    source="D1-D4, D6",
    example=_example(),
)
