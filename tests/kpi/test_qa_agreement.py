"""Agreement of reviewers: against another implementation, from stored reviews, and never about a few of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from kpi.metric import Evidence, Frame, Period, Status, Total
from kpi.metrics import qa_agreement
from kpi.metrics._shared import example_totals
from kpi.metrics.qa_agreement import APART, GROUPS, ONE, OTHER, QA, kappa
from kpi.models import Team
from kpi.subjects import interaction
from tests import factories

FRAME = Frame(Period(date(2026, 3, 1), date(2026, 4, 1)), date(2026, 5, 1))
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def sums(one: np.ndarray, other: np.ndarray) -> tuple[Total, Total, Total]:
    return (*(Total(len(x), float(x.sum()), float((x**2).sum())) for x in (one, other)), Total(len(one), float(((one - other) ** 2).sum())))


@pytest.mark.parametrize("noise", [0, 1, 3, 10])
def test_it_is_the_weighted_kappa_of_statsmodels(noise: int) -> None:
    rng = np.random.default_rng(noise)
    one = rng.integers(0, 11, 300)
    other = np.clip(one + rng.integers(-noise, noise + 1, 300), 0, 10)
    table = np.zeros((11, 11))
    np.add.at(table, (one, other), 1)
    expected = cohens_kappa(table, wt="quadratic", return_results=False)
    found = kappa(*sums(10.0 * one, 10.0 * other))
    assert found is not None
    assert found.value == pytest.approx(expected)
    assert found.low <= found.value <= found.high


def test_the_limits_hold_the_true_agreement_in_about_nineteen_of_twenty() -> None:
    rng, covered = np.random.default_rng(5), 0
    for _turn in range(400):
        truth = rng.normal(0, 1, 60)
        one, other = truth + rng.normal(0, 0.5, 60), truth + rng.normal(0, 0.5, 60)
        found = kappa(*sums(one, other))
        assert found is not None
        covered += found.low <= 1 / 1.25 <= found.high
    assert 366 <= covered <= 394


def evidence(pairs: int = 100, groups: int = 6, apart: float = 25.0) -> Evidence:
    scores = (pairs, 80 * pairs, pairs * (80**2 + 10**2))
    counted = {ONE: scores, OTHER: scores, APART: (pairs, apart * pairs), QA: (2000, 160_000, 13_000_000)}
    return Evidence(FRAME, {"period": example_totals({**counted, **dict.fromkeys(GROUPS[:groups], (9, 9))})})


@pytest.mark.parametrize(
    ("given", "status", "reasons"),
    [
        (evidence(), Status.OK, ()),
        (evidence(apart=100.0), Status.OK, ("raters:disagree",)),
        (evidence(pairs=19), Status.INSUFFICIENT, ("sample:below_20",)),
        (evidence(groups=4), Status.SUPPRESSED, ("raters:few",)),
        (Evidence(FRAME, {"period": example_totals({QA: (30, 2400, 200_000)})}), Status.NO_DATA, ("raters:none",)),
    ],
)
def test_what_is_shown_and_why_not(given: Evidence, status: Status, reasons: tuple[str, ...]) -> None:
    found = qa_agreement.estimate(given)
    assert (found.status, found.reasons) == (status, reasons)


@pytest.mark.django_db
def test_a_pair_is_the_last_review_of_two_people_whoever_came_first(lark: Team) -> None:
    reviews = {
        "two": [(50, 60.0, 0), (30, 80.0, 1), (50, 70.0, 2)],  # who came again counts with the last score
        "one twice": [(30, 80.0, 0), (30, 90.0, 1)],
        "unknown": [(None, 80.0, 0), (30, 90.0, 1)],
    }
    for name, given in reviews.items():
        factories.InteractionFactory(team=lark, external_id=name, started_at=NOON)
        for rater, score, hours in given:
            factories.QualityReviewFactory(interaction_ref=name, rater=rater, score=score, reviewed_at=NOON + timedelta(hours=hours))
    frame = interaction.read([NOON.date()]).filter(pl.col("qa_one").is_not_null())
    assert frame.select("qa_one", "qa_other", "qa_raters").rows() == [(80.0, 70.0, 2**14 + 2**2)]
    assert [frame.select(group.value).item() for group in GROUPS] == [1 if place in {2, 14} else None for place in range(16)]
    assert frame.select(APART.value).item() == 100.0
