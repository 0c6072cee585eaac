"""Scores of the wellbeing questionnaires, one respondent at a time (metrics.md B1). Pure arithmetic.

Scores are for groups only: nobody stores or shows what a function here returns for one person, and none is a diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Items = Sequence[float | None]

WHO5_ITEMS, WHO5_TOP = 5, 5
CBI_ITEMS, CBI_NEEDED = 7, 4
HSE_ITEMS = 35
AUTONOMY_ITEMS = 2
HSE_SCALES: dict[str, tuple[int, ...]] = {
    "demands": (3, 6, 9, 12, 16, 18, 20, 22),
    "control": (2, 10, 15, 19, 25, 30),
    "manager_support": (8, 23, 29, 33, 35),
    "peer_support": (7, 24, 27, 31),
    "relationships": (5, 14, 21, 34),
    "role": (1, 4, 11, 13, 17),
    "change": (26, 28, 32),
}
HSE_REVERSED = frozenset({3, 5, 6, 9, 12, 14, 16, 18, 20, 21, 22, 34})


@dataclass(frozen=True)
class Who5:
    """raw 0-25, score 0-100, high is good; the reading aids are for groups here, whatever their origin."""

    raw: float | None = None
    score: float | None = None
    at_or_below_50: bool | None = None
    at_or_below_28: bool | None = None


@dataclass(frozen=True)
class Scored:
    """A score, None where too few items were answered, and how many were."""

    score: float | None
    answered: int


@dataclass(frozen=True)
class Hse:
    """Seven scale means 1-5, high is good; overall only if all seven exist, then also on 0-100."""

    demands: float | None
    control: float | None
    manager_support: float | None
    peer_support: float | None
    relationships: float | None
    role: float | None
    change: float | None
    overall: float | None
    overall_0_100: float | None


def who5(items: Items) -> Who5:
    """Five items 0-5, all needed; score = sum x 4. ValueError for another number of items or an answer out of range."""
    answered = _answered(items, count=WHO5_ITEMS, low=0, high=WHO5_TOP)
    if len(answered) < WHO5_ITEMS:
        return Who5()
    raw = sum(answered.values())
    return Who5(raw=raw, score=raw * 4, at_or_below_50=raw * 4 <= 50, at_or_below_28=raw * 4 <= 28)


def cbi_work(items: Items) -> Scored:
    """Seven items ticked 1-5 (5 = always), read as 0/25/50/75/100, the last one reversed; mean if at least 4, high is bad."""
    answered = _answered(items, count=CBI_ITEMS, low=1, high=5)
    points = [25 * (5 - value if place == CBI_ITEMS - 1 else value - 1) for place, value in answered.items()]
    return Scored(sum(points) / len(points) if len(points) >= CBI_NEEDED else None, len(points))


def hse_indicator(items: Items) -> Hse:
    """35 items as ticked 1-5; a scale needs half of its items, the overall all seven scales; 0-100 form (m - 1)/4 x 100."""
    answered = _answered(items, count=HSE_ITEMS, low=1, high=5)
    turned = {place + 1: 6 - value if place + 1 in HSE_REVERSED else value for place, value in answered.items()}
    means: dict[str, float | None] = {}
    for name, keys in HSE_SCALES.items():
        known = [turned[key] for key in keys if key in turned]
        means[name] = sum(known) / len(known) if 2 * len(known) >= len(keys) else None
    scales = [mean for mean in means.values() if mean is not None]
    overall = sum(scales) / len(scales) if len(scales) == len(HSE_SCALES) else None
    return Hse(**means, overall=overall, overall_0_100=None if overall is None else on_0_100(overall, low=1, high=5))


def hse_from_answers(answers: Mapping[str, float | None]) -> Hse:
    """The same from {"1" .. "35": answer}; a number that is not there was not answered."""
    unknown = set(answers) - {str(key) for key in range(1, HSE_ITEMS + 1)}
    if unknown:
        raise ValueError(f"the HSE indicator tool has items 1 to 35, not {', '.join(sorted(unknown))}")
    return hse_indicator([answers.get(str(key)) for key in range(1, HSE_ITEMS + 1)])


def generic(
    items: Items, *, lo: float, hi: float, reversed_items: Sequence[int] = (), min_answered: int = 1, output: str = "mean"
) -> Scored:
    """Mean of the answered items (places in `reversed_items`, from 0, turned round), or the mean on 0-100. None below `min_answered`."""
    if output not in ("mean", "0-100"):
        raise ValueError(f"a score is a “mean” or “0-100”, not “{output}”")
    turned = frozenset(reversed_items)
    values = [lo + hi - value if place in turned else value for place, value in _answered(items, count=len(items), low=lo, high=hi).items()]
    if not values or len(values) < min_answered:
        return Scored(None, len(values))
    mean = sum(values) / len(values)
    return Scored(mean if output == "mean" else on_0_100(mean, low=lo, high=hi), len(values))


def stress_single_item(answer: float | None) -> float | None:
    """One item 1-5 as 100 - 25(x - 1): high is good. Pulse only, never part of the index."""
    answered = _answered([answer], count=1, low=1, high=5)
    return 100 - 25 * (answered[0] - 1) if answered else None


def would_recommend(answer: float | None) -> float | None:
    """The one question of eNPS, 0-10 as given: a group is promoters less detractors (A5), nobody has a score."""
    answered = _answered([answer], count=1, low=0, high=10)
    return answered[0] if answered else None


def autonomy(items: Items) -> Scored:
    """Two items 1-5 of the built-in survey as a mean on 0-100, high is good; both needed. Policy; never part of the index."""
    if len(items) != AUTONOMY_ITEMS:
        raise ValueError(f"{AUTONOMY_ITEMS} items are expected, {len(items)} were given")
    return generic(items, lo=1, hi=5, min_answered=AUTONOMY_ITEMS, output="0-100")


def on_0_100(mean: float, *, low: float, high: float) -> float:
    """A mean on its own scale as 0-100."""
    return (mean - low) / (high - low) * 100


# Instrument key of a wellbeing answer -> its score on the instrument's own scale (hse: 1-5; enps: 0-10; the others: 0-100).
SCORES: dict[str, Callable[[Items], float | None]] = {
    "who5": lambda items: who5(items).score,
    "cbi_work": lambda items: cbi_work(items).score,
    "hse": lambda items: hse_indicator(items).overall,
    "stress1": lambda items: stress_single_item(*items),
    "enps": lambda items: would_recommend(*items),
    "autonomy2": lambda items: autonomy(items).score,
}
OF_THE_INDEX = ("who5", "cbi_work", "hse")  # who answered only the others is no respondent of the index (B1)
ITEM_COUNTS = {"who5": WHO5_ITEMS, "cbi_work": CBI_ITEMS, "hse": HSE_ITEMS, "stress1": 1, "enps": 1, "autonomy2": AUTONOMY_ITEMS}
ITEM_RANGES = {"who5": (0, WHO5_TOP), "cbi_work": (1, 5), "hse": (1, 5), "stress1": (1, 5), "enps": (0, 10), "autonomy2": (1, 5)}


def read_items(text: str) -> list[float | None]:
    """Answers as they are stored: separated by ";" in questionnaire order, empty = skipped."""
    return [float(part) if part.strip() else None for part in text.split(";")]


def _answered(items: Items, *, count: int, low: float, high: float) -> dict[int, float]:
    """{place from 0: answer} of what was answered."""
    if len(items) != count:
        raise ValueError(f"{count} items are expected, {len(items)} were given")
    answered = {place: value for place, value in enumerate(items) if value is not None}
    for place, value in answered.items():
        if not low <= value <= high:
            raise ValueError(f"item {place + 1} is {value}; answers are from {low} to {high}")
    return answered
