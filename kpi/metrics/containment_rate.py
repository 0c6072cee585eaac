"""Containment: raw, true and false, always the three together; the false one is the figure to be judged by."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Stratum, Total, Totals, Unit, Window
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, FALSELY_CONTAINED, OUTCOMES_OPEN, mature_end, ratio, totals_of
from kpi.metrics.resolution_quality import AI_ALONE, AI_SESSIONS


def windows(frame: Frame) -> dict[str, Window]:
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """D4: an AI-only session is false if the customer came back, asked for a person in vain, or said "not resolved"."""
    totals = totals_of(evidence, "mature")
    alone, sessions = totals[FALSELY_CONTAINED], totals[AI_SESSIONS].sum
    raw, false = ratio(totals[AI_ALONE].sum, sessions), alone.mean
    parts = {
        "raw_containment": raw,
        "true_containment": raw * (1 - false) if raw is not None and false is not None else None,
        "ai_sessions": sessions,
    }
    return open_until(share_of(alone, parts=parts), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """1000 sessions, 800 without a person, of which 150 in name only: 65 % truly contained."""
    machine = Stratum("chat", "billing", machine_only=True)
    totals = Totals(
        {
            FALSELY_CONTAINED.key: {machine: Total(800, 150)},
            AI_SESSIONS.key: {None: Total(1200, 1000)},
            AI_ALONE.key: {None: Total(1200, 800)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"mature": totals}), gives=0.1875)


METRIC = Metric(
    key="containment_rate",
    label=_("False containment"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(FALSELY_CONTAINED, AI_SESSIONS, AI_ALONE, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Left to the AI: contained, and in name only"),
    place=40,
    shows={
        "raw_containment": Part(_("raw containment"), Unit.SHARE),
        "true_containment": Part(_("true containment"), Unit.SHARE),
        "ai_sessions": Part(_("AI sessions:"), Unit.COUNT),
    },
    by=("channel", "queue", "intent"),
    words=_(
        "Of the contacts the AI closed alone, how many were not solved: the customer came back, asked for a person in vain, or said so."
    ),
    formula=_("false ÷ AI-only sessions of known customers; raw = AI-only ÷ AI sessions; true = raw × (1 − false)"),
    caveat=_("Raw containment counts everyone who gave up as a success; it is never shown without the other two."),
    sample=_("AI-only sessions"),
    source="D4",
    example=_example(),
)
