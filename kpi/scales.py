"""Answer scales and what they mean on a common 0-1 unit, and scores against fixed goalposts (metrics.md A1, B3)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SATISFIED_FROM = 0.75


@dataclass(frozen=True)
class Scale:
    """The lowest and the highest answer of a scale."""

    low: float
    high: float


SCALES = {
    "likert5": Scale(1, 5),
    "stars5": Scale(1, 5),
    "likert7": Scale(1, 7),
    "likert4": Scale(1, 4),
    "scale1_10": Scale(1, 10),
    "scale0_10": Scale(0, 10),
    "smiley3": Scale(1, 3),
    "thumbs": Scale(0, 1),
}


@dataclass(frozen=True)
class Answer:
    """An answer on the common unit; out of range it is no response: `valid` is False and nothing else is known."""

    valid: bool
    unit_score: float | None = None
    satisfied: bool | None = None


def map_answer(scale: str, value: float) -> Answer:
    """u = (x - min)/(max - min) in [0, 1], satisfied from 0.75 (A1). ValueError for a scale that does not exist."""
    try:
        known = SCALES[scale]
    except KeyError:
        raise ValueError(f"“{scale}” is not an answer scale; these are: {', '.join(SCALES)}") from None
    if not known.low <= value <= known.high:
        return Answer(valid=False)
    unit = (value - known.low) / (known.high - known.low)
    return Answer(valid=True, unit_score=unit, satisfied=unit >= SATISFIED_FROM)


def unit_score(scale: pl.Expr, score: pl.Expr) -> pl.Expr:
    """The same as `map_answer` over columns: null where the scale is unknown or the answer is out of its range."""
    low = scale.replace_strict({key: item.low for key, item in SCALES.items()}, default=None, return_dtype=pl.Float64)
    high = scale.replace_strict({key: item.high for key, item in SCALES.items()}, default=None, return_dtype=pl.Float64)
    number = score.cast(pl.Float64)
    return pl.when(number.is_between(low, high)).then((number - low) / (high - low))


def goalpost(value: float, *, worst: float, best: float) -> float:
    """0 at `worst` or beyond, 100 at `best` or beyond, straight in between (B3). The goalposts never move with the data."""
    if worst == best:
        raise ValueError(f"the two goalposts are the same: {worst}")
    return min(100.0, max(0.0, 100.0 * (value - worst) / (best - worst)))


def scale_break(before: dict[str, int], after: dict[str, int]) -> bool:
    """True where the share of any scale in the mix moved by more than 10 points (A1)."""
    total_before, total_after = sum(before.values()), sum(after.values())
    if not total_before or not total_after:
        return False
    moved = (abs(after.get(key, 0) / total_after - before.get(key, 0) / total_before) for key in {*before, *after})
    return any(step > 0.10 for step in moved)
