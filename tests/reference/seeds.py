"""A small centre of any seed: the estimate of each figure beside what was planted for it, over the company's last 13 weeks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from kpi.metric import CONFIDENCE, Estimate, Evidence, Frame, Total, Totals
from kpi.metrics import containment_rate, csat, fcr, resolution_quality, survey_coverage, survey_response_rate
from kpi.metrics._invited import ANSWERED, INVITED, UNSURE
from kpi.reference import answers, contacts, days, invitations, outcome, people, pulse
from kpi.reference.answers import TWICE, could_be_asked
from kpi.reference.capacity import need
from kpi.reference.centre import Centre, make_centre
from kpi.reference.counts import Span, survey, with_chains, with_word, worked
from kpi.reference.latent import expected, with_chances
from kpi.reference.people import SITE_OF_TEAM
from kpi.reference.plan import SITES, SIZES, STORY, TEAMS
from kpi.reference.timeline import Floats, Timeline
from kpi.reference.truth import index
from kpi.uncertainty import z_of
from staffing.metrics import fte_reduction
from tests.reference import added_up
from wellbeing.metrics import agent_wellbeing_index

END = date(2026, 4, 12)
TIMELINE = Timeline(END)
BASE = Span(STORY.go_live - STORY.baseline, STORY.go_live - 1)
NOW = Span(STORY.weeks - STORY.current, STORY.weeks - 1)
PERIOD = added_up.period_of(TIMELINE, NOW)
FRAME = Frame(PERIOD, PERIOD.end + timedelta(weeks=8))  # every answer is in
EVENLY, ONE_BY_ONE = "evenly", "one by one"
TOSSING = (answers, contacts, days, invitations, outcome, people)
answering = pulse.respondents  # of a team, as planned


class Found(NamedTuple):
    estimate: Estimate
    truth: float

    @property
    def limits(self) -> tuple[float, float]:
        low, high = self.estimate.low, self.estimate.high
        assert low is not None
        assert high is not None
        return low, high

    @property
    def held(self) -> bool:
        return self.limits[0] <= self.truth <= self.limits[1]

    @property
    def distance(self) -> float:
        """From the truth, in standard errors as the interval tells them."""
        assert self.estimate.value is not None
        low, high = self.limits
        return (self.estimate.value - self.truth) / ((high - low) / (2 * z_of(CONFIDENCE)))


@contextmanager
def drawn(way: str) -> Iterator[None]:
    """Of the survey the last wave alone. One by one every contact, day and leaver is tossed for by itself, as with real ones, and the
    answers of everybody employed are made, so that it is known what all of them would say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Timeline, "waves", (STORY.last_wave,))
        if way == ONE_BY_ONE:
            for module in TOSSING:
                patch.setattr(module, "choose", one_by_one)
            patch.setattr(pulse, "moods", lambda rng, size: rng.normal(0, 1, size))
            patch.setattr(pulse, "respondents", lambda team, headcount: headcount)
        yield


def one_by_one(rng: np.random.Generator, chance: Floats) -> NDArray[np.bool_]:
    return np.asarray(rng.random(len(chance)) < chance)


def measured(seed: int, way: str) -> dict[str, Found]:
    centre = make_centre(end=END, size=SIZES["small"], seed=seed)
    rows = with_chances(TIMELINE, with_word(centre, with_chains(centre.contacts)), size=centre.size)
    now = rows.filter(NOW.days)
    return {
        **_surveys(centre, now),
        **_outcomes(centre, now),
        "agent_wellbeing_index": _felt(centre, way),
        "fte_reduction": _saved(centre, rows),
    }


def _surveys(centre: Centre, rows: pl.DataFrame) -> dict[str, Found]:
    asked = survey(centre, rows)
    plain = {
        INVITED: (asked["invited"], asked["delivered"]),
        UNSURE: (0, 0),
        ANSWERED: (asked["answered"], asked["answered"]),
    }
    totals = Totals(
        {measure.key: {None: Total(int(n), float(total))} for measure, (n, total) in plain.items()} | added_up.satisfied(centre, rows)
    )
    evidence = Evidence(FRAME, {"period": totals})
    pleased = could_be_asked(rows)["pleased"].mean()
    assert isinstance(pleased, float)
    latent = (1 - TWICE) * pleased + TWICE / 2  # a second answer is a toss of a coin, and the last one counts
    return {
        "csat": Found(csat.estimate(evidence), latent),
        "survey_response_rate": Found(survey_response_rate.estimate(evidence), asked["planted_response_rate"]),
        "survey_coverage": Found(survey_coverage.estimate(evidence), asked["planted_coverage"]),
    }


def _outcomes(centre: Centre, rows: pl.DataFrame) -> dict[str, Found]:
    evidence, truth = added_up.resolution(centre, rows, NOW), expected(TIMELINE, rows)
    return {
        "fcr": Found(fcr.estimate(evidence), truth["fcr"]),
        "containment_rate": Found(containment_rate.estimate(evidence), 1 - truth["ai_integrity"]),
        "resolution_quality": Found(resolution_quality.estimate(evidence), truth["resolution_quality"]),
    }


def _saved(centre: Centre, rows: pl.DataFrame) -> Found:
    """Of the three sites together."""
    sites, spans = range(len(SITES)), (BASE, NOW)
    pieces = [added_up.staffing(centre, rows, site, spans) for site in sites]
    needs = [need(centre, rows, site, spans, planted=True) for site in sites]
    return Found(fte_reduction.estimate(pieces), sum(item.counterfactual - item.now for item in needs))


def _felt(centre: Centre, way: str) -> Found:
    """The index before it is rounded. Its interval is that of who answered (B6): conditions are counted, the same on both sides."""
    everyone, conditions = added_up.scored(centre), worked(centre, added_up.ALL, NOW)
    if way == ONE_BY_ONE:
        some, felt = _some(everyone, centre.seed), {name: float(everyone[name].drop_nulls().to_numpy().mean()) for name in added_up.SCORED}
    else:
        some, felt = everyone, _planned(everyone)
    estimate = agent_wellbeing_index.estimate(added_up.wellbeing(centre, some, NOW))
    return Found(estimate, index({**felt, **conditions}))


def _some(everyone: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Those who answer: of each team as many as planned, whoever they are."""
    rng, found = np.random.default_rng([seed, 14]), []
    for team in range(len(TEAMS)):
        own = everyone.filter(pl.col("team") == team)
        found.append(own[np.sort(rng.permutation(own.height)[: answering(team, own.height)])])
    return pl.concat(found)


def _planned(answered: pl.DataFrame) -> dict[str, float]:
    practices = [TIMELINE.practice_in(SITES[SITE_OF_TEAM[team]], STORY.last_wave) for team in answered["team"]]
    names = {"who5": "who5", "cbi_work": "cbi", "hse": "hse"}
    return {name: sum(getattr(item, planted) for item in practices) / len(practices) for name, planted in names.items()}
