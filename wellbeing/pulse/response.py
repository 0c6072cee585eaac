"""How much of a team has answered, as far as anybody may know: nothing below k, then in steps, once a day.

A count that moves with every answer says who was there when it moved. So a figure is a number of people in bands of five (C6), as a
share in steps of 5 %, and is looked at once a day. No total of a wave is told: what is missing in the teams would follow from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from kpi.anonymity import enough_people, smallest_group, suppress_children
from kpi.anonymity.form import band
from wellbeing.models import Asked, Pulse
from wellbeing.pulse.opening import counted_as

STEP, MOST = 5, 95  # per cent; never “everybody”


def look() -> int:
    """Of every open wave that was not looked at today; how many."""
    today, seen = timezone.localdate(), 0
    for pulse in Pulse.objects.filter(state=Pulse.State.OPEN).exclude(wave__opened_on=today).select_related("wave"):
        if pulse.asked.exclude(looked_on=today).exists():
            keep(pulse, told(pulse))
            seen += 1
    return seen


def at_least(answered: int, people: int, k: int) -> int | None:
    """Per cent of these people that answered at least; None where it may not be told."""
    if not enough_people(min(answered, people), headcount=people, k=k):
        return None
    return min(MOST, 100 * min(band(answered), people) // people // STEP * STEP)


def told(pulse: Pulse, *, final: bool = False) -> Mapping[int, int | None]:
    """{asked: per cent at least}; teams of a reporting group are told as one. `final`: beside what the pages show of the closed wave, so
    that nobody is told of a team that they hide (C3)."""
    asked = list(pulse.asked.select_related("team").annotate(answered=Count("answers")))
    rows = counted_as([item.team_id for item in asked], pulse.wave.closed_on)
    answered, people = _sums(asked, rows)
    k = smallest_group(settings.WELLBEING_MIN_GROUP)
    hidden = _hidden(asked, rows, answered, k) if final else frozenset()
    shown = {row: None if row in hidden else at_least(answered[row], people[row], k) for row in people}
    return {item.pk: shown[rows[item.team_id]] for item in asked}


def _sums(asked: Iterable[Asked], rows: Mapping[int, int]) -> tuple[dict[int, int], dict[int, int]]:
    answered: dict[int, int] = defaultdict(int)
    people: dict[int, int] = defaultdict(int)
    for item in asked:
        answered[rows[item.team_id]] += item.answered  # type: ignore[attr-defined]
        people[rows[item.team_id]] += item.people
    return answered, people


def _hidden(asked: Iterable[Asked], rows: Mapping[int, int], answered: Mapping[int, int], k: int) -> frozenset[int | str]:
    sites = {item.team.site_id for item in asked}
    found: set[int | str] = set()
    for site in sites:
        there = {rows[item.team_id] for item in asked if item.team.site_id == site}
        found |= suppress_children({row: answered[row] for row in there}, k).hidden
    return frozenset(found)


def keep(pulse: Pulse, found: Mapping[int, int | None]) -> None:
    today = timezone.localdate()
    for item in pulse.asked.all():
        item.at_least, item.looked_on = found[item.pk], today
        item.save(update_fields=["at_least", "looked_on"])
