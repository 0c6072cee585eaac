"""Agent wellbeing index: what a group feels and what it works under, never about one person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Status, Total, Totals, Unit, Window
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING, HEADCOUNT, LEAVERS, example_totals, totals_of
from kpi.uncertainty import mean_se
from wellbeing.index import Answers, Index, sampling_interval, wellbeing_index
from wellbeing.metrics import _signals as conditions
from wellbeing.privacy import HEADCOUNT_MIN, smallest_group

RESPONDENTS = Measure("respondents", "pulse", pl.col("respondents"))
WHO5 = Measure("who5", "pulse", pl.col("who5"), squares=True, scale=1000)
CBI = Measure("cbi_work", "pulse", pl.col("cbi_work"), squares=True, scale=1000)
HSE = Measure("hse", "pulse", pl.col("hse"), squares=True, scale=10_000)
# Survey dimension -> (measure, points of the dimension per point of the instrument).
SURVEY = {"wellbeing": (WHO5, 1.0), "exhaustion": (CBI, 1.0), "resources": (HSE, 25.0)}

OLDEST = 92  # days a survey may be carried forward; policy
LOOK_BACK = timedelta(days=371)  # an older survey is no survey
WEEK, QUARTER, YEAR = timedelta(days=7), timedelta(days=91), timedelta(days=364)
NEAR = timedelta(days=98)  # weeks in which the headcount of a survey that still counts is found
LOW_RESPONSE = 0.50


def windows(frame: Frame) -> dict[str, Window]:
    """The latest wave and the people of its week, the working days of the period, and the rolling 13 and 52 weeks."""
    start, end = frame.period.start, frame.period.end
    weeks = math.ceil(max(NEAR, end - start) / WEEK)
    return {
        "waves": Window("pulse", min(start, end - LOOK_BACK), end, by="day"),
        "people_by_week": Window("employment", end - weeks * WEEK, end, by="week"),
        "days": Window("agent_day", start, end),
        "people": Window("employment", start, end),
        "quarter": Window("agent_day", end - QUARTER, end),
        "year": Window("employment", end - YEAR, end),
    }


def estimate(evidence: Evidence) -> Estimate:
    """B5 for the latest wave that closed before the period's end; nothing whatever about a group that is too small."""
    frame = evidence.frame
    waves = [(day, totals) for day, totals in evidence.blocks.get("waves", ()) if totals[RESPONDENTS].sum > 0 and day < frame.period.end]
    if not waves:
        return Estimate(Status.NO_DATA)
    closed, answers = max(waves, key=lambda wave: wave[0])
    n, k = round(answers[RESPONDENTS].sum), _k(frame)
    headcount = _headcount(evidence, closed, n)
    if n < k or (headcount is not None and headcount < HEADCOUNT_MIN):
        return Estimate(Status.SUPPRESSED, n=n, reasons=("people:too_few",))
    age = (frame.period.end - closed).days if closed < frame.period.start else None
    if age is not None and age > OLDEST:
        return Estimate(Status.CARRIED_FORWARD, n=n, reasons=("awi:stale",), extra={"wave": closed}, age_days=age)
    found = wellbeing_index(_answers(evidence, answers, n, headcount, k), k)
    missing = tuple(f"missing:{name}" for name in found.missing)
    if found.value is None or found.dimensions is None:
        return Estimate(found.status, n=n, reasons=missing)
    return _shown(found, answers, n=n, headcount=headcount, closed=closed, age=age)


def _shown(found: Index, answers: Totals, *, n: int, headcount: int | None, closed: date, age: int | None) -> Estimate:
    scores = found.dimensions or {}
    errors = {name: points * math.sqrt(answers[item].variance or 0.0) for name, (item, points) in SURVEY.items()}
    errors = {
        name: mean_se(sd, count, max(headcount, count) if headcount else None)
        for name, sd in errors.items()
        if (count := answers[SURVEY[name][0]].n)
    }
    limits = sampling_interval(scores, errors)
    rate = n / headcount if headcount else None
    low = ("low_response",) if rate is not None and rate < LOW_RESPONSE else ()
    return Estimate(
        status=Status.CARRIED_FORWARD if age is not None else found.status,
        value=found.value,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        n=n,
        ci_method="delta method on the log scale, finite population",
        reasons=(*(f"missing:{name}" for name in found.missing), *low),
        parts={
            "felt": found.felt,
            "conditions": found.conditions,
            **scores,
            "response_rate": None if rate is None else math.floor(20 * rate + 0.5) / 20,
        },
        extra={"band": found.band, "red_flags": found.red_flags or (), "missing": found.missing, "wave": closed},
        age_days=age,
        basis=(scores, errors),
    )


def alike(basis: tuple[Mapping[str, float | None], Mapping[str, float]], without: frozenset[str]) -> tuple[float, float, float] | None:
    """B5: two periods are compared on the dimensions both have."""
    scores, errors = basis
    kept = {name: None if name in without else score for name, score in scores.items()}
    found = sampling_interval(kept, errors)
    return None if found is None else (found.value, found.low, found.high)


def _k(frame: Frame) -> int:
    """The k in force, handed in by the caller; ten where nobody says."""
    given: Mapping[str, Any] = frame.context if isinstance(frame.context, Mapping) else {}
    return smallest_group(given.get("k"))


def _headcount(evidence: Evidence, closed: date, n: int) -> int | None:
    """People of the group in the week the wave closed, rounded down; at least those who answered. None where no spells are known."""
    blocks = [(day, totals) for day, totals in evidence.blocks.get("people_by_week", ()) if day <= closed < day + WEEK]
    heads = blocks[0][1][HEADCOUNT].sum / WEEK.days if blocks else 0.0
    return max(n, math.floor(heads + 1e-9)) if heads else None


def _answers(evidence: Evidence, answers: Totals, n: int, headcount: int | None, k: int) -> Answers:
    """Means of instruments that at least k people answered, and the signals."""
    means = {
        name: total.mean if (total := answers[item]).n >= k else None for name, item in (("who5", WHO5), ("cbi_work", CBI), ("hse", HSE))
    }
    found = conditions.signals(*(totals_of(evidence, name) for name in ("days", "people", "quarter", "year")))
    return Answers(n, headcount, who5_mean=means["who5"], cbi_work_mean=means["cbi_work"], hse_mean=means["hse"], **found)


def _example() -> Example:
    """The worked example of B5: 40 of 60 people answered; the override gap is not measured yet, which changes nothing here."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    spread = {WHO5: (58.0, 20.0), CBI: (46.0, 18.0), HSE: (3.4, 0.6)}  # mean and deviation
    pulse = example_totals(
        {RESPONDENTS: (40, 40)} | {item: (40, 40 * mean, 40 * mean**2 + 39 * sd**2) for item, (mean, sd) in spread.items()}
    )
    top, bottom = 0, 1
    days = example_totals(
        {
            DAY_HANDLING: (1000, 86_000.0),
            DAY_WAITING: (1000, 14_000.0),
            conditions.PAUSES[top]: (1000, 7_000.0),
            conditions.PAUSES[bottom]: (1000, 120_000.0),
            conditions.AFTER_HOURS: (1000, 1_800.0 * 60),
            conditions.HIGH_EMOTION: (1000, 60),
            conditions.SHORT_NOTICE[top]: (1000, 120),
            conditions.SHORT_NOTICE[bottom]: (1000, 1000),
            conditions.PROMPTS[top]: (1000, 500),
            conditions.PROMPTS[bottom]: (1000, 100_000.0),
            conditions.MAY_DISABLE[top]: (1000, 80_000.0),
            conditions.MAY_DISABLE[bottom]: (1000, 100_000.0),
        }
    )
    evidence = Evidence(
        frame,
        {
            "days": days,
            "people": example_totals({HEADCOUNT: (420, 420)}),
            "quarter": example_totals({conditions.ABSENCE[top]: (1000, 6_000.0), conditions.ABSENCE[bottom]: (1000, 100_000.0)}),
            "year": Totals({HEADCOUNT.key: {None: Total(21_900, 21_900)}, LEAVERS.key: {None: Total(21_900, 21)}}),
        },
        {
            "waves": [(date(2026, 1, 20), pulse)],
            "people_by_week": [(date(2026, 1, 18), example_totals({HEADCOUNT: (420, 420)}))],
        },
    )
    return Example(evidence, gives=57.965258070561)


METRIC = Metric(
    key="agent_wellbeing_index",
    label=_("Agent wellbeing index"),
    family=Family.WELLBEING,
    headline=True,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(RESPONDENTS, WHO5, CBI, HSE, *conditions.MEASURES),
    windows=windows,
    estimate=estimate,
    alike=alike,
    people_scope=True,
    words=_(
        "How people are and what they work under: wellbeing, exhaustion, resources, workload, say over the AI, stability. Groups only."
    ),
    formula=_(
        "weighted geometric mean of six dimensions 0-100: wellbeing (0.30), exhaustion (0.25), resources (0.15), workload (0.15), "
        "AI autonomy (0.075), stability (0.075); felt = the first two, conditions = the other four"
    ),
    caveat=_("No diagnosis, and only those who answered; a red flag (WHO-5 at or below 50, CBI at or above 50) outweighs a good average."),
    sample=_("people who answered"),
    source="B1-B6",
    example=_example(),
)
