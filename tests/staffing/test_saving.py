"""Net saving: every cost by name, and how much hangs on the cost of replacing people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.saving import Costs, net_saving, net_saving_range

YEAR = Costs(
    paid_fte_released=20, loaded_cost_per_fte=42_000, ai_run_cost=260_000, recontact_contacts=30_000, cost_per_human_contact=4.2,
    attrition_rate_base=0.3, attrition_rate_now=0.42, headcount=90, annual_salary=30_000, one_off_cost=180_000, amortisation_years=3,
    reskilling_cost=45_000,
)  # fmt: skip
MONEY, RATE = st.floats(0, 1e7), st.floats(0, 3)


def test_a_realised_saving_of_840_000_leaves_345_400() -> None:
    found = net_saving(YEAR, mode="realised")
    assert (found.gross, found.ai_run_cost, found.attrition_cost, found.one_off_annual, found.reskilling_cost) == pytest.approx(
        (840_000, 260_000, 129_600, 60_000, 45_000)
    )
    assert found.net == pytest.approx(345_400)


def test_recontacts_cost_only_in_a_projection() -> None:
    realised, projected = (net_saving(YEAR, mode=mode) for mode in ("realised", "projection"))
    assert (realised.recontact_cost, projected.recontact_cost) == (0, pytest.approx(126_000))
    assert projected.net == pytest.approx(realised.net - 126_000)


def test_the_range_names_low_default_and_high_replacement_rates() -> None:
    found = net_saving_range(YEAR, mode="realised")
    assert {name: round(one.attrition_cost) for name, one in found.items()} == {"low": 51_840, "default": 129_600, "high": 210_600}
    assert found["high"].net < found["default"].net < found["low"].net


def test_fewer_leavers_than_before_are_a_gain() -> None:
    assert net_saving(replace(YEAR, attrition_rate_now=0.2), mode="realised").attrition_cost == pytest.approx(-108_000)


def test_redundancy_is_a_one_off_cost_with_a_name_of_its_own() -> None:
    found = net_saving(replace(YEAR, redundancy_cost=90_000), mode="realised")
    assert (found.one_off_annual, found.redundancy_annual, found.net) == pytest.approx((60_000, 30_000, 315_400))


@given(
    st.builds(
        Costs, st.floats(-100, 100), MONEY, MONEY, MONEY, st.floats(0, 100), RATE, RATE, st.floats(0, 5000), MONEY, MONEY,
        st.floats(1, 10), MONEY, MONEY,
    ),
    st.sampled_from(["realised", "projection"]),
    st.floats(0, 2),
)  # fmt: skip
def test_net_and_all_costs_make_the_gross(costs: Costs, mode: str, rate: float) -> None:
    found = net_saving(costs, mode=mode, replacement_rate=rate)
    named = [value for name, value in vars(found).items() if name not in ("mode", "replacement_rate", "gross", "net")]
    size = abs(found.gross) + sum(map(abs, named))
    assert found.net + sum(named) == pytest.approx(found.gross, abs=1e-9 * (1 + size))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ai_run_cost": -1}, "ai run cost cannot be -1: 0 or more would be right"),
        ({"attrition_rate_now": 42}, "attrition rate now .* cannot be 42: from 0 to 3 would be right"),
        ({"amortisation_years": 0}, "years a one-off cost is spread over cannot be 0"),
        ({"amortisation_years": 40}, "from 1 to 10"),
        ({"headcount": -3}, "headcount"),
        ({"paid_fte_released": float("nan")}, "released FTE"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(YEAR, **wrong)


def test_a_mode_or_a_replacement_rate_without_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="realised or projection would be right"):
        net_saving(YEAR, mode="hoped for")
    with pytest.raises(ValueError, match=r"replacement rate .* cannot be 40"):
        net_saving(YEAR, mode="realised", replacement_rate=40)
