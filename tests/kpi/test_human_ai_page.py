"""The figures of the page on people and AI: the unreached count, nothing is interpolated, tiers are compared on common ground."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from kpi.access import reachability
from kpi.metric import Direction, Evidence, Frame, Measure, Period, Status, Stratum, Total, Totals, Unit
from kpi.metrics import (
    ai_disclosure_rate,
    ai_transfer_rate,
    csat_gap,
    fcr_gap,
    handoff_rate,
    override_rate,
    reach_gap,
    reach_rate,
    time_to_human,
)
from kpi.metrics._requests import ATTEMPTS, BINS, EDGES_S, REACHED
from kpi.metrics._shared import BY_PEOPLE, CONTACTS, example_totals

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LATER = date(2026, 5, 1)
NOON = datetime(2026, 3, 5, 12)


def evidence(totals: Totals, as_of: date = LATER) -> Evidence:
    return Evidence(Frame(MARCH, as_of), {"period": totals, "mature": totals})


def values(measure: Measure, frame: pl.DataFrame) -> list[object]:
    return frame.select(measure.value).to_series().to_list()


def requests(times_s: list[float | None]) -> pl.DataFrame:
    """One contact for each request; None: nobody was reached."""
    reached = [None if time is None else NOON + timedelta(seconds=time) for time in times_s]
    frame = pl.DataFrame({"human_reached_at": pl.Series(reached, dtype=pl.Datetime("us"))})
    return frame.with_columns(pl.lit(NOON).alias("human_requested_at"), pl.lit(None, dtype=pl.Int32).alias("human_requests"))


def counted(frame: pl.DataFrame) -> Totals:
    found = {}
    for measure in (REACHED, ATTEMPTS, *BINS):
        series = frame.select(measure.value.cast(pl.Float64)).to_series()
        found[measure.key] = {None: Total(series.count(), float(series.sum()))}
    return Totals(found)


def test_without_colour_who_handled_it_is_two_shares() -> None:
    totals = example_totals({BY_PEOPLE: (9500, 7600), CONTACTS: (10_000, 10_000), ai_transfer_rate.HANDED_OVER: (1000, 300)})
    found = handoff_rate.estimate(evidence(totals))
    assert (found.value, found.parts["nobody_share"]) == (0.8, pytest.approx(0.05))
    assert ai_transfer_rate.estimate(evidence(totals)).value == 0.3
    assert {metric.METRIC.better for metric in (handoff_rate, ai_transfer_rate)} == {Direction.NEITHER}


def test_who_is_not_known_to_have_handled_it_is_neither_ai_nor_people() -> None:
    frame = pl.DataFrame({"handled_by": ["ai", "human", "hybrid", None]})
    assert values(BY_PEOPLE, frame) == [False, True, True, None]
    assert values(ai_transfer_rate.HANDED_OVER, frame) == [False, None, True, None]


def test_the_unreached_stay_in_the_denominator_and_a_day_is_the_limit() -> None:
    found = reach_rate.estimate(evidence(counted(requests([0, 10, 86_400, 86_401, None, None]))))
    assert (found.n, found.value, found.parts["in_vain"]) == (6, 0.5, 3)
    assert time_to_human.estimate(evidence(counted(requests([10, None, None, None, None])))).reasons == ("reach:below_half",)


def test_attempts_in_vain_count_for_those_who_reached_somebody() -> None:
    totals = example_totals({REACHED: (10, 5), ATTEMPTS: (10, 20)})
    assert reach_rate.estimate(evidence(totals)).parts["attempts_per_reached"] == 4
    unknown = example_totals({REACHED: (10, 5)})
    assert reach_rate.estimate(evidence(unknown)).parts["attempts_per_reached"] is None


def test_whoever_asked_tried_at_least_once() -> None:
    frame = requests([1, 2, 3]).with_columns(pl.Series("human_requests", [None, 0, 4], dtype=pl.Int32))
    assert values(ATTEMPTS, frame) == [1, 1, 4]


def test_a_person_reached_before_the_request_is_a_contradiction_and_not_counted() -> None:
    assert counted(requests([-5, 10]))[REACHED] == Total(1, 1)
    assert sum(counted(requests([-5]))[item].n for item in BINS) == 0


def test_every_time_within_a_day_is_in_one_bin() -> None:
    totals = counted(requests([0, 1, 15, 15.5, 16, 7200, 86_400, 86_401]))
    assert sum(totals[item].n for item in BINS) == 7
    assert [totals[item].n for item in BINS[:2]] == [3, 2]


@pytest.mark.parametrize("seed", range(5))
def test_the_exact_quantile_lies_between_the_edges(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = [float(t) if reached else None for t, reached in zip(rng.exponential(120, 400), rng.random(400) < 0.93, strict=True)]
    exact, found = reachability(times), time_to_human.estimate(evidence(counted(requests(times))))
    assert exact.median_s is not None
    assert found.low is not None
    assert found.low < exact.median_s <= (found.value or 0) <= (found.high or 0)
    assert exact.p90_s is not None
    assert (found.parts["p90_from"] or 0) < exact.p90_s <= (found.parts["p90"] or 0)
    assert {found.low, found.value, found.high} <= set(EDGES_S)


def test_where_nine_in_ten_never_reached_anybody_it_says_so() -> None:
    found = time_to_human.estimate(evidence(counted(requests([20.0] * 80 + [None] * 20))))
    assert (found.value, found.parts["p90"], found.parts["unreached"]) == (30, None, 20)
    assert found.reasons == ("reach:below_nine_in_ten",)


def test_with_half_reached_by_chance_the_limit_is_a_day() -> None:
    found = time_to_human.estimate(evidence(counted(requests([20.0] * 51 + [None] * 49))))
    assert (found.value, found.high) == (30, 86_400)


@pytest.mark.parametrize(("times", "status"), [([], Status.NO_DATA), ([5.0] * 4, Status.INSUFFICIENT)])
def test_too_few_requests_have_no_time(times, status) -> None:
    found = time_to_human.estimate(evidence(counted(requests(times))))
    assert (found.status, found.value) == (status, None)


@pytest.mark.parametrize(("as_of", "status"), [(date(2026, 4, 1), Status.PROVISIONAL), (date(2026, 4, 2), Status.OK)])
def test_who_asked_on_the_last_day_may_still_reach_somebody(as_of, status) -> None:
    assert reach_rate.estimate(evidence(counted(requests([20.0] * 400)), as_of)).status is status


def test_a_disclosure_counts_within_the_first_minute() -> None:
    told = [NOON, NOON + timedelta(seconds=60), NOON + timedelta(seconds=61), None, NOON]
    frame = pl.DataFrame({"handled_by": ["ai", "hybrid", "ai", "ai", "human"], "started_at": [NOON] * 5, "ai_disclosed_at": told})
    assert values(ai_disclosure_rate.TOLD_FIRST, frame) == [True, True, False, False, None]
    assert values(ai_disclosure_rate.TOLD, frame) == [True, True, True, False, None]


def test_disclosure_stands_beside_its_target() -> None:
    totals = example_totals({ai_disclosure_rate.TOLD_FIRST: (1000, 960), ai_disclosure_rate.TOLD: (1000, 970)})
    found = ai_disclosure_rate.estimate(evidence(totals))
    assert (found.value, found.parts) == (0.96, {"told": 0.97, "target": 1.0, "not_told": 30})


def test_prompts_are_counted_where_both_are_known_and_possible() -> None:
    frame = pl.DataFrame({"prompts_shown": [0, 3, 4, None, 2], "prompts_dismissed": [0, 1, None, 1, 3]})
    assert values(override_rate.SHOWN, frame) == [None, 3, None, None, None]
    assert values(override_rate.DISMISSED, frame) == [None, 1, None, None, None]
    assert values(override_rate.PRODUCT, frame) == [None, 3, None, None, None]


def test_contacts_that_dismiss_all_or_nothing_widen_the_interval() -> None:
    """A thousand contacts of four prompts, all dismissed in 350: as sure as 350 of 1000, not as 1400 of 4000."""
    totals = example_totals(
        {override_rate.SHOWN: (1000, 4000, 16_000), override_rate.DISMISSED: (1000, 1400, 5600), override_rate.PRODUCT: (1000, 5600)}
    )
    found = override_rate.estimate(evidence(totals))
    half = 1.96 * (0.35 * 0.65 / 1000) ** 0.5
    assert (found.low, found.value, found.high) == pytest.approx((0.35 - half, 0.35, 0.35 + half), abs=1e-4)
    assert found.n == 4000


def test_prompts_of_one_contact_have_no_spread() -> None:
    totals = example_totals({override_rate.SHOWN: (1, 6, 36), override_rate.DISMISSED: (1, 2, 4), override_rate.PRODUCT: (1, 12)})
    assert override_rate.estimate(evidence(totals)).status is Status.INSUFFICIENT
    assert override_rate.estimate(evidence(Totals())).status is Status.NO_DATA


def tiers(metric, high: dict[str, tuple[int, int]], low: dict[str, tuple[int, int]]) -> Totals:
    """{intent group: (n, k)} of both tiers, spread over two channels to show that these are taken together."""
    found: dict[str, dict[Stratum | None, Total]] = {metric.HIGH.key: {}, metric.LOW.key: {}}
    for measure, counts in ((metric.HIGH, high), (metric.LOW, low)):
        for group, (n, k) in counts.items():
            found[measure.key][Stratum("voice", group, machine_only=False)] = Total(n - 1, k - 1)
            found[measure.key][Stratum("chat", group, machine_only=True)] = Total(1, 1)
    return Totals(found)


@pytest.mark.parametrize("metric", [reach_gap, fcr_gap, csat_gap])
def test_tiers_are_compared_at_the_same_mix_of_intents(metric) -> None:
    """The high tier asks about easy things; for the same things both are served alike."""
    totals = tiers(metric, {"easy": (900, 810), "hard": (100, 50)}, {"easy": (100, 90), "hard": (900, 450)})
    found = metric.METRIC.estimate(evidence(totals))
    assert found.value == pytest.approx(0)
    assert (found.parts["p_high"], found.parts["p_low"], found.parts["ratio"]) == pytest.approx((0.7, 0.7, 1))
    assert (found.n, found.reasons, found.parts["flag"]) == (2000, (), 0)
    assert metric.METRIC.unit is Unit.GAP


def test_a_gap_beyond_noise_and_five_points_is_named() -> None:
    found = reach_gap.METRIC.estimate(evidence(tiers(reach_gap, {"a": (1000, 900)}, {"a": (1000, 800)})))
    assert (found.value, found.parts["flag"], found.reasons) == (pytest.approx(0.1), 1, ("equity:material",))
    half = 1.96 * ((0.9 * 0.1 + 0.8 * 0.2) / 1000) ** 0.5
    assert (found.low, found.high) == pytest.approx((0.1 - half, 0.1 + half), abs=1e-4)


def test_intents_of_one_tier_and_contacts_without_intent_lower_the_coverage() -> None:
    measured = tiers(fcr_gap, {"a": (300, 200), "": (50, 40)}, {"a": (300, 200), "b": (100, 90), "": (50, 40)})
    found = fcr_gap.METRIC.estimate(evidence(measured))
    assert (found.parts["coverage"], found.reasons) == (pytest.approx(600 / 800), ("equity:coverage",))


def test_one_tier_alone_has_no_gap() -> None:
    found = csat_gap.METRIC.estimate(evidence(tiers(csat_gap, {}, {"a": (300, 200)})))
    assert (found.status, found.value, found.reasons) == (Status.NO_DATA, None, ("equity:coverage", "equity:one_tier"))
    assert csat_gap.METRIC.estimate(evidence(Totals())).reasons == ()


def test_customers_without_a_tier_are_in_neither() -> None:
    frame = pl.DataFrame({"high_tier": [True, False, None], "csat_unit": [1.0, 0.5, 1.0]})
    assert (values(csat_gap.HIGH, frame), values(csat_gap.LOW, frame)) == ([True, None, None], [None, False, None])
