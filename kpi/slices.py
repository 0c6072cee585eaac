"""The work of a scope cut by intent or by value tier: the units of those tables, and which of their lines stay hidden.

Slices are kept for sites (docs/decisions/0007): a scope that names teams, a queue or a channel cannot be cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _

from kpi.anonymity import suppress_children
from kpi.models import Intent, Slice
from kpi.result import Scope
from kpi.scopes import Part, Unit
from kpi.totals import Members

DIMENSIONS = {"intent": "intents", "tier": "tiers"}
NOBODY = Members("team", ())


def slice_units(kind: str, scope: Scope) -> dict[str, Unit]:
    """{label: unit} for every intent or tier that ever occurred in the scope; empty where it cannot be cut."""
    if scope.teams or scope.filtered:
        return {}
    found = Slice.objects.filter(dimension=DIMENSIONS[kind], **({} if scope.site is None else {"site": scope.site}))
    at: dict[str, dict[int, int]] = defaultdict(dict)
    for key, site, value in found.values_list("pk", "site", "value"):
        at[value][site] = key
    labels = _labels(kind)
    return {labels[value]: _unit(DIMENSIONS[kind], at[value]) for value in sorted(at, key=lambda value: _order(labels, value))}


def _unit(dimension: str, by_site: Mapping[int, int]) -> Unit:
    """Work without people of its own: whose working days belong to an intent is not known."""
    parts = tuple(Part(site, Members(dimension, (key,)), NOBODY) for site, key in sorted(by_site.items()))
    return Unit(Members(dimension, tuple(by_site.values())), NOBODY, parts, None)


def _labels(kind: str) -> dict[str, str]:
    if kind == "tier":
        return {"high": _("High value tier"), "other": _("Other tiers")}
    return {"": _("No intent recorded"), **{str(key): name for key, name in Intent.objects.values_list("pk", "name")}}


def _order(labels: Mapping[str, str], value: str) -> tuple[bool, str]:
    return (value == "", labels[value].lower())


def hidden_lines(crews: Mapping[str, int], ever: Mapping[str, int], k: int) -> frozenset[int | str]:
    """Lines of fewer than k agents, and as many more as keep those from being subtracted out of the whole: by who was at work in the
    period, and by the busiest day ever, which no question changes (docs/decisions/0005)."""
    return suppress_children(crews, k, ever).hidden | suppress_children(ever, k).hidden  # type: ignore[arg-type]
