"""Intervals keep what they promise: how often those of 95 % hold the planted truth, each seed a small centre of its own.

Covered: the four headline figures of the company (satisfaction, wellbeing index, resolution quality, FTE reduction), and with them
response rate, coverage, first contact resolution and false containment, over the last 13 weeks. Rows are added up and handed to the
estimates a page calls. Figures and what they mean: docs/intervals.md.

The generator spreads its draws evenly, so that its own centres show a bias and hardly ever an interval that is too narrow: each interval
has to hold in 93 of 100 as generated. Then the same hundred with everything drawn one by one. True intervals of 95 % hold in 93 of 100 or
more in 87 of 100 cases each, and eight of them do in one case of three: that each does cannot be asked of a hundred seeds. They are
judged together, and each against what chance allows (coverage 92, false containment 91 of these hundred). That each holds in 93 of 100 is
asked of 400 further seeds, where chance leaves a true one below that in 3 of 100 cases (there coverage 386, false containment 384). No
seed was chosen by what it shows.

Two truths turned out to be other quantities than were measured, and were mended in kpi/reference: outcomes are planted as far as records
can tell them (latent.py; customers who come back unknown and customers who call anew by chance), and the FTE reduction with the mix of
intents that came. Of the wellbeing index the truth is the index had everybody employed answered: its interval takes off for a finite
group (B1), and held the mean of whoever might work there in 62 of 100 only. It is looked at before it is rounded.

One interval is too narrow by its formula, which is binding (metrics.md D6): resolution quality adds up the variances of its parts as if
they were independent, but the same contacts are in several. Errors of first contact resolution and AI integrity correlate by 0.39, those
of confirmed resolution with the two by 0.18 and 0.19; the variance is 1.36 times what D6 has, and 91 of 100 hold. It is held to that.

Not covered: import and roll-up (test_truth.py compares those for one seed), sites and teams, periods of other lengths.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean, stdev

import pytest
from scipy import stats

from kpi.metric import CONFIDENCE
from tests.reference.seeds import EVENLY, ONE_BY_ONE, Found, drawn, measured

pytestmark = pytest.mark.slow
CHOSEN = range(1, 101)  # before anybody had looked at them
FURTHER = range(1000, 1400)
ENOUGH = 0.93
RARE = 0.001  # a test that fails by bad luck once in a thousand
NAMES = (
    "csat",
    "survey_response_rate",
    "survey_coverage",
    "fcr",
    "containment_rate",
    "resolution_quality",
    "agent_wellbeing_index",
    "fte_reduction",
)
TOO_NARROW = {"resolution_quality": 0.91}  # what its formula is worth
Held = dict[str, int]


def held(seeds: Iterable[int], way: str) -> Held:
    """In how many seeds each interval held its truth. The figures are what one runs it for: -s shows them."""
    with drawn(way):
        found = [measured(seed, way) for seed in seeds]
    counts = {name: sum(figures[name].held for figures in found) for name in NAMES}
    print(f"\n{len(found)} seeds, drawn {way}")
    for name in NAMES:
        print(f"{name:>24}: {counts[name]} held, {told([figures[name] for figures in found])}")
    return counts


def told(figures: list[Found]) -> str:
    distances = [figure.distance for figure in figures]
    return f"distances from the truth in standard errors: mean {mean(distances):+.2f}, spread {stdev(distances):.2f}"


@pytest.fixture(scope="module")
def as_generated() -> Held:
    return held(CHOSEN, EVENLY)


@pytest.fixture(scope="module")
def tossed() -> Held:
    return held(CHOSEN, ONE_BY_ONE)


@pytest.fixture(scope="module")
def further() -> Held:
    return held(FURTHER, ONE_BY_ONE)


@pytest.mark.parametrize("name", NAMES)
def test_intervals_of_the_centre_as_it_is_generated_hold_the_planted_truth_in_93_of_100(as_generated: Held, name: str) -> None:
    assert as_generated[name] >= ENOUGH * len(CHOSEN)


@pytest.mark.parametrize("name", NAMES)
def test_no_interval_holds_the_planted_truth_more_seldom_than_chance_allows(tossed: Held, name: str) -> None:
    assert tossed[name] >= stats.binom.ppf(RARE, len(CHOSEN), TOO_NARROW.get(name, CONFIDENCE))


def test_intervals_hold_the_planted_truth_as_often_as_they_say(tossed: Held) -> None:
    counted = [tossed[name] for name in NAMES if name not in TOO_NARROW]
    assert sum(counted) >= ENOUGH * len(CHOSEN) * len(counted)


@pytest.mark.parametrize("name", NAMES)
def test_each_interval_by_itself_holds_the_planted_truth_over_four_hundred_further_centres(further: Held, name: str) -> None:
    assert further[name] >= (stats.binom.ppf(RARE, len(FURTHER), TOO_NARROW[name]) if name in TOO_NARROW else ENOUGH * len(FURTHER))
