"""The index by hand: what caps it, what leaves it out, what it must not say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpi.metric import Status
from wellbeing.index import WEIGHTS, Answers, band, human_development, wellbeing_index

GROUP = Answers(
    40, 60, who5_mean=58, cbi_work_mean=46, hse_mean=3.4, occupancy=0.86, recovery_min_per_hour=3.5, after_hours_min_per_week=30,
    high_emotion_run_share=0.06, short_notice_change_share=0.12, prompts_per_hour=18, right_to_disable_share=0.8, override_penalty_gap=0.02,
    absence_rate=0.06, attrition_rate=0.35,
)  # fmt: skip


def test_the_weights_add_up_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_two_of_five_workload_signals_are_too_few_for_the_dimension() -> None:
    found = wellbeing_index(replace(GROUP, occupancy=None, recovery_min_per_hour=None, after_hours_min_per_week=None))
    assert (found.status, found.missing) == (Status.PARTIAL, ("workload",))


def test_a_good_operation_does_not_lift_people_who_are_unwell() -> None:
    found = wellbeing_index(replace(GROUP, who5_mean=50, cbi_work_mean=10, hse_mean=5))
    assert found.value is not None
    assert found.value > 60
    assert (found.band, found.red_flags) == ("poor", ("who5_at_or_below_50",))


@pytest.mark.parametrize(
    ("value", "flags", "said"),
    [
        (70, (), "good"),
        (69.9, (), "watch"),
        (55, (), "watch"),
        (54.9, (), "poor"),
        (90, ("occupancy_at_or_above_90",), "watch"),
        (90, ("cbi_at_or_above_50",), "poor"),
    ],
)
def test_the_band_is_capped_by_any_red_flag(value: float, flags: tuple[str, ...], said: str) -> None:
    assert band(value, flags) == said


def test_red_flags_come_in_the_order_of_the_definition() -> None:
    found = wellbeing_index(
        replace(GROUP, who5_mean=20, cbi_work_mean=80, occupancy=0.95, right_to_disable_share=0.4, absence_rate=0.2, attrition_rate=1)
    )
    assert found.red_flags == (
        "who5_at_or_below_50",
        "cbi_at_or_above_50",
        "occupancy_at_or_above_90",
        "right_to_disable_below_half",
        "dimension_below_25:wellbeing",
        "dimension_below_25:exhaustion",
        "dimension_below_25:stability",
    )


def test_a_group_that_is_too_small_leaves_no_trace() -> None:
    found = wellbeing_index(replace(GROUP, n_respondents=9, headcount=30))
    assert (found.status, found.value, found.felt, found.conditions, found.band, found.dimensions, found.red_flags, found.missing) == (
        Status.SUPPRESSED, None, None, None, None, None, None, (),
    )  # fmt: skip


def test_a_lowered_k_still_needs_ten_people() -> None:
    assert wellbeing_index(replace(GROUP, n_respondents=6, headcount=9), k=5).status is Status.SUPPRESSED
    assert wellbeing_index(replace(GROUP, n_respondents=6, headcount=10), k=5).status is Status.OK


@pytest.mark.parametrize("wrong", [{"occupancy": 1.2}, {"n_respondents": 61}, {"who5_mean": 101}, {"right_to_disable_share": -0.1}])
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"lies between|cannot come from"):
        replace(GROUP, **wrong)


def test_human_development_reaches_one_at_the_upper_goalposts_and_not_beyond() -> None:
    assert human_development(life_expectancy=90, expected_schooling=20, mean_schooling=16, gni_pc=100_000) == pytest.approx(1)
