"""CSAT: the share of answers that are satisfied, weighted to the contacts they stand for."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Status, Stratum, Total, Totals, Unit
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, CONTACTS, ratio, totals_of, whole_period
from kpi.scales import SATISFIED_FROM
from kpi.uncertainty import FEW, Interval, proportion_status, wilson, worst
from kpi.weighting import Cell, Weighted, merge, weighted

# n of SATISFIED are the valid answers: one per contact, the last within seven days of closing.
SATISFIED = Measure("csat_satisfied", "interaction", pl.col("csat_unit") >= SATISFIED_FROM, stratified=True)
UNIT_SCORE = Measure("csat_unit", "interaction", pl.col("csat_unit"), scale=1_000_000)
CELLS_NEEDED = 2


def estimate(evidence: Evidence) -> Estimate:
    """A2 and A3: the weighted share where at least two cells remain, else the raw one; the other is a part."""
    totals = totals_of(evidence, "period")
    answers, contacts = totals[SATISFIED], totals[CONTACTS]
    if not answers.n:
        return Estimate(Status.NO_DATA)
    raw = wilson(answers.sum, answers.n)
    found = _weighted(totals)
    shown = Interval(found.value, found.low, found.high) if found else raw
    status = proportion_status(answers.n, shown.low, shown.high)
    reasons = _doubts(status, evidence.frame)
    if not status.shows_value:
        return Estimate(status, n=answers.n, reasons=reasons)
    n_eff = found.n_eff if found else float(answers.n)
    if n_eff < FEW:
        status = worst(status, Status.SMALL_SAMPLE)
    if still_open(evidence.frame):
        status = worst(status, Status.PROVISIONAL)
    mean = totals[UNIT_SCORE].mean
    return Estimate(
        status=status,
        value=shown.value,
        low=shown.low,
        high=shown.high,
        n=answers.n,
        ci_method="wilson, post-stratified" if found else "wilson",
        reasons=reasons,
        parts={
            "raw": raw.value,
            "weighted": found.value if found else None,
            "mean_100u": None if mean is None else 100 * mean,
            "answered_share": ratio(answers.n, contacts.n),
            "n_eff": n_eff,
        },
    )


def _weighted(totals: Totals) -> Weighted | None:
    """None where fewer than two cells remain after merging."""
    answers, contacts = totals.strata(SATISFIED), totals.strata(CONTACTS)
    cells = {
        stratum: Cell(max(total.n, (found := answers.get(stratum, Total())).n), found.n, found.sum) for stratum, total in contacts.items()
    }
    merged = merge(cells)
    return weighted(merged) if len(merged) >= CELLS_NEEDED else None


def still_open(frame: Frame) -> bool:
    """G4: answers about the last contacts can still arrive."""
    return frame.period.end + ANSWERS_OPEN > frame.as_of


def _doubts(status: Status, frame: Frame) -> tuple[str, ...]:
    sample = {Status.INSUFFICIENT: ("sample:below_5",), Status.SMALL_SAMPLE: ("sample:small",)}.get(status, ())
    return (*sample, "provisional:answers") if still_open(frame) else sample


def _example() -> Example:
    """Seven of ten contacts are handled by AI, which few rate: the raw share flatters."""
    machine, human = (Stratum("chat", "billing", machine_only=alone) for alone in (True, False))
    totals = Totals(
        {
            CONTACTS.key: {machine: Total(7000, 7000), human: Total(3000, 3000)},
            SATISFIED.key: {machine: Total(70, 42), human: Total(430, 387)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"period": totals}), gives=0.69)


METRIC = Metric(
    key="csat",
    label=_("Customer satisfaction"),
    family=Family.CUSTOMER,
    headline=True,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(CONTACTS, SATISFIED, UNIT_SCORE, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    words=_(
        "Of the customers who answered, how many were satisfied with the contact, counted as if all kinds of contact had answered alike."
    ),
    formula=_(
        "satisfied answers ÷ valid answers; an answer weighs min(5, share of contacts ÷ share of answers) "
        "of its cell: channel, AI or human, intent group"
    ),
    caveat=_("Counts only customers who answered; read it beside the share of contacts that have an answer."),
    sample=_("answers"),
    source="A1-A4",
    example=_example(),
)
