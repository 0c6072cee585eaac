"""The figures of the resolution page: what counts, what waits for its days, and what is not known and so not zero."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from kpi.metric import Evidence, Frame, Measure, Period, Status
from kpi.metrics import (
    confirmed_resolution,
    contacts_per_issue,
    containment_rate,
    escalation_success,
    fcr,
    fcr_no_transfer,
    qa_score,
    reopen_rate,
    survey_fcr,
    transfers_per_issue,
)
from kpi.metrics._issues import ISSUES
from kpi.metrics._shared import BY_PEOPLE, CONTACTS, FALSELY_CONTAINED, example_totals
from kpi.metrics.resolution_quality import AI_ALONE, AI_SESSIONS, CONFIRMED, QA, RESOLVED_FIRST, UNIDENTIFIED
from kpi.uncertainty import wilson

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LATER = date(2026, 5, 1)
NOON = datetime(2026, 3, 5, 12)
Counts = dict[Measure, tuple[int, float] | tuple[int, float, float]]


def evidence(as_of: date = LATER, **windows: Counts) -> Evidence:
    return Evidence(Frame(MARCH, as_of), {name: example_totals(counts) for name, counts in windows.items()})


def values(measure: Measure, frame: pl.DataFrame) -> list[object]:
    return frame.select(measure.value).to_series().to_list()


def test_openers_too_young_to_count_are_told_and_not_called_resolved() -> None:
    found = fcr.estimate(
        evidence(date(2026, 4, 2), period={RESOLVED_FIRST: (100, 90), UNIDENTIFIED: (110, 5)}, mature={RESOLVED_FIRST: (80, 60)})
    )
    assert (found.value, found.parts["immature_share"], found.status) == (0.75, pytest.approx(0.2), Status.PROVISIONAL)


def test_many_unknown_customers_are_a_doubt_about_first_contact_resolution() -> None:
    found = fcr.estimate(evidence(period={RESOLVED_FIRST: (100, 90), UNIDENTIFIED: (100, 21)}, mature={RESOLVED_FIRST: (100, 75)}))
    assert found.reasons == ("unidentified:many",)


@pytest.mark.parametrize("metric", [fcr, fcr_no_transfer, containment_rate, escalation_success])
def test_returns_are_only_asked_of_days_that_are_seven_days_old(metric) -> None:
    assert metric.windows(Frame(MARCH, date(2026, 4, 1)))["mature"].end == date(2026, 3, 25)
    assert "mature" not in metric.windows(Frame(MARCH, date(2026, 3, 8)))


def test_raw_true_and_false_containment_stand_together() -> None:
    found = containment_rate.estimate(evidence(mature={FALSELY_CONTAINED: (70, 20), AI_SESSIONS: (500, 100), AI_ALONE: (500, 70)}))
    assert [found.value, found.parts["raw_containment"], found.parts["true_containment"]] == pytest.approx([2 / 7, 0.7, 0.5])


def test_who_is_passed_on_is_not_solved_without_a_transfer() -> None:
    frame = pl.DataFrame(
        {"role": [1, 1, 1, 1, 2, 0], "returned": [False, False, True, False, False, None], "transfers": [0, 1, 0, None, 0, 0]}
    )
    assert values(fcr_no_transfer.RESOLVED_UNMOVED, frame) == [True, False, False, None, None, None]


def test_confirmed_resolution_is_provisional_while_answers_arrive() -> None:
    counts: Counts = {CONFIRMED: (300, 240), CONTACTS: (3000, 3000)}
    found = confirmed_resolution.estimate(evidence(date(2026, 4, 7), period=counts))
    assert (found.value, found.status, found.parts["answered_share"]) == (0.8, Status.PROVISIONAL, 0.1)
    assert confirmed_resolution.estimate(evidence(date(2026, 4, 8), period=counts)).status is Status.OK


def test_a_case_is_closed_and_opened_again_within_fourteen_days() -> None:
    rows = [  # ended, abandoned, reopened after days -> counted
        (NOON, False, None, False),
        (NOON, None, 1, True),
        (NOON, False, 14, True),
        (NOON, False, 15, False),
        (NOON, True, 1, None),
        (None, False, None, None),
    ]
    frame = pl.DataFrame(
        {
            "ended_at": [row[0] for row in rows],
            "abandoned": [row[1] for row in rows],
            "reopened_at": [None if row[2] is None else NOON + timedelta(days=row[2]) for row in rows],
        }
    )
    assert values(reopen_rate.REOPENED, frame) == [row[3] for row in rows]


def test_reopening_waits_fourteen_days() -> None:
    assert reopen_rate.windows(Frame(MARCH, date(2026, 4, 1)))["mature"].end == date(2026, 3, 18)
    assert "mature" not in reopen_rate.windows(Frame(MARCH, date(2026, 3, 15)))
    young = evidence(date(2026, 4, 1), period={reopen_rate.REOPENED: (100, 4)}, mature={reopen_rate.REOPENED: (60, 3)})
    found = reopen_rate.estimate(young)
    assert (found.value, found.status, found.parts["immature_share"]) == (0.05, Status.PROVISIONAL, pytest.approx(0.4))


def test_where_no_reopening_was_ever_noted_there_is_no_figure_and_no_zero() -> None:
    found = reopen_rate.estimate(evidence(period={reopen_rate.REOPENED: (100, 0)}, mature={reopen_rate.REOPENED: (100, 0)}))
    assert (found.status, found.value, found.reasons) == (Status.NO_DATA, None, ("reopening:none_recorded",))


def reviews(n: int, mean: float, sd: float) -> tuple[int, float, float]:
    return n, n * mean, n * mean**2 + (n - 1) * sd**2


def test_reviews_have_the_interval_of_a_mean_and_critical_errors_stand_apart() -> None:
    found = qa_score.estimate(evidence(period={QA: reviews(60, 86, 9), qa_score.CRITICAL: (60, 3), BY_PEOPLE: (4000, 3000)}))
    assert (found.low, found.high) == pytest.approx((86 - 2.001 * 9 / 60**0.5, 86 + 2.001 * 9 / 60**0.5), abs=1e-3)
    assert found.parts == {"critical_share": 0.05, "reviewed_share": 0.02}


def test_nineteen_reviews_are_too_few_and_twenty_a_small_sample() -> None:
    few = qa_score.estimate(evidence(period={QA: reviews(19, 86, 9)}))
    assert (few.status, few.value, few.reasons) == (Status.INSUFFICIENT, None, ("sample:below_20",))
    assert qa_score.estimate(evidence(period={QA: reviews(20, 86, 9)})).status is Status.SMALL_SAMPLE
    assert qa_score.estimate(evidence(period={})).status is Status.NO_DATA


def test_the_limits_of_reviews_stay_on_the_rubric() -> None:
    found = qa_score.estimate(evidence(period={QA: reviews(20, 97, 12)}))
    assert (found.high, found.low is not None and found.low < 97) == (100.0, True)


def test_contacts_per_issue_is_one_over_the_share_that_opens() -> None:
    found, share = contacts_per_issue.estimate(evidence(period={ISSUES: (1250, 1000)})), wilson(1000, 1250)
    assert (found.value, found.low, found.high) == pytest.approx((1.25, 1 / share.high, 1 / share.low))
    frame = pl.DataFrame({"role": [0, 1, 2, 3, None]})
    assert values(ISSUES, frame) == [None, True, False, None, None]


@pytest.mark.parametrize(("counts", "status"), [((4, 4), Status.INSUFFICIENT), ((50, 0), Status.INSUFFICIENT), ((0, 0), Status.NO_DATA)])
def test_without_issues_there_is_nothing_to_divide_by(counts, status) -> None:
    found = contacts_per_issue.estimate(evidence(period={ISSUES: counts}))
    assert (found.status, found.value) == (status, None)


def test_the_interval_of_transfers_is_that_of_a_bootstrap_of_contacts() -> None:
    rng = np.random.default_rng(1)
    opens = (rng.random(2000) < 0.8).astype(int)
    moves = rng.binomial(2, np.where(opens == 1, 0.05, 0.2))
    counts: Counts = {
        transfers_per_issue.TRANSFERS: (2000, int(moves.sum()), int((moves**2).sum())),
        transfers_per_issue.OPENED: (2000, int(opens.sum()), int(opens.sum())),
        transfers_per_issue.TRANSFERS_OF_OPENERS: (2000, int((moves * opens).sum())),
    }
    found = transfers_per_issue.estimate(evidence(period=counts))
    picks = rng.integers(0, 2000, (4000, 2000))
    low, high = np.quantile(moves[picks].sum(axis=1) / opens[picks].sum(axis=1), [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.004)
    assert found.n == opens.sum()


def test_nine_issues_are_too_few_for_transfers() -> None:
    counts: Counts = {transfers_per_issue.TRANSFERS: (12, 3, 3), transfers_per_issue.OPENED: (12, 9, 9)}
    assert transfers_per_issue.estimate(evidence(period=counts)).status is Status.INSUFFICIENT
    assert transfers_per_issue.estimate(evidence(period={})).status is Status.NO_DATA


def test_transfers_of_unknown_customers_or_that_are_not_known_are_left_out() -> None:
    frame = pl.DataFrame({"role": [0, 1, 1, 2, 3, None], "transfers": [1, 2, None, 1, 1, 1]})
    assert values(transfers_per_issue.TRANSFERS, frame) == [None, 2, None, 1, 1, None]
    assert values(transfers_per_issue.OPENED, frame) == [None, True, None, False, False, None]
    assert values(transfers_per_issue.TRANSFERS_OF_OPENERS, frame) == [None, 2, None, 0, 0, None]


def test_an_escalation_helped_where_a_person_was_reached_and_nobody_came_back() -> None:
    frame = pl.DataFrame(
        {
            "human_requested_at": [NOON, NOON, NOON, NOON, None],
            "human_reached_at": [NOON, NOON, None, NOON, None],
            "returned": [False, True, False, None, False],
        }
    )
    assert values(escalation_success.HELPED, frame) == [True, False, False, None, None]
    assert values(escalation_success.IN_VAIN, frame) == [False, False, True, None, None]


def test_those_who_came_back_are_the_rest() -> None:
    found = escalation_success.estimate(evidence(mature={escalation_success.HELPED: (200, 136), escalation_success.IN_VAIN: (200, 30)}))
    assert (found.value, found.parts["in_vain"], found.parts["came_back"]) == pytest.approx((0.68, 0.15, 0.17))
    assert escalation_success.estimate(evidence(mature={})).status is Status.NO_DATA


def test_the_survey_is_asked_of_first_contacts_alone() -> None:
    frame = pl.DataFrame({"role": [1, 1, 1, 2, None], "confirmed": [True, False, None, True, True]})
    assert values(survey_fcr.FIRST_CONFIRMED, frame) == [True, False, None, None, None]
    counts: Counts = {survey_fcr.FIRST_CONFIRMED: (250, 190), CONFIRMED: (300, 220), survey_fcr.OPENERS: (3000, 2500)}
    found = survey_fcr.estimate(evidence(period=counts))
    assert (found.value, found.n) == (0.76, 250)
    assert found.parts == {"answered_share": 0.1, "later": 0.6}
    assert survey_fcr.estimate(evidence()).status is Status.NO_DATA
