"""NPS, CES and the mix of scales from totals and from the answers themselves: apart from CSAT, the last answer of a week."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from kpi.metric import Evidence, Frame, Measure, Period, Status
from kpi.metrics import ces, nps, scale_mix
from kpi.metrics._scales import ON_SCALE
from kpi.metrics._shared import example_totals
from kpi.subjects import interaction
from kpi.uncertainty import wilson
from tests import factories
from tests.factories.organisation import MOMENT

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
ENOUGH = date(2026, 5, 1)


def evidence(counts: dict[Measure, tuple[int, float]], as_of: date = ENOUGH) -> Evidence:
    return Evidence(Frame(MARCH, as_of), {"period": example_totals(counts)})


def test_nps_is_three_counts_and_its_interval_is_theirs() -> None:
    found = nps.estimate(evidence({nps.PROMOTERS: (200, 100), nps.DETRACTORS: (200, 60)}))
    half = 196 * ((0.5 + 0.3 - 0.2**2) / 200) ** 0.5  # z se, in points
    assert (found.value, found.low, found.high) == pytest.approx((20, 20 - half, 20 + half), abs=0.01)
    assert found.parts == pytest.approx({"promoters": 0.5, "passives": 0.2, "detractors": 0.3})


def test_nps_of_29_answers_is_not_shown() -> None:
    found = nps.estimate(evidence({nps.PROMOTERS: (29, 20), nps.DETRACTORS: (29, 5)}))
    assert (found.status, found.value, found.n, found.reasons) == (Status.INSUFFICIENT, None, 29, ("sample:below_30",))
    assert nps.estimate(evidence({})).status is Status.NO_DATA


def test_ces_is_a_share_with_its_mean() -> None:
    found, limits = ces.estimate(evidence({ces.EASY: (100, 60), ces.EASE: (100, 480)})), wilson(60, 100)
    assert (found.value, found.low, found.high) == (limits.value, limits.low, limits.high)
    assert found.parts == {"mean": 4.8}


@pytest.mark.parametrize(("module", "measures"), [(nps, (nps.PROMOTERS, nps.DETRACTORS)), (ces, (ces.EASY, ces.EASE))])
def test_answers_can_arrive_for_a_week(module, measures) -> None:
    totals = dict.fromkeys(measures, (200, 100))
    assert module.estimate(evidence(totals, date(2026, 4, 7))).status is Status.PROVISIONAL
    assert module.estimate(evidence(totals, date(2026, 4, 8))).status is Status.OK


def test_the_mix_of_scales_goes_along_for_the_comparison() -> None:
    found = scale_mix.estimate(evidence({ON_SCALE["likert5"]: (30, 30), ON_SCALE["smiley3"]: (10, 10)}))
    assert found.value == 0.75
    assert found.parts == {"likert5": 0.75, "smiley3": 0.25}
    assert found.extra["scales"] == {"likert5": 30, "smiley3": 10}
    assert scale_mix.estimate(evidence({})).status is Status.NO_DATA


@pytest.mark.parametrize(
    ("score", "promoter", "detractor"), [(10, True, False), (9, True, False), (8, False, False), (7, False, False), (6, False, True)]
)
def test_seven_and_eight_are_passive(score, promoter, detractor) -> None:
    frame = pl.DataFrame({"nps": [float(score)]})
    assert frame.select(nps.PROMOTERS.value).item() is promoter
    assert frame.select(nps.DETRACTORS.value).item() is detractor


def answer(contact, question, score, hours=1, scale="scale0_10"):
    factories.CustomerAnswerFactory(
        source=contact.source, run=contact.run, interaction_ref=contact.external_id, question=question, scale=scale, score=score,
        answered_at=contact.ended_at + timedelta(hours=hours),
    )  # fmt: skip


@pytest.mark.django_db
def test_each_question_has_its_last_valid_answer_within_seven_days() -> None:
    contact = factories.InteractionFactory()
    for question, scale, scores in (("nps", "scale0_10", (3, 9)), ("ces", "likert7", (2, 6)), ("csat", "likert5", (5, 1))):
        for hours, score in zip((1, 2), scores, strict=True):
            answer(contact, question, score, hours, scale)
        answer(contact, question, 4, 7 * 24 + 1, scale)  # too late
    answer(contact, "nps", 11, 3)  # off the scale: no answer
    row = interaction.read([contact.day]).row(0, named=True)
    assert (row["nps"], row["ces"], row["csat_unit"], row["confirmed"]) == (9, 6, 0, None)


@pytest.mark.django_db
def test_of_two_answers_in_one_moment_the_worse_counts() -> None:
    contact = factories.InteractionFactory()
    for score in (9, 2, 7):
        answer(contact, "nps", score)
    assert interaction.read([contact.day])["nps"].to_list() == [2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tier", "high"), [("gold", True), (" VIP ", True), ("standard", False), ("2", False), ("", None), ("  ", None), (None, None)]
)
def test_a_tier_is_high_by_its_name(tier, high) -> None:
    factories.InteractionFactory(value_tier=tier, day=MOMENT.date())
    assert interaction.read([MOMENT.date()])["high_tier"].to_list() == [high]


def test_the_unknown_is_not_counted() -> None:
    frame = pl.DataFrame({"ces": [None, 4.0, 5.0], "csat_scale": [None, "likert5", "thumbs"]})
    assert frame.select(ces.EASY.value).to_series().to_list() == [None, False, True]
    assert frame.select(ON_SCALE["likert5"].value).to_series().to_list() == [None, 1, None]
