"""What people work under, from working days: the ratio, its interval over weeks, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from statsmodels.stats.rates import confint_poisson

from kpi.metric import Direction, Estimate, Evidence, Metric, Status, Totals, Unit
from kpi.metrics._days import AFTER_HOURS, AT_WORK, HEADCOUNT, HIGH_EMOTION, LEAVERS, PAUSES, RECOVERY
from kpi.metrics._shared import example_totals
from staffing.metrics import (
    _work,
    absence_rate,
    after_hours_minutes,
    attrition_rate,
    high_emotion_share,
    prompts_per_hour,
    recovery_minutes_per_hour,
    recovery_pauses,
    right_to_disable_share,
    short_notice_share,
)

WEEKS = [(39.0, 50.0), (32.0, 40.0), (41.0, 50.0), (48.0, 60.0)]
METRICS = [
    module.METRIC
    for module in (
        absence_rate, after_hours_minutes, attrition_rate, high_emotion_share, prompts_per_hour, recovery_minutes_per_hour,
        recovery_pauses, right_to_disable_share, short_notice_share,
    )
]  # fmt: skip


def pauses(*weeks: tuple[float, float], n: int = 30) -> Estimate:
    taken, due = RECOVERY
    return recovery_pauses.estimate(_work.example_weeks({taken: (n, top), due: (n, bottom)} for top, bottom in weeks))


def test_the_interval_of_a_ratio_is_that_of_a_regression_robust_to_unequal_weeks() -> None:
    """Another route: top on bottom through nothing, weighted by 1/bottom, HC1, t with three degrees of freedom."""
    top, bottom = np.array(WEEKS).T
    fitted = sm.WLS(top, bottom, weights=1 / bottom).fit(cov_type="HC1", use_t=True)
    low, high = fitted.conf_int()[0]
    assert fitted.params[0] == pytest.approx(160 / 200)
    assert _work.half_width(WEEKS) == pytest.approx((high - low) / 2)


def test_recovery_pauses_are_taken_of_due_with_both_counts() -> None:
    found = pauses(*WEEKS)
    assert (found.value, found.n, found.status, found.reasons) == (pytest.approx(0.8), 120, Status.OK, ())
    assert dict(found.parts) == {"taken": 160, "due": 200}
    assert (found.low or 0) < 0.8 < (found.high or 0) <= 1
    assert found.ci_method == "weekly sums, cluster-robust t"


def test_a_pause_too_many_does_not_make_up_for_one_that_was_missed() -> None:
    frame = pl.DataFrame({"recovery_taken": [3, 0, None, 1], "recovery_due": [2, 2, 2, None]})
    assert [frame.select(half.value).to_series().to_list() for half in RECOVERY] == [[2, 0, None, None], [2, 2, None, None]]


def test_few_weeks_are_a_small_sample_and_one_week_has_no_interval() -> None:
    three, one = pauses(*WEEKS[:3]), pauses(WEEKS[0])
    assert (three.status, three.reasons) == (Status.SMALL_SAMPLE, ("weeks:few",))
    assert (one.status, one.low, one.high, one.ci_method) == (Status.SMALL_SAMPLE, None, None, "")


def test_nothing_due_is_no_data_and_not_none_taken() -> None:
    assert pauses((0.0, 0.0), (0.0, 0.0)).status is Status.NO_DATA


def test_a_handful_of_days_is_insufficient() -> None:
    assert pauses((2.0, 2.0), n=4).status is Status.INSUFFICIENT
    few = _work.ratio(_work.of_pair(PAUSES, 60.0), PAUSES[1], share=False)
    evidence = _work.example_weeks([{PAUSES[0]: (9, 60.0), PAUSES[1]: (9, 3600.0)}])
    assert (few(evidence).status, few(evidence).reasons) == (Status.INSUFFICIENT, ("sample:below_10",))


def test_a_share_of_days_counts_the_days_on_which_it_is_known() -> None:
    found = high_emotion_share.METRIC.estimate(_work.example_weeks({HIGH_EMOTION: (25, runs)} for runs in (1.0, 2.0, 3.0, 2.0)))
    assert (found.value, found.n) == (pytest.approx(0.08), 100)


def test_after_hours_are_for_each_person_employed_and_otherwise_for_five_working_days() -> None:
    evidence = _work.example_weeks({AFTER_HOURS: (50, 60.0 * 300)} for _ in range(4))
    assert after_hours_minutes.estimate(evidence).value == pytest.approx(30)  # 1200 minutes in 200 days: 40 person-weeks
    employed = {"people": example_totals({HEADCOUNT: (560, 560)})}
    by_week = {"people_by_week": [(first, example_totals({HEADCOUNT: (140, 140)})) for first, _ in evidence.blocks["weeks"]]}
    known = replace(evidence, totals={**evidence.totals, **employed}, blocks={**evidence.blocks, **by_week})
    found = after_hours_minutes.estimate(known)
    assert (found.value, found.low, found.high) == (pytest.approx(15), pytest.approx(15), pytest.approx(15))


def year(leavers: int, *, heads: int) -> Estimate:
    totals = example_totals({HEADCOUNT: (364 * heads, 364 * heads), LEAVERS: (364 * heads, leavers)})
    return attrition_rate.estimate(Evidence(attrition_rate.METRIC.example.evidence.frame, {"year": totals}))  # type: ignore[union-attr]


def test_leavers_have_the_exact_interval_of_their_number() -> None:
    found, (low, high) = year(21, heads=60), confint_poisson(21, 60 * 364 / 365, method="exact-c")
    assert found.value == pytest.approx(21 * 365 / 364 / 60)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    nobody = year(0, heads=60)
    assert (nobody.value, nobody.low) == (0, 0)
    assert (nobody.high or 0) > 0


def test_attrition_of_fewer_than_ten_is_nothing_and_of_nobody_no_data() -> None:
    assert (year(2, heads=9).status, year(2, heads=9).value) == (Status.SUPPRESSED, None)
    assert attrition_rate.estimate(Evidence(attrition_rate.METRIC.example.evidence.frame, {"year": Totals()})).status is Status.NO_DATA  # type: ignore[union-attr]


def test_absence_looks_back_thirteen_weeks_from_the_end_of_the_period() -> None:
    found = absence_rate.windows(absence_rate.METRIC.example.evidence.frame)  # type: ignore[union-attr]
    assert found["days"].end == found["weeks"].end == date(2026, 2, 2)
    assert (found["days"].end - found["days"].start).days == 91


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_every_figure_about_working_days_names_its_crowd(metric: Metric) -> None:
    """C2: five at work; absence and attrition ten, in whole percents."""
    held_to_ten = metric.key in ("absence_rate", "attrition_rate")
    assert metric.min_people == (10 if held_to_ten else 5)
    assert (metric.unit is Unit.PERCENT) == held_to_ten
    assert metric.crowd in (AT_WORK, HEADCOUNT)
    assert metric.page == "people"
    assert metric.by == ("team",)
    assert metric.better is not Direction.NEITHER
