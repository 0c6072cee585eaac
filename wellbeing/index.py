"""The agent wellbeing index from group means and work conditions: dimensions, red flags, band (metrics.md B2-B6). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from kpi.anonymity import enough_people
from kpi.metric import Status
from kpi.scales import goalpost
from kpi.uncertainty import geometric_mean

# (worst, best) of each work-condition signal (B2, B3). Changing one is a change of the definition.
GOALPOSTS = {
    "occupancy": (0.95, 0.75),
    "recovery_min_per_hour": (0.0, 5.0),
    "after_hours_min_per_week": (120.0, 0.0),
    "high_emotion_run_share": (0.20, 0.0),
    "short_notice_change_share": (0.30, 0.0),
    "prompts_per_hour": (30.0, 6.0),
    "right_to_disable_share": (0.0, 1.0),
    "override_penalty_gap": (0.10, 0.0),
    "absence_rate": (0.10, 0.02),
    "attrition_rate": (0.60, 0.10),
}
# (signals, how many must be known) of each dimension made of signals (B4).
SIGNALS = {
    "workload": (
        ("occupancy", "recovery_min_per_hour", "after_hours_min_per_week", "high_emotion_run_share", "short_notice_change_share"),
        3,
    ),
    "ai_autonomy": (("prompts_per_hour", "right_to_disable_share", "override_penalty_gap"), 2),
    "stability": (("absence_rate", "attrition_rate"), 1),
}
WEIGHTS = {"wellbeing": 0.30, "exhaustion": 0.25, "resources": 0.15, "workload": 0.15, "ai_autonomy": 0.075, "stability": 0.075}
FELT = ("wellbeing", "exhaustion")
SURVEYED = ("wellbeing", "exhaustion", "resources")  # dimensions that are means of answers
CONDITIONS = ("resources", "workload", "ai_autonomy", "stability")
FEWEST_DIMENSIONS, WEIGHT_NEEDED = 3, 0.65
GOOD, WATCH, LOW_DIMENSION = 70.0, 55.0, 25.0
SHARES = ("occupancy", "high_emotion_run_share", "right_to_disable_share")


@dataclass(frozen=True)
class Answers:
    """What is known about a group: means on the instruments' own scales, signals in the units of B2; None is missing."""

    n_respondents: int
    headcount: int | None
    who5_mean: float | None = None  # 0-100
    cbi_work_mean: float | None = None  # 0-100, high is bad
    hse_mean: float | None = None  # 1-5
    occupancy: float | None = None
    recovery_min_per_hour: float | None = None
    after_hours_min_per_week: float | None = None
    high_emotion_run_share: float | None = None
    short_notice_change_share: float | None = None
    prompts_per_hour: float | None = None
    right_to_disable_share: float | None = None
    override_penalty_gap: float | None = None
    absence_rate: float | None = None
    attrition_rate: float | None = None

    def __post_init__(self) -> None:
        if self.n_respondents < 0 or (self.headcount is not None and self.headcount < self.n_respondents):
            raise ValueError(f"{self.n_respondents} respondents cannot come from {self.headcount} people")
        for name, low, high in (("who5_mean", 0, 100), ("cbi_work_mean", 0, 100), ("hse_mean", 1, 5), *((name, 0, 1) for name in SHARES)):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ValueError(f"{name} lies between {low} and {high}: {value}")


@dataclass(frozen=True)
class Index:
    """0-100, high is good, with felt and conditions beside it. Nothing at all where the group is too small."""

    status: Status
    value: float | None = None
    felt: float | None = None
    conditions: float | None = None
    band: str | None = None
    dimensions: Mapping[str, float | None] | None = None
    red_flags: tuple[str, ...] | None = None
    missing: tuple[str, ...] = field(default=())


def wellbeing_index(answers: Answers, k: int | None = None) -> Index:
    """B5: no_data without respondents, suppressed below k (or ten people), insufficient with too few dimensions, else the index."""
    if answers.n_respondents == 0:
        return Index(Status.NO_DATA)
    if not enough_people(answers.n_respondents, headcount=answers.headcount, k=k):
        return Index(Status.SUPPRESSED)
    scores = dimensions(answers)
    known = {name: score for name, score in scores.items() if score is not None}
    missing = tuple(name for name in WEIGHTS if name not in known)
    weight = sum(WEIGHTS[name] for name in known)
    if not known.keys() & set(FELT) or len(known) < FEWEST_DIMENSIONS or weight < WEIGHT_NEEDED - 1e-9:
        return Index(Status.INSUFFICIENT, dimensions=scores, missing=missing)
    value, flags = _mean_of(scores, tuple(WEIGHTS)), red_flags(answers, scores)
    return Index(
        status=Status.PARTIAL if missing else Status.OK,
        value=value,
        felt=_mean_of(scores, FELT),
        conditions=_mean_of(scores, CONDITIONS),
        band=band(value or 0.0, flags),
        dimensions=scores,
        red_flags=flags,
        missing=missing,
    )


def dimensions(answers: Answers) -> dict[str, float | None]:
    """The six dimensions 0-100, high is good, None where too little is known (B4)."""
    hse = answers.hse_mean
    scores: dict[str, float | None] = {
        "wellbeing": answers.who5_mean,
        "exhaustion": None if answers.cbi_work_mean is None else 100 - answers.cbi_work_mean,
        "resources": None if hse is None else (hse - 1) / 4 * 100,
    }
    for name, (signals, needed) in SIGNALS.items():
        known = [
            goalpost(value, worst=GOALPOSTS[signal][0], best=GOALPOSTS[signal][1])
            for signal in signals
            if (value := getattr(answers, signal)) is not None
        ]
        scores[name] = sum(known) / len(known) if len(known) >= needed else None
    return scores


def red_flags(answers: Answers, scores: Mapping[str, float | None]) -> tuple[str, ...]:
    """In the order of B5."""
    flags = {
        "who5_at_or_below_50": answers.who5_mean is not None and answers.who5_mean <= 50,
        "cbi_at_or_above_50": answers.cbi_work_mean is not None and answers.cbi_work_mean >= 50,
        "occupancy_at_or_above_90": answers.occupancy is not None and answers.occupancy >= 0.90,
        "right_to_disable_below_half": answers.right_to_disable_share is not None and answers.right_to_disable_share < 0.5,
    }
    flags |= {f"dimension_below_25:{name}": score is not None and score < LOW_DIMENSION for name, score in scores.items()}
    return tuple(name for name, raised in flags.items() if raised)


def band(value: float, flags: tuple[str, ...]) -> str:
    """good, watch or poor; any flag caps at watch, the first two make it poor (policy)."""
    if value < WATCH or {"who5_at_or_below_50", "cbi_at_or_above_50"} & set(flags):
        return "poor"
    return "good" if value >= GOOD and not flags else "watch"


def _mean_of(scores: Mapping[str, float | None], names: tuple[str, ...]) -> float | None:
    return geometric_mean([scores[name] for name in names], [WEIGHTS[name] for name in names])


def human_development(*, life_expectancy: float, expected_schooling: float, mean_schooling: float, gni_pc: float) -> float | None:
    """UNDP HDI 0-1 with the functions of this index, to show that they are right (B6 iii)."""
    if gni_pc <= 0:
        raise ValueError(f"an income has a logarithm only above 0: {gni_pc}")
    health = goalpost(life_expectancy, worst=20, best=85)
    schooling = (goalpost(expected_schooling, worst=0, best=18) + goalpost(mean_schooling, worst=0, best=15)) / 2
    income = goalpost(math.log(gni_pc), worst=math.log(100), best=math.log(75_000))
    found = geometric_mean([health, schooling, income], [1, 1, 1])
    return None if found is None else found / 100
