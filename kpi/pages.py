"""The pages beside the overview, and what a place in the navigation is.

A metric names the page it stands on (`Metric.page`). Any other page enters the navigation by one file in some `<app>/places/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """A question of product.md section 1, with its place in the navigation."""

    key: str
    label: Promise
    question: Promise


PAGES = {
    page.key: page
    for page in (
        Page("customers", _("Customers"), _("Are customers satisfied, who answered, and who did not?")),
        Page("people", _("People"), _("How are the people who handle contacts, and what moved?")),
        Page("resolution", _("Resolution"), _("Is the customer's issue solved, or only the contact closed?")),
        Page("human-ai", _("Human + AI"), _("Did customers who asked for a person reach one, and how fast?")),
        Page("capacity", _("Capacity and savings"), _("Where did the freed hours go, and what is left of the saving?")),
        Page("reskilling", _("Reskilling"), _("How many displaced people found a new role?")),
    )
}


class Group(Enum):
    """What a reader comes for; the navigation is ordered by it."""

    SEE = _("See")
    DECIDE = _("Decide")
    TRUST = _("Trust")
    YOURS = _("Yours")


@dataclass(frozen=True)
class Place:
    """A page in the navigation. `url` names a route without arguments.

    Shown to the roles named (to all, where none is) or to the staff of the admin alone; whether a page may be opened is decided
    by its view, never here. `filters`: the question in the address goes along, also through pages that ask none, so that it is still
    there on the next one that does.
    """

    key: str
    label: Promise
    group: Group
    order: int
    url: str
    roles: frozenset[str] = frozenset()
    staff: bool = False
    filters: bool = True


READERS = frozenset({"executive", "manager", "analyst", "representative"})  # roles with dashboards
