"""Agent wellbeing index: what a group feels and what it works under, never about one person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from kpi.edition import Version
from kpi.metric import (
    Direction,
    Estimate,
    Evidence,
    Example,
    Family,
    Frame,
    Metric,
    Part,
    Period,
    Status,
    Total,
    Totals,
    Unit,
    Window,
)
from kpi.metrics import _days as halves
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING, example_totals, totals_of
from wellbeing.index import Answers, Index, wellbeing_index
from wellbeing.metrics import _signals as conditions
from wellbeing.metrics import _survey as surveys
from wellbeing.metrics._survey import CBI, HSE, RESPONDENTS, SPREAD, WHO5, Survey
from wellbeing.sensitivity import Covariance, method_band, sampling_band

# Survey dimension -> (measure, points of the dimension per point of the instrument).
SURVEY = {"wellbeing": (WHO5, 1.0), "exhaustion": (CBI, -1.0), "resources": (HSE, 25.0)}
QUARTER, YEAR = timedelta(days=91), timedelta(days=364)
band_of = lru_cache(maxsize=2048)(method_band)  # a panel asks for many groups, and the next one for the same


def windows(frame: Frame) -> dict[str, Window]:
    """The latest wave and the people of its week, the working days of the period, and the rolling 13 and 52 weeks."""
    start, end = frame.period.start, frame.period.end
    return surveys.windows(frame) | {
        "days": Window("agent_day", start, end),
        "people": Window("employment", start, end),
        "quarter": Window("agent_day", end - QUARTER, end),
        "year": Window("employment", end - YEAR, end),
    }


def estimate(evidence: Evidence) -> Estimate:
    """B5 for the latest wave that closed before the period's end; nothing whatever about a group that is too small."""
    survey = surveys.latest(evidence)
    if isinstance(survey, Estimate):
        return survey
    answers = _answers(evidence, survey)
    found = wellbeing_index(answers, survey.k)
    if found.value is None or found.dimensions is None:
        return Estimate(found.status, n=survey.n, reasons=tuple(f"missing:{name}" for name in found.missing))
    return _shown(found, answers, survey)


def _shown(found: Index, answers: Answers, survey: Survey) -> Estimate:
    scores, flags = found.dimensions or {}, found.red_flags or ()
    covariance = _covariance(survey)
    limits = sampling_band(scores, covariance)
    method = band_of(answers)
    return Estimate(
        status=Status.CARRIED_FORWARD if survey.age is not None else found.status,
        value=found.value,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        n=survey.n,
        ci_method="bootstrap of respondents within teams, finite population",
        reasons=(
            *(f"missing:{name}" for name in found.missing),
            *survey.reasons,
            f"band:{found.band}",
            *(f"red_flag:{name}" for name in flags),
        ),
        parts={
            "felt": found.felt,
            "conditions": found.conditions,
            **scores,
            "response_rate": survey.rate_rounded,
            "method_low": method.low if method else None,
            "method_high": method.high if method else None,
            "equal_weights": method.equal_weights if method else None,
            "arithmetic": method.arithmetic if method else None,
        },
        extra={
            "band": found.band,
            "red_flags": flags,
            "missing": found.missing,
            "wave": survey.closed,
            "instruments": (RESPONDENTS.key, *(item.key for name, (item, _points) in SURVEY.items() if scores.get(name) is not None)),
        },
        age_days=survey.age,
        basis=(scores, covariance),
    )


def _covariance(survey: Survey) -> tuple[tuple[float, ...], ...]:
    """Of the three survey means, in points of their dimensions: what respondents of one team differ by, over all who answered.

    Totals that know no spread within teams (they were made before it was kept) give the plain variance of each questionnaire.
    """
    rows = range(len(SURVEY))
    return tuple(tuple(_joint(survey, *sorted((i, j))) for j in rows) for i in rows)


def _joint(survey: Survey, first: int, second: int) -> float:
    (one, points), (other, other_points) = (tuple(SURVEY.values())[place] for place in (first, second))
    n, m = survey.answers[one].n, survey.answers[other].n
    if not n or not m:
        return 0.0
    within = survey.answers[SPREAD[one.key, other.key]]
    size = n * (survey.answers[one].variance or 0.0) if first == second and not within.n else within.sum
    return points * other_points * size / (n * m) * math.sqrt(survey.unasked(n) * survey.unasked(m))


def alike(basis: tuple[Mapping[str, float | None], Covariance], without: frozenset[str]) -> tuple[float, float, float] | None:
    """B5: two periods are compared on the dimensions both have."""
    scores, covariance = basis
    found = sampling_band({name: None if name in without else score for name, score in scores.items()}, covariance)
    return None if found is None else (found.value, found.low, found.high)


def _answers(evidence: Evidence, survey: Survey) -> Answers:
    """Means of instruments that at least k people answered, and the signals."""
    means = {
        name: total.mean if (total := survey.answers[item]).n >= survey.k else None
        for name, item in (("who5", WHO5), ("cbi_work", CBI), ("hse", HSE))
    }
    found = conditions.signals(*(totals_of(evidence, name) for name in ("days", "people", "quarter", "year")))
    return Answers(survey.n, survey.headcount, who5_mean=means["who5"], cbi_work_mean=means["cbi_work"], hse_mean=means["hse"], **found)


def _example() -> Example:
    """The worked example of B5: 40 of 60 people answered; the override gap is not measured, which changes nothing here."""
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
            halves.PAUSES[top]: (1000, 7_000.0),
            halves.PAUSES[bottom]: (1000, 120_000.0),
            halves.AFTER_HOURS: (1000, 1_800.0 * 60),
            halves.HIGH_EMOTION: (1000, 60),
            halves.SHORT_NOTICE[top]: (1000, 120),
            halves.SHORT_NOTICE[bottom]: (1000, 1000),
            halves.PROMPTS[top]: (1000, 500),
            halves.PROMPTS[bottom]: (1000, 100_000.0),
            halves.MAY_DISABLE[top]: (1000, 80_000.0),
            halves.MAY_DISABLE[bottom]: (1000, 100_000.0),
        }
    )
    evidence = Evidence(
        frame,
        {
            "days": days,
            "people": example_totals({halves.HEADCOUNT: (420, 420)}),
            "quarter": example_totals({halves.ABSENCE[top]: (1000, 6_000.0), halves.ABSENCE[bottom]: (1000, 100_000.0)}),
            "year": Totals({halves.HEADCOUNT.key: {None: Total(21_900, 21_900)}, halves.LEAVERS.key: {None: Total(21_900, 21)}}),
        },
        {
            "waves": [(date(2026, 1, 20), pulse)],
            "people_by_week": [(date(2026, 1, 18), example_totals({halves.HEADCOUNT: (420, 420)}))],
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
    measures=(RESPONDENTS, WHO5, CBI, HSE, *SPREAD.values(), *conditions.MEASURES),
    windows=windows,
    estimate=estimate,
    alike=alike,
    people_scope=True,
    page="people",
    section=_("The index: what people feel, and what they work under"),
    place=10,
    shows={
        "felt": Part(_("felt:"), Unit.INDEX),
        "conditions": Part(_("conditions:"), Unit.INDEX),
        "wellbeing": Part(_("wellbeing (WHO-5):"), Unit.INDEX),
        "exhaustion": Part(_("free of exhaustion (CBI):"), Unit.INDEX),
        "resources": Part(_("resources (HSE):"), Unit.INDEX),
        "workload": Part(_("workload:"), Unit.INDEX),
        "ai_autonomy": Part(_("say over the AI (without the override penalty, which is not measured):"), Unit.INDEX),
        "stability": Part(_("stability:"), Unit.INDEX),
        "method_low": Part(_("with other weights and goalposts, 5th percentile:"), Unit.INDEX),
        "method_high": Part(_("with other weights and goalposts, 95th percentile:"), Unit.INDEX),
        "equal_weights": Part(_("with equal weights:"), Unit.INDEX),
        "arithmetic": Part(_("as a plain weighted mean:"), Unit.INDEX),
        "response_rate": Part(_("answered:"), Unit.SHARE),
    },
    by=("team",),
    words=_(
        "How people are and what they work under: wellbeing, exhaustion, resources, workload, say over the AI, stability. Groups only."
    ),
    formula=_(
        "weighted geometric mean of six dimensions 0-100: wellbeing (0.30), exhaustion (0.25), resources (0.15), workload (0.15), "
        "AI autonomy (0.075), stability (0.075); felt = the first two, conditions = the other four; the interval is that of 2000 draws of "
        "respondents anew within their teams, and a change is claimed only beyond other weights and goalposts too"
    ),
    caveat=_(
        "No diagnosis, and only those who answered; a red flag (WHO-5 at or below 50, CBI at or above 50) outweighs a good average. "
        "Of the three signals of say over the AI the override penalty gap is missing and is never filled in: it would need a figure for "
        "each person, which no metric here has."
    ),
    version=2,
    history=(
        Version(
            1,
            date(2026, 11, 22),
            _("Six dimensions, weighted geometric mean; the interval came from separate errors of each questionnaire."),
        ),
        Version(
            2,
            date(2026, 11, 27),
            _(
                "The interval is that of drawing respondents anew within their teams, and a change is claimed only beyond the method "
                "band too. The value is worked out as before."
            ),
        ),
    ),
    sample=_("people who answered"),
    source="B1-B6",
    example=_example(),
)
