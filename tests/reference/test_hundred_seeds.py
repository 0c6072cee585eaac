"""Intervals keep what they promise: over a hundred centres the planted truth lies in at least 93 of 100 intervals of 95 %.

Covered: satisfaction, response rate and coverage of the company over the last 13 weeks of the small centre, each seed a centre of its own.
Its rows are added up and handed to the estimates of the definitions (the `estimate` a page calls). The generator spreads its draws evenly,
so that its own centres show a bias and never an interval that is too narrow; therefore the same hundred again with answers and invitations
drawn contact by contact. Both are judged together over the three figures, and each by itself against what chance does to a hundred draws of
true 95 % intervals. The seeds 1 to 100 were chosen before anybody had looked at them.

The intervals themselves were looked at with 400 other seeds (1000 to 1399), drawn contact by contact: 382 held satisfaction, 380 the
response rate, 379 the coverage (95.5, 95.0 and 94.8 %; a count of 400 true ones lies between 371 and 388 in 95 of 100 cases), the
distances from the truth in standard errors spread by 1.05, 0.97 and 0.99. An earlier edition of this test took for the truth of
satisfaction what customers felt; but two of a hundred who answer in time answer once more, by the toss of a coin, and the last answer
counts (A2): that lies half a point lower and cost a hundred seeds about one interval. There is no design effect to correct for: whether a
customer is satisfied is drawn for each contact by itself, and the weights of the strata are in Kish's n.

Not covered: import and roll-up (test_truth.py compares those for one seed), sites and teams, wellbeing and the saving. False containment
neither: six of a hundred who come back do so as unknown customers, whom no record ties to their session, so that what was planted
(28.0 %) lies 1.6 points above what anybody could count; 91 of 100 intervals held it.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy import stats

from kpi.metric import CONFIDENCE, Estimate, Evidence, Frame, Period, Stratum, Total, Totals
from kpi.metrics import csat, survey_coverage, survey_response_rate
from kpi.metrics._csat import SATISFIED
from kpi.metrics._invited import ANSWERED, INVITED, UNSURE
from kpi.metrics._shared import CONTACTS
from kpi.reference import answers as answers_of
from kpi.reference import invitations as invitations_of
from kpi.reference.answers import TWICE, could_be_asked, make_answers
from kpi.reference.contacts import make_contacts
from kpi.reference.counts import SATISFIED as FROM
from kpi.reference.counts import WEEK, survey
from kpi.reference.invitations import make_invitations
from kpi.reference.plan import CHANNELS, INTENTS, SIZES
from kpi.reference.timeline import Floats, Timeline

pytestmark = pytest.mark.slow
SEEDS = range(1, 101)
ENOUGH = 0.93
RARE = 0.001  # a test that fails by bad luck once in a thousand
WAYS = ("evenly", "one by one")
NAMES = ("csat", "survey_response_rate", "survey_coverage")
TIMELINE = Timeline(date(2026, 4, 12))
WEEKS = 13
PERIOD = Period(TIMELINE.monday(TIMELINE.story.weeks - WEEKS), TIMELINE.end + timedelta(1))
FRAME = Frame(PERIOD, PERIOD.end + timedelta(weeks=8))  # everything is in


def measured(seed: int) -> dict[str, tuple[Estimate, float]]:
    """Each estimate beside what was planted."""
    contacts = make_contacts(TIMELINE, contacts=SIZES["small"], seed=seed)
    answers = make_answers(TIMELINE, contacts, seed=seed)
    centre: Any = SimpleNamespace(answers=answers, invitations=make_invitations(TIMELINE, contacts, answers, seed=seed))
    known = contacts.filter(pl.col("day") >= 7 * (TIMELINE.story.weeks - WEEKS))
    asked = survey(centre, known)
    plain = {
        INVITED: (asked["invited"], asked["delivered"]),
        UNSURE: (0, 0),
        ANSWERED: (asked["answered"], asked["answered"]),
    }
    strata = satisfied_by_stratum(centre, known)
    totals = Totals({measure.key: {None: Total(int(n), float(total))} for measure, (n, total) in plain.items()} | strata)
    evidence = Evidence(FRAME, {"period": totals})
    pleased = could_be_asked(known)["pleased"].mean()
    assert isinstance(pleased, float)
    latent = (1 - TWICE) * pleased + TWICE / 2  # a second answer is a toss of a coin, and the last one counts
    return {
        "csat": (csat.estimate(evidence), latent),
        "survey_response_rate": (survey_response_rate.estimate(evidence), asked["planted_response_rate"]),
        "survey_coverage": (survey_coverage.estimate(evidence), asked["planted_coverage"]),
    }


def satisfied_by_stratum(centre: Any, contacts: pl.DataFrame) -> dict[str, dict[Stratum | None, Total]]:
    """Contacts, and of each the last answer within seven days of closing, by channel, intent group and machine alone."""
    found = centre.answers.filter(pl.col("question") == "csat").join(contacts.select("number", "closed"), on="number")
    last = found.filter(pl.col("answered") <= pl.col("closed") + WEEK).sort("answered").group_by("number").last()
    happy = last.select("number", satisfied=pl.col("score") >= pl.col("scale").replace_strict(FROM, return_dtype=pl.Int64))
    groups = [intent.group for intent in INTENTS]
    rows = contacts.join(happy, on="number", how="left").with_columns(
        group=pl.col("intent").replace_strict(list(range(len(groups))), groups, return_dtype=pl.String), alone=pl.col("kind") == "ai"
    )
    table = rows.group_by("channel", "group", "alone").agg(
        pl.len().alias("all"), pl.col("satisfied").count().alias("n"), pl.col("satisfied").sum().alias("k")
    )
    made: dict[str, dict[Stratum | None, Total]] = {CONTACTS.key: {}, SATISFIED.key: {}}
    for channel, group, alone, every, n, k in table.iter_rows():
        stratum = Stratum(CHANNELS[channel].code, group, alone)
        made[CONTACTS.key][stratum], made[SATISFIED.key][stratum] = Total(every, every), Total(n, k)
    return made


def one_by_one(rng: np.random.Generator, chance: Floats) -> NDArray[np.bool_]:
    """Every contact by itself, as people answer."""
    return np.asarray(rng.random(len(chance)) < chance)


@pytest.fixture(scope="module", params=WAYS)
def drawn(request: pytest.FixtureRequest) -> tuple[str, Counter[str]]:
    """How chance was drawn, and in how many seeds each interval held its truth."""
    found: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "one by one":
            for module in (answers_of, invitations_of):
                patch.setattr(module, "choose", one_by_one)
        for seed in SEEDS:
            for name, (estimate, truth) in measured(seed).items():
                assert estimate.low is not None
                assert estimate.high is not None
                found[name] += estimate.low <= truth <= estimate.high
    print(request.param, dict(found))  # the figure is what one runs it for: -s shows it
    return request.param, found


@pytest.mark.parametrize("name", NAMES)
def test_no_interval_holds_the_planted_truth_more_seldom_than_chance_allows(drawn: tuple[str, Counter[str]], name: str) -> None:
    how, held = drawn
    assert held[name] >= stats.binom.ppf(RARE, len(SEEDS), CONFIDENCE), f"{how}: {held[name]} of {len(SEEDS)}"


def test_intervals_hold_the_planted_truth_as_often_as_they_say(drawn: tuple[str, Counter[str]]) -> None:
    how, held = drawn
    assert held.total() >= ENOUGH * len(SEEDS) * len(NAMES), f"{how}: {dict(held)} of {len(SEEDS)} each"
