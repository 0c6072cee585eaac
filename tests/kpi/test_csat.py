"""CSAT from totals: which share is the headline, and what is said about it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kpi.metric import Estimate, Evidence, Frame, Period, Status, Stratum, Total, Totals
from kpi.metrics._shared import CONTACTS
from kpi.metrics.csat import METRIC, SATISFIED, UNIT_SCORE, estimate
from kpi.uncertainty import wilson

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LATER = date(2026, 5, 1)
VOICE, CHAT = Stratum("voice", "billing", machine_only=False), Stratum("chat", "billing", machine_only=True)


def csat(cells: dict[Stratum, tuple[int, int, int]], as_of: date = LATER) -> Estimate:
    """{stratum: (contacts, answers, satisfied)}."""
    totals = Totals(
        {
            CONTACTS.key: {key: Total(contacts, contacts) for key, (contacts, _, _) in cells.items()},
            SATISFIED.key: {key: Total(n, k) for key, (_, n, k) in cells.items() if n},
            UNIT_SCORE.key: {None: Total(sum(n for _, n, _ in cells.values()), 0.9 * sum(n for _, n, _ in cells.values()))},
        }
    )
    return estimate(Evidence(Frame(MARCH, as_of), {"period": totals}))


def test_two_cells_are_weighted_to_their_contacts_and_the_raw_share_stays_in_view() -> None:
    found = csat({VOICE: (6000, 300, 270), CHAT: (4000, 100, 60)})
    assert found.value == pytest.approx(0.78)
    assert found.parts["raw"] == pytest.approx(0.825)
    assert found.parts["answered_share"] == pytest.approx(0.04)
    assert found.parts["mean_100u"] == pytest.approx(90)
    assert (found.status, found.n, found.ci_method) == (Status.OK, 400, "wilson, post-stratified")


def test_one_cell_is_shown_raw() -> None:
    found, limits = csat({VOICE: (500, 40, 30), CHAT: (100, 2, 2)}), wilson(32, 42)
    assert (found.value, found.low, found.high) == (limits.value, limits.low, limits.high)
    assert found.parts["weighted"] is None


def test_four_answers_give_no_value() -> None:
    found = csat({VOICE: (500, 4, 4)})
    assert (found.status, found.value, found.n, found.parts) == (Status.INSUFFICIENT, None, 4, {})


def test_no_answer_is_no_data_and_never_zero() -> None:
    assert csat({VOICE: (500, 0, 0)}).status is Status.NO_DATA


def test_a_wide_interval_is_a_small_sample() -> None:
    assert csat({VOICE: (500, 40, 20)}).status is Status.SMALL_SAMPLE


def test_a_sample_that_counts_for_few_is_small_though_many_answered() -> None:
    found = csat({VOICE: (9500, 6, 6), CHAT: (500, 494, 494)})
    assert found.parts["n_eff"] is not None
    assert found.parts["n_eff"] < 30
    assert found.status is Status.SMALL_SAMPLE


@pytest.mark.parametrize(("as_of", "status"), [(date(2026, 4, 7), Status.PROVISIONAL), (date(2026, 4, 8), Status.OK)])
def test_answers_can_arrive_for_a_week(as_of: date, status: Status) -> None:
    found = csat({VOICE: (6000, 300, 270), CHAT: (4000, 100, 60)}, as_of)
    assert found.status is status
    assert ("provisional:answers" in found.reasons) == (status is Status.PROVISIONAL)


def test_an_answer_that_is_not_there_is_not_counted_and_three_of_five_is_not_satisfied() -> None:
    frame = pl.DataFrame({"csat_unit": [None, 0.5, 0.75, 1.0]})
    assert frame.select(SATISFIED.value).to_series().to_list() == [None, False, True, True]


def test_five_people_must_stand_behind_a_scope() -> None:
    assert METRIC.min_people == 5
    assert any(measure.key == "agents" and measure.peak for measure in METRIC.measures)


def test_where_fewer_than_a_tenth_answered_the_worst_case_stands_beside_the_figure() -> None:
    found = csat({VOICE: (800, 60, 45), CHAT: (200, 20, 15)})  # 60 of 1000 are satisfied for sure, 920 said nothing
    assert (found.parts["worst_low"], found.parts["worst_high"]) == pytest.approx((0.06, 0.98))
    enough = csat({VOICE: (400, 60, 45), CHAT: (200, 20, 15)})
    assert (enough.parts["worst_low"], enough.parts["worst_high"]) == (None, None)


def test_a_tenth_exactly_is_enough() -> None:
    assert csat({VOICE: (400, 40, 30)}).parts["worst_low"] is None
    assert csat({VOICE: (401, 40, 30)}).parts["worst_low"] is not None
