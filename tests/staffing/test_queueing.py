"""Patient callers: published tables, sums of factorials in whole numbers, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from math import factorial
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing import limits, queueing

HALF_HOUR: dict[str, Any] = {
    "calls": 100, "interval_s": 1800, "aht_s": 180, "sl": 0.8, "t_s": 20, "max_occupancy": 0.85, "shrinkage": 0.3,
}  # fmt: skip
AGENTS, LOADS = st.integers(1, 40), st.fractions(min_value=Fraction(1, 100), max_value=60, max_denominator=100)


def blocking_by_factorials(agents: int, erlangs: Fraction) -> Fraction:
    weights = [erlangs**n / factorial(n) for n in range(agents + 1)]
    return weights[-1] / sum(weights)


def waiting_by_factorials(agents: int, erlangs: Fraction) -> Fraction:
    busy = erlangs**agents / factorial(agents) * agents / (agents - erlangs)
    return busy / (sum(erlangs**n / factorial(n) for n in range(agents)) + busy)


@given(AGENTS, LOADS)
def test_erlang_b_is_the_sum_of_factorial_terms(agents: int, erlangs: Fraction) -> None:
    found = queueing.erlang_b(agents=agents, erlangs=float(erlangs))
    assert found == pytest.approx(float(blocking_by_factorials(agents, erlangs)), rel=1e-12)


@given(AGENTS, LOADS)
def test_erlang_c_is_the_sum_of_factorial_terms(agents: int, erlangs: Fraction) -> None:
    found = queueing.erlang_c(agents=agents, erlangs=float(erlangs), aht_s=180, t_s=20)
    if agents <= erlangs:
        assert found == queueing.Waiting(1.0, 0.0, None, 1.0)
    else:
        assert found.p_wait == pytest.approx(float(waiting_by_factorials(agents, erlangs)), rel=1e-9)


def test_two_agents_and_one_erlang_are_worked_out_by_hand() -> None:
    assert queueing.erlang_b(agents=2, erlangs=1) == pytest.approx(0.2)
    found = queueing.erlang_c(agents=2, erlangs=1, aht_s=180, t_s=0)
    assert (found.p_wait, found.service_level, found.asa_s, found.occupancy) == pytest.approx((1 / 3, 2 / 3, 60, 0.5))


def test_a_hundred_calls_in_half_an_hour_need_fourteen_on_queue_and_twenty_scheduled() -> None:
    found = queueing.required_agents(**HALF_HOUR)
    assert (found.agents, found.scheduled, round(found.service_level, 3)) == (14, 20, 0.888)
    fewer = queueing.erlang_c(agents=13, erlangs=10, aht_s=180, t_s=20)
    assert fewer.occupancy <= 0.85
    assert fewer.service_level < 0.8


def test_patient_callers_of_the_check_wait_twenty_one_seconds_at_96_percent() -> None:
    found = queueing.erlang_c(agents=50, erlangs=48, aht_s=60, t_s=20)
    assert (found.asa_s, found.occupancy) == (pytest.approx(20.8, abs=0.05), pytest.approx(0.96))


def test_a_limit_on_occupancy_asks_for_more_agents_than_the_service_level() -> None:
    assert queueing.required_agents(**HALF_HOUR | {"max_occupancy": 0.7}).agents == 15


def test_a_limit_that_is_met_exactly_is_not_overshot() -> None:
    exact = HALF_HOUR | {"calls": 85, "sl": 0.0}  # 8.5 erlangs
    assert queueing.required_agents(**exact).agents == 10


def test_without_calls_nobody_waits_and_one_agent_is_enough() -> None:
    found = queueing.required_agents(**HALF_HOUR | {"calls": 0, "shrinkage": 0.0})
    assert (found.agents, found.scheduled, found.p_wait, found.service_level, found.asa_s) == (1, 1, 0, 1, 0)
    assert queueing.erlang_b(agents=3, erlangs=0) == 0
    assert queueing.erlang_b(agents=0, erlangs=0) == 1


def test_thousands_of_agents_do_not_overflow() -> None:
    assert queueing.erlang_b(agents=10_000, erlangs=1) == 0
    large = queueing.required_agents(calls=60_000, interval_s=3600, aht_s=300, sl=0.8, t_s=20)
    assert 5000 < large.agents < 5100


@settings(deadline=None)
@given(st.integers(1, 500), st.floats(10, 900), st.floats(0, 0.99), st.floats(0, 60), st.floats(0.5, 1), st.floats(0, 0.9))
def test_the_required_number_is_the_smallest_that_holds(
    calls: int, aht_s: float, sl: float, t_s: float, most: float, shrinkage: float
) -> None:
    found = queueing.required_agents(calls=calls, interval_s=1800, aht_s=aht_s, sl=sl, t_s=t_s, max_occupancy=most, shrinkage=shrinkage)
    assert found.service_level >= sl
    assert found.occupancy <= most + 1e-9
    assert found.scheduled * (1 - shrinkage) >= found.agents - 1e-6 > (found.scheduled - 1) * (1 - shrinkage) - 2e-6
    if found.agents > 1:
        fewer = queueing.erlang_c(agents=found.agents - 1, erlangs=found.erlangs, aht_s=aht_s, t_s=t_s)
        assert fewer.service_level < sl or fewer.occupancy > most - 1e-9 or found.agents - 1 <= found.erlangs


@given(AGENTS, LOADS, st.floats(0, 300), st.floats(0, 300))
def test_a_longer_threshold_never_lowers_the_service_level(agents: int, erlangs: Fraction, one: float, other: float) -> None:
    levels = [
        queueing.erlang_c(agents=agents, erlangs=float(erlangs), aht_s=180, t_s=t).service_level for t in (min(one, other), max(one, other))
    ]
    assert levels[0] <= levels[1] <= 1


def test_erlang_a_is_for_queues_that_more_than_three_percent_leave() -> None:
    assert [queueing.model_for(rate) for rate in (0, 0.03, 0.031)] == ["erlang_c", "erlang_c", "erlang_a"]
    with pytest.raises(ValueError, match="abandonment rate is a share"):
        queueing.model_for(3.1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"calls": -1}, "calls cannot be -1: 0 or more would be right"),
        ({"interval_s": 0}, "interval in seconds"),
        ({"aht_s": -180}, "handling time in seconds cannot be -180: more than 0 would be right"),
        ({"t_s": -1}, "threshold"),
        ({"shrinkage": 1}, "shrinkage cannot be 1: at 1 nobody would ever be on queue"),
        ({"max_occupancy": 1.2}, "highest occupancy cannot be 1.2: nobody works more than all of the time"),
        ({"max_occupancy": 0}, "above 0 and at most 1"),
        ({"sl": 1}, "service level of 1 cannot be promised"),
        ({"sl": 80}, "0.8 for 80 %"),
        ({"calls": float("nan")}, "calls cannot be nan"),
        ({"aht_s": 1e9}, "load in erlangs"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        queueing.required_agents(**HALF_HOUR | wrong)


@pytest.mark.parametrize("agents", [-1, 0, 2.5, True])
def test_agents_are_counted_in_whole_people(agents: int) -> None:
    with pytest.raises(ValueError, match="whole number from 1"):
        queueing.erlang_c(agents=agents, erlangs=1, aht_s=180, t_s=20)


def test_a_refusal_is_a_sentence_of_the_reader_s_language() -> None:
    with translation.override("de"), pytest.raises(ValueError, match=r"^die höchste Auslastung: 1\.2 ist nicht möglich; niemand arbeitet"):
        limits.occupancy(1.2, "the highest occupancy")
    with pytest.raises(ValueError, match=r"^patience in seconds cannot be -1: 0 or more would be right$"):
        limits.not_negative("patience in seconds", -1)
