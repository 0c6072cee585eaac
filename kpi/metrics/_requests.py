"""Requests for a person: who asked, who reached one, and how long that took, as counts in bins. Not a metric."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import polars as pl

from kpi.access import DAY_S
from kpi.metric import Measure

_TIME = pl.col("human_reached_at") - pl.col("human_requested_at")
_ASKED = pl.col("human_requested_at").is_not_null()
# A person reached before anybody asked is a contradiction of the record: it is left out, not counted as reached at once.
_REQUEST = _ASKED & (_TIME.is_null() | (timedelta(0) <= _TIME))
OPEN_FOR = timedelta(seconds=DAY_S)
REACHED_WHEN_ASKED = pl.when(_REQUEST).then((_TIME <= OPEN_FOR).fill_null(value=False))
REACHED = Measure("human_reached", "interaction", REACHED_WHEN_ASKED)
# How often they tried; whoever asked tried at least once.
ATTEMPTS = Measure("human_attempts", "interaction", pl.when(_REQUEST).then(pl.max_horizontal(pl.col("human_requests"), pl.lit(1))))
# Fine where people decide to stay or to go, coarse where they have gone.
EDGES_S = (0, 15, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 57_600, int(DAY_S))


def _within(low: int, high: int) -> pl.Expr:
    """In the bin (low, high]; the first holds those reached at once."""
    after = timedelta(0) <= _TIME if low == 0 else timedelta(seconds=low) < _TIME
    return after & (timedelta(seconds=high) >= _TIME)


BINS = tuple(Measure(f"human_within_{low}_{high}_s", "interaction", pl.when(_within(low, high)).then(1)) for low, high in pairwise(EDGES_S))
