"""The survey a wellbeing figure speaks of: which wave counts, who answered of how many, how long it is carried forward. Not a metric."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations_with_replacement
from typing import Any

import polars as pl

from kpi.anonymity import HEADCOUNT_MIN, smallest_group
from kpi.metric import Estimate, Evidence, Frame, Measure, Period, Status, Totals, Window
from kpi.metrics._days import HEADCOUNT
from kpi.metrics._shared import example_totals
from kpi.uncertainty import mean_interval, mean_status
from wellbeing.instruments import OF_THE_INDEX

RESPONDENTS = Measure("respondents", "pulse", pl.col("respondents"))
WHO5 = Measure("who5", "pulse", pl.col("who5"), squares=True, scale=1000)
CBI = Measure("cbi_work", "pulse", pl.col("cbi_work"), squares=True, scale=1000)
HSE = Measure("hse", "pulse", pl.col("hse"), squares=True, scale=10_000)
STRESS = Measure("stress1", "pulse", pl.col("stress1"), squares=True)
AUTONOMY = Measure("autonomy2", "pulse", pl.col("autonomy2"), squares=True, scale=1000)
# What respondents differ by within their own team (B6 i): squares of one score and products of two, by instrument.
SPREAD = {
    (one, other): Measure(f"{one}_{other}_spread", "pulse", pl.col(f"{one}_off") * pl.col(f"{other}_off"), scale=1000)
    for one, other in combinations_with_replacement(OF_THE_INDEX, 2)
}
PROMOTERS = Measure("enps_promoters", "pulse", pl.col("enps") >= 9)
DETRACTORS = Measure("enps_detractors", "pulse", pl.col("enps") <= 6)

OLDEST = 92  # days a survey may be carried forward; policy
LOOK_BACK = timedelta(days=371)  # an older survey is no survey
WEEK = timedelta(days=7)
NEAR = timedelta(days=98)  # weeks in which the headcount of a survey that still counts is found
LOW_RESPONSE = 0.50


@dataclass(frozen=True)
class Survey:
    """The latest wave of a group that may be spoken of. `n` of `headcount` people answered; `age` in days where it is carried forward."""

    closed: date
    answers: Totals
    n: int
    headcount: int | None
    age: int | None
    k: int

    @property
    def rate(self) -> float | None:
        return self.n / self.headcount if self.headcount else None

    @property
    def rate_rounded(self) -> float | None:
        """B1: to five points."""
        return None if self.rate is None else math.floor(20 * self.rate + 0.5) / 20

    def unasked(self, n: int) -> float:
        """B1: the part of the variance of a mean of n answers that is left in a group of finite size."""
        return 1.0 - n / max(self.headcount, n) if self.headcount else 1.0

    @property
    def reasons(self) -> tuple[str, ...]:
        return ("low_response",) if self.rate is not None and self.rate < LOW_RESPONSE else ()


def windows(frame: Frame) -> dict[str, Window]:
    """The waves of a year, and the people of the weeks in which one may have closed."""
    start, end = frame.period.start, frame.period.end
    weeks = math.ceil(max(NEAR, end - start) / WEEK)
    return {
        "waves": Window("pulse", min(start, end - LOOK_BACK), end, by="day"),
        "people_by_week": Window("employment", end - weeks * WEEK, end, by="week"),
    }


def latest(evidence: Evidence, counted: Measure = RESPONDENTS) -> Survey | Estimate:
    """The latest wave before the end of the period in which anybody answered `counted`, or an estimate that says why there is none to
    speak of: nobody asked, too few people (C2), or more than 92 days old."""
    frame = evidence.frame
    waves = [(day, totals) for day, totals in evidence.blocks.get("waves", ()) if _answered(totals, counted) and day < frame.period.end]
    if not waves:
        return Estimate(Status.NO_DATA)
    closed, answers = max(waves, key=lambda wave: wave[0])
    n = _answered(answers, counted)
    headcount, k = _headcount(evidence, closed, n), _k(frame)
    if n < k or (headcount is not None and headcount < HEADCOUNT_MIN):
        return Estimate(Status.SUPPRESSED, n=n, reasons=("people:too_few",))
    age = (frame.period.end - closed).days if closed < frame.period.start else None
    if age is not None and age > OLDEST:
        return Estimate(Status.CARRIED_FORWARD, n=n, reasons=("awi:stale",), extra={"wave": closed}, age_days=age)
    return Survey(closed, answers, n, headcount, age, k)


def _answered(totals: Totals, counted: Measure) -> int:
    return round(totals[counted].sum) if counted is RESPONDENTS else totals[counted].n


def _k(frame: Frame) -> int:
    """The k in force, handed in by the caller; ten where nobody says."""
    given: Mapping[str, Any] = frame.context if isinstance(frame.context, Mapping) else {}
    return smallest_group(given.get("k"))


def _headcount(evidence: Evidence, closed: date, n: int) -> int | None:
    """People of the group in the week the wave closed, rounded down; at least those who answered. None where no spells are known."""
    blocks = [(day, totals) for day, totals in evidence.blocks.get("people_by_week", ()) if day <= closed < day + WEEK]
    heads = blocks[0][1][HEADCOUNT].sum / WEEK.days if blocks else 0.0
    return max(n, math.floor(heads + 1e-9)) if heads else None


def instrument(measure: Measure, *, scale: Callable[[float], float] = float, points: float = 1.0) -> Callable[[Evidence], Estimate]:
    """The estimate of one questionnaire: mean of the group on 0-100 with the interval of B1. `scale` turns the instrument's own mean into
    it, `points` are the points of it per point of the instrument."""

    def estimate(evidence: Evidence) -> Estimate:
        found = latest(evidence, measure)
        return found if isinstance(found, Estimate) else _mean_of(found, measure, scale, points)

    return estimate


def _mean_of(survey: Survey, measure: Measure, scale: Callable[[float], float], points: float) -> Estimate:
    total = survey.answers[measure]
    mean, status = total.mean, mean_status(total.n)
    if mean is None or not status.shows_value:
        return Estimate(Status.INSUFFICIENT, n=total.n, reasons=("sample:below_10",))
    sd = points * math.sqrt(total.variance or 0.0)
    limits = mean_interval(scale(mean), sd, total.n, survey.headcount)
    return asked(survey, measure, status, limits.value, max(0.0, limits.low), min(100.0, limits.high), "t, finite population")


def asked(survey: Survey, measure: Measure, status: Status, value: float, low: float, high: float, method: str) -> Estimate:
    """What is said of one instrument in a wave; `instruments` names whose numbers of answers the guard has to look at."""
    small = ("sample:small",) if status is Status.SMALL_SAMPLE else ()
    return Estimate(
        status=Status.CARRIED_FORWARD if survey.age is not None else status,
        value=value,
        low=low,
        high=high,
        n=survey.n,
        ci_method=method,
        reasons=(*small, *survey.reasons),
        parts={"response_rate": survey.rate_rounded},
        extra={"wave": survey.closed, "instruments": (measure.key,)},
        age_days=survey.age,
    )


def example_survey(answers: Mapping[Measure, tuple[int, float] | tuple[int, float, float]], *, heads: int) -> Evidence:
    """Evidence of a worked example: one wave of 20 January, and a group of that many people."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    people = example_totals({HEADCOUNT: (7 * heads, 7 * heads)})
    blocks = {"waves": [(date(2026, 1, 20), example_totals(answers))], "people_by_week": [(date(2026, 1, 18), people)]}
    return Evidence(frame, {}, blocks)


def spread(n: int, mean: float, sd: float) -> tuple[int, float, float]:
    """n, sum and sum of squares of n answers with this mean and sample deviation."""
    return n, n * mean, n * mean**2 + (n - 1) * sd**2
