"""Targets that cannot both hold, and why (metrics.md E5, F1, F2). Pure.

Shares are of all contacts, which count alike here; where the remaining ones are longer, the contradiction is the sharper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from kpi.words import number, percent
from staffing import limits
from staffing.calculator import Claim, ai_fte

HAIR = 1e-9


@dataclass(frozen=True)
class Targets:
    """Targets and what is known about contacts; None: not set. Shares of all contacts, FTE, gain as in `calculator.Claim`.

    `simple_share` is the part of the contacts that AI is given, `asked_for_human` the part whose customer asks for a person.
    `fte_after` is the need that is planned, not the payroll: people kept beyond it are relief and contradict nothing.
    """

    ai_resolution: float | None = None
    simple_share: float = 1.0
    returned_share: float = 0.0
    human_handled_max: float | None = None
    human_handled_min: float | None = None
    asked_for_human: float | None = None
    reach_rate_min: float | None = None
    fte_before: float | None = None
    fte_after: float | None = None
    throughput_gain: float = 0.0

    def __post_init__(self) -> None:
        numbers = ("fte_before", "fte_after", "throughput_gain")
        for name in (field.name for field in fields(self) if field.name not in numbers):
            if (value := getattr(self, name)) is not None:
                limits.share(name.replace("_", " "), value)
        Claim(self.ai_resolution or 0.0, self.throughput_gain, self.returned_share)
        if self.fte_before is not None:
            limits.above_zero("FTE before", self.fte_before)
        if self.fte_after is not None:
            limits.not_negative("FTE after", self.fte_after)

    @property
    def left_to_people(self) -> float | None:
        """Share of the contacts that AI does not settle."""
        return None if self.ai_resolution is None else 1 - self.simple_share * self.ai_resolution * (1 - self.returned_share)

    @property
    def handled_by(self) -> float | None:
        """Share of today's work that the people of the plan can handle."""
        if self.fte_before is None or self.fte_after is None:
            return None
        return self.fte_after * (1 + self.throughput_gain) / self.fte_before


@dataclass(frozen=True)
class Contradiction:
    """Names of the two targets, why they cannot both hold, and what would be right."""

    first: str
    second: str
    why: str
    right: str


def contradictions(targets: Targets) -> tuple[Contradiction, ...]:
    """Every pair that cannot hold together; none when the targets agree as far as they are set."""
    return tuple(found for check in _CHECKS if (found := check(targets)))


def _resolution_and_ceiling(targets: Targets) -> Contradiction | None:
    left, most = targets.left_to_people, targets.human_handled_max
    if left is None or most is None or left <= most + HAIR:
        return None
    text = _("AI leaves %(left)s of the contacts to people and at most %(most)s may be handled by people: %(rest)s would be left to nobody")
    why = text % {"left": percent(left), "most": percent(most), "rest": percent(left - most)}
    given = targets.simple_share * (1 - targets.returned_share)
    needed = (1 - most) / given if given else 2.0
    if needed <= 1:
        other = _("AI resolution of at least %(share)s") % {"share": percent(needed)}
    else:
        other = _("more contacts given to AI and fewer that come back")
    right = _("a ceiling of at least %(share)s, or %(other)s") % {"share": percent(left), "other": other}
    return Contradiction("ai_resolution", "human_handled_max", why, right)


def _floor_and_ceiling(targets: Targets) -> Contradiction | None:
    least, most = targets.human_handled_min, targets.human_handled_max
    if least is None or most is None or least <= most + HAIR:
        return None
    text = _("at least %(least)s and at most %(most)s of the contacts cannot be handled by people at once")
    why = text % {"least": percent(least), "most": percent(most)}
    return Contradiction("human_handled_min", "human_handled_max", why, _("a floor below the ceiling"))


def _resolution_and_floor(targets: Targets) -> Contradiction | None:
    left, least = targets.left_to_people, targets.human_handled_min
    if left is None or least is None or least <= left + HAIR:
        return None
    text = _("AI leaves %(left)s of the contacts to people and at least %(least)s are to be handled by people")
    right = _("a floor of at most %(share)s, or less left to AI") % {"share": percent(left)}
    return Contradiction("ai_resolution", "human_handled_min", text % {"left": percent(left), "least": percent(least)}, right)


def _reach_and_ceiling(targets: Targets) -> Contradiction | None:
    asked, reach, most = targets.asked_for_human, targets.reach_rate_min, targets.human_handled_max
    if asked is None or reach is None or most is None or asked * reach <= most + HAIR:
        return None
    text = _("%(asked)s of the customers ask for a person; to reach %(reach)s of them people handle %(both)s, above %(most)s")
    both = percent(asked * reach)
    why = text % {"asked": percent(asked), "reach": percent(reach), "both": both, "most": percent(most)}
    return Contradiction("reach_rate_min", "human_handled_max", why, _("a ceiling of at least %(share)s") % {"share": both})


def _people_and_ceiling(targets: Targets) -> Contradiction | None:
    able, most = targets.handled_by, targets.human_handled_max
    if able is None or most is None or able <= most + HAIR:
        return None
    text = _("a need of %(fte)s FTE means that people handle %(able)s of today's work, and at most %(most)s may be")
    why = text % {"fte": f"{targets.fte_after:g}", "able": percent(able), "most": percent(most)}
    right = _("a ceiling of at least %(able)s: the planned need counts on more human work than the ceiling allows")
    return Contradiction("fte_after", "human_handled_max", why, right % {"able": percent(able)})


def _resolution_and_people(targets: Targets) -> Contradiction | None:
    left, able = targets.left_to_people, targets.handled_by
    if left is None or able is None or targets.fte_before is None or left <= able + HAIR:
        return None
    claim = Claim(targets.ai_resolution or 0.0, targets.throughput_gain, targets.returned_share)
    needed = ai_fte(fte_before=targets.fte_before, simple_share=targets.simple_share, claim=claim)
    text = _("AI leaves %(left)s of the work to people and %(fte)s FTE can handle %(able)s")
    why = text % {"left": percent(left), "fte": f"{targets.fte_after:g}", "able": percent(able)}
    return Contradiction("ai_resolution", "fte_after", why, _("%(fte)s FTE") % {"fte": number(needed, 1)})


_CHECKS: tuple[Callable[[Targets], Contradiction | None], ...] = (
    _resolution_and_ceiling, _floor_and_ceiling, _resolution_and_floor, _reach_and_ceiling, _people_and_ceiling, _resolution_and_people,
)  # fmt: skip
