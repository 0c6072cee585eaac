"""Callers who hang up: a solved chain of births and deaths beside the formula, and Erlang C as its limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg

from staffing import patience, queueing

CHECK: dict[str, Any] = {"calls_per_hour": 2880, "aht_s": 60, "patience_s": 120, "agents": 50, "t_s": 20}
STATES = 220


def solved(calls_per_hour: float, aht_s: float, patience_s: float, agents: int) -> np.ndarray:
    """Stationary probabilities of a chain cut off far out, from its balance equations."""
    flow = np.zeros((STATES, STATES))
    for n in range(STATES - 1):
        flow[n, n + 1] = calls_per_hour / 3600
        flow[n + 1, n] = min(n + 1, agents) / aht_s + max(0, n + 1 - agents) / patience_s
    flow -= np.diag(flow.sum(axis=1))
    balance = np.vstack([flow.T, np.ones(STATES)])
    return np.linalg.lstsq(balance, np.append(np.zeros(STATES), 1.0), rcond=None)[0]


def served_within(before: int, aht_s: float, patience_s: float, agents: int, t_s: float) -> float:
    """The chain of one caller with so many before them: moves up, is answered (last state), or hangs up (leaves)."""
    steps = np.zeros((before + 2, before + 2))
    for place in range(before + 1):
        ahead = before - place
        onward = agents / aht_s + ahead / patience_s
        steps[place, place + 1] = onward
        steps[place, place] = -onward - 1 / patience_s
    return float(linalg.expm(steps * t_s)[0, -1])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 20), st.floats(10, 400), st.floats(30, 300), st.floats(20, 300), st.floats(0, 90))
def test_the_figures_are_those_of_the_solved_chain(agents: int, calls: float, aht_s: float, patience_s: float, t_s: float) -> None:
    found = patience.erlang_a(calls_per_hour=calls, aht_s=aht_s, patience_s=patience_s, agents=agents, t_s=t_s)
    states = solved(calls, aht_s, patience_s, agents)
    queue = float(states[agents:] @ np.arange(STATES - agents))
    assert found.p_wait == pytest.approx(states[agents:].sum(), abs=1e-8)
    assert found.mean_queue == pytest.approx(queue, abs=1e-6)
    assert found.p_abandon == pytest.approx(queue / patience_s / (calls / 3600), abs=1e-7)
    assert found.occupancy == pytest.approx(states @ np.minimum(np.arange(STATES), agents) / agents, abs=1e-8)


@pytest.mark.parametrize("t_s", [0, 5, 20, 120])
def test_the_service_level_is_that_of_one_caller_followed_through_the_queue(t_s: float) -> None:
    states, case = solved(200, 180, 60, 9), {"aht_s": 180, "patience_s": 60, "agents": 9, "t_s": t_s}
    followed = states[:9].sum() + sum(states[9 + before] * served_within(before, **case) for before in range(60))
    assert patience.erlang_a(calls_per_hour=200, **case).service_level == pytest.approx(followed, abs=1e-8)


def test_the_check_of_fifty_agents_holds() -> None:
    found = patience.erlang_a(**CHECK)
    assert (round(found.p_abandon, 3), round(found.mean_wait_s, 1), round(found.mean_queue, 1), round(found.occupancy, 2)) == (
        0.031, 3.7, 3.0, 0.93,
    )  # fmt: skip


def test_with_endless_patience_it_is_erlang_c() -> None:
    patient = queueing.erlang_c(agents=50, erlangs=45, aht_s=60, t_s=20)
    found = patience.erlang_a(**CHECK | {"calls_per_hour": 2700, "patience_s": 1e9})
    assert (found.p_wait, found.service_level, found.mean_wait_s) == pytest.approx(
        (patient.p_wait, patient.service_level, patient.asa_s), rel=1e-5
    )


def test_patience_as_long_as_a_call_makes_a_poisson_crowd() -> None:
    """With equal rates the house empties as if everybody were served at once: the crowd is Poisson with mean 48."""
    found = patience.erlang_a(**CHECK | {"patience_s": 60})
    terms = np.cumprod(np.concatenate([[np.exp(-48.0)], 48 / np.arange(1, 200)]))
    assert found.p_wait == pytest.approx(terms[50:].sum(), rel=1e-9)


def test_an_overloaded_queue_stays_stable_and_serves_what_it_can() -> None:
    found = patience.erlang_a(calls_per_hour=360_000, aht_s=300, patience_s=600, agents=100, t_s=20)
    assert (found.occupancy, found.p_wait) == pytest.approx((1, 1))
    assert found.p_abandon == pytest.approx(1 - 100 / 300 / 100, abs=1e-6)
    assert 0 <= found.service_level < 1e-6


def test_without_calls_nobody_waits() -> None:
    assert patience.erlang_a(**CHECK | {"calls_per_hour": 0}) == patience.Impatient(0, 0, 0, 0, 0, 1)


@settings(deadline=None)
@given(st.floats(0.01, 1e5), st.floats(1, 3000), st.floats(1, 3000), st.integers(1, 2000), st.floats(0, 600))
def test_shares_stay_shares_and_what_comes_in_goes_out(calls: float, aht_s: float, patience_s: float, agents: int, t_s: float) -> None:
    found = patience.erlang_a(calls_per_hour=calls, aht_s=aht_s, patience_s=patience_s, agents=agents, t_s=t_s)
    for share in (found.p_wait, found.p_abandon, found.occupancy, found.service_level):
        assert 0 <= share <= 1 + 1e-9
    served, hung_up = found.occupancy * agents / aht_s, found.mean_queue / patience_s
    assert served + hung_up == pytest.approx(calls / 3600, rel=1e-6)
    assert found.service_level <= 1 - found.p_abandon + 1e-9


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"calls_per_hour": -1}, "calls an hour"),
        ({"aht_s": 0}, "handling time"),
        ({"patience_s": 0}, "patience in seconds cannot be 0: more than 0 would be right"),
        ({"agents": 0}, "agents cannot be 0: a whole number"),
        ({"t_s": -1}, "threshold"),
        ({"calls_per_hour": 1e9, "patience_s": 1e6}, "beyond sense"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        patience.erlang_a(**CHECK | wrong)
