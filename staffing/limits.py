"""Refusals of what cannot be: each a ValueError whose sentence says what is wrong and what would be right. Pure but for its language."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MOST_CONTACTS = 1_000_000_000
# What may be refused by name, so that the sentence is whole in every language.
NAMES = frozenset(
    {
        gettext_noop("AI resolution"),
        gettext_noop("FTE after"),
        gettext_noop("FTE before"),
        gettext_noop("attrition"),
        gettext_noop("containment today"),
        gettext_noop("containment"),
        gettext_noop("false containment"),
        gettext_noop("handling time in seconds"),
        gettext_noop("occupancy"),
        gettext_noop("paid hours a year per FTE"),
        gettext_noop("the AHT of contained contacts relative to the average"),
        gettext_noop("the AHT of returning contacts relative to the average"),
        gettext_noop("the abandonment rate"),
        gettext_noop("the confidence of the band"),
        gettext_noop("the factor of handling time"),
        gettext_noop("the gain of productivity"),
        gettext_noop("the growth of contacts in a year"),
        gettext_noop("the highest occupancy"),
        gettext_noop("the interval in seconds"),
        gettext_noop("the load in erlangs"),
        gettext_noop("the number of agents"),
        gettext_noop("the number of calls an hour"),
        gettext_noop("the number of calls"),
        gettext_noop("the number of contacts a day"),
        gettext_noop("the number of contacts a year"),
        gettext_noop("the number of contacts"),
        gettext_noop("the number of draws"),
        gettext_noop("the number of people who can be reskilled"),
        gettext_noop("the number of people"),
        gettext_noop("the number of years"),
        gettext_noop("the released FTE"),
        gettext_noop("the share that comes back"),
        gettext_noop("the simple share of the workload"),
        gettext_noop("the threshold in seconds"),
        gettext_noop("patience in seconds"),
        gettext_noop("paid hours"),
        gettext_noop("paid hours per FTE"),
        gettext_noop("the number of displaced people"),
        gettext_noop("the number of entered people"),
        gettext_noop("the number of completed people"),
        gettext_noop("the number of redeployed people"),
        gettext_noop("the number of years a one-off cost is spread over"),
        gettext_noop("the replacement rate (share of a yearly salary)"),
        gettext_noop("the attrition rate base (leavers a year per head)"),
        gettext_noop("the attrition rate now (leavers a year per head)"),
        gettext_noop("the work left to people today, relative to that of all contacts"),
        gettext_noop("loaded cost per fte"),
        gettext_noop("ai run cost"),
        gettext_noop("recontact contacts"),
        gettext_noop("cost per human contact"),
        gettext_noop("headcount"),
        gettext_noop("annual salary"),
        gettext_noop("one off cost"),
        gettext_noop("reskilling cost"),
        gettext_noop("redundancy cost"),
        gettext_noop("ai resolution"),
        gettext_noop("simple share"),
        gettext_noop("returned share"),
        gettext_noop("human handled max"),
        gettext_noop("human handled min"),
        gettext_noop("asked for human"),
        gettext_noop("reach rate min"),
    }
)


def not_negative(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(_("%(name)s cannot be %(value)s: 0 or more would be right") % _said(name, value))


def above_zero(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise ValueError(_("%(name)s cannot be %(value)s: more than 0 would be right") % _said(name, value))


def volume(name: str, value: float) -> None:
    """Contacts somebody needs people for: none is no question, and beyond a billion it is a typing error."""
    if not 0 < value <= MOST_CONTACTS:
        said = {**_said(name, f"{value:g}"), "most": f"{MOST_CONTACTS:,}".replace(",", "\u202f")}
        raise ValueError(_("%(name)s cannot be %(value)s: more than 0 and at most %(most)s would be right") % said)


def between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        said = {**_said(name, value), "low": f"{low:g}", "high": f"{high:g}"}
        raise ValueError(_("%(name)s cannot be %(value)s: from %(low)s to %(high)s would be right") % said)


def share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        text = _("%(name)s is a share and cannot be %(value)s: from 0 to 1 would be right, 0.2 for 20 %%")
        raise ValueError(text % _said(name, value))


def occupancy(value: float, name: str = "occupancy") -> None:
    if not 0 < value <= 1:
        text = _("%(name)s cannot be %(value)s: nobody works more than all of the time; above 0 and at most 1 would be right")
        raise ValueError(text % _said(name, value))


def shrinkage(value: float) -> None:
    if not 0 <= value < 1:
        text = _("shrinkage cannot be %(value)s: at 1 nobody would ever be on queue; from 0 to below 1 would be right")
        raise ValueError(text % {"value": value})


def whole(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        said = {**_said(name, value), "low": low, "high": high}
        raise ValueError(_("%(name)s cannot be %(value)s: a whole number from %(low)s to %(high)s would be right") % said)


def _said(name: str, value: object) -> dict[str, object]:
    return {"name": _(name) if name in NAMES else name, "value": value}
