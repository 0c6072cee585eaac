"""What the index owes to who answered and to our own choices."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wellbeing.respondents import Team, covariance, errors, pooled, quick, redrawn
from wellbeing import sensitivity
from wellbeing.index import SURVEYED, WEIGHTS, Answers, dimensions, wellbeing_index
from wellbeing.sensitivity import method_band, sampling_band

CONDITIONS = Answers(
    0, 60, occupancy=0.86, recovery_min_per_hour=3.5, after_hours_min_per_week=30, high_emotion_run_share=0.06,
    short_notice_change_share=0.12, prompts_per_hour=18, right_to_disable_share=0.8, override_penalty_gap=0.02, absence_rate=0.06,
    attrition_rate=0.35,
)  # fmt: skip
GROUP = replace(CONDITIONS, n_respondents=40, who5_mean=58, cbi_work_mean=46, hse_mean=3.4)
LARK = Team([48, 68] * 10, [36, 56] * 10, [3.0, 3.8] * 10)  # means 58, 46, 3.4
HERON = Team([58] * 20, [46] * 20, [3.4] * 20)


LARGE = replace(CONDITIONS, headcount=1000)


def band(teams: list[Team], conditions: Answers = LARGE) -> sensitivity.Interval:
    found = sampling_band(dimensions(pooled(teams, conditions)), covariance(teams))
    assert found is not None
    return found


def alike(n: int, likeness: float, seed: int = 5) -> Team:
    """People whose answers to the three questionnaires go together: who feels well is little exhausted."""
    rng = np.random.default_rng(seed)
    own, rest = rng.normal(0, 1, (n, 1)), rng.normal(0, 1, (n, 3))
    mixed = np.sqrt(likeness) * own + np.sqrt(1 - likeness) * rest
    return Team(np.clip(58 + 18 * mixed[:, 0], 0, 100), np.clip(46 - 18 * mixed[:, 1], 0, 100), np.clip(3.4 + 0.6 * mixed[:, 2], 1, 5))


def test_the_value_is_the_index_of_everybody_together() -> None:
    found = band([LARK, HERON])
    assert found.value == pytest.approx(58.29, abs=0.005)  # the worked example of B5
    assert found.low < found.value < found.high


def test_the_same_answers_give_the_same_limits_every_time() -> None:
    assert band([LARK]) == band([LARK])
    assert method_band(GROUP) == method_band(GROUP)
    assert method_band(GROUP) != method_band(GROUP, seed=1)


def test_people_who_all_answer_alike_leave_no_doubt_about_sampling() -> None:
    found = band([HERON])
    assert (found.low, found.high) == (pytest.approx(found.value), pytest.approx(found.value))


def test_a_difference_between_teams_is_not_a_doubt_about_who_answered() -> None:
    high, low = Team([90] * 20, [10] * 20, [4.5] * 20), Team([30] * 20, [70] * 20, [2.5] * 20)
    found = band([high, low])
    assert found.high - found.low == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("likeness", [0.0, 0.6])
def test_the_band_is_that_of_drawing_respondents_one_by_one(likeness: float) -> None:
    teams = [alike(30, likeness, 1), alike(25, likeness, 2), alike(40, likeness, 3)]
    found, second = band(teams), redrawn(teams, LARGE, draws=1500)
    assert found.value == pytest.approx(second.value)
    assert (found.low, found.high) == (pytest.approx(second.low, abs=0.25), pytest.approx(second.high, abs=0.25))


def test_the_band_is_that_of_respondents_also_where_answers_are_missing() -> None:
    rng, team = np.random.default_rng(4), alike(120, 0.5)
    scores = team.scores
    scores[rng.random(scores.shape) < 0.2] = math.nan
    found, second = band([Team(*scores.T)]), redrawn([Team(*scores.T)], LARGE, draws=1500)
    assert (found.low, found.high) == (pytest.approx(second.low, abs=0.25), pytest.approx(second.high, abs=0.25))


def test_the_band_agrees_with_the_quick_form_where_answers_have_nothing_to_do_with_one_another() -> None:
    teams = [alike(400, 0.0)]
    matrix = np.diag(np.diag(np.array(covariance(teams)))).tolist()
    scores = dimensions(pooled(teams, LARGE))
    found, second = sampling_band(scores, matrix), quick(scores, errors(matrix))
    assert found is not None
    assert second is not None
    assert (found.low, found.high) == (pytest.approx(second.low, abs=0.1), pytest.approx(second.high, abs=0.1))


def test_answers_that_go_together_leave_more_doubt_than_the_quick_form_says() -> None:
    teams = [alike(400, 0.6)]
    scores, matrix = dimensions(pooled(teams, LARGE)), covariance(teams)
    found, second = sampling_band(scores, matrix), quick(scores, errors(matrix))
    assert found is not None
    assert second is not None
    assert found.high - found.low > 1.2 * (second.high - second.low)


def test_a_small_team_is_not_taken_for_surer_than_it_is() -> None:
    pairs = [Team([50, 60], [40, 50], [3.0, 3.4]) for _ in range(20)]  # a draw from two people sees half of their variance
    matrix = covariance(pairs)
    assert matrix[0][0] == pytest.approx(50 / 40)  # sample variance of 50 and 60, over 40 answers


def test_who_alone_of_a_team_answered_is_compared_with_the_site() -> None:
    lone = [Team([40], [50], [3.0]), Team([60], [50], [3.0])]
    assert covariance(lone)[0][0] == pytest.approx(2 * 10**2 / 4)


def test_a_mean_never_leaves_the_scale() -> None:
    best: dict[str, float | None] = dict.fromkeys(WEIGHTS, 99.0)
    found = sampling_band(best, [[900.0, 0, 0], [0, 0, 0], [0, 0, 0]])
    assert found is not None
    assert (found.low < 99, found.high <= 100) == (True, True)


def test_nothing_known_has_no_band_and_what_cannot_be_is_refused() -> None:
    assert sampling_band(dict.fromkeys(WEIGHTS), np.eye(3).tolist()) is None
    with pytest.raises(ValueError, match="variance"):
        sampling_band(dimensions(GROUP), (-np.eye(3)).tolist())
    with pytest.raises(ValueError, match="confidence"):
        sampling_band(dimensions(GROUP), np.eye(3).tolist(), conf=1.0)
    assert method_band(replace(GROUP, n_respondents=9)) is None


def test_a_dimension_that_is_missing_adds_no_doubt() -> None:
    scores = {**dimensions(GROUP), "exhaustion": None}
    doubtful, sure = ([[0, 0, 0], [0, variance, 0], [0, 0, 0]] for variance in (400.0, 0.0))
    assert sampling_band(scores, doubtful) == sampling_band(scores, sure)
    assert SURVEYED == ("wellbeing", "exhaustion", "resources")


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
