"""What the index owes to who answered and to our own choices."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.uncertainty import Interval, mean_se
from wellbeing import sensitivity
from wellbeing.index import WEIGHTS, Answers, dimensions, sampling_interval, wellbeing_index
from wellbeing.sensitivity import Doubt, MethodBand, Team, bootstrap, claims_change, doubt, method_band, pooled

CONDITIONS = Answers(
    0, 60, occupancy=0.86, recovery_min_per_hour=3.5, after_hours_min_per_week=30, high_emotion_run_share=0.06,
    short_notice_change_share=0.12, prompts_per_hour=18, right_to_disable_share=0.8, override_penalty_gap=0.02, absence_rate=0.06,
    attrition_rate=0.35,
)  # fmt: skip
GROUP = replace(CONDITIONS, n_respondents=40, who5_mean=58, cbi_work_mean=46, hse_mean=3.4)
LARK = Team([48, 68] * 10, [36, 56] * 10, [3.0, 3.8] * 10)  # means 58, 46, 3.4
HERON = Team([58] * 20, [46] * 20, [3.4] * 20)


def test_the_value_is_the_index_of_everybody_together() -> None:
    found = bootstrap([LARK, HERON], CONDITIONS)
    assert found is not None
    assert found.value == pytest.approx(58.29, abs=0.005)  # the worked example of B5
    assert found.low < found.value < found.high


def test_the_same_answers_give_the_same_limits_every_time() -> None:
    assert bootstrap([LARK], CONDITIONS) == bootstrap([LARK], CONDITIONS)
    assert method_band(GROUP) == method_band(GROUP)
    assert method_band(GROUP) != method_band(GROUP, seed=1)


def test_people_who_all_answer_alike_leave_no_doubt_about_sampling() -> None:
    found = bootstrap([HERON], CONDITIONS)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(found.value), pytest.approx(found.value))


def test_a_difference_between_teams_is_not_a_doubt_about_who_answered() -> None:
    high, low = Team([90] * 20, [10] * 20, [4.5] * 20), Team([30] * 20, [70] * 20, [2.5] * 20)
    found = bootstrap([high, low], CONDITIONS)
    assert found is not None
    assert found.high - found.low == pytest.approx(0, abs=1e-9)


def test_the_bootstrap_agrees_with_the_quick_form() -> None:
    rng = np.random.default_rng(7)
    team = Team(rng.uniform(40, 80, 400), rng.uniform(20, 70, 400), rng.uniform(2.5, 4.5, 400))
    conditions = replace(CONDITIONS, headcount=1000)
    found, answers = bootstrap([team], conditions), pooled([team], conditions)
    spread = {"wellbeing": team.who5, "exhaustion": team.cbi_work, "resources": np.asarray(team.hse) * 25}
    quick = sampling_interval(dimensions(answers), {name: mean_se(float(np.std(x, ddof=1)), 400) for name, x in spread.items()})
    assert found is not None
    assert quick is not None
    assert found.value == pytest.approx(quick.value)
    assert (found.low, found.high) == (pytest.approx(quick.low, abs=0.15), pytest.approx(quick.high, abs=0.15))


def test_a_score_that_was_not_given_is_left_out_of_its_mean() -> None:
    team = Team([50, math.nan] * 10, [40] * 20, [math.nan] * 20)
    found = pooled([team], CONDITIONS)
    assert (found.who5_mean, found.cbi_work_mean, found.hse_mean, found.n_respondents) == (50, 40, None, 20)
    assert bootstrap([team], CONDITIONS) is not None


def test_a_draw_in_which_nobody_answered_a_score_counts_for_nothing() -> None:
    lone = Team([60, *[math.nan] * 11], [40] * 12, [3.0] * 12)  # left out of a third of the draws: (11/12)^12
    found = bootstrap([lone], CONDITIONS)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(found.value), pytest.approx(found.value))


def test_nine_people_get_no_band_at_all() -> None:
    nine = Team([50] * 9, [50] * 9, [3.0] * 9)
    assert bootstrap([nine], CONDITIONS) is None
    assert method_band(pooled([nine], CONDITIONS)) is None
    assert doubt([nine], CONDITIONS) is None
    assert doubt([], CONDITIONS) is None


def test_the_plain_alternatives_by_hand() -> None:
    found = method_band(GROUP)
    assert found is not None
    scores = [58, 54, 60, 64, 70, 50]
    assert found.value == wellbeing_index(GROUP).value
    assert found.equal_weights == pytest.approx(math.prod(scores) ** (1 / 6))
    assert found.arithmetic == pytest.approx(0.3 * 58 + 0.25 * 54 + 0.15 * 60 + 0.15 * 64 + 0.075 * 70 + 0.075 * 50)


def test_the_method_band_is_that_of_a_plain_loop() -> None:
    rng, drawn = np.random.default_rng(3), []
    signals = {name: value for name, value in vars(GROUP).items() if name in sensitivity.GOALPOSTS}
    for _ in range(4000):
        scores = dict(dimensions(GROUP))
        posts = {name: [post + rng.uniform(-0.1, 0.1) * abs(b - a) for post in (a, b)] for name, (a, b) in sensitivity.GOALPOSTS.items()}
        for name, (members, _) in sensitivity.SIGNALS.items():
            marks = [100 * (signals[one] - posts[one][0]) / (posts[one][1] - posts[one][0]) for one in members]
            scores[name] = sum(min(100, max(0, mark)) for mark in marks) / len(marks)
        weights = {name: weight * rng.uniform(0.75, 1.25) for name, weight in WEIGHTS.items()}
        drawn.append(math.exp(sum(w * math.log(max(scores[name], 1)) for name, w in weights.items()) / sum(weights.values())))
    found = method_band(GROUP)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(np.percentile(drawn, 5), abs=0.1), pytest.approx(np.percentile(drawn, 95), abs=0.1))


def test_dimensions_that_are_all_alike_do_not_depend_on_their_weights() -> None:
    survey = Answers(20, 60, who5_mean=60, cbi_work_mean=40, hse_mean=3.4)
    found = method_band(survey)
    assert found is not None
    assert [found.low, found.high, found.equal_weights, found.arithmetic] == pytest.approx([60] * 4)


@settings(deadline=None, max_examples=30)
@given(st.floats(1, 100), st.floats(0, 99), st.floats(1, 5), st.floats(0.5, 1))
def test_an_index_of_any_choice_lies_between_its_dimensions(who5: float, cbi: float, hse: float, occupancy: float) -> None:
    answers = replace(GROUP, who5_mean=who5, cbi_work_mean=cbi, hse_mean=hse, occupancy=occupancy)
    found = method_band(answers, draws=50)
    assert found is not None
    assert 1 <= found.low <= found.high <= 100
    assert found.equal_weights >= 1


def known(value: float, sampling: float, method: float, *, names: frozenset[str] = frozenset(WEIGHTS)) -> Doubt:
    return Doubt(
        Interval(value, value - sampling, value + sampling), MethodBand(value, value - method, value + method, value, value), names
    )


@pytest.mark.parametrize(
    ("change", "sampling", "method", "claimed"),
    [(10, 3, 3, True), (-10, 3, 3, True), (10, 8, 1, False), (10, 1, 8, False), (0, 0, 0, False)],
)
def test_a_change_is_claimed_only_beyond_both_bands(change: float, sampling: float, method: float, claimed: bool) -> None:
    # limits of the difference: 10 +- 3 sqrt(2) leaves zero out, 10 +- 8 sqrt(2) does not
    assert claims_change(known(50, sampling, method), known(50 + change, sampling, method)) is claimed


def test_an_index_above_its_own_band_is_not_taken_for_sure() -> None:
    best = Doubt(Interval(90, 90, 90), MethodBand(90, 80, 85, 90, 90), frozenset(WEIGHTS))
    assert claims_change(best, known(95, 0, 0))
    assert not claims_change(known(85, 0, 0), best)


def test_periods_of_different_dimensions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="leave out stability"):
        claims_change(known(50, 1, 1), known(60, 1, 1, names=frozenset(WEIGHTS) - {"stability"}))


def test_both_bands_come_together_with_what_they_are_made_of() -> None:
    found = doubt([LARK, HERON], replace(CONDITIONS, absence_rate=None, attrition_rate=None))
    assert found is not None
    assert found.sampling == bootstrap([LARK, HERON], replace(CONDITIONS, absence_rate=None, attrition_rate=None))
    assert found.dimensions == frozenset(WEIGHTS) - {"stability"}
    assert found.method.low < found.method.value < found.method.high


def test_impossible_scores_and_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="hse lies between 1 and 5, not 0"):
        Team([50], [50], [0])
    with pytest.raises(ValueError, match="all three scores"):
        Team([50, 60], [50], [3])
    with pytest.raises(ValueError, match="at least one respondent"):
        Team([], [], [])
    with pytest.raises(ValueError, match="at least one draw"):
        bootstrap([LARK], CONDITIONS, draws=0)
    with pytest.raises(ValueError, match="at least one draw"):
        method_band(GROUP, draws=0)
