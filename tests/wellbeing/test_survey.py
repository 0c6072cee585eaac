"""The questionnaires one by one: the same waves, people and ages as the index, and nothing about a group that is too small."""

from __future__ import annotations

import math
from datetime import date

import pytest
from scipy import stats

from kpi.metric import Direction, Estimate, Evidence, Frame, Metric, Period, Status, Totals
from kpi.metrics._days import HEADCOUNT
from kpi.metrics._shared import example_totals
from wellbeing.metrics import _survey as surveys
from wellbeing.metrics import agent_wellbeing_index, cbi_work, enps, hse_overall, single_item_stress, who5
from wellbeing.metrics._survey import CBI, DETRACTORS, HSE, PROMOTERS, RESPONDENTS, STRESS, WHO5, spread

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
ON_TIME, EARLIER, STALE = date(2026, 3, 6), date(2026, 1, 9), date(2025, 12, 29)
ASKED = {WHO5: who5.METRIC, CBI: cbi_work.METRIC, HSE: hse_overall.METRIC, STRESS: single_item_stress.METRIC}


def found(metric: Metric, *waves: tuple[date, Totals], heads: int | None = 60, k: int | None = None) -> Estimate:
    frame = Frame(MARCH, date(2026, 5, 1), {"k": k} if k else None)
    start = surveys.windows(frame)["people_by_week"].start
    people = [] if heads is None else [(start + i * surveys.WEEK, example_totals({HEADCOUNT: (heads * 7, heads * 7)})) for i in range(14)]
    return metric.estimate(Evidence(frame, {}, {"waves": list(waves), "people_by_week": people}))


def wave(n: int = 40, day: date = ON_TIME) -> tuple[date, Totals]:
    scores = {WHO5: (58.0, 20.0), CBI: (46.0, 18.0), HSE: (3.4, 0.6), STRESS: (62.5, 25.0)}
    return day, example_totals({RESPONDENTS: (n, n)} | {item: spread(n, *numbers) for item, numbers in scores.items()})


@pytest.mark.parametrize(("item", "value", "sd"), [(WHO5, 58, 20), (CBI, 46, 18), (HSE, 60, 15), (STRESS, 62.5, 25)])
def test_a_mean_has_the_t_interval_of_a_finite_group(item, value, sd) -> None:
    """B1: s/sqrt(40) sqrt(1 - 40/60) with 39 degrees of freedom; HSE is 25 points for each of its own."""
    estimate = found(ASKED[item], wave())
    half = stats.t.ppf(0.975, 39) * sd / math.sqrt(40) * math.sqrt(1 / 3)
    assert (estimate.value, estimate.status, estimate.n) == (pytest.approx(value), Status.OK, 40)
    assert (estimate.low, estimate.high) == (pytest.approx(value - half), pytest.approx(value + half))
    assert estimate.parts["response_rate"] == pytest.approx(0.65)  # two thirds, to five points
    assert estimate.extra == {"wave": ON_TIME, "instruments": (item.key,)}


def test_only_exhaustion_is_better_when_it_is_low() -> None:
    assert {item.key for item, metric in ASKED.items() if metric.better is Direction.DOWN} == {"cbi_work"}


@pytest.mark.parametrize("item", ASKED)
def test_every_questionnaire_is_carried_forward_and_grows_stale_as_the_index_does(item) -> None:
    fresh, old, stale = (found(ASKED[item], wave(day=day)) for day in (ON_TIME, EARLIER, STALE))
    assert (fresh.age_days, old.age_days, stale.age_days) == (None, 82, 93)
    assert (old.status, stale.status, stale.value) == (Status.CARRIED_FORWARD, Status.CARRIED_FORWARD, None)
    index = found(agent_wellbeing_index.METRIC, wave(day=EARLIER))
    assert (index.age_days, index.parts["response_rate"]) == (old.age_days, old.parts["response_rate"])


@pytest.mark.parametrize("item", ASKED)
@pytest.mark.parametrize(("n", "heads"), [(9, 60), (1, None), (5, 9)])
def test_too_few_people_leave_nothing_behind(item, n, heads) -> None:
    estimate = found(ASKED[item], wave(n), heads=heads)
    assert (estimate.status, estimate.value, dict(estimate.parts), dict(estimate.extra)) == (Status.SUPPRESSED, None, {}, {})


def test_a_lowered_k_still_wants_ten_answers_for_a_mean() -> None:
    """0.3: a mean of fewer than ten is insufficient, whatever k."""
    assert found(who5.METRIC, wave(6), heads=20, k=5).status is Status.INSUFFICIENT
    assert found(who5.METRIC, wave(10), heads=20, k=5).status is Status.SMALL_SAMPLE


def test_fewer_than_half_are_flagged() -> None:
    assert found(who5.METRIC, wave(29), heads=60).reasons == ("sample:small", "low_response")
    assert found(who5.METRIC, wave(30), heads=60).reasons == ()


def test_a_pulse_of_one_question_does_not_displace_the_survey() -> None:
    pulse = (date(2026, 3, 27), example_totals({STRESS: spread(30, 50.0, 20.0)}))
    assert found(agent_wellbeing_index.METRIC, wave(), pulse).extra["wave"] == ON_TIME
    assert found(who5.METRIC, wave(), pulse).value == pytest.approx(58)
    assert found(single_item_stress.METRIC, wave(), pulse).value == pytest.approx(50)


def test_enps_is_promoters_less_detractors_from_thirty_answers_on() -> None:
    def answered(n: int) -> tuple[date, Totals]:
        return ON_TIME, example_totals({PROMOTERS: (n, 14), DETRACTORS: (n, 8)})

    estimate = found(enps.METRIC, answered(40))
    half = 1.959964 * 100 * math.sqrt((22 / 40 - (6 / 40) ** 2) / 40)
    assert (estimate.value, estimate.low) == (pytest.approx(15), pytest.approx(15 - half, abs=1e-4))
    few = found(enps.METRIC, answered(29))
    assert (few.status, few.value, few.reasons) == (Status.INSUFFICIENT, None, ("answers:below_30",))
    assert found(enps.METRIC, answered(9)).status is Status.SUPPRESSED


def test_nobody_asked_is_no_data() -> None:
    assert all(found(metric).status is Status.NO_DATA for metric in (*ASKED.values(), enps.METRIC))
