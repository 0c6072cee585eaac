"""The work of a scope cut by intent or by value tier: the units of those tables and filters, and which of their lines stay hidden.

Slices are kept for sites (docs/decisions/0007): a scope that names teams, a queue or a channel cannot be cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower, Trim
from django.utils.translation import gettext as _

from kpi.anonymity import suppress_children
from kpi.metric import Period
from kpi.models import Intent, Interaction, Slice
from kpi.reporting import counted_as, rows_by_day
from kpi.result import Scope
from kpi.scopes import SHARE_THAT_COUNTS, Organisation, Part, Unit, with_people
from kpi.subjects.interaction import HIGH, HIGH_TIERS
from kpi.totals import Members
from kpi.version import known

DIMENSIONS = {"intent": "intents", "tier": "tiers"}
NOBODY = Members("team", ())


def tier_names() -> dict[str, str]:
    return {"high": _("High value tier"), "other": _("Other tiers")}


def slice_units(kind: str, scope: Scope) -> dict[str, Unit]:
    """{label: unit} for every intent or tier that ever occurred in the scope; empty where it cannot be cut."""
    if scope.teams or scope.filtered or scope.sliced:
        return {}
    at, labels = members_of(kind, scope.site), _labels(kind)
    return {labels[value]: at[value] for value in sorted(at, key=lambda value: _order(labels, value))}


def line_names(kind: str) -> dict[str, str]:
    """{label of a line: the value a filter takes}; lines that no filter names are left out."""
    return {label: value for value, label in _labels(kind).items() if value}


def members_of(kind: str, site: int | None) -> dict[str, Unit]:
    """{value: unit} of every intent or tier that ever occurred at a site, or anywhere."""
    return known(("lines", kind, site), lambda: _read_members(kind, site))


def _read_members(kind: str, site: int | None) -> dict[str, Unit]:
    found = Slice.objects.filter(dimension=DIMENSIONS[kind], **({} if site is None else {"site": site}))
    at: dict[str, dict[int, int]] = defaultdict(dict)
    for key, place, value in found.values_list("pk", "site", "value"):
        at[value][place] = key
    return {value: _unit(DIMENSIONS[kind], by_site) for value, by_site in at.items()}


def cut_of(scope: Scope) -> tuple[str, str]:
    """("intent", "12") or ("tier", "high"): what a sliced scope is cut by."""
    return ("tier", scope.tier) if scope.intent is None else ("intent", str(scope.intent))


def lines_beside(scope: Scope) -> tuple[str, dict[str, Unit]]:
    """The line of a sliced scope by its label, and all lines of the table it stands in: under the same names, as ties go by name."""
    kind, value = cut_of(scope)
    return _labels(kind).get(value, ""), slice_units(kind, Scope(site=scope.site))


def sliced_unit(scope: Scope, period: Period, there: Organisation) -> Unit:
    """The work of one line. Its people are the teams behind at least 5 % of its contacts, as one group (metrics.md 0.4)."""
    kind, value = cut_of(scope)
    found = members_of(kind, scope.site).get(value) or _unit(DIMENSIONS[kind], {})
    return with_people(found, _teams_behind(scope, period), there)


def _teams_behind(scope: Scope, period: Period) -> frozenset[int]:
    """Counted from the contacts themselves, once for each version of the data: no row holds a team beside an intent."""
    counts: dict[int, int] = known(("behind", scope, period), lambda: _count_by_team(scope, period))
    enough = SHARE_THAT_COUNTS * sum(counts.values())
    return frozenset(team for team, count in counts.items() if team and count >= enough)


def _count_by_team(scope: Scope, period: Period) -> dict[int, int]:
    found = narrowed(Interaction.objects.filter(day__gte=period.start, day__lt=period.end), scope)
    if scope.site is not None:
        found = found.filter(site=scope.site)
    counts: dict[int, int] = defaultdict(int)
    groups = rows_by_day()
    days = "day" if groups else "team"  # only where teams became one inside the period does the day matter
    for team, day, count in found.filter(team__isnull=False).values_list("team", days).annotate(n=Count("pk")):
        counts[counted_as(groups, team, day) if groups else team] += count
    return dict(counts)


def narrowed(found: QuerySet[Interaction], scope: Scope) -> QuerySet[Interaction]:
    """Contacts of the intent or tier of a scope, as the rows count them (kpi/subjects/interaction.py)."""
    if scope.intent is not None:
        found = found.filter(intent=scope.intent)
    if not scope.tier:
        return found
    found = found.annotate(named=Lower(Trim("value_tier"))).exclude(Q(named__isnull=True) | Q(named=""))
    return found.filter(named__in=HIGH_TIERS) if scope.tier == HIGH else found.exclude(named__in=HIGH_TIERS)


def _unit(dimension: str, by_site: Mapping[int, int]) -> Unit:
    """Work without people of its own: whose working days belong to an intent is not known."""
    parts = tuple(Part(site, Members(dimension, (key,)), NOBODY) for site, key in sorted(by_site.items()))
    return Unit(Members(dimension, tuple(by_site.values())), NOBODY, parts, None)


def _labels(kind: str) -> dict[str, str]:
    if kind == "tier":
        return tier_names()
    return {"": _("No intent recorded"), **{str(key): name for key, name in Intent.objects.values_list("pk", "name")}}


def _order(labels: Mapping[str, str], value: str) -> tuple[bool, str]:
    return (value == "", labels[value].lower())


def hidden_lines(crews: Mapping[str, int], ever: Mapping[str, int], k: int) -> frozenset[int | str]:
    """Lines of fewer than k agents, and as many more as keep those from being subtracted out of the whole: by who was at work in the
    period, and by the busiest day ever, which no question changes (docs/decisions/0005)."""
    return suppress_children(crews, k, ever).hidden | suppress_children(ever, k).hidden  # type: ignore[arg-type]
