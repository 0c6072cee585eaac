"""What waits for somebody in the scope of a page: alerts that fire and actions that are open, counted. No figure is read for it.

Both are read once for each version of the data: what changes them changes the version too (kpi/version.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from kpi import may, registry
from kpi.may import Where
from kpi.models import Action, Alert
from kpi.models.alert import State
from kpi.result import Scope, Viewer
from kpi.scopes import organisation
from kpi.version import known

FIRING = (State.FIRING, State.ACKNOWLEDGED)  # one that was taken on fires still
UNITS = ("site", "team")  # the filters that narrow lists of what waits
OPEN = (Action.State.PLANNED, Action.State.RUNNING)


@dataclass(frozen=True)
class Pending:
    """`taken` of the alerts that fire were taken on; `overdue` of the open actions should have been done."""

    firing: int = 0
    taken: int = 0
    actions: int = 0
    overdue: int = 0


def pending(viewer: Viewer, scope: Scope) -> Pending:
    """Of the units inside the scope that this reader may read of."""
    site_of = organisation().site_of

    def here(where: Where) -> bool:
        return may.reads(viewer, where) and inside(scope, where, site_of)

    states = [state for where, state in known("alerts that fire", _read_alerts) if here(where)]
    dues = [due for where, due in known("open actions", _read_actions) if here(where)]
    today = timezone.localdate()
    return Pending(len(states), states.count(State.ACKNOWLEDGED), len(dues), sum(due < today for due in dues))


def inside(scope: Scope, where: Where, site_of: Mapping[int, int]) -> bool:
    """Whether something about this place belongs under a scope: under a site its teams do. Filters of work narrow nothing here."""
    if scope.teams:
        return where.team in scope.teams
    if scope.site is None:
        return True
    return scope.site in (where.site, site_of.get(where.team or 0))


def where_of_unit(dimension: str, member: int) -> Where:
    """The place of a unit as alerts name it."""
    return Where(site=member) if dimension == "site" else Where(team=member) if dimension == "team" else Where()


def _read_alerts() -> tuple[tuple[Where, str], ...]:
    """One whose rule is gone is on no page."""
    rules = registry.rules()
    rows = Alert.objects.filter(state__in=FIRING).values_list("rule", "dimension", "member", "state")
    return tuple((where_of_unit(dimension, member), state) for rule, dimension, member, state in rows if rule in rules)


def _read_actions() -> tuple[tuple[Where, date], ...]:
    rows = Action.objects.filter(state__in=OPEN).values_list("site", "team", "due")
    return tuple((Where(site, team), due) for site, team, due in rows)
