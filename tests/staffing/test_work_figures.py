"""How the work is done: handling time, occupancy, shrinkage, contacts that needed no person."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from kpi.metric import Evidence, Frame, Period, Status, Stratum, Total, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, example_totals
from staffing.metrics import aht, contained_share, occupancy, shrinkage
from staffing.weeks import ON_QUEUE, PAID

MARCH = Frame(Period(date(2026, 3, 2), date(2026, 3, 30)), date(2026, 6, 1))


def days(*halves: tuple[float, float], measures: tuple = (DAY_HANDLING, DAY_WAITING), frame: Frame = MARCH) -> Evidence:
    blocks = [
        (frame.period.start + timedelta(place), example_totals({measures[0]: (4, one), measures[1]: (4, other)}))
        for place, (one, other) in enumerate(halves)
    ]
    return Evidence(frame, {}, {"working_days": blocks})


def test_occupancy_is_the_ratio_of_sums_and_not_the_mean_of_days() -> None:
    found = occupancy.estimate(days(*[(90.0, 10.0)] * 13, (700.0, 300.0)))
    assert found.value == pytest.approx((13 * 90 + 700) / 2300)
    assert (found.n, found.status) == (56, Status.OK)


def test_the_interval_of_a_ratio_is_that_of_its_daily_residuals() -> None:
    halves = [(80.0 + 3 * (i % 4), 20.0 + (i % 3)) for i in range(20)]
    found = occupancy.estimate(days(*halves))
    top, whole = np.array([a for a, _ in halves]), np.array([a + b for a, b in halves])
    residuals = top - top.sum() / whole.sum() * whole
    se = np.sqrt(20 * residuals.var(ddof=1)) / whole.sum()  # the residuals add up to zero
    assert (found.high or 0) - (found.value or 0) == pytest.approx(stats.t.ppf(0.975, 19) * se)


@pytest.mark.parametrize(("count", "status"), [(0, Status.NO_DATA), (4, Status.INSUFFICIENT), (5, Status.SMALL_SAMPLE), (14, Status.OK)])
def test_a_few_days_are_not_enough_for_a_ratio(count: int, status: Status) -> None:
    assert occupancy.estimate(days(*[(80.0, 20.0)] * count)).status is status


def test_an_occupancy_at_which_people_burn_out_says_so() -> None:
    assert occupancy.estimate(days(*[(92.0, 8.0)] * 14)).reasons == ("strain:occupancy",)
    assert occupancy.estimate(days(*[(89.0, 11.0)] * 14)).reasons == ()


def test_shrinkage_is_paid_time_off_queue_with_training_and_pauses_apart() -> None:
    evidence = days(*[(70.0, 100.0)] * 14, measures=(ON_QUEUE, PAID))
    extra = [(first, Totals({**t.parts, shrinkage.TRAINING.key: {None: Total(4, 5.0)}})) for first, t in evidence.blocks["working_days"]]
    found = shrinkage.estimate(Evidence(MARCH, {}, {"working_days": extra}))
    assert found.value == pytest.approx(0.30)
    assert found.parts == {"training": pytest.approx(0.05), "pauses": None}


def test_handling_time_is_the_mean_of_what_people_handled_with_its_after_contact_work() -> None:
    rows = pl.DataFrame(
        {"machine_only": [False, False, True], "abandoned": [False] * 3, "talk_s": [100.0, 200.0, 900.0], "hold_s": [None, 20.0, None],
         "wrap_s": [30.0, None, None], "concurrency": [None, 2.0, None]}
    )  # fmt: skip
    assert rows.select(aht.HANDLED.value).to_series().to_list() == [130.0, 110.0, None]
    assert rows.select(aht.AFTER.value).to_series().to_list() == [30.0, None, None]


def contained(alone: int, known: int, false: int) -> Evidence:
    human, machine = (Stratum("chat", "billing", machine_only=only) for only in (False, True))
    parts = {CONTACTS.key: {human: Total(900, 900), machine: Total(alone, alone)}, FALSELY_CONTAINED.key: {machine: Total(known, false)}}
    return Evidence(MARCH, {"mature": Totals(parts)})


def test_of_a_thousand_contacts_a_hundred_were_closed_alone_and_eighty_contained() -> None:
    found = contained_share.estimate(contained(100, 50, 10))
    assert found.value == pytest.approx(0.08)
    assert found.parts == {"alone": pytest.approx(0.1), "false": pytest.approx(0.2)}


def test_containment_that_nobody_can_check_is_not_called_zero() -> None:
    found = contained_share.estimate(contained(100, 0, 0))
    assert (found.status, found.value, found.reasons) == (Status.INSUFFICIENT, None, ("containment:unknown",))


def test_without_machines_no_contact_was_contained() -> None:
    assert contained_share.estimate(contained(0, 0, 0)).value == 0
