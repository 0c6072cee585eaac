"""The founding texts' calculator: contacts a day per person, people needed, 100 to 50 and its hidden assumption (metrics.md E5). Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kpi.words import percent
from staffing import limits
from staffing.workload import HAIR, seed_capacity


class Mode(StrEnum):
    """`seed` rounds as the founding texts print; `plan` rounds people up once, at the end; `exact` rounds nothing."""

    SEED = "seed"
    PLAN = "plan"
    EXACT = "exact"


@dataclass(frozen=True)
class Load:
    """Contacts a day, AHT in seconds, hours a day at work, occupancy and shrinkage (1 and 0 in the founding texts)."""

    contacts: float
    aht_s: float
    hours: float = 8.0
    occupancy: float = 1.0
    shrinkage: float = 0.0

    def __post_init__(self) -> None:
        limits.not_negative("the number of contacts a day", self.contacts)
        limits.above_zero("handling time in seconds", self.aht_s)
        limits.occupancy(self.occupancy)
        limits.shrinkage(self.shrinkage)
        if not 0 < self.hours <= 24:
            raise ValueError(_("a working day cannot have %(hours)s hours: above 0 and at most 24 would be right") % {"hours": self.hours})


@dataclass(frozen=True)
class Answer:
    """Contacts a day per person, people, contacts these finish, and what is left undone, all as the mode rounds them."""

    mode: Mode
    capacity: float
    people: float
    finished: float
    shortfall: float
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Before and after another AHT; relative changes, -0.1 for 10 % less. Capacity rises by more than AHT falls."""

    before: Answer
    after: Answer
    aht_change: float
    capacity_change: float
    people_change: float


_ROUNDING = {
    Mode.SEED: gettext_noop("contacts a day rounded down, people to the nearest: work may be left undone"),
    Mode.PLAN: gettext_noop("people rounded up once, at the very end"),
    Mode.EXACT: gettext_noop("nothing rounded: a mean of full-time posts, not a roster"),
}


def people_needed(load: Load, mode: Mode = Mode.PLAN) -> Answer:
    """People for a load. ValueError for occupancy or shrinkage in mode `seed`, which knows neither, and where nobody finishes one."""
    if mode is Mode.SEED and (load.occupancy, load.shrinkage) != (1, 0):
        raise ValueError(_("the founding texts know no occupancy or shrinkage: 1 and 0 would be right, or the mode plan or exact"))
    use = load.occupancy * (1 - load.shrinkage)
    found = seed_capacity(aht_s=load.aht_s, productive_hours=load.hours * use, contacts=load.contacts)
    if mode is not Mode.SEED:
        people = found.agents_exact_ceil if mode is Mode.PLAN else found.agents_exact
        return _answer(load, mode, found.capacity_exact, people)
    if found.agents_from_floor_rounded is None:
        text = _("nobody finishes a contact of %(aht)s s in %(hours)s h: a handling time within the day would be right")
        raise ValueError(text % {"aht": load.aht_s, "hours": load.hours})
    return _answer(load, mode, found.capacity_floor, found.agents_from_floor_rounded)


def _answer(load: Load, mode: Mode, capacity: float, people: float) -> Answer:
    finished = load.contacts if mode is Mode.EXACT else people * capacity
    left = load.contacts - finished
    said = (
        _("occupancy %(share)s") % {"share": percent(load.occupancy, 0)},
        _("shrinkage %(share)s") % {"share": percent(load.shrinkage, 0)},
        _("%(hours)s hours a day at work") % {"hours": f"{load.hours:g}"},
        _(_ROUNDING[mode]),
    )
    return Answer(mode, capacity, people, finished, left if left > 2 * HAIR * (load.contacts + capacity) else 0.0, said)


def compare_aht(before: Load, aht_s: float, mode: Mode = Mode.EXACT) -> Change:
    """The same load at another AHT. Without contacts nobody is needed and nothing can change: ValueError."""
    limits.above_zero("the number of contacts a day", before.contacts)
    after = Load(before.contacts, aht_s, before.hours, before.occupancy, before.shrinkage)
    one, other = people_needed(before, mode), people_needed(after, mode)
    if not one.people:
        raise ValueError(_("so small a load rounds to nobody: the mode plan or exact would be right"))
    return Change(one, other, aht_s / before.aht_s - 1, other.capacity / one.capacity - 1, other.people / one.people - 1)


@dataclass(frozen=True)
class Claim:
    """What AI is said to do: the share of the simple work it resolves, the share of that which comes back, and the gain of
    throughput for the rest (0.3: each hour does 30 % more; for an AHT x 0.7 use `gain_of_aht`)."""

    ai_resolution: float
    throughput_gain: float = 0.0
    returned_share: float = 0.0

    def __post_init__(self) -> None:
        limits.share("AI resolution", self.ai_resolution)
        limits.share("the share that comes back", self.returned_share)
        if not -1 < self.throughput_gain <= 5:
            text = _("a gain of throughput of %(gain)s cannot be: above -1 and at most 5 would be right, 0.3 for 30 %%")
            raise ValueError(text % {"gain": self.throughput_gain})

    @property
    def relieved(self) -> float:
        """Share of the simple work that people no longer have."""
        return self.ai_resolution * (1 - self.returned_share)


@dataclass(frozen=True)
class Needed:
    """Share of the WORKLOAD, not of the contacts, that must be simple (None: no share changes anything) and whether it can be."""

    simple_share: float | None
    feasible: bool


def gain_of_aht(factor: float) -> float:
    """Gain of throughput where AHT becomes AHT x factor: 0.7 gives 0.43, not 0.3."""
    limits.above_zero("the factor of handling time", factor)
    return 1 / factor - 1


def ai_fte(*, fte_before: float, simple_share: float, claim: Claim) -> float:
    """FTE after: before x (1 - q a (1 - f)) / (1 + g); q is the simple share of the workload."""
    limits.not_negative("FTE before", fte_before)
    limits.share("the simple share of the workload", simple_share)
    return fte_before * (1 - simple_share * claim.relieved) / (1 + claim.throughput_gain)


def simple_share_needed(*, fte_before: float, fte_after: float, claim: Claim) -> Needed:
    """The hidden assumption of "from so many to so few": `ai_fte` solved for q; above 1 or below 0 it is not feasible."""
    limits.above_zero("FTE before", fte_before)
    limits.not_negative("FTE after", fte_after)
    gone = 1 - fte_after / fte_before * (1 + claim.throughput_gain)
    if claim.relieved == 0:
        same = math.isclose(gone, 0, abs_tol=HAIR)
        return Needed(0.0 if same else None, same)
    share = gone / claim.relieved
    return Needed(share, -HAIR <= share <= 1 + HAIR)


@dataclass(frozen=True)
class Reading:
    """One way to read the claim: what it gives for the share of the claim, and the share that the target needs."""

    words: str
    fte_after: float
    needed: Needed


def readings(*, fte_before: float, fte_after: float, claim: Claim) -> tuple[Reading, ...]:
    """The claim as printed and under other assumptions, each at the simple share that the printed claim needs.

    ValueError where the printed claim cannot reach its target with any share.
    """
    printed = simple_share_needed(fte_before=fte_before, fte_after=fte_after, claim=claim)
    if printed.simple_share is None or not printed.feasible:
        text = _("no simple share from 0 to 1 takes %(before)s FTE to %(after)s: a target within reach would be right")
        raise ValueError(text % {"before": f"{fte_before:g}", "after": f"{fte_after:g}"})
    q, a, g, f = printed.simple_share, claim.ai_resolution, claim.throughput_gain, claim.returned_share
    others = [(_("as printed"), q, claim), (_("all of the workload is simple"), 1.0, claim)]
    others += [(_("the gain of throughput that was measured, 15 %"), q, Claim(a, 0.15, f)), (_("20 % come back"), q, Claim(a, g, 0.2))]
    if 0 < g <= 0.8:
        others += [(_("the gain means an AHT of %(share)s") % {"share": percent(1 - g, 0)}, q, Claim(a, gain_of_aht(1 - g), f))]
    return tuple(
        Reading(words, ai_fte(fte_before=fte_before, simple_share=min(max(share, 0.0), 1.0), claim=read),
                simple_share_needed(fte_before=fte_before, fte_after=fte_after, claim=read))
        for words, share, read in others
    )  # fmt: skip
