"""The second routes to the sampling doubt of the index: respondents drawn one by one, and the quick form of B6 (i)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from kpi.uncertainty import Interval, geometric_mean_interval
from wellbeing.index import SURVEYED, WEIGHTS, Answers, wellbeing_index
from wellbeing.subjects.pulse import with_spread

POINTS = np.array([1.0, -1.0, 25.0])  # of a dimension for a point of WHO-5, CBI and HSE


@dataclass(frozen=True)
class Team:
    """The scores of one team's respondents in equal order: WHO-5 and CBI work 0-100, HSE 1-5; NaN is not answered."""

    who5: Sequence[float]
    cbi_work: Sequence[float]
    hse: Sequence[float]

    @property
    def scores(self) -> np.ndarray:
        return np.column_stack([self.who5, self.cbi_work, self.hse]).astype(float)


def pooled(teams: Sequence[Team], conditions: Answers) -> Answers:
    means = np.nanmean(np.vstack([team.scores for team in teams]), axis=0)
    n = sum(len(team.who5) for team in teams)
    return replace(conditions, n_respondents=n, who5_mean=means[0], cbi_work_mean=means[1], hse_mean=means[2])


def redrawn(teams: Sequence[Team], conditions: Answers, *, draws: int = 4000, seed: int = 1) -> Interval:
    """Every draw picks as many respondents as each team has, with replacement, and asks the index itself."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(draws):
        picked = [team.scores[rng.integers(0, len(team.who5), len(team.who5))] for team in teams]
        found.append(wellbeing_index(pooled([Team(*scores.T) for scores in picked], conditions)).value or 0.0)
    low, high = np.percentile(found, [2.5, 97.5])
    return Interval(wellbeing_index(pooled(teams, conditions)).value or 0.0, float(low), float(high))


def covariance(teams: Sequence[Team]) -> list[list[float]]:
    """That of the survey means without a finite population, from what the rollup adds up."""
    rows = [(1, place, *scores) for place, team in enumerate(teams) for scores in team.scores.tolist()]
    names = ["who5", "cbi_work", "hse"]
    frame = pl.DataFrame(rows, schema=["site", "team", *names], orient="row", nan_to_null=True).fill_nan(None)
    off = with_spread(frame.with_columns(pl.lit(1).alias("day"))).select(f"{name}_off" for name in names).fill_null(0.0).to_numpy()
    n = frame.select(pl.col(names).count()).to_numpy()[0]
    return ((off.T @ off) * np.outer(POINTS, POINTS) / np.outer(n, n)).tolist()


def quick(scores: Mapping[str, float | None], errors: Mapping[str, float]) -> Interval | None:
    """Standard errors of the survey dimensions on their 0-100 scale, none for the rest, and no word of how they go together."""
    return geometric_mean_interval([scores[name] for name in WEIGHTS], [errors.get(name, 0.0) for name in WEIGHTS], list(WEIGHTS.values()))


def errors(matrix: Sequence[Sequence[float]]) -> dict[str, float]:
    return dict(zip(SURVEYED, np.sqrt(np.diag(np.array(matrix))).tolist(), strict=True))
