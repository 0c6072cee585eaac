"""Where the capacity gain went: growth absorbed + released + relief, and two alerts (metrics.md E8). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from staffing import limits

HOUR = 3600  # seconds; whole, so that exact numbers stay exact
PHASES = ("growth", "plateau", "decline", "undetermined", "insufficient")  # of metrics.md E7
NOT_GROWING = ("plateau", "decline")
MOSTLY_RELEASED, LITTLE_RELIEF = 0.5, 0.25  # policy


@dataclass(frozen=True)
class Window:
    """Contacts, containment in [0, 1], AHT in seconds and PAID hours of one window; two windows compared have the same length."""

    contacts: float
    containment: float
    aht_s: float
    paid_hours: float

    def __post_init__(self) -> None:
        limits.not_negative("the number of contacts", self.contacts)
        limits.share("containment", self.containment)
        limits.not_negative("handling time in seconds", self.aht_s)
        limits.above_zero("paid hours", self.paid_hours)
        if self.handled_h > self.paid_hours:
            text = _(
                "%(handled)s hours of handling do not fit into %(paid)s paid hours: the paid hours of all who handled these contacts would "
                "be right"
            )
            raise ValueError(text % {"handled": f"{float(self.handled_h):.1f}", "paid": f"{float(self.paid_hours):.1f}"})

    @property
    def handled_h(self) -> float:
        return self.contacts * (1 - self.containment) * self.aht_s / HOUR

    @property
    def utilisation(self) -> float:
        """Handling per paid hour."""
        return self.handled_h / self.paid_hours


@dataclass(frozen=True)
class Allocation:
    """Hours: freed_h = growth_absorbed_h + released_h + relief_h, exactly. Relief below 0 is intensification.

    `released_h` are paid hours taken out; `redeployed_h` says how many of these went to other work in the house.
    """

    freed_h: float
    growth_absorbed_h: float
    released_h: float
    relief_h: float
    utilisation_base: float
    utilisation_now: float
    redeployed_h: float = 0.0


@dataclass(frozen=True)
class Alerts:
    """Shares of the freed hours (None when nothing was freed) and what they warn of."""

    released_share: float | None
    relief_share: float | None
    substitution_alert: bool
    intensification_alert: bool


def allocate(base: Window, now: Window, redeployed_h: float = 0.0) -> Allocation:
    """What today's contacts would take in base practice less what they take, in hours, and where these hours went."""
    before, after = (1 - base.containment) * base.aht_s, (1 - now.containment) * now.aht_s
    released = (base.paid_hours - now.paid_hours) * base.utilisation
    if not 0 <= redeployed_h <= max(released, 0):
        text = _("%(hours)s redeployed hours of %(released)s released: from 0 to the released hours would be right")
        raise ValueError(text % {"hours": redeployed_h, "released": released})
    return Allocation(
        freed_h=now.contacts * (before - after) / HOUR,
        growth_absorbed_h=(now.contacts - base.contacts) * before / HOUR,
        released_h=released,
        relief_h=now.paid_hours * (base.utilisation - now.utilisation),
        utilisation_base=base.utilisation,
        utilisation_now=now.utilisation,
        redeployed_h=redeployed_h,
    )


def alerts(*, phase: str, freed_h: float, growth_absorbed_h: float, released_h: float, relief_h: float) -> Alerts:
    """Substitution: no growth, and the gain mostly taken out with little relief. Intensification: people work denser than before.

    ValueError for a phase that is none, or parts that do not add up to the freed hours.
    """
    if phase not in PHASES:
        raise ValueError(_("'%(phase)s' is no phase: one of %(phases)s would be right") % {"phase": phase, "phases": ", ".join(PHASES)})
    parts = growth_absorbed_h + released_h + relief_h
    size = abs(freed_h) + abs(growth_absorbed_h) + abs(released_h) + abs(relief_h)
    if not abs(parts - freed_h) <= 1e-6 * (1 + size):
        text = _("the parts make %(parts)s hours and %(freed)s were freed: parts that add up to the freed hours would be right")
        raise ValueError(text % {"parts": parts, "freed": freed_h})
    released, relief = (released_h / freed_h, relief_h / freed_h) if freed_h > 0 else (None, None)
    cut = released is not None and relief is not None and released > MOSTLY_RELEASED and relief < LITTLE_RELIEF
    return Alerts(released, relief, phase in NOT_GROWING and cut, relief_h < 0)
