"""Intervals keep what they promise: over a hundred centres the planted truth lies in at least 93 of the intervals of 95 %.

Covered: satisfaction, response rate and coverage of the company over the last 13 weeks of the small centre, each seed a centre of its own.
Its rows are added up and handed to the estimates of the definitions (the `estimate` a page calls). The generator spreads its draws evenly,
so that its own centres show a bias and never an interval that is too narrow (100, 100 and 100 of 100 when this was written); therefore
the same hundred again with answers and invitations drawn contact by contact, where true 95 % intervals hold 90 and more of 100 in 97 of 100
trials (92, 95 and 91).
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

from kpi.metric import Estimate, Evidence, Frame, Period, Stratum, Total, Totals
from kpi.metrics import csat, survey_coverage, survey_response_rate
from kpi.metrics._csat import SATISFIED
from kpi.metrics._invited import ANSWERED, INVITED, UNSURE
from kpi.metrics._shared import CONTACTS
from kpi.reference import answers as answers_of
from kpi.reference import invitations as invitations_of
from kpi.reference.answers import could_be_asked, make_answers
from kpi.reference.contacts import make_contacts
from kpi.reference.counts import SATISFIED as FROM
from kpi.reference.counts import WEEK, survey
from kpi.reference.invitations import make_invitations
from kpi.reference.plan import CHANNELS, INTENTS, SIZES
from kpi.reference.timeline import Floats, Timeline

pytestmark = pytest.mark.slow
SEEDS = range(100)
ENOUGH = {"evenly": 93, "one by one": 90}
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
    latent = could_be_asked(known)["pleased"].mean()
    assert isinstance(latent, float)
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


@pytest.fixture(scope="module", params=list(ENOUGH))
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
def test_the_interval_holds_the_planted_truth_as_often_as_it_says(drawn: tuple[str, Counter[str]], name: str) -> None:
    how, held = drawn
    assert held[name] >= ENOUGH[how], f"{held[name]} of {len(SEEDS)}"
