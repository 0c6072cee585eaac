"""How many people a load needs, and where a change of that need comes from: pure arithmetic (metrics.md E2, E5, E6)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from django.utils.translation import gettext as _

from staffing import limits

SECONDS = 3600.0
FACTORS = ("volume", "containment", "aht", "occupancy", "shrinkage")
PARTS = FACTORS[1:]
HAIR = 1e-9  # so that 106.00000000000001 is 106 people and not 107


@dataclass(frozen=True)
class Practice:
    """One segment's load and how it is worked: contacts, containment c in [0, 1], AHT in seconds, occupancy o in (0, 1],
    shrinkage s in [0, 1), paid hours H per FTE in the same period. ValueError where one cannot be."""

    contacts: float
    containment: float
    aht_s: float
    occupancy: float
    shrinkage: float
    paid_hours_per_fte: float

    def __post_init__(self) -> None:
        limits.not_negative("the number of contacts", self.contacts)
        limits.not_negative("handling time in seconds", self.aht_s)
        limits.share("containment", self.containment)
        limits.occupancy(self.occupancy)
        limits.shrinkage(self.shrinkage)
        limits.above_zero("paid hours per FTE", self.paid_hours_per_fte)


def required_fte(practice: Practice) -> float:
    """R = V (1 - c) h / 3600 / (o (1 - s) H), in FTE, not rounded (E2)."""
    return _need([_factors(practice)])


def _factors(practice: Practice) -> tuple[float, ...]:
    """R as a product of five numbers: hours of paid time belong to the volume, for they are no practice."""
    return (
        practice.contacts / SECONDS / practice.paid_hours_per_fte,
        1 - practice.containment,
        practice.aht_s,
        1 / practice.occupancy,
        1 / (1 - practice.shrinkage),
    )


def _need(segments: Sequence[tuple[float, ...]]) -> float:
    return math.fsum(math.prod(factors) for factors in segments)


@lru_cache(maxsize=8)
def _coalitions(count: int) -> tuple[tuple[int, frozenset[int], float], ...]:
    """(player, coalition without the player, weight) of the Shapley value."""
    total = math.factorial(count)
    return tuple(
        (player, frozenset(others), math.factorial(size) * math.factorial(count - size - 1) / total)
        for player in range(count)
        for size in range(count)
        for others in combinations([i for i in range(count) if i != player], size)
    )


def shapley(names: Sequence[str], value: Callable[[frozenset[int]], float]) -> dict[str, float]:
    """Shares of value(all) - value(none) by name, adding up exactly; value(moved) has these factors as they are now."""
    known = {members: value(members) for members in _all_subsets(len(names))}
    shares = [0.0] * len(names)
    for player, others, weight in _coalitions(len(names)):
        shares[player] += weight * (known[others | {player}] - known[others])
    return dict(zip(names, shares, strict=True))


@lru_cache(maxsize=8)
def _all_subsets(count: int) -> tuple[frozenset[int], ...]:
    return tuple(frozenset(found) for size in range(count + 1) for found in combinations(range(count), size))


Segments = Sequence[tuple[Practice, Practice]]  # (base, current) of each channel x intent group


def five_factors(segments: Segments) -> dict[str, float]:
    """Decomposition of R1 - R0 over volume, containment, aht, occupancy and shrinkage, in FTE; the sum is exact (E6)."""
    pairs = [(_factors(base), _factors(now)) for base, now in segments]
    return shapley(FACTORS, lambda moved: _mixed(pairs, moved))


def _mixed(pairs: Sequence[tuple[tuple[float, ...], tuple[float, ...]]], moved: frozenset[int]) -> float:
    return _need([tuple((now if i in moved else base)[i] for i in range(len(base))) for base, now in pairs])


@dataclass(frozen=True)
class Reduction:
    """All in FTE. required_now - required_base = volume_effect - fte_reduction; the parts add up to fte_reduction."""

    required_base: float
    counterfactual: float
    required_now: float
    fte_reduction: float
    volume_effect: float
    parts: Mapping[str, float]


def fte_reduction(segments: Segments) -> Reduction:
    """Counterfactual (today's volume, base practice) minus need now, with exact parts at today's volume (E6).

    Positive: fewer people are needed for today's load. It is capacity, not people who left.
    """
    pairs = [(_factors(base), _factors(now)) for base, now in segments]
    at_now = [((now[0], *base[1:]), now) for base, now in pairs]
    base_need, counterfactual = _need([base for base, _ in pairs]), _need([base for base, _ in at_now])
    need_now = _need([now for _, now in pairs])
    changes = shapley(PARTS, lambda moved: _mixed(at_now, frozenset(i + 1 for i in moved)))
    return Reduction(
        required_base=base_need,
        counterfactual=counterfactual,
        required_now=need_now,
        fte_reduction=counterfactual - need_now,
        volume_effect=counterfactual - base_need,
        parts={name: -change for name, change in changes.items()},
    )


def log_mean(a: float, b: float) -> float:
    """L(a, b) = (a - b)/(ln a - ln b), L(a, a) = a, for positive numbers."""
    if a <= 0 or b <= 0:
        raise ValueError(_("the logarithmic mean needs positive numbers, not %(a)s and %(b)s: use Shapley") % {"a": a, "b": b})
    return a if math.isclose(a, b, rel_tol=1e-12) else (a - b) / (math.log(a) - math.log(b))


def lmdi(
    v0: Sequence[float], vt: Sequence[float], x0: Sequence[Sequence[float]], xt: Sequence[Sequence[float]]
) -> tuple[list[float], float]:
    """LMDI-I effects, one per factor, and their total: v by segment, x one list per factor with one entry per segment (E6)."""
    means = [log_mean(now, before) for before, now in zip(v0, vt, strict=True)]
    effects = []
    for before, now in zip(x0, xt, strict=True):
        if min(*before, *now) <= 0:
            raise ValueError(_("a factor of 0 has no logarithm: use Shapley"))
        effects.append(math.fsum(mean * math.log(b / a) for mean, a, b in zip(means, before, now, strict=True)))
    return effects, math.fsum(vt) - math.fsum(v0)


def lmdi_fte(segments: Segments) -> dict[str, float]:
    """LMDI-I of R1 - R0 over the five factors, in FTE. Never in one chart with Shapley shares."""
    pairs = [(_factors(base), _factors(now)) for base, now in segments]
    before, now = [list(column) for column in zip(*(base for base, _ in pairs), strict=True)], zip(*(now for _, now in pairs), strict=True)
    effects, _ = lmdi(
        [math.prod(base) for base, _ in pairs], [math.prod(now) for _, now in pairs], before, [list(column) for column in now]
    )
    return dict(zip(FACTORS, effects, strict=True))


@dataclass(frozen=True)
class SeedCapacity:
    """Contacts a day per person and people needed, in every rounding of the founding texts (E5); None where nobody finishes one."""

    capacity_exact: float
    capacity_floor: int
    agents_exact: float
    agents_from_floor: float | None
    agents_from_floor_rounded: int | None
    agents_from_floor_ceil: int | None
    agents_exact_ceil: int


def seed_capacity(*, aht_s: float, productive_hours: float, contacts: float) -> SeedCapacity:
    """Occupancy 100 % and no shrinkage, as the founding texts assume; AHT in seconds, hours a day, contacts a day."""
    if aht_s <= 0 or productive_hours <= 0 or contacts < 0:
        text = _("handling time and hours are above 0 and contacts not negative: %(aht)s s, %(hours)s h, %(contacts)s")
        raise ValueError(text % {"aht": aht_s, "hours": productive_hours, "contacts": contacts})
    exact = productive_hours * SECONDS / aht_s
    whole = math.floor(exact + HAIR)
    from_floor = contacts / whole if whole else None
    return SeedCapacity(
        capacity_exact=exact,
        capacity_floor=whole,
        agents_exact=contacts / exact,
        agents_from_floor=from_floor,
        agents_from_floor_rounded=None if from_floor is None else math.floor(from_floor + 0.5 + HAIR),
        agents_from_floor_ceil=None if from_floor is None else math.ceil(from_floor - HAIR),
        agents_exact_ceil=math.ceil(contacts / exact - HAIR),
    )
